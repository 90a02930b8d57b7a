#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Lab 2: what does new(int) allocate on?
# shellcheck disable=SC2016 # run expands them
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

step source
run 'sed -n "/^var keep/,\$p" /labs/escape.go'
step compiler
run 'cat /demos/escape.why   # go build -gcflags=-m escape.go'
step addresses
start escape
step where
run "vmwalk where escape $(word stays) $(word escapes)"
