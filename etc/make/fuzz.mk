# Every tests/fuzz/f_<what>.c for FUZZ_SECONDS, two at a time; crashers of
# the past live beside the seeds and are replayed first.
FUZZ_SECONDS ?= 60
FUZZ_BUILD = build-fuzz
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/f_*.c)))

fuzz:
	$(MAKE) CC=clang SAN=fuzzer-no-link,address,undefined BUILD=$(FUZZ_BUILD) \
		$(addprefix $(FUZZ_BUILD)/fuzz/,$(FUZZERS))
	@tests/fuzz/run.sh $(FUZZ_BUILD)/fuzz $(FUZZ_SECONDS) $(FUZZERS)

$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(DAEMON) $(PURE) \
		$(filter-out %/main.o,$(call obj,clients/shelterctl)) $(CLIENT)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(filter-out -fsanitize=%,$(ALLFLAGS)) \
		-fsanitize=fuzzer,address,undefined -o $@ $^ \
		$(DAEMON_LIBS) $(CTL_LIBS)

.PHONY: fuzz
