#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# cocci.sh DIR: the kernel's own semantic patches, those that need no OCaml compiler,
# on the sources in DIR. Silent if they find nothing; those that only look for what a
# compiler for the kernel finds better are left out by being scripts of OCaml.
set -eu
lab=$(dirname "$0")
ynl=$("$lab/ynl.sh")

# What is found and right: a struct that stands for one the kernel does not have.
known='compat/linux/mm_inline.h:.*flexible-array'

found=$(find "$ynl/scripts/coccinelle" -name '*.cocci' ! -path '*/tests/*' | sort |
	xargs -P 2 -n 1 spatch --very-quiet -D report --no-show-diff --include-headers \
		--dir "$1" --cocci-file 2>/dev/null |
	grep -E '\.[ch]:[0-9]+' | grep -vE "$known" || true)
[ -z "$found" ] && exit
echo "$found"
exit 1
