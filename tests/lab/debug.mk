# SPDX-License-Identifier: GPL-2.0
# The VM's tests on a kernel that forgives nothing.

.debug-built: deps
	@$(LAB)/deps.sh bc bison flex patch
	@$(MAKE) .lab-built .tests-built

# Its workqueues warn of faked nodes. It has no clock to check the TSC with.
debug_append = numa=fake=2 workqueue.disable_numa=1 tsc=reliable $(APPEND)

debug_settings = GDB=1 MEM=$(or $(MEM),2048) TIMEOUT=$(or $(TIMEOUT),3600)
debug_machine = $(debug_settings) $(LAB)/machine.sh $(BUILD) debug

# Two machines at a time. The search for leaks doubles what the start of a program
# costs: tests that start one for each check are without it, on a machine of their own;
# the others make the same requests. Some tests alone are run on one machine.
starting := replay $(patsubst tests/vm/test_%.sh,%,$(wildcard tests/vm/test_*.sh))
asking = $(filter-out $(starting),$(basename $(notdir $(vm_tests) $(stress_test) $(fuzz_test))))

check-debug: .debug-built ## the VM's tests on a kernel with all its debugging
	@{ $(if $(TESTS),,TESTS='$(starting)' APPEND="$(debug_append) kmemleak=off" \
		$(debug_machine) nogate >$(BUILD)/check-debug.starting &) \
	TESTS='$(or $(value TESTS),$(asking) explain_headers)' \
		APPEND="$(debug_append)" $(debug_machine) 4level; \
	wait; $(if $(TESTS),,cat $(BUILD)/check-debug.starting;) } | \
	tee $(BUILD)/check-debug.log | awk -f $(LAB)/tally.awk

.PHONY: .debug-built check-debug
