#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The live view in a real terminal: a process that goes on, becomes another program
# and ends; every key; a terminal that changes its size, stops, or is left.

dir=$(mktemp -d /tmp/watch.XXXXXX)
pid=
# shellcheck source=lib/terminal.sh
. "${TERMINAL:-/tests/lib/terminal.sh}"

cleanup() {
	close_terminal
	[ -z "$pid" ] || { kill -9 "$pid" && wait "$pid"; } 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT

if ! command -v tmux >/dev/null; then
	echo '1..0 # SKIP there is no tmux in this image'
	exit
fi
open_terminal

if ! vmwalk doctor >/dev/null 2>&1; then
	vmwalk load /lib/vmwalk/vmwalk.ko
fi

# A process of many names: the file that it maps has a hostile one.
mkdir -p "$dir/files"
# shellcheck disable=SC2016 # for the other shell
bash -c 'a=x; while sleep 0.1; do [ -e "$0/stop" ] && exec sleep 1000; a=$a$a$a; a=${a:0:4000000}; b[i++]=$a; done' \
	"$dir" </dev/null >/dev/null 2>&1 &
pid=$!

watch() {
	keys "clear; vmwalk watch $*" Enter
}

watch -i 200ms -o "$dir/c.vmwalk" "$pid"
sees 'the process' "^reading [0-9]*: pid $pid (bash)"
sees 'goes on' '^reading [2-9][0-9]*: '
sees 'what changed is marked' '^.\*heap \|^.\*.*anon '
sees 'by how much' 'resident [0-9]* KiB (+[0-9]* KiB)'
keys s
sees 'a snapshot' "kept as $dir/c.vmwalk@1"
keys '?'
sees 'the keys' 'take a snapshot, with -o FILE'
keys '?'
keys / k i n d = h e a p Enter
sees 'filtered' '^/kind=heap'
keys Enter
sees 'extents of the heap' '^.*rw-p .*\[heap\]'
keys Down Enter
sees 'the way of a page' 'the top-level table is at physical'
sees 'down to its entry' 'PGD.[0-9]*.: bits'
keys n
keys Escape Escape Escape m
sees 'the map' 'one cell: '
keys Down +
sees 'still the map' 'one cell: '
keys m p
sees 'paused' '^reading [0-9]*, paused'
keys p
terminal resize-window -x 70 -y 15
sees 'narrower' '^reading [0-9]*: '
[ "$(widest)" -le 70 ]
result $? 'nothing wider than the terminal'
terminal resize-window -x 20 -y 3
sees 'tiny' '^reading'
terminal resize-window -x 110 -y 30
sees 'large again' 'RESERVED'
# The terminal is stopped; who watches can still be ended.
keys C-z
sees 'stopped' 'Stopped'
keys fg Enter
sees 'and goes on' '^reading [0-9]*: '
touch "$dir/stop"
sees 'another program' 'it became another program: /.*'
sees 'by its name' "pid $pid (\(sleep\|busybox\))"
keys s
sees 'its snapshot' "kept as $dir/c.vmwalk@2"
kill -9 "$pid"
wait "$pid" 2>/dev/null
sees 'its end' "process $pid ended: this is the last reading of it"
keys Down
sees 'what it was stays' "ENDED: pid $pid"
pid=
keys q
left 'q'

# Signals.
sleep 1000 &
pid=$!
for signal in INT TERM HUP QUIT; do
	watch "$pid"
	sees "before SIG$signal" "^reading [0-9]*: pid $pid"
	kill -"$signal" "$(running)"
	left "SIG$signal"
done
watch "$pid"
sees 'before ^C' "^reading [0-9]*: pid $pid"
keys C-c
left '^C'

# What a runtime keeps is called as in `show`, and a page of it says whose it is.
/tests/targets/go_addr few >"$dir/claims" &
go=$!
until grep -q '^ready' "$dir/claims" || ! kill -0 "$go" 2>/dev/null; do
	sleep 0.1
done
watch -i 200ms "$go"
sees 'segments of Go' '^  Go arena '
keys / 'kind=Go arena' Enter
sees 'and no others' '^/kind=Go arena'
keys Enter
sees 'extents of the arena' 'c000000000.*rw-p'
keys Down Enter
sees 'whose page it is' '0xc000000000 is in .'
sees 'and how that is known' 'source  *DWARF'
keys Escape Escape Escape

# Who reads the runtime for it may take its time: held, it holds up nothing.
is_held() {
	grep -q '^State:.T' "/proc/$1/status" 2>/dev/null
}

reading() {
	screen | sed -n 's/^reading \([0-9]*\):.*/\1/p'
}

watcher=$(running) reader='' until=$((SECONDS + 120))
until [ -n "$reader" ] && kill -STOP "$reader" 2>/dev/null && is_held "$reader"; do
	read -r reader _ <"/proc/$watcher/task/$watcher/children"
	((SECONDS < until)) || break
done
is_held "$reader"
result $? 'a reader of the runtime, held'
keys '?'
sees 'keys are taken meanwhile' 'take a snapshot, with -o FILE'
keys '?'
before=$(reading) until=$((SECONDS + 60))
while [ "$(reading)" = "$before" ] && ((SECONDS < until)); do
	sleep 0.1
done
[ "$(reading)" -gt "$before" ]
result $? 'and there are readings'
is_held "$reader"
result $? 'and still there is no answer'
kill -CONT "$reader"
keys q
left 'a program of Go'
kill -9 "$go"
wait "$go" 2>/dev/null

# Where the output is stopped, nothing waits for it.
watch -i 50ms "$pid"
sees 'before ^S' "^reading [0-9]*: pid $pid"
keys C-s
sleep 1
kill -TERM "$(running)"
sleep 0.5
keys C-q
left '^S'

# Collections, without the process.
kill -9 "$pid"
wait "$pid" 2>/dev/null
pid=
watch "$dir/c.vmwalk@1"
sees 'a collection' '^snapshot 1: pid [0-9]* (bash)'
keys Right
sees 'the next' '^snapshot 2: pid'
keys Right
sees 'no next' 'that is the last snapshot'
keys Left
sees 'the one before' '^snapshot 1: pid'
keys s
sees 'no snapshot of one' 'this is a snapshot already'
keys q
left 'a collection'

# What cannot be watched.
vmwalk watch 1 >"$dir/out" 2>"$dir/err" </dev/null
[ $? = 1 ] && grep -q '^vmwalk: this takes a terminal' "$dir/err"
result $? 'no terminal'
watch 999999
sees 'no such process' 'vmwalk: .*999999'
keys clear Enter 'TERM=nonsense vmwalk watch 1' Enter
sees 'no such terminal' "ncurses knows no terminal 'nonsense'"

echo "1..$n"
[ "$failed" = 0 ]
