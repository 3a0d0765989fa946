# SPDX-License-Identifier: MIT
# The story of a district, played with a synthetic one (SIZE homes, SEED), or
# with DATA=folder laid out as a real district (shelters/*.csv, population/*,
# roads.geojson). DEMO_EXIT=1 stops everything at the end.
SIZE ?= 1200
SEED ?= 1

$(BUILD)/district: $(BUILD)/obj/etc/demo/district.o
	$(call say,LINK)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $^ -lm

EXTRA_BIN += $(BUILD)/district

# A second make, because it must see what the first one installed. Without a
# line to the registry the story goes on without the web page.
demo: setup-demo
	@$(MAKE) --no-print-directory -j$(shell nproc) $(BIN) $(BUILD)/district
	@$(MAKE) --no-print-directory web || echo 'demo: no web page this time'
	@BUILD=$(BUILD) DATA=$(DATA) SIZE=$(SIZE) SEED=$(SEED) \
		DEMO_EXIT=$(DEMO_EXIT) etc/demo/story.sh

.PHONY: demo
