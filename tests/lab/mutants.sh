#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# mutants.sh BUILD PATCH...: builds what each patch breaks, runs the tests that the
# patch names where it says, and demands that they fail for the reason it names. The
# head of a patch has
#	Breaks: what it breaks
#	On: unit, the unit tests on this machine; stock, a VM of Debian's kernel; or
#	    debug, a VM of the debug kernel: the cheapest that catches it
#	Tests: those that come across it: names of unit tests, a pattern of the VM's
#	Caught: what must be said then, an extended regular expression
# With --check BUILD instead: whether all patches still apply, and have that head.
set -eu
lab=$(dirname "$0")
top=$(cd "$lab/../.." && pwd)
checking=
if [ "$1" = --check ]; then
	checking=yes
	shift
fi
build=$1
shift

header() {
	sed -n "/^---/q;s/^$1: //p" "$patch"
}

# A tree like this one, with what has been built of it: what is mutated there is built
# anew, and nothing else. The times of files must stay.
copy_tree() {
	rm -rf "$tree"
	mkdir -p "$tree/build"
	for part in Makefile Kbuild include kmod user tests docs man README.md \
		CHANGELOG.md debian; do
		cp -a "$top/$part" "$tree"
	done
	for part in asan gen obj lab/init tests vmwalk vmwalk-explain.7 fail.so; do
		[ -e "$build/$part" ] || continue
		mkdir -p "$tree/build/$(dirname "$part")"
		cp -a "$build/$part" "$tree/build/$part"
	done
}

# Exactly: not some lines further, nor by guess.
apply() {
	patch -s -f -F 0 -p1 -d "$tree" "$@" <"$patch"
}

# build_units NAME...: a unit test of C is linked with what it looks at, one of the
# shell starts the client.
build_units() {
	for t; do
		if [ -f "$tree/tests/unit/test_$t.c" ]; then
			make -C "$tree" BUILD=build "build/asan/tests/unit/test_$t"
		else
			make -C "$tree" BUILD=build user
		fi || return
	done
}

# run_units NAME...: for tally.awk.
run_units() {
	for t; do
		program=tests/unit/test_$t.sh
		[ -f "$tree/$program" ] || program=build/asan/tests/unit/test_$t
		echo "#:begin $t"
		status=0
		(cd "$tree" && BUILD=build CMOCKA_MESSAGE_OUTPUT=TAP \
			timeout 600 "$program" </dev/null 2>&1) || status=$?
		echo "#:end $t $status"
	done
}

# Those programs of the VM that $1, a pattern, fits: they hold parts of the client.
programs() {
	for t in "$top"/tests/vm/test_$1.c; do
		t=$(basename "$t" .c)
		[ ! -f "$top/tests/vm/$t.c" ] || echo "build/tests/vm/${t#test_}.t"
	done
}

# For the kernel that $on tells.
# shellcheck disable=SC2046 # a list of files
build_machine() {
	case $on in
	debug) kernel=$("$lab/kernel.sh" debug) ;;
	*) kernel=$("$lab/kernel.sh" "${KERNEL:-6.1}") ;;
	esac &&
	make -C "$tree" BUILD=build build/vmwalk $(programs "$(header Tests)") &&
	module=$(TOP=$tree "$lab/module.sh" "$kernel/build" "$build/mutants/module") &&
	"$lab/image.sh" "$tree/build" "$module" "$dir/image.cpio"
}

run_machine() {
	status=0
	[ "$on" = debug ] && append=${DEBUG_APPEND:-} || append=
	HASTY=yes LOG=$dir/kernel.log TIMEOUT=${TIMEOUT:-600} APPEND=$append \
		"$lab/lab.sh" "$kernel" "$dir/image.cpio" \
		"/lab/tests mutant '$(header Tests)'" || status=$?
	rm "$dir/image.cpio"
	echo "#:vm mutant $status"
}

# shellcheck disable=SC2046 # a list of names
build_mutant() {
	case $on in
	unit) build_units $(header Tests) ;;
	stock | debug) build_machine ;;
	*) echo "On: $on is none of unit, stock, debug" && false ;;
	esac
}

# shellcheck disable=SC2046 # a list of names
run_mutant() {
	case $on in
	unit) run_units $(header Tests) ;;
	*) run_machine ;;
	esac
}

# Sets $why, empty if all is as it should be.
judge() {
	why=
	if awk -f "$lab/tally.awk" "$dir/output" >"$dir/tally"; then
		why="SURVIVED $(header Tests)"
	elif ! grep -qsE -e "$(header Caught)" "$dir/kernel.log" "$dir/output"; then
		why="FAILED, but nothing says \"$(header Caught)\""
	fi
}

try() {
	rm -rf "$dir"
	mkdir -p "$dir"
	printf '%-26s%-6s' "$name" "$on"
	apply || {
		echo "DOES NOT APPLY"
		failed=$((failed + 1))
		return 0
	}
	if ! build_mutant >"$dir/build" 2>&1; then
		why="DOES NOT BUILD, see $dir/build"
	else
		run_mutant >"$dir/output" 2>&1
		judge
	fi
	apply -R
	echo "${why:-caught: $(header Breaks)}"
	[ -z "$why" ] || failed=$((failed + 1))
}

# Without building anything: TAP.
check() {
	why=
	for word in Breaks On Tests Caught; do
		[ -n "$(header $word)" ] || why="no $word:"
	done
	[ "$(header On)" != unit ] || for t in $(header Tests); do
		ls "$top/tests/unit/test_$t".* >/dev/null 2>&1 || why="no unit test $t"
	done
	patch -s -f -F 0 -p1 --dry-run -d "$top" <"$patch" >&2 ||
		why="does not apply"
	[ -z "$why" ] || failed=$((failed + 1))
	[ -z "$why" ] || printf 'not '
	echo "ok $n - $name${why:+: $why}"
}

tree=${TREE:-$build/mutants/tree}
failed=0 n=0
[ -n "$checking" ] || copy_tree
for patch; do
	name=$(basename "$patch" .patch)
	dir=$build/mutants/$name
	n=$((n + 1))
	on=$(header On)
	if [ -n "$checking" ]; then
		check
	else
		try
	fi
done
if [ -n "$checking" ]; then
	echo "1..$n"
else
	echo "$((n - failed)) of $n mutants caught"
fi
[ $n -gt 0 ] && [ $failed = 0 ]
