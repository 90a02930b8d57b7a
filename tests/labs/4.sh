#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Lab 4: what if a goroutine's stack is full?
# shellcheck disable=SC2016 # run expands them
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

goroutine() {
	run 'vmwalk go morestack | grep -E "^(GOID|   1 )"'
}

step source
run 'sed -n "/^func descend/,\$p" /labs/morestack.go'
step before
small_pages
start morestack
old=$(word a)
run "vmwalk where morestack $old"
goroutine
run 'vmwalk snap -o stack.vmwalk -m "before" morestack'
step eight
enter
goroutine
step thirty-two
enter
goroutine
step back
enter
goroutine
step old
run "vmwalk where morestack $old $(word new)"
step snapshots
run 'vmwalk snap -o stack.vmwalk -m "after" morestack'
run 'vmwalk diff stack.vmwalk@-2 stack.vmwalk@-1 | grep -E "^SEGMENT|c000000000|^GOID|^   1 "'
