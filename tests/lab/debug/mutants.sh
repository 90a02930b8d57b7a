#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# mutants.sh BUILD PATCH...: builds the module that each patch breaks, runs the
# tests the patch names on the debug kernel, and demands that they fail for the
# reason it names. The head of a patch has
#	Breaks: what it breaks
#	Tests: pattern of the tests that come across it
#	Caught: what must be said then, an extended regular expression
set -eu
lab=$(dirname "$0")/..
top=$(cd "$lab/../.." && pwd)
build=$1
shift

header() {
	sed -n "s/^$1: //p" "$patch"
}

build_mutant() {
	rm -rf "$dir"
	mkdir -p "$dir/source"
	cp -r "$top/Kbuild" "$top/kmod" "$top/include" "$dir/source"
	patch -s -p1 -d "$dir/source" <"$patch" || return
	module=$(TOP=$dir/source "$lab/module.sh" "$kernel/build" \
		"$dir/module") || return
	"$lab/image.sh" "$build" "$module" "$dir/image.cpio"
}

run_mutant() {
	status=0
	HASTY=yes LOG=$dir/kernel.log TIMEOUT=${TIMEOUT:-600} "$lab/lab.sh" \
		"$kernel" "$dir/image.cpio" \
		"/lab/tests mutant '$(header Tests)'" || status=$?
	rm "$dir/image.cpio"
	echo "#:vm mutant $status"
}

# Sets $why, empty if all is as it should be.
judge() {
	why=
	if awk -f "$lab/tally.awk" "$dir/output" >"$dir/tally"; then
		why="survived $(header Tests)"
	elif ! grep -qE "$(header Caught)" "$dir/kernel.log" "$dir/output"; then
		why="failed, but nothing says \"$(header Caught)\""
	fi
}

try() {
	printf '%-24s' "$(basename "$patch" .patch)"
	if ! build_mutant >"$dir.build" 2>&1; then
		why="does not build, see $dir.build"
	else
		run_mutant >"$dir/output" 2>&1
		judge
	fi
	echo "${why:-caught: $(header Caught)}"
	[ -z "$why" ] || failed=$((failed + 1))
}

kernel=$("$lab/kernel.sh" debug)
mkdir -p "$build/mutants"
failed=0
for patch; do
	dir=$build/mutants/$(basename "$patch" .patch)
	try
done
echo "$(($# - failed)) of $# broken modules caught"
[ $# -gt 0 ] && [ $failed = 0 ]
