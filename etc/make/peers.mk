# SPDX-License-Identifier: MIT
# Independent solvers that tests and benches compare with; never installed.
# LEMON's network simplex is all headers.
PEERS := $(BUILD)/peers/assign_peer $(BUILD)/peers/variant_peer

$(BUILD)/peers/%: $(BUILD)/obj/tests/peers/%.o $(DRILLS)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CXX) $(OPT) $(SANFLAGS) -pthread -o $@ $^

peers: $(PEERS)
.PHONY: peers
