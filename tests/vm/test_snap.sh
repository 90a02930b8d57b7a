#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Collections as a person meets them: snapshots that are taken, listed, and read
# without root and without the module; and what is said where that cannot be.

# shellcheck source=lib/commands.sh
. /tests/lib/commands.sh
f=$dir/c.vmwalk

undo() {
	vmwalk load /lib/vmwalk/vmwalk.ko >/dev/null 2>&1
}

# What a walk tells of itself is another's in another walk.
walk() {
	sed -E -e '/^walked in /d' -e 's/^(consistent|best effort): .*//' \
		-e 's/"(walk_ns|hold_max_ns|locks|tables|retries)":[0-9]+//g' \
		-e 's/"hold_max_steps":[0-9]+//' \
		-e 's/"consistency":"[a-z-]*"//' "$1"
}

stack() {
	sed -n 's/-.*\[stack\].*//p' "/proc/$pid/maps"
}

vvar() {
	sed -n 's/-.*\[vvar\].*//p' "/proc/$pid/maps"
}

# The first address of the program's code, and a symbol if it has one.
places() {
	sed -n 's/-.* r-xp .*//p' "/proc/$pid/maps" | head -n 1
	echo $symbol
}

# same COMMAND [ARGUMENT]...: of the process what it is of its snapshot. Options
# stand before the operand.
same() {
	after=
	case $1 in
	where) after="$(stack) $(vvar) 0 1000 $(places) $(claimed)" ;;
	esac
	# shellcheck disable=SC2086 # words
	vmwalk "$@" "$pid" $after >"$dir/live" 2>"$err"
	# shellcheck disable=SC2086
	vmwalk "$@" "$f@all" $after >"$dir/replayed" 2>>"$err"
	walk "$dir/live" >"$dir/a"
	walk "$dir/replayed" >"$out"
	[ -s "$dir/a" ] && cmp "$dir/a" "$out" >>"$err" 2>&1
	result $? "$* is the same"
}

# Addresses that the program told of its own memory.
claimed() {
	sed -n -E 's/^[a-z]+ 0x([0-9a-f]+).*/\1/p' "$dir/claims" | head -n 20
}

# What rests on the process's memory: the views $@.
runtime_views() {
	for c; do
		same "$c"
		same "$c" --json
	done
	same where --sp
}

views() {
	runtime_views show map threads where go
	for c in maps extents tables; do
		same "$c"
		same "$c" --json
	done
	same extents --why
	same extents --phys
	same show -H
	same show --explain
	same map --color=always
}

# The way of a page of each VMA, and of what is in none. How often the vdso is
# mapped changes with every process that comes or goes.
entries() {
	good 'snap of entries' vmwalk snap -o "$f" --pte --label entries "$pid"
	for a in $(sed -n '/vdso/!s/-.*//p' "/proc/$pid/maps") "$(stack)" 0 1000 \
		ffffffffff600000; do
		for o in '' --json; do
			# shellcheck disable=SC2086 # an option, or none
			vmwalk pte $o "$pid" "$a" >"$dir/live" 2>"$err"
			# shellcheck disable=SC2086
			vmwalk pte $o "$f@entries" "$a" >"$dir/replayed" 2>>"$err"
			walk "$dir/live" >"$dir/a"
			walk "$dir/replayed" >"$out"
			[ -s "$dir/a" ] && cmp "$dir/a" "$out" >>"$err" 2>&1
			result $? "pte $o $a is the same"
		done
	done
}

