#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every title of a column in the sources of a view is a word of its reader's, and
# the kernels that the table calls checked are the lab's.
cd "$(dirname "$0")/../.." || exit
n=0 failed=0
table=user/explain.tbl

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

# words READER: those that it prints, one a line.
words() {
	sed -nE "/^[^#\t=].*: (.* )?$1( |\$)/s/: [^:]*\$//p" $table |
		sed 's/, /\n/g'
}

all=0
for view in user/render/*.c; do
	reader=$(basename "$view" .c)
	for title in $(titles "$view"); do
		all=$((all + 1))
		words "$reader" | grep -qxF "$title"
		result $? "$reader: $title" "add it to $table"
	done
done
[ "$all" -gt 15 ]
result $? 'the views have columns' "found: $all"

lab=$(awk '!/^#/ { print $1 }' tests/lab/kernels | paste -sd ' ')
checked=$(sed -n 's/^checked: //p' $table)
[ "$lab" = "$checked" ]
result $? 'checked on the kernels of the lab' "these are $lab"

echo "1..$n"
exit $failed
