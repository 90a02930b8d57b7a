# SPDX-License-Identifier: GPL-2.0
# The VM's tests on every kernel and machine. A VM has two processors and 3 GiB
# of memory; one that waits for a processor of the host holds up the other.

first_words = $(shell awk '!/^\#/ { print $$1 }' $(LAB)/$(1))
kernels := $(if $(filter file,$(origin KERNEL)),$(call first_words,kernels),$(KERNEL))
machines := $(call first_words,machines)
all_of = $(foreach k,$(kernels),$(addprefix $(k)/,$(machines)))
# Each kernel but the default one, which has its turn anyway; each machine.
diagonal := 5.10/nogate 6.12/5level 7.3/4level
JOBS ?= $(shell echo $$((($$(nproc) + 1) / 2)))

check-kernels: pairs = $(all_of)
check-kernels: .matrix ## the VM's tests on every kernel: KERNEL= picks one, JOBS=n

check-diagonal: pairs = $(diagonal)
check-diagonal: .matrix ## likewise, on the kernels that `make check` leaves out, once

.matrix: deps
	@$(MAKE) .lab-built .tests-built
	@rm -rf $(BUILD)/matrix
	@$(MAKE) -k -j $(JOBS) $(pairs:%=$(BUILD)/matrix/%); status=$$?; \
	awk -f $(LAB)/matrix.awk $(pairs:%=$(BUILD)/matrix/%/row); exit $$status

# What failed is told in full, once the machine is done.
$(BUILD)/matrix/%: FORCE
	@mkdir -p $@
	@$(LAB)/machine.sh $(BUILD) $(subst /, ,$*) >$@/log 2>&1
	@awk -v row=$@/row -f $(LAB)/tally.awk $@/log >$@/tally || \
		{ cat $@/tally; exit 1; }
	@echo "$*: $$(tail -n 1 $@/tally)"

FORCE:
.PHONY: check-kernels check-diagonal .matrix FORCE
