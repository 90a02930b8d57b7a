#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The live view in a real terminal, of a collection: every key, a terminal that
# changes its size, stops, or is left. Of processes: tests/vm/test_watch.sh.
cd "$(dirname "$0")/../.." || exit
vmwalk=$PWD/${BUILD:-build}/vmwalk
dir=$(mktemp -d /tmp/watch.XXXXXX)
# shellcheck source=../vm/lib/terminal.sh
. tests/vm/lib/terminal.sh

cleanup() {
	close_terminal
	rm -rf "$dir"
}
trap cleanup EXIT

if ! command -v tmux >/dev/null; then
	echo '1..0 # SKIP there is no tmux here'
	exit
fi

# Two snapshots of a shell. The second has the more memory; and a name that would
# clear the screen, if it could.
bash -c 'a=$(head -c 1000000 /dev/zero | tr "\\0" x); cat /proc/$$/smaps; :' >"$dir/smaps.2"
bash -c 'cat /proc/$$/smaps; :' >"$dir/smaps.1"
sed -i 's,/.*/LC_CTYPE$,/tmp/\\033[2J<script>,' "$dir/smaps.2"
for i in 1 2; do
	mkdir "$dir/$i"
	mv "$dir/smaps.$i" "$dir/$i/smaps"
	printf '%s\n' "shell$i" >"$dir/$i/comm"
	"$vmwalk" import -o "$dir/c.vmwalk" "$dir/$i" >/dev/null || exit
done
open_terminal

start() {
	keys "clear; $vmwalk watch $dir/c.vmwalk@1" Enter
}


start
sees 'a collection' '^snapshot 1: pid [0-9]* (shell1)'
sees 'the first segment' '^>[ *]text '
keys Down
sees 'down' '^>[ *]rodata '
keys Up j k
sees 'up' '^>[ *]text '
keys End
sees 'the last' '^>[ *]v[sd]'
keys Home
sees 'the first' '^>[ *]text '
keys PageDown
sees 'a screen down' '^>.'
keys PageUp
sees 'and up' '^>[ *]text '
keys Right
sees 'the next snapshot' '^snapshot 2: pid [0-9]* (shell2)'
sees 'a name that is tame' '033.2J<script>'
sees 'what changed is marked' '^.\*heap '
sees 'by how much' 'resident [0-9]* KiB (+[0-9]* KiB)'
keys Right
sees 'no next' 'that is the last snapshot'
keys Left
sees 'the one before' '^snapshot 1: pid'
keys Left
sees 'none before' 'that is the first snapshot'
keys s
sees 'no snapshot of one' 'this is a snapshot already'
keys '?'
sees 'the keys' 'take a snapshot, with -o FILE'
keys '?' o
sees 'another order' '^by resident '
keys o o o o o o a
sees 'all libraries' 'libc[.-]'
keys a
sees 'or in one' '[0-9] libraries '
keys / h e
sees 'typed' '^/he_'
keys a p x BSpace Enter
sees 'filtered' '^/heap '
sees 'to the heap' '^>[ *]heap '
keys Enter
sees 'opened' 'rw-p .*\[heap\]'
keys Enter
sees 'a page that is not known' 'this snapshot holds no page-table entries'
keys n
sees 'nor the next' 'this snapshot holds no page-table entries'
keys Escape
sees 'back' '^>.*rw-p .*\[heap\]'
keys Escape
sees 'and back' '^>[ *]heap '
keys Escape
sees 'without the filter' '^.[ *]text '
keys m
sees 'the map' 'one cell: '
keys m p
sees 'the table again' '^  SEGMENT '
keys p r
terminal resize-window -x 70 -y 12
sees 'narrower' '^snapshot 1: '
[ "$(widest)" -le 70 ]
result $? 'nothing wider than the terminal'
terminal resize-window -x 20 -y 3
sees 'tiny' '^snapshot 1'
terminal resize-window -x 110 -y 30
sees 'large again' 'RESERVED'
# ncurses would ignore the signal while it draws.
read -r _ blocked < <(grep ^SigBlk: "/proc/$(running)/status")
((0x$blocked >> 19 & 1))
result $? '^Z waits while it draws'
keys C-z
sees 'stopped' 'Stopped'
keys fg Enter
sees 'and goes on' '^snapshot 1: '
keys q
left q

for signal in INT TERM HUP QUIT; do
	start
	sees "before SIG$signal" '^snapshot 1: '
	kill "-$signal" "$(running)"
	left "SIG$signal"
done
start
sees 'before ^C' '^snapshot 1: '
keys C-c
left '^C'

# A terminal that takes nothing: who writes to it can still be ended.
start
sees 'before ^S' '^snapshot 1: '
keys C-s
keys Down
kill -TERM "$(running)"
keys C-q
left '^S'

"$vmwalk" watch "$dir/c.vmwalk" >"$dir/out" 2>"$dir/err" </dev/null
[ $? = 1 ] && grep -q '^vmwalk: this takes a terminal' "$dir/err"
result $? 'no terminal'
keys "TERM=nonsense $vmwalk watch $dir/c.vmwalk" Enter
sees 'no such terminal' "ncurses knows no terminal 'nonsense'"

echo "1..$n"
[ "$failed" = 0 ]
