# SPDX-License-Identifier: MIT
# The story of a district, played with a synthetic one (SIZE homes, SEED), or
# with DATA=folder laid out as a real district (shelters/*.csv, population/*,
# roads.geojson). DEMO_EXIT=1 stops everything at the end.
SIZE ?= 1200
SEED ?= 1

$(BUILD)/district: $(BUILD)/obj/etc/demo/district.o
	$(CC) $(ALLFLAGS) -o $@ $^ -lm

EXTRA_BIN += $(BUILD)/district

demo: setup-demo
	@$(MAKE) --no-print-directory all $(BUILD)/district
	@BUILD=$(BUILD) DATA=$(DATA) SIZE=$(SIZE) SEED=$(SEED) \
		DEMO_EXIT=$(DEMO_EXIT) etc/demo/story.sh

.PHONY: demo
