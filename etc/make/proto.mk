# SPDX-License-Identifier: MIT
# The wire format of vector tiles, compiled by protoc-c into $(BUILD)/gen; only
# gis/tile.c includes what comes out.
GEN := $(BUILD)/gen
VECTOR_TILE := $(GEN)/gis/vector_tile.pb-c

$(VECTOR_TILE).c: gis/vector_tile.proto
	$(call say,GEN )
	@mkdir -p $(@D)
	$(Q)protoc-c --c_out=$(GEN) $<
$(VECTOR_TILE).h: $(VECTOR_TILE).c
	@touch $@

$(BUILD)/obj/gis/tile.o: $(VECTOR_TILE).h
$(BUILD)/obj/gis/tile.o: ALLFLAGS += -I$(GEN)

$(BUILD)/obj/vector_tile.o: $(VECTOR_TILE).c
	@mkdir -p $(@D)
	$(call say,CC  )
	$(Q)$(CC) $(ALLFLAGS) -I$(GEN) -c -o $@ $<
