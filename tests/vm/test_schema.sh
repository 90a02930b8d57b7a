#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What --json prints is as the schemas of docs/json-schema say, of processes of
# all kinds; and what is not so would be noticed.

# shellcheck source=lib/commands.sh
. /tests/lib/commands.sh

# Which schemas have been held against something is noted.
conforms() {
	sed 's/^{"schema":"\([a-z-]*\)-[0-9]*".*/\1/' "$out" >>"$dir/seen"
	/tests/targets/jsonschema /tests/json-schema <"$out" >>"$err" 2>&1
}

# start TARGET SCENARIO: 1 if this machine cannot do it.
start() {
	mkdir -p "$dir/files"
	: >"$dir/claims"	# before any look at it: the shell of & may be late
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

# lines NAME COMMAND...: prints a document a line.
lines() {
	name=$1 bad=0 nr=0
	shift
	"$@" >"$dir/lines" 2>"$err" || bad=1
	while read -r line; do
		echo "$line" >"$out"
		conforms || { bad=1; break; }
		nr=$((nr + 1))
	done <"$dir/lines"
	[ $bad = 0 ] && [ $nr -gt 0 ]
	result $? "$name: $nr"
}

# Snapshots of all that can be kept of two programs, one of them Go's.
collections() {
	f=$dir/c.vmwalk
	start go_addr few || return
	vmwalk snap --stop --phys --pte --label=first -o "$f" "$pid" >/dev/null
	vmwalk snap --stop -o "$f" "$pid" >/dev/null
	for c in show go threads tables; do
		json "$c of a Go program" vmwalk "$c" --stop --json "$pid"
	done
	# shellcheck disable=SC2046 # words: an address each
	json 'where of goroutines' vmwalk where --sp --stop --json "$pid" \
		$(vmwalk go --csv --stop "$pid" | sed -n '2,4s/.*,\([0-9a-f]*\)-.*/\1/p')
	json 'shared' vmwalk shared --json "$pid" "$pid"
	json 'shared --extents with pid 1' vmwalk shared --extents --json "$pid" 1
	json 'a snapshot against the process' \
		vmwalk diff --extents --json "$f@first" "$pid"
	stop
	start anon heap || return
	vmwalk snap --phys -o "$f" "$pid" >/dev/null
	stop
	for c in show maps map extents threads tables go; do
		json "$c of a snapshot" vmwalk "$c" --json "$f@first"
	done
	json 'pte of a snapshot' vmwalk pte --json "$f@first" 400000
	json log vmwalk log --json "$f"
	lines export vmwalk export --json "$f"
	json 'diff of two snapshots' vmwalk diff --json "$f@1" "$f@2"
	json 'diff of two programs' vmwalk diff --extents --json "$f@2" "$f@3"
	json 'and back' vmwalk diff --extents --json "$f@3" "$f@2"
	json 'by segment' vmwalk diff --normalize --extents --json "$f@2" "$f@3"
	cat /proc/self/smaps >"$dir/smaps"
	vmwalk import -o "$f" "$dir/smaps" >/dev/null
	json 'show of what was imported' vmwalk show --json "$f@4"
	json 'diff with what has no pages' vmwalk diff --extents --json "$f@3" "$f@4"
	lines 'export of that' vmwalk export --json "$f@4"
	json 'log of all' vmwalk log --json "$f"
}

# Each schema has been held against a document.
all_seen() {
	for s in /tests/json-schema/*; do
		s=${s##*/}
		case ${s%.schema.json} in
		vmwalk-common) continue ;;
		esac
		grep -qx "${s%.schema.json}" "$dir/seen" || echo "$s: no document"
	done >"$out"
	[ ! -s "$out" ]
	result $? 'a document for each schema'
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
collections
all_seen

refused 'a string for a number' 's/"pid":[0-9]*/"pid":"1"/'
refused 'a number below 0' 's/"resident":[0-9]*/"resident":-1/'
refused 'a member that is missing' 's/"zero":[0-9]*,//'
refused 'a member too many' 's/"totals":{/"totals":{"more":1,/'
refused 'a kind that there is not' 's/"kind":"text"/"kind":"txt"/'
refused 'an address that is none' 's/"start":"0x/"start":"/'
refused 'a document cut short' 's/.$//'
refused 'a schema that there is not' 's/vmwalk-show-1/vmwalk-tell-1/'

plan
