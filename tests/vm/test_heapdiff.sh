#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What malloc() takes of the kernel and gives back, as two snapshots show it, against
# what /proc/PID says of the heap at each step: the break, its pad, what is trimmed.

# shellcheck source=lib/commands.sh
. /tests/lib/commands.sh
said=$dir/said f=$dir/c.vmwalk lines_shown=40
thp=/sys/kernel/mm/transparent_hugepage/enabled
thp_before=$(sed -n 's/.*\[\(.*\)].*/\1/p' $thp)

undo() {
	echo "$thp_before" >$thp
}

# heap STEP: at that step its end, of /proc/PID/maps, and KiB of it that are resident.
heap() {
	sed -n "$1p" "$dir/heap"
}

# The program is ready for the step's number; what there is then is kept.
look() {
	tries=1200
	until [ "$(grep -c '^ready' "$said")" = "$1" ]; do
		tries=$((tries - 1))
		[ $tries != 0 ] || { echo "Bail out! no step $1"; exit 1; }
		sleep 0.1
	done
	awk '/\[heap]$/ { split($1, range, "-"); heap = 1 }
		heap && $1 == "Rss:" { print range[2], $2; exit }' \
		"/proc/$pid/smaps" >>"$dir/heap"
	run vmwalk snap --stop -o "$f" "$pid"
	[ "$status" = 0 ] || result "$status" "snapshot $1"
}

# between A B: the difference of these two.
between() {
	run vmwalk diff "$f@$1" "$f@$2"
	what="$1 to $2"
	[ "$status" = 0 ] && [ ! -s "$err" ]
	result $? "$what: diff"
}

# The break is where the kernel has the end of the heap.
brk_is_told() {
	[ "$(sed -n 's/^brk \([0-9a-f]* -> [0-9a-f]*\) .*/\1/p' "$out")" = \
		"$(heap "${what%% *}" | cut -d' ' -f1) -> $(heap "${what##* }" |
			cut -d' ' -f1)" ]
	result $? "$what: the break moved to where the heap ends"
}

# change NAME PATTERN: what became of that arena, or of its top.
change() {
	grep "$1\$" "$out" | grep -qE "$2"
	result $? "$what: $1: $2"
}

# pages_are COLUMN LEAST: as many KiB of the heap's as /proc/PID/smaps has more, or
# less, and no fewer than that.
pages_are() {
	told=$(vmwalk diff --csv -b "$f@${what%% *}" "$f@${what##* }" | awk -F, \
		-v column="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		$1 == "heap" { print $at[column] / 1024 }')
	differ=$(($(heap "${what##* }" | cut -d' ' -f2) -
		$(heap "${what%% *}" | cut -d' ' -f2)))
	[ -n "$told" ] && [ "$told" = "${differ#-}" ] && [ "$told" -ge "$2" ]
	result $? "$what: $1 $told, as smaps says: $differ"
}

echo never >$thp
mkfifo "$dir/in"
/tests/targets/malloc_steps <"$dir/in" >"$said" &
pid=$!
exec 3>"$dir/in"
for step in 1 2 3 4 5 6 7 8; do
	[ $step = 1 ] || echo >&3
	look $step
done

between 1 2
brk_is_told
grep -qE '^brk .* \+[0-9]+ KiB$' "$out"
result $? "$what: by so much more"
change 'chunks of the main arena' ' grew '
change 'top of the main arena' ' moved, (grew|shrank) '
pages_are FAULTED 1000

between 2 3
! grep -qE '^brk|main arena' "$out"
result $? "$what: what is freed below the last chunk stays"

between 3 4
pages_are DROPPED 900
! grep -q 'chunks of the main arena' "$out"
result $? "$what: pages are trimmed among the chunks, which stay"

between 4 5
brk_is_told
change 'chunks of the main arena' ' shrank '
change 'top of the main arena' ' moved'

between 5 6
brk_is_told
change 'top of the main arena' ' shrank '

between 6 7
! grep -qE '^brk|main arena' "$out"
result $? "$what: the main arena is as it was"
change 'thread arena [0-9a-f]*' ' grew '
change 'top of a thread arena' ' moved'
change 'what a thread arena may grow into' ' shrank '

between 7 8
change 'thread arena [0-9a-f]*' ' shrank '
change 'top of a thread arena' ' moved'
change 'what a thread arena may grow into' ' grew '

run vmwalk diff --json "$f@1" "$f@2"
[ "$status" = 0 ] && conforms &&
	grep -q "\"brk\": *\"0x$(heap 2 | cut -d' ' -f1 | sed 's/^0*//')\"" "$out"
result $? "JSON has the break, too"

exec 3>&-
plan
