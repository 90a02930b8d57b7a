#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Lab 1: which region is &a in?
# shellcheck disable=SC2016 # run expands them
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

step source
run 'sed -n "/^func main/,\$p" /labs/quiz.go'
step address
sleeps=yes
start quiz
address=$(cat "$said")
step regions
run 'vmwalk maps quiz | sed "1,7!d"'
step where
run "vmwalk where quiz $address"
step span
run 'vmwalk go quiz | grep -E "^(SPANS|objects +16 |ARENA|c0)"'
step entry
run "vmwalk pte quiz $address | sed -n '/^PMD/,\$p'"
