#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Lab 6: where does malloc() take it from?
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

heap() {
	run 'vmwalk maps malloc | grep -E "^RANGE|heap"'
}

# at SIZE: the address that the program printed behind it.
at() {
	sed -n "s/^$1 at //p" "$said"
}

step addresses
small_pages
start malloc
step small
run "vmwalk where malloc $(at '100 B') $(at '100 KiB')"
step large
run "vmwalk where malloc $(at '200 KiB')"
step thread
run "vmwalk where malloc $(at 'in a thread: 100 B')"
step grown
heap
enter
heap
step freed
enter
heap
step trimmed
enter
heap
step threshold
enter
run "vmwalk where malloc $(at '200 KiB freed, then again')"
