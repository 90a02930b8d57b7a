#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# check.sh [UNIT TEST]...: runs them here and the VM's tests in the lab VM;
# tally.awk judges. All output stays in $BUILD/check.log.
set -u
lab=$(dirname "$0")

units() {
	for t; do
		name=unit/$(basename "$t" | sed 's/^test_//;s/\.sh$//')
		# shellcheck disable=SC2254 # TESTS is a pattern
		case $name in
		unit/${TESTS:-*}) ;;
		*) continue ;;
		esac
		echo "#:begin $name"
		CMOCKA_MESSAGE_OUTPUT=TAP timeout 600 "$t" </dev/null 2>&1
		echo "#:end $name $?"
	done
}

# vm NAME APPEND: the tests are called NAME/... The memory is for one huge page
# of 1 GiB.
vm() {
	MEM=${MEM:-3072} APPEND="hugepagesz=1G hugepages=1 $2 ${APPEND:-}" \
		"$lab/boot.sh" "$BUILD" "$KERNEL" \
		"/lab/tests $1 '${TESTS:-*}'" 2>&1
	echo "#:vm $1 $?"
}

# With five levels of page tables, and a machine that differs in all it can.
{
	units "$@"
	vm vm ""
	vm vm-4level "no5lvl pti=on vsyscall=emulate"
} | tee "$BUILD/check.log" | awk -f "$lab/tally.awk"
