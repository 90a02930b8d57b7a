#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Of a copy of maps or smaps, `where` answers with what is known, and says what is not.
cd "$(dirname "$0")/../.." || exit
vmwalk=${BUILD:-build}/vmwalk
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
out=$dir/out f=$dir/c.vmwalk n=0 failed=0

cat >"$dir/smaps" <<'END'
00400000-00404000 r-xp 00000000 08:01 5                          /bin/target
Size:                 16 kB
Rss:                  12 kB
Pss:                  12 kB
Swap:                  0 kB
00800000-00808000 rw-p 00000000 00:00 0                          [heap]
Size:                 32 kB
Rss:                   8 kB
Pss:                   8 kB
Anonymous:             8 kB
Swap:                 12 kB
END
grep - "$dir/smaps" >"$dir/maps"

# tells NAME STATUS PATTERN COMMAND...: exits so, and a line of what it says is like that.
tells() {
	name=$1 want=$2 pattern=$3
	shift 3
	n=$((n + 1))
	"$@" >"$out" 2>&1
	status=$?
	if [ "$status" = "$want" ] && grep -q -e "$pattern" "$out"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name (exit $status, wanted $want)"
		sed 's/^/# /' "$out"
		failed=1
	fi
}

tells 'smaps are taken' 0 'added' "$vmwalk" import -o "$f" "$dir/smaps"
tells 'maps are taken' 0 'added' "$vmwalk" import -o "$f" "$dir/maps"
for which in 1 2; do
	tells "$which: the segment" 0 'is in the \[heap\]' "$vmwalk" where "$f@$which" 800010
	tells "$which: the page" 0 'not known: .*no page tables' \
		"$vmwalk" where "$f@$which" 800010
	tells "$which: a hole" 0 'is in no VMA' "$vmwalk" where "$f@$which" 500000
	tells "$which: as JSON" 0 '"page":null.*no page tables' \
		"$vmwalk" where --json "$f@$which" 800010
	tells "$which: as CSV" 0 '^800010,.*,heap,800000,808000' \
		"$vmwalk" where --csv "$f@$which" 800010
	tells "$which: no threads" 1 'holds no threads' \
		"$vmwalk" where --sp "$f@$which" 800010
done
tells 'sums of smaps' 0 'sums  *8 KiB of the VMA resident, 12 KiB in swap' \
	"$vmwalk" where "$f@1" 800010
tells 'that it was not walked' 0 '^not walked: ' "$vmwalk" show "$f@1"

echo "1..$n"
exit $failed
