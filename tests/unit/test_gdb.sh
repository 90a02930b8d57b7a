#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# gdb's command vmwalk: what it makes of expressions, in C and in Go, by a program
# that prints what it is called with; of a process that stands at main.
# shellcheck disable=SC2016 # gdb expands them
cd "$(dirname "$0")/../.." || exit
build=${BUILD:-build} n=0 failed=0
targets=$build/tests/vm/targets

if ! command -v gdb >/dev/null || ! [ -x "$targets/malloc" ] ||
	! gdb -batch -nx -ex 'python print(1)' >/dev/null 2>&1; then
	echo '1..0 # SKIP no gdb with Python here, or no programs'
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
printf '#!/bin/sh\nfor a; do printf "<%%s>" "$a"; done; echo\n[ "$1" != tables ]\n' >"$dir/vmwalk"
chmod +x "$dir/vmwalk"

# session PROGRAM BREAKPOINT COMMAND...: what gdb says.
session() {
	program=$1 breakpoint=$2
	shift 2
	for c; do
		shift
		set -- "$@" -ex "$c"
	done
	VMWALK=$dir/vmwalk gdb -batch -nx -ex 'set debuginfod enabled off' \
		-ex "source user/gdb/vmwalk.py" -ex "break $breakpoint" -ex run \
		-ex 'python print("pid", gdb.selected_inferior().pid)' \
		"$@" "$program" </dev/null >"$dir/said" 2>&1
	pid=$(sed -n 's/^pid //p' "$dir/said")
}

# says NAME LINE
says() {
	n=$((n + 1))
	if grep -qx -e "$2" "$dir/said"; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "# wanted: $2"
		sed 's/^/# /' "$dir/said" | tail -n 20
		failed=1
	fi
}

session "$targets/malloc" main \
	'python print("global %x" % int(gdb.parse_and_eval("&known_symbol")))' \
	'python print("main %x" % int(gdb.parse_and_eval("main").address))' \
	'python print("sp %x" % (int(gdb.parse_and_eval("$sp")) & (1 << 64) - 1))' \
	'vmwalk where &known_symbol[3] main $sp 0x1000' \
	'vmwalk pte known_symbol' 'vmwalk where --json no::such' 'vmwalk maps -H' \
	'vmwalk snap "before it"' 'set vmwalk-collection x.vmwalk' \
	'vmwalk snap --phys after' 'vmwalk explain page' 'vmwalk tables' 'vmwalk'
value() {
	sed -n "s/^$1 //p" "$dir/said"
}
says 'expressions of C' "<where><$pid><$(printf %x $((0x$(value global) + 12)))><$(value main)><$(value sp)><1000>"
says 'an array is where it is' "<pte><$pid><$(value global)>"
says 'what gdb does not know is for vmwalk' "<where><--json><$pid><no::such>"
says 'another command' "<maps><-H><$pid>"
says 'a snapshot' "<snap><-m><before it><-o><malloc.vmwalk><$pid>"
says 'a snapshot elsewhere' "<snap><--phys><-m><after><-o><x.vmwalk><$pid>"
says 'a command without a process' '<explain><page>'
says 'a failure is told' '.*vmwalk ended with status 1'
says 'nothing is asked for' '.*Which command of vmwalk.*'

if [ -x "$targets/go_addr" ]; then
	session "$targets/go_addr" main.goid \
		'python print("global %x" % int(gdb.parse_and_eval("&main.global")))' \
		"vmwalk where &main.global main.main" 'vmwalk go'
	says 'expressions of Go' "<where><$pid><$(value global)><[0-9a-f]*>"
	says 'go' "<go><$pid>"
fi

gdb -batch -nx -ex 'source user/gdb/vmwalk.py' -ex 'vmwalk maps' >"$dir/said" 2>&1
says 'no process' '.*There is no process.*'
gdb -batch -nx -ex 'source user/gdb/vmwalk.py' -ex 'help vmwalk' >"$dir/said" 2>&1
says 'help' '    (gdb) vmwalk where &a $sp main.main'

echo "1..$n"
exit $failed
