#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What docs/security.md claims has tests: those it names exist, with the functions that it
# names in the files that it names; and no claim is without one.
cd "$(dirname "$0")/../.." || exit
doc=${1:-docs/security.md}
n=0 failed=0

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

# Paragraphs, items of lists and rows of tables up to what is not claimed, one a line;
# code is none.
claims() {
	awk '/^## What is not claimed/ { exit }
		/^ *```/ { code = !code; next }
		code { next }
		/^(- |\||#|$)/ { if (text) print text; text = "" }
		/^#|^\| what|^\|---/ { next }
		{ sub(/^ +/, ""); text = text ? text " " $0 : $0 }
		END { if (text) print text }' "$doc" | tail -n +2
}

# Where a test is: unit/test_x, vm/test_x; stress and fuzz are of many files.
files() {
	case $1 in
	stress | fuzz) ls tests/"$1"/*.c ;;
	*) ls tests/"$1".c tests/"$1".sh ;;
	esac 2>/dev/null
}

# words TEXT: what is in back quotes and may be the name of a test.
words() {
	# shellcheck disable=SC2016 # back quotes
	grep -oE '`[a-z0-9_/ -]+`' <<<"$1" | tr -d '`'
}

# The functions of a claim are in one of its own files.
check() {
	local claim=$1 of=() named=0 word why=

	while read -r word; do
		case $word in
		unit/test_* | vm/test_* | stress | fuzz)
			mapfile -t -O ${#of[@]} of < <(files "$word")
			[[ $(files "$word") ]] || why+=" no $word;"
			named=1
			;;
		"make "*)
			grep -qE "^${word#make }:" Makefile tests/lab/*.mk ||
				why+=" no target $word;"
			named=1
			;;
		esac
	done < <(words "$claim")
	while read -r word; do
		[[ $word = test_* ]] || continue
		grep -qsw "$word" "${of[@]}" /dev/null || why+=" no $word in ${of[*]};"
	done < <(words "$claim")
	((named)) || why+=" no test is named;"
	[[ -z $why ]] || echo "#$why"
	[[ -z $why ]]
	result $? "$(cut -c 1-60 <<<"$claim" | tr -d '#')"
}

while IFS= read -r claim; do
	check "$claim"
done < <(claims)
((n > 20))
result $? "there are claims"
echo "1..$n"
exit $failed
