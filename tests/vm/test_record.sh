#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Timelines: what is recorded while, and how it ends; what is left in the file
# whatever happens to who writes it. And what differs from then to now.

# shellcheck source=lib/commands.sh
. /tests/lib/commands.sh
f=$dir/c.vmwalk

undo() {
	umount "$dir/small" 2>/dev/null
}

# exits NAME STATUS COMMAND...
exits() {
	name=$1 want=$2
	shift 2
	run "$@"
	[ "$status" = "$want" ]
	result $? "$name (exit $status, wanted $want)"
}

# says PATTERN: so it was told.
says() {
	cat "$out" "$err" | grep -q -e "$1"
	result $? "it says: $1"
}

# snapshots FILE: how many a collection has.
snapshots() {
	vmwalk log "$1" 2>>"$err" | sed 1d | wc -l
}

# A shell that touches more and more memory.
grower() {
	# shellcheck disable=SC2016 # for that shell
	bash -c 'while :; do x=$x$(printf "%070000d" 0); sleep 0.05; done' &
	pid=$!
	pids="$pids $pid"
}

# Whole seconds, one at least, in which this machine begins and takes a snapshot.
measure_pace() {
	begin=$(date +%s)
	vmwalk snap -o "$dir/pace" "$pid" >"$out" 2>"$err"
	pace=$(($(date +%s) - begin + 1))
}

whole() {
	grower
	measure_pace
	exits 'for a while' 0 vmwalk record -o "$f" -i 50ms -d ${pace}s -m first \
		"$pid"
	says 'the time was up'
	[ "$(snapshots "$f")" -gt 3 ]
	result $? 'several snapshots'
	vmwalk log "$f" | sed -n 2p | grep -q first
	result $? 'the first has the note'
	exits 'from then to now' 0 vmwalk diff "$f@1" "$pid"
	says 'FAULTED\|DIRTIED'
	exits 'from first to last' 0 vmwalk diff --extents "$f@1" "$f"
	exits 'its map' 0 vmwalk diff --map "$f@1" "$f"
	vmwalk diff --json --extents "$f@1" "$f" >"$out" 2>"$err" &&
		/tests/targets/jsonschema /tests/json-schema <"$out" >>"$err" 2>&1
	result $? 'diff --json'
}

# signal_recorder SIGNAL: once the collection of that name holds a snapshot.
signal_recorder() {
	for _ in $(seq 600); do
		[ "$(vmwalk log "$dir/$1" 2>/dev/null | wc -l)" -gt 1 ] && break
		sleep 0.1
	done
	kill -s "$1" "$(cat "$dir/recorder")"
}

# ends_by SIGNAL
ends_by() {
	rm -f "$dir/recorder"
	signal_recorder "$1" &
	# shellcheck disable=SC2016 # for that shell
	sh -c 'echo $$ >"$1"; shift; exec "$@"' sh "$dir/recorder" \
		vmwalk record -o "$dir/$1" -i 20ms "$pid" >"$out" 2>"$err"
	result $? "ended by SIG$1"
	wait $!
	says 'ended by a signal'
	[ "$(snapshots "$dir/$1")" -gt 0 ] && [ ! -e "$dir/$1-wal" ]
	result $? "what SIG$1 leaves is whole"
}

# more_than COUNT: until the collection has more snapshots.
more_than() {
	for _ in $(seq 600); do
		[ "$(snapshots "$dir/missed")" -gt "$1" ] && return
		sleep 0.1
	done
}

# Stopped for forty intervals; of these at most one is not missed. The snapshot that
# it was stopped in may come before the one of the next tick.
missed() {
	vmwalk record -o "$dir/missed" -i 50ms "$pid" >"$dir/said" 2>&1 &
	recorder=$!
	pids="$pids $recorder"
	more_than 0
	kill -STOP $recorder
	had=$(snapshots "$dir/missed")
	sleep 2
	kill -CONT $recorder
	more_than $((had + 1))
	kill -TERM $recorder
	wait $recorder
	cp "$dir/said" "$out"
	awk '/^[0-9]+ ticks missed: / { n = $1 } END { exit n < 30 }' "$out"
	result $? 'it says how many ticks were missed'
}

programs() {
	exits 'a command' 0 vmwalk record -o "$dir/command" -i 50ms -- \
		bash -c 'sleep 0.5; exec sleep 0.7'
	says 'the process ended'
	says 'became another program 1 time'
	vmwalk log --json "$dir/command" >"$out" 2>"$err"
	grep -q '"exe":"/usr/bin/bash"' "$out" &&
		grep -q '"exe":"/usr/bin/busybox"' "$out"
	result $? 'both programs are there'
	exits 'no such command' 1 vmwalk record -o "$dir/none" -- /nowhere/at-all
	exits 'no such process' 42 vmwalk record -o "$dir/none" 999999
}

full_disk() {
	mkdir "$dir/small"
	mount -t tmpfs -o size=1m none "$dir/small"
	exits 'a full disk' 1 vmwalk record -o "$dir/small/c" -i 5ms --phys "$pid"
	says 'no room for\|No space left'
	had=$(sed -n 's/.*: \([0-9]*\) snapshots.*/\1/p' "$out")
	[ "${had:-0}" -gt 0 ] && [ "$(snapshots "$dir/small/c")" = "$had" ]
	result $? "all $had snapshots before are there"
	cp "$dir"/small/c* "$dir"
	exits 'the last of them' 0 vmwalk extents "$dir/c@-1"
}

# Whoever records is killed, again and again: what was told to be there is.
killed() {
	g=$dir/killed
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		vmwalk record -o "$g" -i 1ms "$pid" >/dev/null 2>&1 &
		recorder=$!
		sleep "$pace.$((i % 7))"
		kill -9 $recorder
		wait $recorder 2>/dev/null
		now=$(snapshots "$g")
		# Killed before the first, once or twice.
		[ "$now" -ge "${before:-0}" ] &&
			{ [ "$now" = 0 ] || vmwalk show "$g" >/dev/null; }
		ok=$?
		before=$now
		[ $ok = 0 ] || break
	done 2>"$err"
	[ "$ok" = 0 ] && [ "${before:-0}" -gt 12 ]
	result $? "killed 12 times, $before snapshots"
}

together() {
	g=$dir/two
	: >"$out"
	: >"$err"
	vmwalk record -o "$g" -i 10ms -d ${pace}s "$pid" >>"$out" 2>>"$err" &
	first=$!
	vmwalk record -o "$g" -i 10ms -d ${pace}s 1 >>"$out" 2>>"$err" &
	second=$!
	wait $first
	a=$?
	wait $second
	b=$?
	told=$(sed -n 's/.*: \([0-9]*\) snapshots.*/\1/p' "$out" | paste -sd+)
	if [ $a = 0 ] && [ $b = 0 ]; then
		[ "$(snapshots "$g")" = $((told)) ]
	else
		# On a machine that is busy one may wait in vain: it says so.
		[ $((a + b)) = 1 ] && grep -q 'written by somebody else' "$err" &&
			[ "$(snapshots "$g")" -ge $((told)) ]
	fi
	result $? "two at once: $told"
	exits 'what they left' 0 vmwalk diff "$g@1" "$g@-1"
}

whole
ends_by INT
ends_by TERM
ends_by HUP
missed
programs
full_disk
killed
together

plan
