#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Where in swap a page is, and on which device: live, of a snapshot, by each command
# that tells it; and to whom it is not told.

# shellcheck source=lib/commands.sh
. /tests/lib/commands.sh
f=$dir/c.vmwalk lines_shown=8

# says NAME PATTERN COMMAND...: succeeds with a line that fits.
says() {
	name=$1 pattern=$2
	shift 2
	"$@" >"$out" 2>"$err" && grep -q -e "$pattern" "$out"
	result $? "$name"
}

# What a walk tells of itself is another's in another walk.
walk() {
	sed -E -e 's/^(consistent|best effort): .*//' \
		-e 's/"(walk_ns|hold_max_ns|hold_max_steps|locks)":[0-9]+//g' \
		-e 's/"(tables|retries)":[0-9]+//g' \
		-e 's/"consistency":"[a-z-]*"//' "$1"
}

# same OPTIONS [ADDRESS]: of the process what it is of its snapshot.
same() {
	options=$1
	shift
	# shellcheck disable=SC2086 # words
	vmwalk $options "$pid" "$@" >"$dir/live" 2>"$err"
	# shellcheck disable=SC2086
	vmwalk $options "$f@all" "$@" >"$dir/replayed" 2>>"$err"
	walk "$dir/live" >"$dir/a"
	walk "$dir/replayed" >"$out"
	[ -s "$dir/a" ] && cmp "$dir/a" "$out" >>"$err" 2>&1
	result $? "$options is the same when replayed"
}

valid() {
	conforms
	result $? "$1 is as its schema says"
}

/tests/targets/swap anon </dev/null >"$dir/claims" &
pid=$!
until grep -q -e '^ready' -e '^skip' -e '^fail' "$dir/claims"; do sleep 0.1; done
if ! grep -q '^ready' "$dir/claims"; then
	echo "ok 1 # SKIP $(cat "$dir/claims")"
	echo 1..1
	exit
fi
kill -STOP "$pid"
until grep -q '^State:.T' "/proc/$pid/status"; do sleep 0.1; done
address=$(sed -n 's/^page \([0-9a-f]*\) .* swap pte$/\1/p' "$dir/claims" | head -n 1)
device=$(sed -n '2s/[[:space:]].*//p' /proc/swaps)
[ "$(wc -l </proc/swaps)" = 2 ] && [ -n "$device" ] && [ -n "$address" ]
result $? "one area is on: $device"

place="page 0x[0-9a-f]* of it, on $device\$"
says 'where' "^  swap     area 0, $place" vmwalk where "$pid" "$address"
says 'pte' "^  swap     area 0, $place" vmwalk pte "$pid" "$address"
there="in swap.* swap=0:0x[0-9a-f]* on $device\$"
says 'extents --phys' "$there" vmwalk extents --phys "$pid" "$address"
says 'extents --why' "$there" vmwalk extents --why "$pid" "$address"
! grep -q 'pfn=' "$out"
result $? 'extents --why tells no frames'
for c in 'where --json' 'pte --json'; do
	# shellcheck disable=SC2086 # words
	says "$c" "\"swap_name\":\"$device\"" vmwalk $c "$pid" "$address"
	valid "$c"
done
says 'extents --why --json' "\"swap_name\":\"$device\"" \
	vmwalk extents --why --json "$pid" "$address"
valid 'extents --why --json'

# The offset is the one that pagemap has, five bits above the area.
offset=$(vmwalk where "$pid" "$address" |
	sed -n 's/^  swap     area 0, page 0x\([0-9a-f]*\) .*/\1/p')
entry=$(dd if="/proc/$pid/pagemap" bs=8 skip=$((0x$address / 4096)) count=1 \
	2>"$err" | od -An -tx8 | tr -d ' \n')
[ -n "$offset" ] &&
	[ $(((0x$entry & 0x7fffffffffffff) >> 5)) = $((0x$offset)) ]
result $? 'the offset is that of pagemap'

says 'snap' . vmwalk snap --phys --pte --label all -o "$f" "$pid"
same 'where' "$address"
same 'where --json' "$address"
same 'pte' "$address"
same 'extents --why'
same 'extents --phys'
same 'extents --why --json'
says 'export --json' "\"swaps\":.{\"name\":\"$device\"" \
	vmwalk export --json "$f@all"
valid 'export --json'
vmwalk import -o "$dir/i.vmwalk" "$out" >"$err" 2>&1
says 'where, of what was exported and imported' "$place" \
	vmwalk where "$dir/i.vmwalk" "$address"

# Without frames there is no place, and the reason stays.
says 'snap without frames' . vmwalk snap --label plain -o "$f" "$pid"
says 'where, of a snapshot without frames' 'not present: in swap' \
	vmwalk where "$f@plain" "$address"
! grep -q '^  swap ' "$out"
result $? 'it tells no place'
says 'extents --why of it' 'in swap\( soft-dirty\)*$' \
	vmwalk extents --why "$f@plain" "$address"

plan
