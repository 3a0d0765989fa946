# Every tests/fuzz/f_<what>.c for FUZZ_SECONDS, two at a time; crashers of
# the past live beside the seeds and are replayed first.
FUZZ_SECONDS ?= 45
FUZZ_BUILD = build-fuzz
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/f_*.c)))

fuzz:
	@$(MAKE) --no-print-directory $(JOBS) CC=clang SAN=fuzzer-no-link,address,undefined BUILD=$(FUZZ_BUILD) \
		$(addprefix $(FUZZ_BUILD)/fuzz/,$(FUZZERS))
	@tests/fuzz/run.sh $(FUZZ_BUILD)/fuzz $(FUZZ_SECONDS) $(FUZZERS)

FUZZ_LINK = $(Q)$(CC) $(filter-out -fsanitize=%,$(ALLFLAGS)) \
	-fsanitize=fuzzer,address,undefined -o $@ $^

# What strangers send to the client, and what they send to the daemon.
$(BUILD)/fuzz/f_csvrow $(BUILD)/fuzz/f_osm: $(BUILD)/fuzz/%: \
		$(BUILD)/obj/tests/fuzz/%.o \
		$(filter-out %/main.o,$(call obj,clients/shelterctl)) $(CLIENT)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(FUZZ_LINK) $(CTL_LIBS)

$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(DAEMON) $(PURE)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(FUZZ_LINK) $(DAEMON_LIBS)

.PHONY: fuzz
