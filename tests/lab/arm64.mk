# SPDX-License-Identifier: GPL-2.0
# arm64: all is cross-built, the VM emulates the processor.

ARM64	?= 6.1-arm64

check-arm64: deps ## the VM's tests on arm64, cross-built: ARM64=6.12-arm64
	@$(LAB)/deps.sh gcc-aarch64-linux-gnu qemu-system-arm
	@$(LAB)/cross.sh arm64 $(MAKE) BUILD=$(BUILD)/arm64 .check-arm64

.check-arm64: .lab-built .tests-built
	@$(LAB)/machine.sh $(BUILD) $(ARM64) virt | \
		tee $(BUILD)/check.log | awk -f $(LAB)/tally.awk

.PHONY: check-arm64 .check-arm64
