# SPDX-License-Identifier: GPL-2.0
# Static analysis beyond `make style`, which has sparse, checkpatch and shellcheck. Each
# analyser is silent if all is well; what it must find is planted (tests/planted), so that
# one which looks at nothing is noticed. smatch is no package of Debian 12. scan-build
# runs the analyzer that clang-tidy has in it, by building everything once more.

# cocci.sh demands by itself that it finds what is known to be there.
analyzers := cppcheck gcc tidy module cocci
planted := $(addprefix planted-,cppcheck gcc tidy module)
analyze: $(analyzers:%=analyze-%) $(planted) ## cppcheck, gcc's analyzer and clang-tidy on the client; clang-tidy and coccinelle on the module
	@echo '$(words $(analyzers)) analysers find what is planted, and nothing else:' \
		'$(words $(user_sources)) sources of the client,' \
		'$(words $(tidy_module)) of the module'

# It does not know libnl's loops. What is right all the same says so in place.
analyze-cppcheck: deps $(BUILD)/gen/explain_table.h
	@$(LAB)/deps.sh cppcheck
	$(call say,ANALYZE,cppcheck)
	@$(cppcheck) --error-exitcode=1 -j2 user

cppcheck := cppcheck -q --std=c11 --enable=warning,performance,portability \
	--inline-suppr -D_GNU_SOURCE \
	'-Dnla_for_each_attr(pos,head,len,rem)=while (pos = head, rem = len)' \
	-Iinclude/uapi -Iinclude -Iuser -I$(BUILD)/gen

planted-cppcheck: analyze-cppcheck
	@$(LAB)/finds.sh arrayIndexOutOfBounds $(cppcheck) tests/planted/cppcheck.c

# gcc's analyzer: a source each, so that only what has changed is looked at again.
analyzed := $(user_sources:%.c=$(BUILD)/analyze/%.gcc)
analyze_flags = $(filter-out -Werror -MMD -MP,$(user_cflags))
gcc_analyzer = $(CC) $(analyze_flags) -fanalyzer -fdiagnostics-plain-output -S -o /dev/null

$(BUILD)/analyze/%.gcc: %.c $(BUILD)/gen/explain_table.h $(BUILD)/gen/report_page.h
	@mkdir -p $(@D)
	@$(gcc_analyzer) -MMD -MF $@.d -MT $@ $< 2>$@.new || { cat $@.new; false; }
	@mv $@.new $@

analyze-gcc: deps
	$(call say,ANALYZE,gcc -fanalyzer)
	@$(MAKE) -j$$(nproc) $(analyzed)
	@awk -f $(LAB)/analyzer.awk $(LAB)/analyzer.known $(analyzed)

-include $(wildcard $(BUILD)/analyze/*/*.d $(BUILD)/analyze/*/*/*.d)

planted-gcc: analyze-gcc
	@$(LAB)/finds.sh -Wanalyzer-double-free $(gcc_analyzer) tests/planted/gcc.c

# clang-tidy, with the checks of .clang-tidy: after gcc, which knows what has changed.
tidied := $(analyzed:%.gcc=%.tidy)
.SECONDARY: $(analyzed)
tidy_flags = -- $(filter-out -O% -g,$(analyze_flags)) -Wno-everything

$(BUILD)/analyze/%.tidy: %.c $(BUILD)/analyze/%.gcc .clang-tidy
	@clang-tidy --quiet $< $(tidy_flags) >$@.new 2>/dev/null || { cat $@.new; false; }
	@mv $@.new $@

analyze-tidy: analyze-gcc
	@$(LAB)/deps.sh clang-tidy
	$(call say,ANALYZE,clang-tidy: the client)
	@$(MAKE) -j$$(nproc) $(tidied)
	@awk -f $(LAB)/analyzer.awk $(LAB)/tidy.known $(tidied)

planted-tidy: analyze-tidy
	@$(LAB)/finds.sh clang-analyzer-core.DivideZero \
		clang-tidy --quiet tests/planted/tidy.c $(tidy_flags)
	@$(LAB)/finds.sh bugprone-suspicious-memset-usage \
		clang-tidy --quiet tests/planted/tidy.c $(tidy_flags)

# The module's too, with the flags of its build, as far as clang has them.
kdir_headers = $$($(LAB)/kernel.sh $(KERNEL))/build
tidy_module := $(patsubst %.c,$(BUILD)/analyze/%.tidy,$(wildcard kmod/*.c))
built_module = $$(dirname $(BUILD)/analyze/module/*/vmwalk.ko)

$(tidy_module): $(BUILD)/analyze/%.tidy: %.c .clang-tidy $(LAB)/tidy.h \
		$(wildcard kmod/*.h kmod/compat/*/*.h include/uapi/*.h include/uapi/*/*.h)
	@mkdir -p $(@D)
	@$(LAB)/tidy-module.sh $(kdir_headers) $(built_module)/$*.o >$@.new 2>$@.said || \
		{ cat $@.new $@.said; false; }
	@mv $@.new $@

analyze-module: deps
	@$(LAB)/deps.sh clang-tidy
	$(call say,ANALYZE,clang-tidy: the module)
	@rm -rf $(BUILD)/analyze/module
	@$(LAB)/module.sh $(kdir_headers) $(BUILD)/analyze/module >/dev/null 2>&1
	@$(MAKE) -j$$(nproc) $(tidy_module)
	@awk -f $(LAB)/analyzer.awk $(LAB)/tidy-module.known $(tidy_module)

planted-module: analyze-module
	@$(LAB)/finds.sh clang-analyzer-core.NullDereference $(LAB)/tidy-module.sh \
		$(kdir_headers) $(built_module)/kmod/main.o tests/planted/module.c

analyze-cocci: deps
	@$(LAB)/deps.sh coccinelle
	$(call say,ANALYZE,the kernel's semantic patches)
	@$(LAB)/cocci.sh kmod

# The same bytes wherever it is built: no path, no time, no order of files.
check-reproducible: deps ## the module built twice, in two places: the same bytes
	@$(LAB)/reproducible.sh $(BUILD) $(KERNEL)

.PHONY: analyze check-reproducible $(analyzers:%=analyze-%) $(planted)
