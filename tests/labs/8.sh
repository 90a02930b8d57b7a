#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Lab 8: which pages of the kernel does a program call? This boot's answer.
# shellcheck disable=SC2016 # run expands them
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mode=$(sed -n 's/.*vsyscall=\([a-z]*\).*/\1/p' /proc/cmdline)
if [ -z "$mode" ]; then
	echo "Nobody told this kernel vsyscall=, so it has its own choice. Any other:" \
		"make lab APPEND=vsyscall=emulate, or none, or xonly."
fi

step "${mode:-none}"
run 'grep -o "vsyscall=[a-z]*" /proc/cmdline'
start gate
run 'grep -E "vvar|vdso|vsyscall" /proc/$(pidof gate)/maps'
run 'vmwalk show -c segment,mapped,present,resident,pfn gate | grep -E "^(SEGMENT|v)"'
run 'vmwalk where gate ffffffffff600400'
run 'vmwalk pte gate ffffffffff600400 | sed -n "/^PTE/,\$p"'
