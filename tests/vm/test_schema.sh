#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What --json prints is as the schemas of docs/json-schema say, of processes of
# all kinds; and what is not so would be noticed.

dir=$(mktemp -d /tmp/schema.XXXXXX)
n=0 failed=0 pid=

cleanup() {
	stop
	rm -rf "$dir"
}
trap cleanup EXIT

stop() {
	[ -z "$pid" ] || { kill -9 "$pid" && wait "$pid"; } 2>/dev/null
	pid=
}

# result STATUS NAME
result() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $n - $2"
	sed 's/^/# /' "$dir/said" | head -n 5
}

# Which schemas have been held against something is noted.
conforms() {
	sed 's/^{"schema":"\([a-z-]*\)-[0-9]*".*/\1/' "$dir/doc" >>"$dir/seen"
	/tests/targets/jsonschema /tests/json-schema >"$dir/said" 2>&1
}

# good NAME COMMAND...: prints what its schema says.
good() {
	name=$1
	shift
	"$@" >"$dir/doc" 2>"$dir/said" && conforms <"$dir/doc"
	result $? "$name"
}

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
		n=$((n + 1))
		echo "ok $n - $1 $2 # SKIP this machine cannot"
		return
	fi
	for c in show maps map extents threads tables go; do
		good "$c of $1 $2" vmwalk "$c" --json "$pid"
	done
	good "all that extents tells of $1 $2" \
		vmwalk extents --why --sharing --phys --json "$pid"
	stack=$(sed -n 's/-.*\[stack\].*//p' "/proc/$pid/maps")
	for a in "$stack" 0 ffffffffff600000 \
		$(sed -n 's/^page \([0-9a-f]*\) .*/\1/p' "$dir/claims"); do
		good "pte of $1 $2 at $a" vmwalk pte --json "$pid" "$a"
	done
	good "where of $1 $2" vmwalk where --json "$pid" "$stack" 0 1000 \
		ffffffffff600000 ffffffffffffffff
	stop
}

# refused NAME SED: a document of show that was changed so does not conform.
refused() {
	vmwalk show --json 1 >"$dir/doc" && conforms <"$dir/doc" &&
		sed "$2" "$dir/doc" >"$dir/changed" &&
		! cmp -s "$dir/doc" "$dir/changed" &&
		! conforms <"$dir/changed"
	result $? "noticed: $1"
}

# lines NAME COMMAND...: prints a document a line.
lines() {
	name=$1 bad=0 nr=0
	shift
	"$@" >"$dir/lines" 2>"$dir/said" || bad=1
	while read -r line; do
		echo "$line" >"$dir/doc"
		conforms <"$dir/doc" || { bad=1; break; }
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
		good "$c of a Go program" vmwalk "$c" --stop --json "$pid"
	done
	# shellcheck disable=SC2046 # words: an address each
	good 'where of goroutines' vmwalk where --sp --stop --json "$pid" \
		$(vmwalk go --csv --stop "$pid" | sed -n '2,4s/.*,\([0-9a-f]*\)-.*/\1/p')
	good 'shared' vmwalk shared --json "$pid" "$pid"
	good 'shared --extents with pid 1' vmwalk shared --extents --json "$pid" 1
	good 'a snapshot against the process' \
		vmwalk diff --extents --json "$f@first" "$pid"
	stop
	start anon heap || return
	vmwalk snap --phys -o "$f" "$pid" >/dev/null
	stop
	for c in show maps map extents threads tables go; do
		good "$c of a snapshot" vmwalk "$c" --json "$f@first"
	done
	good 'pte of a snapshot' vmwalk pte --json "$f@first" 400000
	good log vmwalk log --json "$f"
	lines export vmwalk export --json "$f"
	good 'diff of two snapshots' vmwalk diff --json "$f@1" "$f@2"
	good 'diff of two programs' vmwalk diff --extents --json "$f@2" "$f@3"
	good 'and back' vmwalk diff --extents --json "$f@3" "$f@2"
	good 'by segment' vmwalk diff --normalize --extents --json "$f@2" "$f@3"
	cat /proc/self/smaps >"$dir/smaps"
	vmwalk import -o "$f" "$dir/smaps" >/dev/null
	good 'show of what was imported' vmwalk show --json "$f@4"
	good 'diff with what has no pages' vmwalk diff --extents --json "$f@3" "$f@4"
	lines 'export of that' vmwalk export --json "$f@4"
	good 'log of all' vmwalk log --json "$f"
}

# Each schema has been held against a document.
all_seen() {
	for s in /tests/json-schema/*; do
		s=${s##*/}
		case ${s%.schema.json} in
		vmwalk-common) continue ;;
		esac
		grep -qx "${s%.schema.json}" "$dir/seen" || echo "$s: no document"
	done >"$dir/said"
	[ ! -s "$dir/said" ]
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
good 'show --sharing' vmwalk show --sharing --json 1
good 'ps --all' vmwalk ps --all --json
good doctor vmwalk doctor --json
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

echo "1..$n"
[ "$failed" = 0 ]
