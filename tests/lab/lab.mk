# SPDX-License-Identifier: GPL-2.0
# The lab VM and what runs in it; the unit tests, which run on the host.

# A test may ask for more by comments: "LIBS: package..." for pkg-config,
# "FLAGS: ..." for the compiler, "LINK: source..." for a unit test to be linked with.
asks = $(shell sed -n 's,^/\* $(2): \(.*\) \*/,\1,p' $(1))
flags_of = $(call asks,$(1),FLAGS)
libs_of = $(if $(call asks,$(1),LIBS),$(shell pkg-config --cflags --libs \
	$(call asks,$(1),LIBS)))

# What a saved snapshot needs to be studied anywhere. The unit tests link this
# set and nothing else, so it cannot come to need the netlink, kernel-module,
# DWARF or database libraries.
pure := user/error.c $(wildcard user/model/*.c user/diff/*.c user/render/*.c)
pure_objects := $(pure:%.c=$(BUILD)/asan/%.o)

store_objects := $(patsubst %.c,$(BUILD)/asan/%.o,user/library.c \
	$(wildcard user/store/*.c))

units := $(patsubst %.c,$(BUILD)/asan/%,$(wildcard tests/unit/test_*.c))
unit_scripts := $(wildcard tests/unit/test_*.sh)

define link_with
$(1): $(patsubst %.c,$(BUILD)/asan/%.o,$(call asks,$(1:$(BUILD)/asan/%=%.c),LINK))
endef
$(foreach unit,$(units),$(eval $(call link_with,$(unit))))

$(units): $(BUILD)/asan/%: $(BUILD)/asan/%.o $(pure_objects)
	$(call say,LD,$@)
	$(Q)$(CC) $(sanitize) $(LDFLAGS) -o $@ $^ \
		$$(pkg-config --libs cmocka yajl) \
		$(call libs_of,$*.c)

# These look at collections, and link what reads and writes them as well.
$(filter %/test_store %/test_collection %/test_damage %/test_queries \
	%/test_size,$(units)): $(store_objects)
$(filter %/test_library,$(units)): $(BUILD)/asan/user/library.o

# What makes library calls fail, for test_faults.sh here and test_failing.sh there.
$(BUILD)/fail.so: tests/shim/fail.c
	$(call say,LD,$@)
	$(Q)$(CC) -shared -fPIC -O2 -Wall -Wextra -Werror -o $@ $<

# Programs of the VM: tests, each with the helpers of tests/vm/lib and what it
# takes from the client, and the targets they look at.
vm_tests := $(patsubst tests/vm/test_%.c,$(BUILD)/tests/vm/%.t, \
	$(wildcard tests/vm/test_*.c))
vm_lib := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/vm/lib/*.c))

client := $(BUILD)/obj/client.a
$(client): $(filter-out %/user/vmwalk.o,$(user_objects))
	$(Q)rm -f $@ && ar -rcs $@ $^

$(vm_tests): $(BUILD)/tests/vm/%.t: $(BUILD)/obj/tests/vm/test_%.o $(vm_lib) $(client)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $$(pkg-config --libs cmocka) $(pkg_libs) \
		$(call libs_of,tests/vm/test_$*.c)

targets_dir := $(BUILD)/tests/vm/targets
target_sources := $(wildcard $(addprefix tests/vm/targets/,*.c *.S *.go))
targets := $(addprefix $(targets_dir)/,$(notdir $(basename $(target_sources))))

target_cc = $(CC) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -g \
	-MMD -MP -MF $(BUILD)/obj/targets/$(@F).d \
	-Iinclude/uapi -Itests/vm/lib -pthread \
	$(if $(filter static_%,$(@F)),-static)

$(targets_dir)/%: tests/vm/targets/%.c
	@mkdir -p $(@D) $(BUILD)/obj/targets
	$(call say,CC,$<)
	$(Q)$(target_cc) $(call flags_of,$<) -o $@ $< $(call libs_of,$<)

$(targets_dir)/%: tests/vm/targets/%.S
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC) -nostdlib -static $(call flags_of,$<) -o $@ $<

# The toolchain as Debian ships it, and nothing from the network. A cold build
# of the standard library's packages takes a while: announced, and cached.
go_build = CGO_ENABLED=$(if $(or $(findstring cgo,$(@F)),$(findstring \
	race,$(@F))),1,0) GO111MODULE=off \
	GOTOOLCHAIN=local GOFLAGS= GOCACHE=$(cache)/go go build

$(targets_dir)/%: tests/vm/targets/%.go
	@mkdir -p $(@D)
	$(call say,GO,$<)
	$(Q)$(go_build) -o $@ $<

# The same with other versions of Go, and in other shapes.
go_versions := 1.15 1.24 1.27 race-1.15 race-1.27
go_shapes := $(addprefix $(targets_dir)/go_addr-,pie nodwarf plain stripped \
	race race-stripped $(go_versions))
targets += $(go_shapes)

go_flags = $(if $(findstring pie,$(@F)),-buildmode=pie) \
	$(if $(findstring nodwarf,$(@F)),-ldflags=-w) \
	$(if $(findstring plain,$(@F)),-ldflags=-compressdwarf=false) \
	$(if $(findstring stripped,$(@F)),-ldflags=-s) \
	$(if $(findstring race,$(@F)),-race)

$(filter %-pie %-nodwarf %-plain %-stripped %-race,$(go_shapes)): tests/vm/targets/go_addr.go
	@mkdir -p $(@D)
	$(call say,GO,$< [$(@F)])
	$(Q)$(go_build) $(go_flags) -o $@ $<

$(go_versions:%=$(targets_dir)/go_addr-%): tests/vm/targets/go_addr.go
	@mkdir -p $(@D)
	$(call say,GO,$< [$(@F)])
	$(Q)root=$$($(LAB)/go.sh $(lastword $(subst -, ,$(@F)))) && \
		GOROOT=$$root PATH=$$root/bin:$$PATH $(go_build) $(go_flags) -o $@ $<

$(BUILD)/lab/init: $(LAB)/init.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -static -std=gnu11 -Wall -Wextra -Werror -O2 -o $@ $<

# The VM with what has been built by now.
boot = $(LAB)/boot.sh $(BUILD) $(KERNEL)

quoted = '$(subst ','\'',$(1))'

lab: deps ## the lab VM: a shell in it, or RUN='command' with SHARE=directory
	@$(MAKE) .lab-built .tests-built
	@GDB=1 $(boot) $(if $(value RUN),$(call quoted,$(value RUN)))

demo: deps ## a Go process seen by vmwalk in the lab VM
	@$(MAKE) .lab-built
	@$(boot) /lab/demo

check: deps ## every test: TESTS=pattern picks some
	@$(MAKE) .lab-built .tests-built .units-built
	@BUILD=$(BUILD) KERNEL=$(KERNEL) $(LAB)/check.sh $(units) \
		$(unit_scripts)

# A short run of it is among the unit tests.
kills: deps $(BUILD)/asan/tests/unit/test_collection ## kill -9 of who writes a collection: KILLS=5000 SEED=
	@KILLS=$(or $(KILLS),5000) SEED=$(SEED) \
		$(BUILD)/asan/tests/unit/test_collection killed

# Likewise: files that somebody made to do harm, read under ASan and UBSan.
flips: deps $(BUILD)/asan/tests/unit/test_damage $(BUILD)/asan/tests/unit/test_collection ## hostile collections and imports: FLIPS=20000 SEED=
	@export FLIPS=$(or $(FLIPS),20000) SEED=$(or $(SEED),$$$$); echo "SEED=$$SEED"; \
		$(BUILD)/asan/tests/unit/test_damage hostile_bytes && \
		$(BUILD)/asan/tests/unit/test_collection hostile_json && \
		$(BUILD)/asan/tests/unit/test_collection smaps

.lab-built: $(BUILD)/lab/init $(BUILD)/vmwalk
	@:
.tests-built: $(vm_tests) $(targets) $(BUILD)/fail.so
	@:
.units-built: $(units) $(BUILD)/vmwalk-explain.7 $(BUILD)/fail.so
	@:

-include $(wildcard $(BUILD)/asan/*/*.d $(BUILD)/asan/*/*/*.d)
-include $(wildcard $(BUILD)/obj/targets/*.d $(BUILD)/obj/tests/vm/*.d \
	$(BUILD)/obj/tests/vm/*/*.d)

.PHONY: lab demo check kills flips .lab-built .tests-built .units-built
