#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# check.sh [UNIT TEST]...: runs them here and the VM's tests on two machines that
# differ in all they can; tally.awk judges. One machine runs beside all the rest and
# tells at the end. All output stays in $BUILD/check.log.
set -u
lab=$(dirname "$0")

# The labs' gdb, for those tests that need it.
export GDB=1
{
	"$lab/machine.sh" "$BUILD" "$KERNEL" 4level >"$BUILD/check.beside" &
	"$lab/units.sh" "$@"
	"$lab/machine.sh" "$BUILD" "$KERNEL" 5level
	wait
	cat "$BUILD/check.beside"
} | tee "$BUILD/check.log" | awk -f "$lab/tally.awk"
