#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# units.sh TEST...: runs those unit tests here that $TESTS picks, for tally.awk.
set -u
# shellcheck source=guest/fits
. "$(dirname "$0")/guest/fits"

for t; do
	name=unit/$(basename "$t" | sed 's/^test_//;s/\.sh$//')
	fits "$name" "${TESTS:-}" || continue
	echo "#:begin $name"
	start=$(date +%s)
	CMOCKA_MESSAGE_OUTPUT=TAP timeout 600 "$t" </dev/null 2>&1
	echo "#:end $name $? $(($(date +%s) - start))"
done
