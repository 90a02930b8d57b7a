#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every title of a column and every label of a line in the sources of a view is a
# word of its reader's, as is every bit that the module can name, of vmwalk pte's;
# and the kernels that the table calls checked are the lab's.
cd "$(dirname "$0")/../.." || exit
n=0 failed=0
table=user/model/explain.tbl

# result STATUS NAME [DIAGNOSTIC]
result() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		echo "# $3"
		failed=1
	fi
}

# Titles as vmw_table_column() is given them, or a struct column has them.
titles() {
	tr -d '\n' <"$1" | sed 's/vmw_table_column(/\n&/g; s/{ "/\n&/g' |
		sed -nE 's/^vmw_table_column\([^",]*,[[:space:]]*"([^"]+)".*/\1/p
			s/^\{ "([^"]+)",[[:space:]]*offsetof.*/\1/p'
}

# Labels as they begin a line: "  entry    ".
labels() {
	sed -nE 's/.*"(\\n)?  ([a-z]+) {2,}.*/\2/p' "$1"
}

bits() {
	sed -nE 's/.*VMW_ENTRY_BIT\(([A-Z0-9_]+),.*/\1/p' kmod/arch/*.h
}

# words READER: those that it prints, one a line.
words() {
	sed -nE "/^[^#\t=].*: (.* )?$1( |\$)/s/: [^:]*\$//p" $table |
		sed 's/, /\n/g'
}

# has READER WORD
has() {
	all=$((all + 1))
	words "$1" | grep -qxF -e "$2"
	result $? "$1: $2" "add it to $table"
}

all=0
for view in user/render/*.c; do
	reader=$(basename "$view" .c)
	for title in $(titles "$view") $(labels "$view"); do
		has "${reader%%_*}" "$title"
	done
done
[ "$all" -gt 25 ]
result $? 'the views have words' "found: $all"
for bit in $(bits); do
	has pte "$bit"
done
[ "$all" -gt 60 ]
result $? 'the module has bits' "found: $all"

lab=$(awk '!/^#/ { print $1 }' tests/lab/kernels | paste -sd ' ')
checked=$(sed -n 's/^checked: //p' $table)
[ "$lab" = "$checked" ]
result $? 'checked on the kernels of the lab' "these are $lab"

echo "1..$n"
exit $failed
