#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# machine.sh BUILD SERIES MACHINE: runs the VM's tests on that kernel and that
# machine, for tally.awk: those whose names fit $TESTS; after them, the one that
# needs the kernel's headers. Where there is the memory for it, one huge page is of
# 1 GiB; the second node has only what it takes to be one.
set -u
lab=$(dirname "$0")
# shellcheck source=guest/fits
. "$lab/guest/fits"
build=$1 series=$2 machine=$3

mem=${MEM:-3328}
[ "$mem" -ge 3072 ] && gigantic="hugepagesz=1G hugepages=1" || gigantic=
append=$(awk -v m="$machine" '$1 == m { $1 = ""; print }' "$lab/machines")
LOG=$build/lab/$series-$machine.log MEM=$mem TIMEOUT=${TIMEOUT:-2400} \
	NODES=${NODES:-2} NODE_MEM=${NODE_MEM:-256} \
	APPEND="$gigantic$append ${APPEND:-}" \
	"$lab/boot.sh" "$build" "$series" \
	"/lab/tests $series/$machine '${TESTS:-*}'" 2>&1
echo "#:vm $series/$machine $?"

name=explain_headers
if fits $name "${TESTS:-}"; then
	echo "#:begin $series/$machine/$name"
	"$lab/explain.sh" "$series" 2>&1
	echo "#:end $series/$machine/$name $?"
fi
