#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The labs' pages, and what holds them against the labs: it lets pass what varies from
# run to run, and nothing that a page is about.
cd "$(dirname "$0")/../.." || exit
n=0 failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# result STATUS NAME
result() {
	n=$((n + 1))
	[ "$1" = 0 ] && printf 'ok %s - %s\n' $n "$2" && return
	printf 'not ok %s - %s\n' $n "$2"
	failed=1
}

page() {
	echo "docs/labs/$1.md"
}

# blocks LAB: what its page shows, as the lab would print it.
blocks() {
	awk -v to=steps -f tests/labs/page.awk "$(page "$1")"
}

# compare LAB SED-SCRIPT: its page, with what it shows altered in that way.
compare() {
	blocks "$1" >"$dir/as-is"
	sed "$2" "$dir/as-is" >"$dir/said"
	if [ "$2" ] && cmp -s "$dir/as-is" "$dir/said"; then
		echo "# nothing to alter: $2"
		return 2
	fi
	tests/labs/compare.sh "$1" "$(page "$1")" "$dir/said" >/dev/null
}

# passes, fails LAB SED-SCRIPT
passes() {
	compare "$1" "$2"
	result $? "lab $1 passes with $2"
}

fails() {
	compare "$1" "$2"
	[ $? = 1 ]
	result $? "lab $1 fails with $2"
}

for script in tests/labs/[1-9].sh; do
	lab=$(basename "$script" .sh)
	compare "$lab" ''
	result $? "lab $lab is what it is"
	blocks "$lab" >"$dir/blocks"
	awk -v to=page -f tests/labs/page.awk "$dir/blocks" "$(page "$lab")" |
		cmp -s - "$(page "$lab")"
	result $? "page $lab with its own blocks is the same"
	grep -q "]($lab.md)" docs/labs/README.md && grep -q '^> ' "$(page "$lab")"
	result $? "page $lab is in the list and asks a question"
	: >"$dir/said"
	! tests/labs/compare.sh "$lab" "$(page "$lab")" "$dir/said" >/dev/null
	result $? "lab $lab that says nothing fails"
	! grep -nE '(: not found|^vmwalk: |does not wait)' "$dir/blocks"
	result $? "page $lab shows no failure"
done
passes 9 's/\(7f\)[0-9a-f][0-9a-f]\([0-9a-f]\{8\}\)/\100\2/g;s/PFN 0x\([0-9a-f]*\)/PFN 0x77\1/'
passes 1 's/c0000\(.\)/c00000/g'
fails 1 's/c000/c100/g'
fails 2 's/noscan: without pointers/may hold pointers/'
fails 3 's/main.main+/main.callee+/'
fails 4 's/    64  /    32  /'
fails 5 's/reserved (PROT_NONE)/never touched, or given back/'
fails 6 's/1188 /1180 /'
fails 7 's/---p/rw-p/'
fails 8 's/_PAGE_NX//'
fails 9 's/maps=2/maps=1/'
fails 9 '$!s/PFN 0x[0-9a-f]* /PFN 0x1 /'
fails 9 '/^#:step child/,/^#:step parent/d'
echo "1..$n"
exit $failed
