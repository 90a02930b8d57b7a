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

# patches DIR: each by itself, as one that cannot run ends with an error.
patches() {
	find "$ynl/scripts/coccinelle" -name '*.cocci' ! -path '*/tests/*' |
	while read -r patch; do
		spatch --very-quiet -D report --no-show-diff --include-headers \
			--dir "$1" --cocci-file "$patch" 2>&1 </dev/null || :
	done | grep -E '\.[ch]:[0-9]+' || :
}

found=$(patches "$1")
echo "$found" | grep -q "$known" || {
	echo "what is known to be found is not: does spatch run?" >&2
	exit 1
}
! echo "$found" | grep -vE "$known"
