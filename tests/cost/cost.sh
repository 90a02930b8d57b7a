#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# cost.sh REPLAY: what each view takes of the client alone, in instructions and in
# bytes resident at its peak, for each VMA of 10,000, each extent of 131,072 and
# each process of 500. The answers are made up: see replay.c.
set -eu
replay=$1

# instructions ARGUMENT...
instructions() {
	{ valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		"$replay" "$@" >/dev/null; } 2>&1 | sed -n 's/.*Collected : //p'
}

# peak ARGUMENT...: kilobytes resident at most, by the kernel's account.
peak() {
	{ "$replay" -m "$@" >/dev/null; } 2>&1
}

# row VIEW OF NUMBER ARGUMENT...
row() {
	view=$1 of=$2 number=$3
	shift 3
	printf '%-12s %-25s %12d %8d\n' "$view" "$of" \
		$((($(instructions "$@") - start) / number)) \
		$((($(peak "$@") - base) * 1024 / number))
}

command -v valgrind >/dev/null || {
	echo "vmwalk: make cost takes valgrind" >&2
	exit 1
}
start=$(instructions nothing 1 1)
base=$(peak nothing 1 1)
printf '%-12s %-25s %12s %8s\n' VIEW OF INSTRUCTIONS BYTES
printf '%-12s %-25s %12d\n' '' 'before main()' "$start"
for view in nothing show maps map json; do
	row "$view" 'a VMA, all one segment' 10000 -1 "$view" 10000 1
	row "$view" 'a VMA, each a segment' 10000 "$view" 10000 1
done
for view in nothing show extents json-extents; do
	row "$view" 'an extent, all one VMA' 131072 "$view" 1 131072
done
# As large as a process gets: 60,000 VMAs of 17 extents each, by the extent.
for view in nothing json-extents; do
	row "$view" 'an extent of 60,000 VMAs' 1020000 "$view" 60000 17
done
row ps 'a process' 500 ps 500 1
