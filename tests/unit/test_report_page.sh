#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The report's page as a person meets it, in a browser that nobody sees.
cd "$(dirname "$0")/../.." || exit
for command in chromium chromedriver perl; do
	command -v $command >/dev/null || {
		echo "1..0 # SKIP no $command here"
		exit
	}
done
exec perl tests/report/page.pl "${BUILD:-build}/asan/tests/unit/test_report"
