# SPDX-License-Identifier: GPL-2.0
# What of the module the VM's tests reach, counted by the module itself.

coverage: .debug-built ## build/coverage/index.html: what the tests reach of the module
	@$(LAB)/deps.sh gcovr
	@mkdir -p $(BUILD)/coverage
	@MODULES=$(BUILD)/coverage KBUILD_ARGS=GCOV_PROFILE=y $(debug_machine) \
		>$(BUILD)/coverage/log; \
	sed '/^#:coverage$$/,/^#:covered$$/d' $(BUILD)/coverage/log | \
		awk -f $(LAB)/tally.awk; status=$$?; \
	$(LAB)/coverage.sh $(BUILD) && exit $$status

.PHONY: coverage