# The rest is done with: no root, no module.
reads_alone() {
	chmod 755 "$dir"
	cp "$f" "$dir/mine.vmwalk"
	chown user "$dir/mine.vmwalk"
	cp "$f" "$dir/readonly.vmwalk"
	chmod 444 "$dir/readonly.vmwalk"
	vmwalk show "$f@all" >"$dir/a" 2>&1
	vmwalk unload
	for g in mine readonly; do
		su user -s /bin/sh -c "vmwalk show $dir/$g.vmwalk@all" \
			>"$out" 2>"$err"
		cmp "$dir/a" "$out" >>"$err" 2>&1
		result $? "a user reads what is $g, without the module"
	done
	bad "another's collection" 1 'ermi' \
		su user -s /bin/sh -c "vmwalk show $f"
	bad 'snap without the module' 1 'not loaded' vmwalk snap -o "$f" "$pid"
	vmwalk load /lib/vmwalk/vmwalk.ko >/dev/null
}

refusals() {
	bad 'no output' 2 '-o' vmwalk snap "$pid"
	bad 'nobody' 2 'one process' vmwalk snap -o "$f"
	bad 'no such process' 42 'no process' vmwalk snap -o "$dir/new" 999999
	[ ! -e "$dir/new" ]
	result $? 'nothing is made for a process that is not there'
	bad 'a label twice' 1 'already' vmwalk snap -o "$f" --label all "$pid"
	bad 'a number for a label' 2 'label' vmwalk snap -o "$f" --label 3 "$pid"
	bad 'no such snapshot' 1 'holds no snapshot' vmwalk show "$f@99"
	bad 'no such label' 1 'holds no snapshot' vmwalk show "$f@never"
	bad '--stop of a snapshot' 1 'stands still' vmwalk show --stop "$f"
	bad '--atomic of a snapshot' 1 'again' vmwalk show --atomic "$f"
	bad 'frames were not asked for' 1 'take it with --phys' \
		vmwalk extents --phys "$f@1"
	bad 'shared without frames' 1 'take it with --phys' \
		vmwalk shared "$f@1" "$f@1"
	bad 'entries were not asked for' 1 'take it with --pte' \
		vmwalk pte "$f@1" 400000
	bad 'a directory' 1 'directory' vmwalk show "$dir/"
	mkfifo "$dir/fifo"
	bad 'a FIFO' 1 'regular' vmwalk show "$dir/fifo"
	bad 'a FIFO to write' 1 'regular' vmwalk snap -o "$dir/fifo" "$pid"
	echo hello >"$dir/text.vmwalk"
	bad 'a text' 1 'not a collection' vmwalk show "$dir/text.vmwalk"
	bad 'a text to write' 1 'not a collection' \
		vmwalk snap -o "$dir/text.vmwalk" "$pid"
	head -c 5000 "$f" >"$dir/cut.vmwalk"
	bad 'a torn file' 1 'damaged' vmwalk show "$dir/cut.vmwalk"
}

# start PROGRAM [ARGUMENT]...: stopped, and with that its pages are what they are:
# khugepaged and DAMON, which would join and age them even so, are off (the VM's
# script for all tests sees to it).
start() {
	program=/tests/targets/$1
	shift
	: >"$dir/claims"
	"$program" "$@" </dev/null >"$dir/claims" &
	pid=$!
	until grep -q '^ready' "$dir/claims"; do sleep 0.1; done
	kill -STOP "$pid"
	sleep 0.2
}

