# SPDX-License-Identifier: GPL-2.0
# Defects that are planted (tests/mutants), each of which a test must catch: on this
# machine, in a VM of Debian's kernel, or of the debug kernel. MUTANTS= picks by name, ON=
# by the machine that it takes.

MUTANTS ?= *
ON ?= unit stock debug
mutants = $(shell grep -l $(ON:%=-e '^On: %') $(wildcard tests/mutants/$(MUTANTS).patch))

check-mutants: deps ## planted defects must be caught: MUTANTS=pattern ON=unit|stock|debug
	@$(LAB)/deps.sh patch $(if $(filter debug,$(ON)),bc bison flex)
	@$(if $(filter stock debug,$(ON)),$(MAKE) .lab-built .tests-built)
	@DEBUG_APPEND="$(debug_append)" KERNEL=$(KERNEL) $(LAB)/mutants.sh $(BUILD) $(mutants)

.PHONY: check-mutants
