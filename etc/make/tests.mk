# make test: everything, with AddressSanitizer and UBSan; the daemon's
# scenarios once more with ThreadSanitizer; the fuzzers 60 s each.
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,\
	$(sort $(wildcard tests/unit/*/t_*.c)))
SCENARIOS := $(sort $(wildcard tests/scenario/*.t))
CMOCKA_LIBS = $(call pkg,cmocka)
PROVE = prove --timer $(PROVEFLAGS)
CTL_OBJ = $(filter-out %/main.o,$(call obj,clients/shelterctl))
FIELD_OBJ = $(filter-out %/main.o,$(call obj,clients/field))

# Link lines prove the architecture: a pure library's tests get nothing else.
$(BUILD)/unit/gis/%: $(BUILD)/obj/tests/unit/gis/%.o $(GIS)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $^ $(GIS_LIBS) $(CMOCKA_LIBS)
$(BUILD)/unit/drills/%: $(BUILD)/obj/tests/unit/drills/%.o $(DRILLS)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $^ $(CMOCKA_LIBS)
$(BUILD)/unit/inspections/%: $(BUILD)/obj/tests/unit/inspections/%.o \
		$(INSPECTIONS)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $^ $(CMOCKA_LIBS)
$(BUILD)/unit/shelterd/%: $(BUILD)/obj/tests/unit/shelterd/%.o $(DAEMON) $(PURE)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $^ $(DAEMON_LIBS) $(CMOCKA_LIBS)
$(BUILD)/unit/clients/t_field%: $(BUILD)/obj/tests/unit/clients/t_field%.o \
		$(FIELD_OBJ) $(CLIENT)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $^ $(FIELD_LIBS) $(CMOCKA_LIBS)
$(BUILD)/unit/clients/%: $(BUILD)/obj/tests/unit/clients/%.o $(CTL_OBJ) $(CLIENT)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $^ $(CTL_LIBS) $(CMOCKA_LIBS)
.SECONDARY:

units: $(UNITS)

unit: $(UNITS)
	CMOCKA_MESSAGE_OUTPUT=TAP $(PROVE) -e '' $(UNITS)

scenario: $(BIN) $(PEERS) $(EXTRA_BIN)
	BUILD=$(BUILD) $(PROVE) -j2 $(or $(T),$(SCENARIOS))

# Both in one run of the harness, so that its last lines count everything.
check: $(BIN) $(UNITS) $(PEERS) $(EXTRA_BIN)
	BUILD=$(BUILD) CMOCKA_MESSAGE_OUTPUT=TAP $(PROVE) -j2 -e '' \
		$(UNITS) $(SCENARIOS)

# Scenarios that exercise the daemon's threads, once more under TSan.
TSAN_SCENARIOS = $(sort $(wildcard $(addprefix tests/scenario/*-,\
	$(addsuffix *.t,daemon sse kill writer))))
tsan:
	@$(MAKE) --no-print-directory $(JOBS) SAN=thread tsan-check
tsan-check: $(BIN) $(BUILD)/unit/shelterd/t_writer $(BUILD)/unit/shelterd/t_lane
	BUILD=$(BUILD) TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1 \
	suppressions=$(CURDIR)/tests/tsan.supp" \
	CMOCKA_MESSAGE_OUTPUT=TAP $(PROVE) -j2 -e '' \
		$(filter %/t_writer %/t_lane,$^) $(TSAN_SCENARIOS)

test: setup-test
	@tests/arrows.sh
	@$(MAKE) --no-print-directory web
	@$(MAKE) --no-print-directory fuzz
	@$(MAKE) --no-print-directory tsan
	@$(MAKE) --no-print-directory $(JOBS) SAN=address,undefined check

.PHONY: units unit scenario check tsan tsan-check test
