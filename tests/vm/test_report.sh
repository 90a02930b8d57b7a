#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The report of a process that lives, of its snapshots, and what is said where there
# can be none. What the page does in a browser is for tests/report.
# shellcheck disable=SC2317 # a trap calls it

dir=$(mktemp -d /tmp/report.XXXXXX)
out=$dir/out err=$dir/err page=$dir/page.html f=$dir/c.vmwalk
n=0 pid=

cleanup() {
	[ -z "$pid" ] || { kill -9 "$pid" && wait "$pid"; } 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT

# result STATUS NAME: a line of TAP, with what the program said if it is bad.
result() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		failed=1
		sed 's/^/# err: /' "$err" | head -n 5
	fi
}

# good NAME COMMAND...: succeeds without a word, and leaves a whole page.
good() {
	name=$1
	shift
	rm -f "$page"
	"$@" >"$out" 2>"$err" && [ ! -s "$out" ] && [ ! -s "$err" ] &&
		[ "$(head -n 1 "$page")" = '<!DOCTYPE html>' ] &&
		[ "$(tail -n 1 "$page")" = '</html>' ]
	result $? "$name"
}

# bad NAME STATUS PATTERN COMMAND...: exits so, with one line that has PATTERN, and
# the page is what it was.
bad() {
	name=$1 want=$2 pattern=$3
	shift 3
	echo before >"$page"
	"$@" >"$out" 2>"$err"
	status=$?
	[ "$status" = "$want" ] && [ "$(wc -l <"$err")" = 1 ] &&
		grep -q '^vmwalk: ' "$err" && grep -q -e "$pattern" "$err" &&
		[ "$(cat "$page")" = before ]
	result $? "$name (exit $status, wanted $want)"
}

# has NAME PATTERN: the page has it, as often as $3 says.
has() {
	[ "$(grep -c -e "$2" "$page")" = "${3:-1}" ]
	result $? "$1"
}

/tests/targets/go_addr few >"$dir/claims" &
pid=$!
until grep -q ready "$dir/claims" || ! kill -0 $pid 2>/dev/null; do
	sleep 0.1
done

good 'a process' vmwalk report --stop -o "$page" "$pid"
has 'its memory' 'data-view="memory"'
has 'its threads' 'data-view="threads"'
has 'its Go runtime' 'data-view="go".*"version":"go'
good 'under one lock' vmwalk report --atomic -o "$page" "$pid"
vmwalk snap --stop -o "$f" "$pid" >/dev/null
vmwalk snap --stop --label=again -o "$f" "$pid" >/dev/null
good 'a collection' vmwalk report "$f" -o "$page"
has 'both snapshots' 'data-view="memory"' 2
good 'a snapshot' vmwalk report "$f@again" -o "$page"
has 'one snapshot' 'data-view="memory"'
has 'its label' '"label":"again"'
cp "$page" "$dir/first"
good 'the same again' vmwalk report "$f@2" -o "$page"
cmp "$dir/first" "$page" >"$err" 2>&1
result $? 'byte for byte'
vmwalk report "$f@2" -o - >"$out" 2>"$err" && cmp "$out" "$page" >"$err" 2>&1
result $? 'to standard output'

bad 'no page' 2 '-o FILE wanted' vmwalk report "$pid"
bad 'no process' 2 'wanted, 0 given' vmwalk report -o "$page"
bad 'two processes' 2 'wanted, 2 given' vmwalk report -o "$page" 1 2
bad 'nobody' 42 'process' vmwalk report -o "$page" 4194303
bad 'no such snapshot' 1 'snapshot' vmwalk report -o "$page" "$f@99"
bad 'no collection' 1 'no/such' vmwalk report -o "$page" no/such.vmwalk
bad 'no place for it' 1 'cannot write' vmwalk report -o "$dir/no/page.html" "$pid"
bad 'a full place' 1 'cannot write' vmwalk report -o /dev/full "$pid"
bad 'a snapshot stands still' 1 'stands still' vmwalk report --stop -o "$page" "$f"

echo "1..$n"
exit "${failed:-0}"
