#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What becomes of a Go program's goroutines and spans between two snapshots,
# against what the program says that it did: with several versions of Go.

# shellcheck source=lib/commands.sh
. /tests/lib/commands.sh
said=$dir/said f=$dir/c.vmwalk lines_shown=60

# wait_for COUNT: so many times the program is ready.
wait_for() {
	until [ "$(grep -c '^ready' "$said")" = "$1" ]; do sleep 0.1; done
	sleep 0.3
}

snap() {
	vmwalk snap --stop -o "$f" "$pid" >/dev/null 2>"$err"
	result $? "$program: snap"
}

# The row of goroutine $1, without colour: its number, and what happened.
row() {
	grep -E "^ *$1 +$2" "$out"
}

check_gs() {
	ok=0
	while read -r what g; do
		case $what in
		gone) row "$g" gone >/dev/null || ok=1 ;;
		come) row "$g" new >/dev/null || ok=1 ;;
		esac
	done <"$said"
	[ "$(grep -c -E '^(gone|come)' "$said")" = 8 ] || ok=1
	result $ok "$program: five goroutines are gone, three are new"
	row "$(sed -n 's/^grown //p' "$said")" 'moved, grew' | grep -q ' -> '
	result $? "$program: one has a larger stack, elsewhere"
	# Those that did nothing are not told of: 20 of them, at least.
	[ "$(grep -c -E '^ *[0-9]+ +(moved|grew|new|gone)' "$out")" -lt 20 ]
	result $? "$program: of the others nothing is told"
}

# ELEM COUNT TAKEN: the ten of 3 MiB are there, and were not; of the stack that was
# left the span was returned.
check_spans() {
	grep -E '^objects, noscan +3145728 +10 +10 ' "$out" >/dev/null
	result $? "$program: ten spans of 3 MiB were taken"
	grep -E '^stacks +65536 ' "$out" >/dev/null
	result $? "$program: a span of a stack of 64 KiB was returned"
}

compare() {
	program=$1
	rm -f "$f"
	mkfifo "$dir/in.$program"
	"/tests/targets/$program" later <"$dir/in.$program" >"$said" &
	pid=$!
	exec 3>"$dir/in.$program"
	wait_for 1
	snap
	echo >&3
	wait_for 2
	snap
	vmwalk diff "$f@1" "$f@2" >"$out" 2>"$err"
	result $? "$program: diff"
	check_gs
	check_spans
	vmwalk diff "$f@2" "$f@2" >"$out" 2>"$err" &&
		! grep -q -E '^(goroutines|spans|arenas)' "$out"
	result $? "$program: nothing differs from itself"
	vmwalk diff --json "$f@1" "$f@2" >"$out" 2>"$err" &&
		/tests/targets/jsonschema /tests/json-schema <"$out" >>"$err" 2>&1
	result $? "$program: diff --json"
	exec 3>&-
	stop
	pid=
}

for program in go_addr go_addr-1.15 go_addr-1.27; do
	if [ -x "/tests/targets/$program" ]; then
		compare "$program"
	else
		n=$((n + 1))
		echo "ok $n # SKIP $program is not built here"
	fi
done

plan
