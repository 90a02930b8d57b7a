# SPDX-License-Identifier: GPL-2.0
# The VM's tests on every kernel and machine. A VM has two processors and 3 GiB
# of memory; one that waits for a processor of the host holds up the other.

first_words = $(shell awk '!/^\#/ { print $$1 }' $(LAB)/$(1))
kernels := $(if $(filter file,$(origin KERNEL)),$(call first_words,kernels),$(KERNEL))
machines := $(call first_words,machines)
matrix := $(foreach k,$(kernels),$(addprefix $(BUILD)/matrix/$(k)/,$(machines)))
JOBS ?= $(shell echo $$((($$(nproc) + 1) / 2)))

check-kernels: deps ## the VM's tests on every kernel: KERNEL= picks one, JOBS=n
	@$(MAKE) .lab-built .tests-built
	@rm -rf $(BUILD)/matrix
	@$(MAKE) -k -j $(JOBS) $(matrix); status=$$?; \
	awk -f $(LAB)/matrix.awk $(matrix:=/row); exit $$status

# What failed is told in full, once the machine is done.
$(matrix): $(BUILD)/matrix/%:
	@mkdir -p $@
	@$(LAB)/machine.sh $(BUILD) $(subst /, ,$*) >$@/log 2>&1
	@awk -v row=$@/row -f $(LAB)/tally.awk $@/log >$@/tally || \
		{ cat $@/tally; exit 1; }
	@echo "$*: $$(tail -n 1 $@/tally)"

.PHONY: check-kernels $(matrix)
