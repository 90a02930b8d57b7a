#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Lab 9: who has which page after fork()?
# shellcheck disable=SC2016,SC2034 # run expands them, and shows them unexpanded
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# pages PROCESS...: both pages, what maps them and where they are.
pages() {
	for p; do
		run "vmwalk extents --sharing \$$p \$pages | tail -n +2"
	done
}

# frame PROCESS...: of the first page.
frame() {
	for p; do
		run "vmwalk pte \$$p \$page | grep -E '^PTE|bits  |permits|frame|counts' | tail -n 5"
	done
}

shared() {
	run 'vmwalk shared --extents $parent $child | grep $page'
}

step before
small_pages
start cow
page=$(word pages)
page=${page#0x}
run "page=$page pages=$page-$(printf %x $((0x$page + 8192)))"
run 'parent=$(pidof cow)'
pages parent
frame parent
step forked
enter
run 'child=$(pidof child)'
pages parent child
frame parent child
shared
step child
enter
pages parent child
frame child parent
shared
step parent
enter
frame parent
shared
