# SPDX-License-Identifier: GPL-2.0
# What the client's own part of a command takes, on the host, without the module.

replay := $(BUILD)/tests/cost/replay
$(replay): $(BUILD)/obj/tests/cost/replay.o $(filter-out %/exchange.o \
	%/user/vmwalk.o,$(user_objects))
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(pkg_libs)

cost: $(replay) ## instructions of the client, by view (valgrind)
	@tests/cost/cost.sh $(replay)

# A test of the client's memory replays as well.
.units-built: $(replay)

.PHONY: cost
