# SPDX-License-Identifier: GPL-2.0
# The bench: what a walk costs, in instructions, beside what others ask for the
# same. In the VM, on one kernel.

bench_dir := $(BUILD)/bench
bench := $(bench_dir)/share/bench
bench_objects := $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out %/target.c, \
	$(wildcard tests/bench/*.c)))
bench_programs := $(bench) $(addprefix $(bench_dir)/share/,target goroutines)

$(bench): $(bench_objects) $(vm_lib) $(client)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) -o $@ $^ -pthread $(pkg_libs)

# Processes like those of the tests.
$(bench_objects): user_cflags += -Itests/vm/lib
$(bench_dir)/share/target: tests/bench/target.c tests/vm/targets/target.h
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -std=gnu11 -Wall -Wextra -Werror -O2 -g -Itests/vm/targets -o $@ $<

$(bench_dir)/share/%: tests/bench/%.go
	@mkdir -p $(@D)
	$(call say,GO,$<)
	$(Q)$(go_build) -o $@ $<

.bench-built: $(bench_programs) $(targets_dir)/go_addr
	$(Q)cp tests/bench/start $$(command -v pmap) $$(command -v cat) \
		$$(command -v gzip) $(targets_dir)/go_addr $(bench_dir)/share
	$(Q)kernel=$$($(LAB)/kernel.sh $(BENCH_KERNEL)) && \
	cp $$(TOP=tests/bench/floor MODULE=vmwalk_floor $(LAB)/module.sh \
		$$kernel/build $(bench_dir)/module) $(bench_dir)/share

# Of the newest kernel, unless told.
BENCH_KERNEL := $(if $(filter file,$(origin KERNEL)),7.3,$(KERNEL))
BENCH ?= *

bench: deps ## what a walk costs, by counted instructions: BENCH='pattern...', KERNEL=7.3
	@$(LAB)/deps.sh procps
	@$(MAKE) .lab-built .bench-built
	@CLOCK=$(or $(CLOCK),instructions) MEM=$(or $(MEM),3072) SHARE=$(bench_dir)/share \
		TIMEOUT=$(or $(TIMEOUT),1800) APPEND="nokaslr norandmaps $(APPEND)" \
		$(LAB)/boot.sh $(BUILD) $(BENCH_KERNEL) \
		"/share/start $(BENCH:%='%')" >$(bench_dir)/said; status=$$?; \
	awk -v json=$(BUILD)/bench.json -f tests/bench/report.awk \
		tests/bench/bars $(bench_dir)/said; exit $$status

-include $(bench_objects:.o=.d)

.PHONY: bench .bench-built
