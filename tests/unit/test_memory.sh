#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What the client has resident at its peak stays in proportion to what it is told:
# at most 64 bytes for each extent, and 512 for each VMA, even where hardly any two
# VMAs are of one segment. By the kernel's account; see `make cost`.
cd "$(dirname "$0")/../.." || exit
replay=${BUILD:-build}/tests/cost/replay
n=0 failed=0

# peak ARGUMENT...: kilobytes
peak() {
	{ "$replay" -m "$@" >/dev/null; } 2>&1
}

# within NAME BYTES NUMBER ARGUMENT...: that many bytes for each of NUMBER.
within() {
	name=$1 most=$2 number=$3
	shift 3
	n=$((n + 1))
	each=$((($(peak "$@") - base) * 1024 / number))
	if [ "$each" -gt 0 ] && [ "$each" -le "$most" ]; then
		echo "ok $n - $name: $each bytes"
	else
		echo "not ok $n - $name: $each bytes, $most allowed"
		failed=1
	fi
}

base=$(peak nothing 1 1)
for view in nothing show maps extents json json-extents; do
	within "an extent, $view" 64 131072 $view 1 131072
	within "a VMA and its extent, $view" $((512 + 64)) 10000 -1 $view 10000 1
	within "a VMA, its segment and extent, $view" $((512 + 64)) 10000 \
		$view 10000 1
done

# JSON goes out as it is made. Of 60,000 VMAs of 17 extents each it has some 200
# megabytes: one more than the model and its segments take is allowed.
model=$(peak classify 60000 17)
most=$(peak json-extents 60000 17)
n=$((n + 1))
if [ $((most - model)) -le 1024 ]; then
	echo "ok $n - JSON of 1,020,000 extents: $((most - model)) KiB beside the model"
else
	echo "not ok $n - JSON of 1,020,000 extents: $((most - model)) KiB beside the model"
	failed=1
fi
# Who reads no further need not wait for the rest.
n=$((n + 1))
start=$("$replay" json-extents 60000 17 | head -c 15)
if [ "$start" = '{"schema":"vmwa' ]; then
	echo "ok $n - a reader that has seen enough"
else
	echo "not ok $n - a reader that has seen enough: $start"
	failed=1
fi
echo "1..$n"
exit $failed
