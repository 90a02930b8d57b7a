# SPDX-License-Identifier: GPL-2.0
# Style and static checks. Each target is silent if all is well.

# In a build of its own: it fails by warnings, of the compiler and of sparse.
style-module: deps
	$(call say,STYLE,the module: W=1 and sparse)
	@$(LAB)/module.sh $$($(LAB)/kernel.sh $(KERNEL))/build $(BUILD)/style \
		-s KCFLAGS=-Werror C=2 CF=-Wsparse-error >/dev/null

# The shims define what newer kernels define, typedefs and iterators too. BIT()
# is not for uapi headers. User programs have libc's types and names, no
# ARRAY_SIZE() or __printf(), may tell users to "load" from a function of that
# name, break long messages, and talk to memory that other processes change. What
# is preloaded defines libc's functions from one macro, by types, and fails as old
# kernels do.
comma := ,
ignore = --ignore $(subst $() $(),$(comma),$(strip $(1)))
ignore_shims := $(call ignore,MACRO_ARG_REUSE NEW_TYPEDEFS)
ignore_uapi := $(call ignore,BIT_MACRO)
ignore_user := $(call ignore,ARRAY_SIZE BIT_MACRO CAMELCASE COMPLEX_MACRO \
	EMBEDDED_FUNCTION_NAME MACRO_ARG_REUSE PREFER_DEFINED_ATTRIBUTE_MACRO \
	PREFER_FALLTHROUGH PREFER_KERNEL_TYPES SPLIT_STRING VOLATILE)
ignore_preloaded := $(ignore_user) \
	$(call ignore,AVOID_EXTERNS ENOSYS MACRO_WITH_FLOW_CONTROL \
	PARENTHESIS_ALIGNMENT SPACING)

sources = $(wildcard $(addsuffix /*.[ch],$(1)))

style-checkpatch: deps
	$(call say,STYLE,checkpatch)
	@$(LAB)/checkpatch.sh -f $(call sources,kmod kmod/arch tests/bench/floor)
	@$(LAB)/checkpatch.sh $(ignore_shims) -f $(call sources,kmod/compat/*)
	@$(LAB)/checkpatch.sh $(ignore_uapi) -f $(call sources,include include/uapi/*)
	@$(LAB)/checkpatch.sh $(ignore_user) -f $(filter-out tests/shim/%, \
		$(call sources,user user/* tests/*))
	@$(LAB)/checkpatch.sh $(ignore_preloaded) -f $(call sources,tests/shim)
	@$(LAB)/checkpatch.sh $(ignore_user) -f $(call sources,tests/vm/*)

style-scripts: deps
	$(call say,STYLE,shellcheck)
	@shellcheck -x -P SCRIPTDIR $(wildcard .ci/run $(LAB)/guest/* tests/bench/start \
		tests/*/*.sh $(LAB)/*/*.sh user/*/*.bash)

# Every global symbol bears the prefix, but for what libc or the kernel calls.
style-symbols: $(user_objects) style-module
	$(call say,STYLE,names of global symbols)
	@nm -A -g --defined-only $(user_objects) $(BUILD)/style/*/kmod/*.o | \
		awk '$$NF !~ /^(vmw_|main$$|init_module$$|cleanup_module$$)/ \
			{ print; bad = 1 } END { exit bad }'

# What is opened when it is needed does not come with every start.
style-links: $(BUILD)/vmwalk
	$(call say,STYLE,libraries that are linked)
	@readelf -d $< | awk '/NEEDED/ && !/\[lib(c|nl-3|nl-genl-3|yajl)\.so/ \
		{ print; bad = 1 } END { exit bad }'

style-versions:
	$(call say,STYLE,kernel versions are known in kmod/compat only)
	@! grep -rnE 'LINUX_VERSION_CODE|KERNEL_VERSION' kmod --include='*.[ch]' | \
		grep -v '^kmod/compat/'

style-go: deps
	$(call say,STYLE,gofmt)
	@test -z "$$(gofmt -l $(wildcard tests/*/*.go tests/*/*/*.go) | tee /dev/stderr)"

checks := $(addprefix style-,module checkpatch scripts go symbols links versions)
style: $(checks) ## static checks: W=1, sparse, checkpatch, shellcheck, names

.PHONY: style $(checks)
