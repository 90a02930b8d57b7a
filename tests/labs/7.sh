#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Lab 7: what happens before main.main?
# shellcheck disable=SC2016 # run expands them
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

if ! command -v gdb >/dev/null; then
	echo "This lab needs gdb, which was not there when the image was made:" \
		"make labs LABS=7"
	exit 1
fi
step session
run 'gdb -batch -nx -iex "set auto-load off" -x /labs/7.gdb /demos/quiz'
step log
run 'vmwalk log start.vmwalk'
step first
run 'vmwalk maps start.vmwalk@1'
step mallocinit
run 'vmwalk diff start.vmwalk@2 start.vmwalk@3'
step changes
run 'vmwalk diff start.vmwalk@3 start.vmwalk@5 | sed "/^goroutines/,\$d"'
step last
run 'vmwalk maps start.vmwalk@5'
