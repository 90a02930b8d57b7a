#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What became of a process's memory between two snapshots, against what it says that it
# did: each thing that can happen to a VMA and to a page, on a real kernel.

# shellcheck source=lib/commands.sh
. /tests/lib/commands.sh
said=$dir/said f=$dir/c.vmwalk

# wait_for COUNT: so many times the process is ready.
wait_for() {
	until [ "$(grep -c '^ready' "$said")" = "$1" ]; do sleep 0.1; done
}

# Run $1 of the process: at the first moment.
start() {
	mkdir "$dir/files$1"
	mkfifo "$dir/in$1"
	/tests/targets/diff "$dir/files$1" <"$dir/in$1" >"$said" &
	pid=$!
	exec 3>"$dir/in$1"
	wait_for 1
}

snap() {
	good "snap $1" vmwalk snap --phys --stop -o "$f" --label "$1" "$pid"
}

# Is there a row of $1, "vma ADDR CHANGE" or "page ADDR PAGES CHANGE"? The addresses
# are of equal length, and are compared as text.
told() {
	awk -F'","' -v claim="$1" '
	BEGIN {
		n = split(claim, word, " ")
		first = word[1] == "vma" ? 3 : 4
		for (i = first; i <= n; i++)
			what = what (i > first ? " " : "") word[i]
		at = word[2] ""
	}
	{
		gsub(/\r$/, "")
		if (!index(", " $5 ",", ", " what ","))
			next
		if (word[1] == "vma" && $6 == "" &&
		    (index($1, at "-") == 1 || index($3, at "-") == 1))
			found = 1
		if (word[1] == "page" && $6 != "" && $6 <= at && at < $7)
			found = 1
	}
	END { exit !found }' "$dir/rows"
}

# rows FIRST SECOND [OPTION]: what differs, every field between quotes.
rows() {
	first=$1 second=$2
	shift 2
	run vmwalk diff --csv --extents "$@" "$first" "$second"
	[ "$status" = 0 ] && [ -s "$out" ]
	result $? "diff of $(basename "$first") and $(basename "$second") $*"
	awk -F, -v OFS='","' '{
		n = split($0, c, "")
		line = ""
		quoted = 0
		for (i = 1; i <= n; i++)
			if (c[i] == "\"")
				quoted = !quoted
			else
				line = line (c[i] == "," && !quoted ? OFS : c[i])
		print line
	}' "$out" >"$dir/rows"
}

check_claims() {
	while read -r what rest; do
		case $what in
		vma | page)
			told "$what $rest"
			result $? "$1: $what ${rest#* }"
			;;
		skip) skipped "$rest" ;;
		esac
	done <"$said"
}

# segments NAME WORD FIRST SECOND [OPTION]: of heap, stack, code and libraries what
# became of each is what the kernel's maps of the two moments, $dir/FIRST and
# $dir/SECOND, have of it; WORD is true of one at least.
segments() {
	name=$1 word=$2 first=$3 second=$4
	shift 4
	run vmwalk diff --csv "$@" "$f@$first" "$f@$second"
	[ "$status" = 0 ] && awk -v word="$word" '
	function is_one() {
		return $6 ~ /\.so|^\[(heap|stack|vdso)\]$/ ||
			($6 ~ /targets\/diff$/ && $2 ~ /x/)
	}
	FNR == 1 { nr++ }
	nr < 3 && is_one() {
		split($1, range, "-")
		# As text: 55721e90 is a number, and infinity is not itself.
		base = ($6 == "[stack]" ? range[2] : range[1]) ""
		if (!((nr, $6) in at) || $6 == "[stack]")
			at[nr, $6] = base
		size[nr, $6] += hex(range[2]) - hex(range[1])
		all[$6]
	}
	nr == 3 {
		gsub(/\r$/, "")
		kind = $0
		sub(/,.*/, "", kind)
		change = substr($0, length(kind) + 2)
		if (sub(/^"/, "", change))
			sub(/".*/, "", change)
		else
			sub(/,.*/, "", change)
		sub(/.*,/, "")
		if (kind ~ /^(text|heap|stack|library|vdso)$/)
			told[$0] = change
	}
	END {
		for (i in all) {
			want = at[1, i] == at[2, i] ? "" : "moved"
			if (size[1, i] != size[2, i])
				want = want (want ? ", " : "") \
					(size[1, i] < size[2, i] ? "grew" : "shrank")
			seen += index(want, word) > 0
			compared++
			if (told[i] != want) {
				print i " \"" told[i] "\", not \"" want "\""
				bad = 1
			}
		}
		exit bad || compared < 4 || !seen
	}
	# Of addresses of user memory, which a double holds.
	function hex(text,   i, n) {
		for (i = 1; i <= length(text); i++)
			n = 16 * n + index("0123456789abcdef", substr(text, i, 1)) - 1
		return n
	}' "$dir/$first" "$dir/$second" "$out" >>"$err"
	result $? "$name"
}

start 1
snap before
cat "/proc/$pid/maps" >"$dir/before"
rows "$f@before" "$f@before"
[ "$(wc -l <"$dir/rows")" = 1 ]
result $? 'nothing differs from itself'
echo >&3
wait_for 2
kill -STOP "$pid"
snap after
cat "/proc/$pid/maps" >"$dir/after"
segments 'segments grew' grew before after
segments 'the other way round they shrank' shrank after before
rows "$f@before" "$f@after"
check_claims 'two snapshots'
rows "$f@before" "$pid"
check_claims 'a snapshot and the process'
json 'diff --json' vmwalk diff --json --extents "$f@before" "$f@after"
run vmwalk diff --map --color=always "$f@before" "$f@after"
[ "$status" = 0 ] && grep -q "$(printf '\033\[31m')-" "$out" &&
	grep -q "$(printf '\033\[32m')+" "$out"
result $? 'diff --map, in two colours'
exec 3>&-
stop
start 2
snap again
# Of the program and its libraries nothing came and nothing went.
rows "$f@before" "$f@again" --normalize
! grep -E '^[^,]*","[^,]*","[^,]*","[^,]*","(new|gone).*/(targets/diff|[^/]*\.so)' "$dir/rows" \
	>"$out"
result $? 'of another run the program and its libraries are the same'
echo >&3
wait_for 2
snap more
cat "/proc/$pid/maps" >"$dir/more"
segments 'of another run segments moved' moved before more --normalize
segments 'and grew as well' 'moved, grew' before more --normalize
segments 'or shrank' 'moved, shrank' more before --normalize
exec 3>&-

plan
