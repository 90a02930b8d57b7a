# SPDX-License-Identifier: GPL-2.0
# The labs of docs/labs: programs to look at, and scripts that look.

labs := $(sort $(wildcard tests/labs/[1-9].sh))
demos := $(patsubst tests/labs/%,$(BUILD)/demos/%,$(basename \
	$(wildcard tests/labs/*.go tests/labs/*.c)))

$(BUILD)/demos/%: tests/labs/%.go
	@mkdir -p $(@D)
	$(call say,GO,$<)
	$(Q)$(go_build) -trimpath -o $@ $<

# Not optimized: what the source says happens, and each frame has its rbp.
$(BUILD)/demos/%: tests/labs/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -O0 -g -pthread -o $@ $<

# What the compiler says of each variable.
$(BUILD)/demos/escape.why: $(BUILD)/demos/escape
	$(Q)$(go_build) -trimpath -gcflags=-m -o $< tests/labs/escape.go 2>&1 | \
		sed -n 's,.*/escape.go,escape.go,p' >$@

.lab-built: $(demos) $(BUILD)/demos/escape.why

labs: deps ## the labs' pages against what happens: LABS=8 for one, UPDATE=1 rewrites
	@$(LAB)/deps.sh gdb
	@$(MAKE) .lab-built
	@UPDATE='$(UPDATE)' $(LAB)/labs.sh $(BUILD) $(KERNEL) \
		$(or $(LABS),$(labs:tests/labs/%.sh=%))

.PHONY: labs
