# SPDX-License-Identifier: MIT
# make            build everything that C makes, and the web page if npm is there
# make demo       install what is missing, build, play the whole story
# make test       install what is missing, build, run every test
# make bench      measure beside the peers; prints a table, writes build/bench.jsonl
# make run        the daemon on etc/shelterd.conf
# make lint format fuzz kill tsan clean
# V=1 shows the commands.
# SAN=address,undefined builds with sanitizers into a folder of its own.

CC ?= gcc
SAN ?=
BUILD ?= build$(if $(SAN),-$(subst $(comma),-,$(SAN)))
comma := ,
OPT ?= -O2
WARN := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wundef -Wvla $(WERROR)
CFLAGS ?= -g
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer \
	-fno-sanitize-recover=all)
ALLFLAGS := -std=c17 -D_GNU_SOURCE -I. $(OPT) $(CFLAGS) $(WARN) $(SANFLAGS) \
	-pthread -MMD -MP

JOBS ?= -j$(shell nproc)
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1) $(patsubst $(BUILD)/%,%,$@)')
pkg = $(shell pkg-config --libs $(1) 2>/dev/null)
GIS_LIBS = -lgeos_c $(call pkg,proj libprotobuf-c) -lm
DAEMON_LIBS = $(call pkg,libevent_core sqlite3 libcjson libsodium libcrypto) \
	$(GIS_LIBS)
CLIENT_LIBS = $(call pkg,libcurl libcjson)
CTL_LIBS = $(CLIENT_LIBS) $(call pkg,gdal) -lm
FIELD_LIBS = $(CLIENT_LIBS) $(call pkg,sqlite3)
GDAL_CFLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags gdal 2>/dev/null))

src = $(sort $(foreach d,$(1),$(wildcard $(d)/*.c)))
obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(call src,$(1)))

GIS := $(BUILD)/libgis.a
DRILLS := $(BUILD)/libdrills.a
INSPECTIONS := $(BUILD)/libinspections.a
DAEMON := $(BUILD)/libshelterd.a
HOUSE := shelterd $(patsubst %/,%,$(wildcard shelterd/*/))
CLIENT := $(BUILD)/libshelter.a
PURE := $(DRILLS) $(INSPECTIONS) $(GIS)
BIN := $(BUILD)/shelterd $(BUILD)/shelterctl $(BUILD)/shelter-field

all: $(BIN) web

include etc/make/*.mk

$(GIS): $(call obj,gis) $(BUILD)/obj/vector_tile.o
$(DRILLS): $(call obj,drills)
$(INSPECTIONS): $(call obj,inspections)
$(DAEMON): $(filter-out %/main.o,$(call obj,$(HOUSE))) \
	$(BUILD)/obj/migrations.o
$(CLIENT): $(call obj,clients/libshelter)
$(GIS) $(DRILLS) $(INSPECTIONS) $(DAEMON) $(CLIENT):
	$(call say,AR  )
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/shelterd: $(BUILD)/obj/shelterd/main.o $(DAEMON) $(PURE)
	$(call say,LINK)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $^ $(DAEMON_LIBS) $(LDFLAGS)
$(BUILD)/shelterctl: $(call obj,clients/shelterctl) $(CLIENT)
	$(call say,LINK)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $^ $(CTL_LIBS) $(LDFLAGS)
$(BUILD)/shelter-field: $(call obj,clients/field) $(CLIENT)
	$(call say,LINK)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $^ $(FIELD_LIBS) $(LDFLAGS)

$(BUILD)/obj/%.o: %.c
	$(call say,CC  )
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALLFLAGS) $(GDAL_CFLAGS) -c -o $@ $<

clean:
	rm -rf build build-*

.PHONY: all clean
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
