#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Lab 3: what is in a call frame?
# shellcheck disable=SC2016 # run expands them
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# slot NAME: where in the frame it is.
slot() {
	sed -n "s/^\(.*\): $1 .*/\1/p" "$said"
}

step source
run 'sed -n "/^func callee/,/^}/p" /labs/frame.go'
step frame
small_pages
start frame
step sp
run 'vmwalk threads frame | grep -E "^ *TID|goroutine"'
run "vmwalk where frame $(slot return)"
step return
run "vmwalk where frame $(word return)"
step rbp
run "vmwalk where frame $(word rbp)"
step permits
run "vmwalk pte frame $(slot return) | sed -n '/^PTE/,/permits/p'"
step write
run "address=$(slot argument)"
run 'printf "*" | dd of=/proc/$(pidof frame)/mem bs=1 seek=$((address)) conv=notrunc 2>&1 | tail -n 1'
enter
