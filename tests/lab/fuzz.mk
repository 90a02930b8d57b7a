# SPDX-License-Identifier: GPL-2.0
# The fuzzer: one program of the VM, of many files, which takes from the stress test
# what both need. A short run of it is among the tests of `make check`.

fuzz_test := $(BUILD)/tests/vm/fuzz.t
fuzz_objects := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/fuzz/*.c) \
	$(addprefix tests/stress/,common.c settle.c module.c))

$(fuzz_test): $(fuzz_objects) $(vm_lib) $(client)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(pkg_libs)

.tests-built: $(fuzz_test)

# On the debug kernel, unless KERNEL= says another.
fuzz: fuzz_kernel = $(if $(filter file,$(origin KERNEL)),debug,$(KERNEL))
fuzz: .debug-built ## netlink and debugfs fuzzed: SECONDS=60 SEED= MESSAGES=, a long run
	@{ MEM=$(or $(MEM),2048) TIMEOUT=$(or $(TIMEOUT),3600) \
	APPEND="$(if $(filter debug,$(fuzz_kernel)),$(debug_append),$(APPEND)) \
	FUZZ_SECONDS=$(or $(SECONDS),60) \
	FUZZ_SEED=$(SEED) FUZZ_MESSAGES=$(MESSAGES)" \
	$(LAB)/boot.sh $(BUILD) $(fuzz_kernel) "/lab/tests fuzz fuzz"; \
	echo "#:vm fuzz $$?"; } 2>&1 | tee $(BUILD)/fuzz.log | \
	awk -f $(LAB)/tally.awk; \
	grep -E '^# [0-9]+ messages|^# FUZZ_SEED' $(BUILD)/fuzz.log

-include $(fuzz_objects:.o=.d)

.PHONY: fuzz
