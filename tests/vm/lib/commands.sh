# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced: TAP about commands that are run. A test has a directory of its own, $dir;
# what a command says goes to $out and $err. The processes $pid and $pids are killed
# when it ends; a test that has more to undo says so in undo().

dir=$(mktemp -d /tmp/vmwalk.XXXXXX)
out=$dir/out err=$dir/err
n=0 failed=0 pid='' pids=''

undo() { :; }

# $pid is killed, and gone.
stop() {
	[ -z "$pid" ] || { kill -9 "$pid" && wait "$pid"; } 2>/dev/null
	pid=
}

at_end() {
	stop
	# shellcheck disable=SC2086 # a list of pids
	[ -z "$pids" ] || { kill -9 $pids && wait $pids; } 2>/dev/null
	undo
	rm -rf "$dir"
}
trap at_end EXIT

# result STATUS NAME: a line of TAP, with what the command said if it is bad.
result() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $n - $2"
	sed 's/^/# out: /' "$out" | head -n "${lines_shown:-5}"
	sed 's/^/# err: /' "$err" | head -n 5
}

skipped() {
	n=$((n + 1))
	echo "ok $n # SKIP $1"
}

# The last command: the plan, and the test's verdict.
plan() {
	echo "1..$n"
	[ "$failed" = 0 ]
}

# run COMMAND...: its status to $status, its words to $out and $err.
run() {
	"$@" >"$out" 2>"$err"
	status=$?
}

# good NAME COMMAND...: succeeds, prints something, and nothing else.
good() {
	name=$1
	shift
	run "$@"
	[ "$status" = 0 ] && [ -s "$out" ] && [ ! -s "$err" ]
	result $? "$name"
}

# bad NAME STATUS PATTERN COMMAND...: exits so, with one line on standard error
# that begins as it should and has PATTERN in it, and prints nothing.
bad() {
	name=$1 want=$2 pattern=$3
	shift 3
	run "$@"
	[ "$status" = "$want" ] && [ ! -s "$out" ] &&
		[ "$(wc -l <"$err")" = 1 ] && grep -q '^vmwalk: ' "$err" &&
		grep -q -e "$pattern" "$err"
	result $? "$name (exit $status, wanted $want)"
}

# What is in $out is JSON as its schema says.
conforms() {
	/tests/targets/jsonschema /tests/json-schema <"$out" >>"$err" 2>&1
}

# json NAME COMMAND...: prints that, and nothing else.
json() {
	name=$1
	shift
	run "$@"
	[ "$status" = 0 ] && [ ! -s "$err" ] && conforms
	result $? "$name"
}
