#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Library calls that fail, one at a time (tests/shim/fail.c): a command then says so in
# one line and with its exit status, or does without and says the same as ever. It does
# not crash, and loses nothing of a collection. Without the module.
# Without memory for a locale there are no UTF-8 bars: not what is looked for here.
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit
build=${BUILD:-build} n=0 failed=0 runs=0 refused=0 quota=
vmwalk=$build/vmwalk
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Every call at first, then ever fewer: 100 of 3000.
numbers() {
	awk 'BEGIN { for (i = 1; i < 3000; i += 1 + int(i / 12)) print i }'
}

# fail CALL NUMBER COMMAND...: false if it never came to that call.
fail() {
	local call=$1 number=$2
	shift 2
	rm -f "$dir/mark"
	FAIL_MARK=$dir/mark FAIL_CALL=$call,$number LD_PRELOAD=$PWD/$build/fail.so \
		timeout 60 "$@" >"$dir/out" 2>"$dir/said" </dev/null
	status=$?
	[[ -s $dir/mark ]]
}

# What is wrong about how that ended; empty if nothing is. Who has no memory to draw
# what was read may have drawn half of it, but says so.
wrong() {
	if ((status >= 124)); then
		echo "status $status"
	elif ((status == 0)) && ! cmp -s "$dir/out" "$dir/good"; then
		echo "another answer, and no error"
	elif ((status != 0)) && [[ $(grep -c '^vmwalk' "$dir/said") != 1 ||
				   $(wc -l <"$dir/said") != 1 ]]; then
		echo "status $status, $(wc -l <"$dir/said") lines"
	elif ! "$vmwalk" log "$dir/c.vmwalk" 2>&1 | head -n "$lines" |
		cmp -s - "$dir/log"; then
		echo "the collection is not what it was"
	elif "$vmwalk" maps --csv "$dir/c.vmwalk@third" >"$dir/third" 2>/dev/null &&
		! cmp -s "$dir/third" "$dir/whole"; then
		echo "a snapshot that is not whole"
	fi
}

# result STATUS NAME
result() {
	n=$((n + 1))
	if [[ $1 = 0 ]]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		failed=1
	fi
}

# each CALL NAME COMMAND...
each() {
	local call=$1 name=$2 number why bad=0
	shift 2
	cp "$dir/base.vmwalk" "$dir/c.vmwalk"
	"$@" >"$dir/good" 2>/dev/null
	for number in $(numbers); do
		rm -f "$dir"/c.vmwalk*
		cp "$dir/base.vmwalk" "$dir/c.vmwalk"
		fail "$call" "$number" "$@" || break
		runs=$((runs + 1))
		((status == 0)) || refused=$((refused + 1))
		why=$(wrong)
		grep -qs 'quota exceeded; the snapshots that were complete are' \
			"$dir/said" && quota=1
		[[ $why ]] || continue
		echo "# $name, $call $number: $why"
		head -n 3 "$dir/said" | sed 's/^/#   /'
		bad=1
	done
	result $bad "$name: $call"
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
cp "$dir/base.vmwalk" "$dir/c.vmwalk"
"$vmwalk" import -o "$dir/c.vmwalk" --label=third "$dir/smaps" >/dev/null
"$vmwalk" maps --csv "$dir/c.vmwalk@third" >"$dir/whole"
[[ $(wc -l <"$dir/whole") -gt 5 ]]
result $? "what is to be compared"

for call in malloc read write open; do
	each $call show "$vmwalk" show "$dir/c.vmwalk@first"
	each $call diff "$vmwalk" diff --json "$dir/c.vmwalk@1" "$dir/c.vmwalk@2"
	each $call export "$vmwalk" export "$dir/c.vmwalk"
	each $call import "$vmwalk" import -o "$dir/c.vmwalk" --label=third "$dir/smaps"
done
for call in fsync mmap quota; do
	each $call import "$vmwalk" import -o "$dir/c.vmwalk" --label=third "$dir/smaps"
done
[[ $quota ]]
result $? 'a quota is told as what it is'
echo "# $runs calls failed, $refused commands with them"
((runs > 100 && refused > 50))
result $? "calls did fail"
echo "1..$n"
exit $failed
