# SPDX-License-Identifier: GPL-2.0
# The VM's tests on every kernel and machine. A VM has two processors and 3 GiB
# of memory; emulated, it keeps one processor of the host busy.

first_words = $(shell awk '!/^\#/ { print $$1 }' $(LAB)/$(1))
kernels := $(if $(filter file,$(origin KERNEL)),$(call first_words,kernels),$(KERNEL))
machines := $(call first_words,machines)
all_of = $(foreach k,$(kernels),$(addprefix $(k)/,$(machines)))
# Each kernel but the default one, which has its turn anyway; each machine; and what
# asks the module, where nothing is forgiven. What takes longest begins.
diagonal := debug/4level 5.10/nogate 7.3/4level 6.12/5level
JOBS ?= $(shell nproc)

check-kernels: pairs = $(all_of)
check-kernels: .matrix ## the VM's tests on every kernel: KERNEL= picks one, JOBS=n

check-diagonal: pairs = $(diagonal)
check-diagonal: .debug-built .matrix ## likewise, on those `make check` leaves out, once
$(BUILD)/matrix/debug/%: settings = TESTS='$(or $(value TESTS),$(asking))' \
	APPEND="$(debug_append)" $(debug_settings)

.matrix: deps
	@$(MAKE) .lab-built .tests-built
	@rm -rf $(BUILD)/matrix
	@$(MAKE) -k -j $(JOBS) $(pairs:%=$(BUILD)/matrix/%); status=$$?; \
	awk -f $(LAB)/matrix.awk $(pairs:%=$(BUILD)/matrix/%/row); exit $$status

# What failed is told in full, once the machine is done.
$(BUILD)/matrix/%: FORCE
	@mkdir -p $@
	@$(settings) $(LAB)/machine.sh $(BUILD) $(subst /, ,$*) >$@/log 2>&1
	@awk -v row=$@/row -f $(LAB)/tally.awk $@/log >$@/tally || \
		{ cat $@/tally; exit 1; }
	@echo "$*: $$(tail -n 1 $@/tally)"

FORCE:
.PHONY: check-kernels check-diagonal .matrix FORCE
