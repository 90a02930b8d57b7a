#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Library calls that fail, one at a time, in what the client does without the module:
# nothing of a collection is lost by it.
# Without memory for a locale there are no UTF-8 bars: not what is looked for here.
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit
build=${BUILD:-build}
vmwalk=$build/vmwalk shim=$PWD/$build/fail.so
# shellcheck source=../vm/lib/commands.sh
. tests/vm/lib/commands.sh
# shellcheck source=../vm/lib/faults.sh
. tests/vm/lib/faults.sh

prepare() {
	rm -f "$dir"/c.vmwalk* "$dir/new.vmwalk"
	cp "$dir/base.vmwalk" "$dir/c.vmwalk"
}

harm() {
	if ! "$vmwalk" log "$dir/c.vmwalk" 2>&1 | head -n "$lines" |
		cmp -s - "$dir/log"; then
		echo "the collection is not what it was"
	elif "$vmwalk" maps --csv "$dir/c.vmwalk@third" >"$dir/third" 2>/dev/null &&
		! cmp -s "$dir/third" "$dir/whole"; then
		echo "a snapshot that is not whole"
	fi
	! grep -qs 'quota exceeded; the snapshots that were complete are' "$err" ||
		touch "$dir/quota"
}

head -n 200 /proc/self/smaps >"$dir/smaps"
"$vmwalk" import -o "$dir/base.vmwalk" --label=first "$dir/smaps" >/dev/null
"$vmwalk" import -o "$dir/base.vmwalk" --label=second "$dir/smaps" >/dev/null
"$vmwalk" log "$dir/base.vmwalk" >"$dir/log"
# All but the last, which may be a sum.
lines=$(($(wc -l <"$dir/log") - 1))
head -n "$lines" "$dir/log" >"$dir/log.head"
mv "$dir/log.head" "$dir/log"

# What the third is if it came to be.
prepare
"$vmwalk" import -o "$dir/c.vmwalk" --label=third "$dir/smaps" >/dev/null
"$vmwalk" maps --csv "$dir/c.vmwalk@third" >"$dir/whole"
[[ $(wc -l <"$dir/whole") -gt 5 ]]
result $? "what is to be compared"
cp "$dir/c.vmwalk" "$dir/other.vmwalk"

import=("$vmwalk" import -o "$dir/c.vmwalk" --label=third "$dir/smaps")
for call in malloc read write open fopencookie; do
	each "$call" show "$vmwalk" show "$dir/c.vmwalk@first"
	each "$call" diff "$vmwalk" diff --json "$dir/c.vmwalk@1" "$dir/c.vmwalk@2"
	each "$call" export "$vmwalk" export "$dir/c.vmwalk"
	each "$call" import "${import[@]}"
	each "$call" explain "$vmwalk" explain rss
	each "$call" log "$vmwalk" log "$dir/c.vmwalk"
	each "$call" merge "$vmwalk" merge "$dir/c.vmwalk" "$dir/other.vmwalk"
	each "$call" report "$vmwalk" report -o "$dir/page.html" "$dir/c.vmwalk@1"
done
for call in fsync mmap quota stat random fopen fdopen fchmod; do
	each "$call" import "${import[@]}"
	each "$call" 'new collection' "$vmwalk" import -o "$dir/new.vmwalk" "$dir/smaps"
done
for call in tmpfile fopen stat mmap; do
	each "$call" report "$vmwalk" report -o "$dir/page.html" "$dir/c.vmwalk@1"
done
spared localtime_r log "$vmwalk" log "$dir/c.vmwalk"

[[ -f $dir/quota ]]
result $? 'a quota is told as what it is'
all_reached malloc read write open fsync mmap quota stat random fopen fdopen fchmod tmpfile \
	fopencookie localtime_r
((runs > 100 && refused > 50))
result $? "calls did fail"
plan
