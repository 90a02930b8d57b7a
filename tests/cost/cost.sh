#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# cost.sh REPLAY: what each view of a process of 10,000 VMAs takes, in
# instructions of the client alone, and how much memory at its peak, by VMA and by
# extent; and a line of ps. The answer is made up: see replay.c.
set -eu
replay=$1

# instructions COMMAND VMAS EXTENTS
instructions() {
	{ valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		"$replay" "$@" >/dev/null; } 2>&1 | sed -n 's/.*Collected : //p'
}

# peak COMMAND VMAS EXTENTS: kilobytes resident at most, by the kernel's account.
peak() {
	{ "$replay" -m "$@" >/dev/null; } 2>&1
}

command -v valgrind >/dev/null || {
	echo "vmwalk: make cost takes valgrind" >&2
	exit 1
}
start=$(instructions nothing 1 1)
base=$(peak nothing 1 1)
printf '%-10s %10s %14s %12s\n' VIEW OF INSTRUCTIONS BYTES
printf '%-10s %10s %14d\n' start - "$start"
for view in nothing show maps map json; do
	n=$(instructions "$view" 10000 2)
	m=$(peak "$view" 10000 2)
	printf '%-10s %10s %14d %12d\n' "$view" '1 VMA' \
		$(((n - start) / 10000)) $(((m - base) * 1024 / 10000))
done
for view in nothing show extents; do
	n=$(instructions "$view" 1 131072)
	m=$(peak "$view" 1 131072)
	printf '%-10s %10s %14d %12d\n' "$view" '1 extent' \
		$(((n - start) / 131072)) $(((m - base) * 1024 / 131072))
done
n=$(instructions ps 500 1)
printf '%-10s %10s %14d\n' ps '1 process' $(((n - start) / 500))
