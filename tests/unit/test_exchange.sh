#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Snapshots that come and go: copies of smaps in, JSON out and in again, collections
# merged, tables and gauges for other programs. Without the module.
cd "$(dirname "$0")/../.." || exit
vmwalk=${BUILD:-build}/vmwalk
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0 failed=0

# result STATUS NAME
result() {
	n=$((n + 1))
	if [[ $1 = 0 ]]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# /' "$dir/said" | head -n 5
		failed=1
	fi
}

# good NAME COMMAND...: succeeds, and complains of nothing.
good() {
	local name=$1
	shift
	"$@" >"$dir/out" 2>"$dir/said" && [[ ! -s $dir/said ]]
	result $? "$name"
}

# bad NAME STATUS PATTERN COMMAND...: one line, with PATTERN in it.
bad() {
	local name=$1 want=$2 pattern=$3
	shift 3
	"$@" >"$dir/out" 2>"$dir/said"
	[[ $? = "$want" && ! -s $dir/out && $(wc -l <"$dir/said") = 1 ]] &&
		grep -q -e "$pattern" "$dir/said"
	result $? "$name"
}

one=$dir/one.vmwalk two=$dir/two.vmwalk
mkdir "$dir/proc"
comm=$(cat /proc/$$/comm)
cat /proc/self/smaps >"$dir/smaps"
for file in smaps stat comm; do
	cat "/proc/$$/$file" >"$dir/proc/$file"
done

good 'a copy of smaps' "$vmwalk" import -o "$one" --host web1 --label first "$dir/smaps"
good 'a directory of copies' "$vmwalk" import -o "$one" --host web2 -m 'a note' "$dir/proc"
good 'log' "$vmwalk" log "$one"
grep -q 'web1 .* first' "$dir/out" && grep -q "web2 *$$ $comm .* a note" "$dir/out"
result $? 'their marks, pid and name'
good 'maps of it' "$vmwalk" maps "$one@first"
total=$(awk '/^Rss:/ { kib += $2 } END { print kib }' "$dir/smaps")
"$vmwalk" show --json "$one@first" >"$dir/said"
grep -q "\"resident\":$((total * 1024)),.*}}\$" "$dir/said"
result $? "the sum of smaps is that of show: $total KiB"
bad 'no pages of it' 1 'not made by' "$vmwalk" extents "$one@first"
good 'diff by sums' "$vmwalk" diff --normalize "$one@1" "$one@2"
grep -q 'pages are not compared' "$dir/out"
result $? 'diff says so'

good 'JSON' "$vmwalk" export --json "$one"
cp "$dir/out" "$dir/json"
[[ $(wc -l <"$dir/json") = 2 ]]
result $? 'a line a snapshot'
good 'JSON in again' "$vmwalk" import -o "$two" "$dir/json"
"$vmwalk" export --json "$two" 2>"$dir/said" | cmp - "$dir/json" >>"$dir/said"
result $? 'the same JSON out again'
good 'what is there is not added' "$vmwalk" import -o "$two" - <"$dir/json"
grep -q '0 snapshots added, 2 were there already' "$dir/out"
result $? 'and it says so'

good 'CSV' "$vmwalk" export --csv "$one"
[[ $(wc -l <"$dir/out") = $((1 + $(cat "$dir/smaps" "$dir/proc/smaps" | grep -c '^Size:'))) ]]
result $? 'a title, and a line a VMA'
good 'OpenMetrics' "$vmwalk" export --openmetrics "$one"
[[ $(tail -n 1 "$dir/out") = '# EOF' &&
	-z $(grep -v '^#' "$dir/out" | sed 's/ [0-9]*$//' | sort | uniq -d) ]]
result $? 'it ends as it should, no series twice'
grep -q "^vmwalk_segment_resident_bytes{host=\"web2\",pid=\"$$\",comm=\"$comm\",kind=\"heap\",name=\"\[heap\]\"} [0-9]*\$" "$dir/out"
result $? 'a gauge of the heap'

# read_as_prometheus COLLECTION: its gauges, by the format's own reader.
read_as_prometheus() {
	"$vmwalk" export --openmetrics "$1" 2>"$dir/said" |
		tests/unit/openmetrics.py >"$dir/sums" 2>>"$dir/said"
}

read_as_prometheus "$one@first" &&
	grep -qx "vmwalk_segment_resident_bytes $((total * 1024))" "$dir/sums"
result $? "a reader of Prometheus takes it: $total KiB"
# Of a file whose name would end a label, and a host likewise.
sed '0,/\[heap\]/s||/tmp/a"b\\c\\012{d}=,|' "$dir/smaps" >"$dir/odd"
good 'odd names' "$vmwalk" import -o "$dir/odd.vmwalk" --host 'we"b\1' "$dir/odd"
read_as_prometheus "$dir/odd.vmwalk" &&
	grep -qx "vmwalk_segment_resident_bytes $((total * 1024))" "$dir/sums"
result $? 'and those of odd names'

rm -f "$two"
good 'a third' "$vmwalk" import -o "$two" --label other "$dir/smaps"
good 'merge' "$vmwalk" merge "$two" "$one"
grep -q '2 snapshots added$' "$dir/out"
result $? 'both were added'
good 'import of one' "$vmwalk" import -o "$dir/third" "$dir/smaps"
grep -q ': 1 snapshot added$' "$dir/out"
result $? 'one snapshot'
good 'merge again' "$vmwalk" merge "$two" "$one"
grep -q '0 snapshots added, 2 were there already' "$dir/out"
result $? 'nothing twice'
good 'by their labels' "$vmwalk" diff "$two@first" "$two@other"

bad 'import of nothing' 2 'what' "$vmwalk" import -o "$two"
bad 'import to nowhere' 2 '-o' "$vmwalk" import "$dir/json"
bad 'import of a program' 1 'no copy' "$vmwalk" import -o "$two" "$vmwalk"
bad 'import of what is not there' 1 'No such file' "$vmwalk" import -o "$two" "$dir/none"
echo '{"schema":"vmwalk-snapshot-1"}' >"$dir/short"
bad 'import of half a snapshot' 1 "line 1: .*'uuid'" "$vmwalk" import -o "$two" "$dir/short"
bad 'import of brackets' 1 'nested too deep' "$vmwalk" import -o "$dir/new" \
	<(head -c 300000 /dev/zero | sed 's/^/{"a":/' | tr '\0' '[')
[[ ! -e $dir/new ]]
result $? 'nothing is made for it'
bad 'merge of one' 2 'two' "$vmwalk" merge "$one"
bad 'merge from what is not there' 1 'No such file' "$vmwalk" merge "$dir/new" "$dir/none"
[[ ! -e $dir/new ]]
result $? 'nothing is made for it'
bad 'export without a format' 2 'wanted' "$vmwalk" export "$one"
bad 'export of two formats' 2 'one format at a time' "$vmwalk" export --json --csv "$one"

echo "1..$n"
exit $failed
