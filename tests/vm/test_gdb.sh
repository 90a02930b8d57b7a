#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Of a Go process that gdb holds at main.main, `vmwalk maps` shows what gdb's `info
# proc mappings` shows, row for row; and so of one of C, at main.
if ! command -v gdb >/dev/null; then
	echo '1..0 # SKIP no gdb in this image'
	exit 0
fi
dir=$(mktemp -d /tmp/gdb.XXXXXX)
trap 'rm -rf "$dir"' EXIT
n=0 failed=0

# Both as: start, end, bytes, offset, permissions, name.
of_gdb() {
	awk '/^ *0x[0-9a-f]+ +0x/ { sub(/^ +/, ""); gsub(/0x/, "")
		print $1, $2, $3, $4, $5, $6 }' "$dir/said" |
		while read -r start end size offset perm name; do
			echo "$start $end $((0x$size)) $((0x$offset)) $perm $name"
		done
}

of_vmwalk() {
	awk '/^[0-9a-f]+-[0-9a-f]+ +[-r][-w][-x][ps] / { sub(/-/, " ")
		print $1, $2, $7, $4, $3, $11 }' "$dir/said" |
		while read -r start end size offset perm name; do
			echo "$start $end $size $((0x$offset)) $perm $name"
		done
}

# same NAME PROGRAM BREAKPOINT
same() {
	n=$((n + 1))
	gdb -batch -nx -ex 'set debuginfod enabled off' -ex 'set width 0' \
		-ex "source /labs/vmwalk.py" -ex "break $3" -ex run \
		-ex 'info proc mappings' -ex 'vmwalk maps -b' "$2" \
		</dev/null >"$dir/said" 2>&1
	of_gdb >"$dir/gdb"
	of_vmwalk >"$dir/vmwalk"
	if [ -s "$dir/gdb" ] && grep -q "$2" "$dir/gdb" &&
		diff "$dir/gdb" "$dir/vmwalk" >"$dir/diff"; then
		echo "ok $n - $1: $(wc -l <"$dir/gdb") rows"
	else
		echo "not ok $n - $1: < gdb, > vmwalk"
		cat "$dir/diff" "$dir/said" | sed 's/^/# /'
		failed=1
	fi
}

same 'Go at main.main' /demos/quiz main.main
same 'C at main' /demos/malloc main
echo "1..$n"
exit $failed
