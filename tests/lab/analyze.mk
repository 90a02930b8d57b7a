# SPDX-License-Identifier: GPL-2.0
# Static analysis beyond `make style`, which has sparse, checkpatch and shellcheck. Each
# target is silent if all is well. smatch is no package of Debian 12.

analyze: analyze-cppcheck analyze-gcc analyze-cocci ## cppcheck and gcc's analyzer on the client, coccinelle on the module

# It does not know libnl's loops. What is right all the same says so in place.
analyze-cppcheck: deps $(BUILD)/gen/explain_table.h
	@$(LAB)/deps.sh cppcheck
	$(call say,ANALYZE,cppcheck)
	@cppcheck -q --std=c11 --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 -j2 -D_GNU_SOURCE \
		'-Dnla_for_each_attr(pos,head,len,rem)=while (pos = head, rem = len)' \
		-Iinclude/uapi -Iinclude -Iuser -I$(BUILD)/gen user

# gcc's analyzer: a source each, so that only what has changed is looked at again.
analyzed := $(user_sources:%.c=$(BUILD)/analyze/%.gcc)
analyze_flags = $(filter-out -Werror -MMD -MP,$(user_cflags))

$(BUILD)/analyze/%.gcc: %.c $(BUILD)/gen/explain_table.h $(BUILD)/gen/report_page.h
	@mkdir -p $(@D)
	@$(CC) $(analyze_flags) -fanalyzer -fdiagnostics-plain-output \
		-MMD -MF $@.d -MT $@ -S -o /dev/null $< 2>$@.new || { cat $@.new; false; }
	@mv $@.new $@

analyze-gcc: deps
	$(call say,ANALYZE,gcc -fanalyzer)
	@$(MAKE) $(analyzed)
	@awk -f $(LAB)/analyzer.awk $(LAB)/analyzer.known $(analyzed)

-include $(wildcard $(BUILD)/analyze/*/*.d $(BUILD)/analyze/*/*/*.d)

analyze-cocci: deps
	@$(LAB)/deps.sh coccinelle
	$(call say,ANALYZE,the kernel's semantic patches)
	@$(LAB)/cocci.sh kmod

# The same bytes wherever it is built: no path, no time, no order of files.
check-reproducible: deps ## the module built twice, in two places: the same bytes
	@$(LAB)/reproducible.sh $(BUILD) $(KERNEL)

.PHONY: analyze analyze-cppcheck analyze-gcc analyze-cocci check-reproducible
