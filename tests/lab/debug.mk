# SPDX-License-Identifier: GPL-2.0
# The VM's tests on a kernel that forgives nothing.

.debug-built: deps
	@$(LAB)/deps.sh bc bison flex patch
	@$(MAKE) .lab-built .tests-built

# Its workqueues warn of faked nodes. It has no clock to check the TSC with.
debug_append = numa=fake=2 workqueue.disable_numa=1 tsc=reliable $(APPEND)

debug_machine = MEM=$(or $(MEM),2048) TIMEOUT=$(or $(TIMEOUT),3600) \
	APPEND="$(debug_append)" $(LAB)/machine.sh $(BUILD) debug 4level

check-debug: .debug-built ## the VM's tests on a kernel with all its debugging
	@$(debug_machine) | tee $(BUILD)/check-debug.log | awk -f $(LAB)/tally.awk

.PHONY: .debug-built check-debug
