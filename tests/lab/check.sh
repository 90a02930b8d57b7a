#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# check.sh [UNIT TEST]...: runs them here and the VM's tests on two machines that
# differ in all they can; tally.awk judges. All output stays in $BUILD/check.log.
set -u
lab=$(dirname "$0")
# shellcheck source=guest/fits
. "$lab/guest/fits"

units() {
	for t; do
		name=unit/$(basename "$t" | sed 's/^test_//;s/\.sh$//')
		fits "$name" "${TESTS:-}" || continue
		echo "#:begin $name"
		start=$(date +%s)
		CMOCKA_MESSAGE_OUTPUT=TAP timeout 600 "$t" </dev/null 2>&1
		echo "#:end $name $? $(($(date +%s) - start))"
	done
}

# The labs' gdb, for those tests that need it.
export GDB=1
{
	units "$@"
	"$lab/machine.sh" "$BUILD" "$KERNEL" 5level
	"$lab/machine.sh" "$BUILD" "$KERNEL" 4level
} | tee "$BUILD/check.log" | awk -f "$lab/tally.awk"
