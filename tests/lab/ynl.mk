# SPDX-License-Identifier: GPL-2.0
# The kernel tree's own netlink client, driven by include/vmwalk.yaml, against ours.

check-ynl: deps ## the kernel tree's own client decodes what ours does
	@$(LAB)/deps.sh python3-minimal python3-yaml python3-jsonschema
	@$(MAKE) .lab-built .tests-built
	@$(LAB)/check-ynl.sh $(BUILD) $(KERNEL) | tee $(BUILD)/check-ynl.log | \
		awk -f $(LAB)/tally.awk

.PHONY: check-ynl
