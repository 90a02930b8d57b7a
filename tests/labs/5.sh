#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Lab 5: a stack of 64 GiB.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

stacks() {
	run 'vmwalk maps -H infinite | grep -E "^RANGE| 64G "'
}

extents() {
	run "vmwalk extents --why infinite $range"
}

step machine
run 'grep -E "MemTotal|SwapTotal" /proc/meminfo'
small_pages
start infinite
guard=$(word guard)
guard=${guard#0x}
range=$guard-$(printf %x $((0x$guard + 4096 + (64 << 30))))
step mapped
stacks
extents
step here
run "vmwalk where infinite $(word here) $guard"
step deeper
enter
stacks
extents
run 'vmwalk tables infinite | grep -E "^(SEGMENT|stack.* 67)"'
step end
enter
extents
step over
enter
run "vmwalk where infinite $(word at)"
