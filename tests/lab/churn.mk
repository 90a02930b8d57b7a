# SPDX-License-Identifier: GPL-2.0
# Go programs that churn, looked at as often as is asked for, while they run and
# while they are held. A short run of it is among the tests of `make check`.

# What the kernel does not know of its command line, init gets as environment.
churn_snapshots = $(or $(SNAPSHOTS),1000)

check-churn: deps ## labels of Go programs that churn, over SNAPSHOTS=1000 of each
	@$(MAKE) .lab-built .tests-built
	@{ MEM=$(or $(MEM),2048) TIMEOUT=$(or $(TIMEOUT),7200) \
	APPEND="CHURN_SNAPSHOTS=$(churn_snapshots) TEST_SECONDS=7200 $(APPEND)" \
	$(boot) "/lab/tests churn go"; \
	echo "#:vm churn $$?"; } 2>&1 | tee $(BUILD)/churn.log | \
	awk -f $(LAB)/tally.awk; \
	grep -E '^# .* snapshots, ' $(BUILD)/churn.log

.PHONY: check-churn