# same_of COLLECTION: what views tell of its last snapshot, and of that of $f.
same_of() {
	for view in go 'go --json' 'show --json' map "where $(places | tr '\n' ' ')"; do
		rest=${view#"${view%% *}"}
		# shellcheck disable=SC2086 # words
		vmwalk "${view%% *}" "$f" $rest >"$out" 2>"$err" &&
			vmwalk "${view%% *}" "$1" $rest >"$dir/of_copy" 2>>"$err" &&
			cmp "$out" "$dir/of_copy" >>"$err"
		result $? "$target: ${view%% [0-9]*} of $(basename "$1" .vmwalk)"
	done
}

# By JSON into a collection, and merged with those of other hosts into another.
exchanged() {
	json "$target: export --json" vmwalk export --json "$f"
	cp "$out" "$dir/json"
	good "$target: import" vmwalk import -o "$dir/imported.vmwalk" "$dir/json"
	same_of "$dir/imported.vmwalk"
	good "$target: merge" vmwalk merge "$dir/merged.vmwalk" "$f"
	same_of "$dir/merged.vmwalk"
}

# What is in the memory of others: stacks and spans, malloc's chunks.
of_others() {
	for target in 'go_addr few' 'go_addr-1.27 few' 'go_addr-stripped few' \
		'malloc'; do
		# shellcheck disable=SC2086 # words
		set -- $target
		if [ ! -x "/tests/targets/$1" ]; then
			skipped "$target: it is not built here"
			continue
		fi
		stop
		case $target in
		*stripped*) symbol= ;;
		go*) symbol=main.global+9 ;;
		*) symbol=known_symbol ;;
		esac
		start "$@"
		f=$dir/$1.vmwalk
		good "$target: snap" vmwalk snap -o "$f" --phys --label all \
			--host "host-$1" "$pid"
		case $target in
		'go_addr few')
			runtime_views show map threads where go
			exchanged
			;;
		malloc)
			runtime_views where go
			exchanged
			;;
		*) runtime_views where go ;;
		esac
	done
}

# What a snapshot is that knows of no runtime, and where its symbols are.
without() {
	g=$dir/without.vmwalk
	good 'record' vmwalk record -o "$g" -i 50ms -d 60ms "$pid"
	vmwalk go "$g@1" >"$out" 2>"$err" &&
		grep -q 'not known: .*recorded without --runtime' "$out"
	result $? 'go of what was recorded without says so'
	bad 'a symbol of what was recorded without' 1 'give addresses' \
		vmwalk where "$g@1" main
	good 'record --runtime' vmwalk record --runtime -o "$g" -i 500ms \
		-d 600ms "$pid"
	good 'go of it' vmwalk go "$g@-1"
	! grep -q 'not known: .*recorded' "$out"
	result $? 'go of what was recorded with it says nothing of that'
	cp /tests/targets/malloc "$dir/moved"
	stop
	: >"$dir/claims"
	"$dir/moved" </dev/null >"$dir/claims" &
	pid=$!
	until grep -q '^ready' "$dir/claims"; do sleep 0.1; done
	good 'snap of a program' vmwalk snap -o "$g" --label moved "$pid"
	good 'its symbol' vmwalk where "$g@moved" known_symbol
	cp /tests/targets/anon "$dir/other"
	mv "$dir/other" "$dir/moved"
	bad 'a symbol, when the file is another' 1 "moved' is not here" \
		vmwalk where "$g@moved" known_symbol
	good 'an address of it' vmwalk where "$g@moved" "$(places | head -n 1)"
	grep -q "not known: symbols are in .*moved' is not here" "$out"
	result $? 'it says why there is no symbol'
}

symbol=main
start static_c sections
good 'snap' vmwalk snap -o "$f" -m 'a first one' "$pid"
[ "$(stat -c %a "$f")" = 600 ]
result $? 'it is of its owner alone'
good 'snap of everything' vmwalk snap -o "$f" --phys --label all "$pid"
views
entries
good 'shared of snapshots' vmwalk shared "$f@all" "$f@all"
good 'shared of a snapshot and a process' vmwalk shared "$f@all" "$pid"
good 'log' vmwalk log "$f"
grep -q 'a first one' "$out" && grep -q ' all' "$out"
result $? 'log has note and label'
json 'log --json' vmwalk log --json "$f"
json 'export --json' vmwalk export --json "$f@all"
good 'snap --stop --atomic' vmwalk snap --stop --atomic -o "$f" 1
good 'the last one' vmwalk show "$f"
grep -q 'under one lock, the process was stopped' "$out"
result $? 'its stamp'
refusals
reads_alone
of_others
[ "$(vmwalk log --json "$dir/merged.vmwalk" | grep -o '"host":"host-[a-z_]*"' |
	sort -u | wc -l)" = 2 ]
result $? 'the merged collection is of two hosts'
without

plan
