# SPDX-License-Identifier: GPL-2.0
# The stress test: one program of the VM, of many files. A short run of it is
# among the tests of `make check`.

stress_test := $(BUILD)/tests/vm/stress.t
stress_objects := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/stress/*.c))

$(stress_test): $(stress_objects) $(vm_lib) $(client)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(pkg_libs)

.tests-built: $(stress_test)

# What the kernel does not know of its command line, init gets as environment.
stress: deps ## walkers against churn: SECONDS=60 SEED= NODES=2, a long run
	@$(MAKE) .lab-built .tests-built
	@{ NODES=$(or $(NODES),2) MEM=$(or $(MEM),2048) \
	APPEND="hugepages=32 STRESS_SECONDS=$(or $(SECONDS),60) \
	STRESS_SEED=$(SEED) $(APPEND)" $(boot) "/lab/tests stress stress"; \
	echo "#:vm stress $$?"; } 2>&1 | tee $(BUILD)/stress.log | \
	awk -f $(LAB)/tally.awk

-include $(stress_objects:.o=.d)

.PHONY: stress
