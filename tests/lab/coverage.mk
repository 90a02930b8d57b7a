# SPDX-License-Identifier: GPL-2.0
# What the tests reach, counted by what they run: of the module, the VM's tests on the
# debug kernel; of the client, those on one machine, and the unit tests.

coverage: .debug-built ## build/coverage/html/index.html: what the tests reach of the module
	@$(LAB)/deps.sh gcovr
	@mkdir -p $(BUILD)/coverage
	@MODULES=$(BUILD)/coverage KBUILD_ARGS=GCOV_PROFILE=y $(debug_machine) \
		>$(BUILD)/coverage/log; \
	awk -f $(LAB)/tally.awk $(BUILD)/coverage/log; status=$$?; \
	$(LAB)/coverage.sh $(BUILD) && exit $$status

# All is built once more. What the VM counted is unpacked to where its programs come
# from; the unit tests add to it.
covered := $(BUILD)/covered
shim := $(covered)/obj/tests/shim/covered.o
coverage-client: deps ## build/covered/html/index.html: what the tests reach of the client
	@$(LAB)/deps.sh gcovr
	@mkdir -p $(covered)/html
	@export CFLAGS='-O1 -g --coverage -fprofile-update=atomic -Wno-error' \
		LDFLAGS='--coverage -Wl,--wrap=_exit,--wrap=setrlimit $(shim)'; \
	$(MAKE) BUILD=$(covered) $(shim) && \
	$(MAKE) BUILD=$(covered) .lab-built .tests-built .units-built
	@find $(covered) -name '*.gcda' -delete
	@GDB=1 $(LAB)/machine.sh $(covered) $(KERNEL) 5level >$(covered)/log
	@$(LAB)/counts.sh $(covered)/log
	@BUILD=$(covered) $(LAB)/units.sh $(units:$(BUILD)/%=$(covered)/%) $(unit_scripts) \
		>>$(covered)/log
	@awk -f $(LAB)/tally.awk $(covered)/log; status=$$?; \
	gcovr --root . --filter user/ --object-directory $(covered) \
		--gcov-ignore-parse-errors --html-details $(covered)/html/index.html \
		--txt $(covered)/coverage.txt --print-summary $(covered) && \
	cat $(covered)/coverage.txt && exit $$status

.PHONY: coverage coverage-client
