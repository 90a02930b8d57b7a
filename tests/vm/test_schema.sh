#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What --json prints is as the schemas of docs/json-schema say, of processes of
# all kinds; and what is not so would be noticed.

# shellcheck source=lib/commands.sh
. /tests/lib/commands.sh

# start TARGET SCENARIO: 1 if this machine cannot do it.
start() {
	mkdir -p "$dir/files"
	"/tests/targets/$1" "$2" "$dir/files" >"$dir/claims" </dev/null &
	pid=$!
	until grep -q '^ready' "$dir/claims"; do
		if grep -q '^skip' "$dir/claims" || ! kill -0 "$pid" 2>/dev/null; then
			stop
			return 1
		fi
		sleep 0.1
	done
}

readers() {
	if ! start "$1" "$2"; then
		skipped "$1 $2: this machine cannot"
		return
	fi
	for c in show maps map extents threads tables go; do
		json "$c of $1 $2" vmwalk "$c" --json "$pid"
	done
	json "all that extents tells of $1 $2" \
		vmwalk extents --why --sharing --phys --json "$pid"
	stack=$(sed -n 's/-.*\[stack\].*//p' "/proc/$pid/maps")
	for a in "$stack" 0 ffffffffff600000 \
		$(sed -n 's/^page \([0-9a-f]*\) .*/\1/p' "$dir/claims"); do
		json "pte of $1 $2 at $a" vmwalk pte --json "$pid" "$a"
	done
	json "where of $1 $2" vmwalk where --json "$pid" "$stack" 0 1000 \
		ffffffffff600000 ffffffffffffffff
	stop
}

# refused NAME SED: a document of show that was changed so does not conform.
refused() {
	vmwalk show --json 1 >"$out" 2>"$err" && conforms &&
		cp "$out" "$dir/doc" && sed "$2" "$dir/doc" >"$out" &&
		! cmp -s "$dir/doc" "$out" && ! conforms
	result $? "noticed: $1"
}

readers anon heap
readers anon threads
readers anon reserved
readers anon zero
readers file odd_name
readers file deleted
readers shm memfd
readers swap anon
readers absent file
readers absent swapped
readers absent guard
readers huge thp
readers huge hugetlb_shared
json 'show --sharing' vmwalk show --sharing --json 1
json 'ps --all' vmwalk ps --all --json
json doctor vmwalk doctor --json

refused 'a string for a number' 's/"pid":[0-9]*/"pid":"1"/'
refused 'a number below 0' 's/"resident":[0-9]*/"resident":-1/'
refused 'a member that is missing' 's/"zero":[0-9]*,//'
refused 'a member too many' 's/"totals":{/"totals":{"more":1,/'
refused 'a kind that there is not' 's/"kind":"text"/"kind":"txt"/'
refused 'an address that is none' 's/"start":"0x/"start":"/'
refused 'a document cut short' 's/.$//'
refused 'a schema that there is not' 's/vmwalk-show-1/vmwalk-tell-1/'

plan
