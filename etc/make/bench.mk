# make bench: every tests/bench/b_* beside its peer, in this very run.  Each
# prints one JSON object a line; all of them land in build/bench.jsonl and in a
# table (ratio > 1: we are better).  BENCH=plan runs one of them.
CXX ?= g++
BENCHES := $(patsubst tests/bench/%,%,$(basename \
	$(wildcard $(addprefix tests/bench/,b_*.c b_*.cc tool_*.c tool_*.cc))))
BENCH ?= *

bench: setup-bench
	@$(MAKE) --no-print-directory $(JOBS) $(BIN) $(PEERS) $(addprefix $(BUILD)/bench/,$(BENCHES)) $(BUILD)/district
	@BUILD=$(BUILD) tests/bench/run.sh '$(BENCH)'

$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(DAEMON) $(PURE) $(CLIENT)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CXX) $(OPT) $(SANFLAGS) -pthread -o $@ $^ $(DAEMON_LIBS) $(CLIENT_LIBS) \
		$(BENCH_LIBS)
BENCH_LIBS = # LEMON is all headers

$(BUILD)/obj/%.o: %.cc
	@mkdir -p $(@D)
	$(call say,CXX )
	$(Q)$(CXX) -std=c++17 -I. $(OPT) -g -Wall -Wextra $(SANFLAGS) -pthread \
		-MMD -MP -c -o $@ $<

.PHONY: bench
