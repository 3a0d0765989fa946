# SPDX-License-Identifier: MIT
# make kill: a thousand kill -9 at random moments under write load (20 of them
# in make test, tests/scenario/40-kill.t).  KILLS=n for another number.
KILLS ?= 1000
EXTRA_BIN += $(BUILD)/kill

$(BUILD)/kill: $(call obj,tests/kill)
	$(call say,LINK)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $^ $(call pkg,libcjson) $(LDFLAGS)

kill: setup-build $(BUILD)/shelterd $(BUILD)/kill
	$(BUILD)/kill -r $(KILLS) -t 4 $(BUILD)/shelterd

tsan-check: $(BUILD)/kill

.PHONY: kill
