#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vmwalk as a person and a script meet it: exit codes, errors of one line, help,
# JSON. What the numbers are is the other tests' business.

# shellcheck source=lib/commands.sh
. /tests/lib/commands.sh

lines() {
	wc -l <"$1"
}

# start COMMAND...: in the background; its pid to $pid.
start() {
	"$@" >/dev/null 2>&1 </dev/null &
	pid=$!
	pids="$pids $pid"
}

readers="show maps map extents go"

help_and_version() {
	good 'version' vmwalk --version
	good 'help' vmwalk --help
	for c in $readers where pte shared ps explain snap record log diff export \
		import merge load unload doctor; do
		good "help of $c" vmwalk help "$c"
		good "$c --help" vmwalk "$c" --help
		good "$c -h" vmwalk "$c" -h
		grep -q "vmwalk $c" "$out"
		result $? "help of $c names it"
	done
	run vmwalk
	[ "$status" = 2 ] && [ ! -s "$out" ] && [ -s "$err" ]
	result $? 'no arguments'
}

usage() {
	for c in $readers; do
		bad "$c of nothing" 2 . vmwalk "$c"
		bad "$c of too much" 2 . vmwalk "$c" 1 2 3 4
		bad "$c, unknown option" 2 bogus vmwalk "$c" --bogus 1
	done
	bad 'show --why' 2 why vmwalk show --why 1
	bad 'show --phys' 2 phys vmwalk show --phys 1
	bad 'maps --sharing' 2 sharing vmwalk maps --sharing 1
	bad 'shared with nobody' 2 two vmwalk shared 1
	bad 'shared of three' 2 two vmwalk shared 1 1 1
	bad '--extents of show' 2 extents vmwalk show --extents 1
	bad 'ps by no column' 2 bogus vmwalk ps --sort=bogus
	bad 'ps --atomic' 2 atomic vmwalk ps --atomic
	bad '--sort of show' 2 sort vmwalk show --sort=pid 1
	bad 'where without address' 2 . vmwalk where 1
	bad 'where, no offset' 2 offset vmwalk where 1 main+zz
	bad 'where, no symbol' 2 neither vmwalk where 1 +10
	bad '--sp of maps' 2 sp vmwalk maps --sp 1
	bad 'pte without address' 2 . vmwalk pte 1
	bad 'pte of two addresses' 2 . vmwalk pte 1 1000 2000
	bad 'pte, not an address' 2 zz vmwalk pte 1 zz
	bad 'unknown command' 2 bogus vmwalk bogus 1
	bad 'help of nothing known' 2 bogus vmwalk help bogus
	bad 'load of two' 2 . vmwalk load a b
	bad 'unload with argument' 2 . vmwalk unload a
}

# explained NAME COMMAND...: with the names of this kernel.
explained() {
	good "$@"
	grep -q "Linux $(uname -r | cut -d. -f1,2) on $(uname -m)$" "$out"
	result $? "$1: of this kernel"
}

explanations() {
	for c in $readers where; do
		explained "$c explained" vmwalk "$c" --explain
	done
	explained 'a reading explained' vmwalk maps --explain 1
	grep -q '/init$' "$out"
	result $? 'the reading comes as well'
	explained 'an address explained' vmwalk where --explain 1 1000
	good 'all words' vmwalk explain
	explained 'a word' vmwalk explain 'Zero Page'
	bad 'no such word' 2 bogus vmwalk explain bogus
	bad 'two words' 2 . vmwalk explain zero page
	bad 'nothing to explain' 2 explain vmwalk doctor --explain
	bad 'an explanation as JSON' 2 json vmwalk maps --explain --json 1
}

# A child of a process that never waits; its pid to $zombie.
start_zombie() {
	start sh -c "sh -c 'echo \$\$ >$dir/zombie' & exec sleep 1000"
	until [ -s "$dir/zombie" ] && zombie=$(cat "$dir/zombie") &&
	      grep -q '^State:.*Z' "/proc/$zombie/status"; do
		:
	done
}

no_process() {
	start sleep 1000
	gone=$pid
	{ kill -9 "$gone"; wait "$gone"; } 2>/dev/null
	start_zombie
	for c in $readers; do
		bad "$c of a pid that is gone" 42 "$gone" vmwalk "$c" "$gone"
		bad "$c of a name that nobody has" 42 nobody-has-it \
			vmwalk "$c" nobody-has-it
		bad "$c of a zombie" 42 "$zombie" vmwalk "$c" "$zombie"
		bad "$c of a kernel thread" 1 'kernel thread' vmwalk "$c" 2
	done
	for c in where pte; do
		bad "$c of a pid that is gone" 42 "$gone" vmwalk "$c" "$gone" 1000
		bad "$c of a kernel thread" 1 'kernel thread' vmwalk "$c" 2 1000
	done
	for odd in 0 -1 99999999999999999999 ''; do
		run vmwalk maps -- "$odd"
		case $status in
		1|2|42) [ "$(lines "$err")" = 1 ] && [ ! -s "$out" ] ;;
		*) false ;;
		esac
		result $? "maps of '$odd' (exit $status)"
	done
}

as_user() {
	su -s /bin/sh user -c "$*"
}

permission() {
	for c in $readers; do
		bad "$c as a user" 1 CAP_SYS_PTRACE as_user vmwalk "$c" 1
	done
	bad 'pte as a user' 1 CAP_SYS_PTRACE as_user vmwalk pte 1 1000
	bad 'maps as a user, of himself' 1 CAP_SYS_PTRACE \
		as_user 'exec vmwalk maps $$'
	bad 'maps as root of a user namespace' 1 CAP_SYS_PTRACE \
		unshare -U -r vmwalk maps 1
	bad 'unload as a user' 1 . as_user vmwalk unload
}

full() {
	vmwalk "$@" >/dev/full
}

closed() {
	vmwalk "$@" >&-
}

output() {
	for c in $readers; do
		bad "$c onto a full disk" 1 'No space' full "$c" 1
		bad "$c --json onto a full disk" 1 'No space' full "$c" --json 1
	done
	bad 'help onto a full disk' 1 'No space' full --help
	bad 'maps without standard output' 1 . closed maps 1
}

# The ranges at the start of lines, without the zeros that /proc pads with.
ranges() {
	sed -n 's/^ *0*\([0-9a-f]*\)-0*\([0-9a-f]*\) .*/\1-\2/p' "$1"
}

# $out has those of /proc/PID/maps, in the same order.
same_ranges() {
	ranges "/proc/$1/maps" >"$dir/theirs"
	ranges "$out" | cmp -s - "$dir/theirs"
}

readings() {
	start sleep 1000
	sleeper=$pid
	for c in $readers; do
		good "$c" vmwalk "$c" "$sleeper"
		json "$c --json" vmwalk "$c" --json "$sleeper"
		good "$c --atomic --stop" vmwalk "$c" --atomic --stop "$sleeper"
		tail -n 1 "$out" | grep -q '^consistent: .*one lock.* stopped'
		result $? "$c says so"
		json "$c --atomic --stop --json" \
			vmwalk "$c" --atomic --stop --json "$sleeper"
	done
	good 'extents --why' vmwalk extents --why "$sleeper"
	grep -q 'in the page cache' "$out"
	result $? 'extents --why tells of the page cache'
	json 'extents --why --json' vmwalk extents --why --json "$sleeper"
	good 'extents --sharing --phys' vmwalk extents --sharing --phys "$sleeper"
	grep -q ' maps=1 .*pfn=0x[0-9a-f]* node=0$' "$out"
	result $? 'extents --sharing --phys tells of mappings and frames'
	json 'extents --sharing --phys --json' \
		vmwalk extents --sharing --phys --json "$sleeper"
	good 'show --sharing' vmwalk show --sharing "$sleeper"
	grep -q 'PSS *SHARED *PRIVATE' "$out"
	result $? 'show --sharing has its columns'
	good 'show is the default' vmwalk "$sleeper"
	start sleep 1000
	good 'shared' vmwalk shared "$sleeper" "$pid"
	good 'shared --extents' vmwalk shared --extents "$sleeper" "$pid"
	good 'shared --stop --atomic' \
		vmwalk shared --stop --atomic "$sleeper" "$pid"
	json 'shared --json' vmwalk shared --json "$sleeper" "$pid"
	json 'shared --extents --json' \
		vmwalk shared --extents --json "$sleeper" "$pid"
	{ kill -9 "$pid"; wait "$pid"; } 2>/dev/null
	bad 'shared with one that is gone' 42 "$pid" \
		vmwalk shared "$sleeper" "$pid"
	good 'by name' vmwalk maps init
	good 'by the name of a thread group' vmwalk maps 1
	run vmwalk maps "$sleeper"
	same_ranges "$sleeper"
	result $? 'maps has the ranges of /proc'
	start sleep 1000
	bad 'a name that two have' 1 "$pid" vmwalk maps sleep
	grep -q "$sleeper" "$err"
	result $? 'both are named'
}

# start_target NAME...: in the background, until it is ready; what it said to $said.
start_target() {
	target=$1
	said=$dir/said-$target
	shift
	: >"$said"
	"/tests/targets/$target" "$@" >"$said" </dev/null &
	pid=$!
	pids="$pids $pid"
	until grep -q '^ready' "$said"; do
		sleep 0.1
	done
}

# claimed KIND: the first address of that kind.
claimed() {
	awk -v kind="$1" '$1 == kind { print $2; exit }' "$said"
}

# says NAME PATTERN: the last output has a line like that.
says() {
	grep -q "$2" "$out"
	result $? "$1"
}

runtimes() {
	start_target go_addr few
	go=$pid
	good 'go' vmwalk go "$go"
	says 'go names the version' '(go_addr), go1\.[0-9.]*, known by DWARF'
	says 'go has the first goroutine' '^ *1 .* runtime.main$'
	json 'go --json' vmwalk go --json "$go"
	good 'show of Go' vmwalk show "$go"
	says 'its arena is a segment' '^Go arena '
	says 'its runtime is one' '^Go runtime '
	good 'threads of Go' vmwalk threads "$go"
	says 'one is in a g0' ' g0 '
	json 'threads of Go --json' vmwalk threads --json "$go"
	good 'where of a stack' vmwalk where "$go" "$(claimed stack)"
	says 'it is a goroutine' " is in goroutine $(awk '$1 == "stack" { print $3
		exit }' "$said")'s stack\$"
	good 'where of an object' vmwalk where "$go" "$(claimed heap)"
	says 'it is of Go' "is in Go's heap: an object of 64 bytes\$"
	good 'where of a symbol' vmwalk where "$go" main.global+9
	says 'it has the address' "^$(claimed symbol) (main.global+9) is in data"
	good 'where --sp' vmwalk where --sp "$go"
	says 'a stack of a thread' '(sp of thread [0-9]*) is in .*(g0)$'
	json 'where --sp --json' vmwalk where --sp --json "$go" \
		"$(claimed heap)" "$(claimed slot)" main.global c003000000 1000
	bad 'where of no symbol' 1 'no_such' vmwalk where "$go" no_such
	start_target malloc
	good 'where of a chunk' vmwalk where "$pid" "$(claimed brk)"
	says 'it is of malloc' "is in malloc()'s heap"
	good 'where of a thread arena' vmwalk where "$pid" "$(claimed arena)"
	says 'it is that of a thread' 'is in a thread arena of malloc()'
	good 'where of a C symbol' vmwalk where "$pid" known_symbol malloc
	says 'both are found' '^  symbol   known_symbol+0x0'
	good 'show of malloc' vmwalk show "$pid"
	says 'arenas are segments' '^malloc arena '
	good 'go of no Go program' vmwalk go "$pid"
	says 'it says so' 'no Go program'
	start_target go_hostile loop
	good 'go of a hostile program' vmwalk go "$pid"
	says 'it says what is wrong' '^not known: '
}

where() {
	address=$(ranges "/proc/$sleeper/maps" | sed -n '1s/-.*//p')
	good 'where' vmwalk where "$sleeper" "$address"
	grep -q "$address" "$out"
	result $? 'where names the address'
	good 'where of 0xADDRESS' vmwalk where "$sleeper" "0x$address"
	good 'where --atomic' vmwalk where --atomic "$sleeper" "$address" 1000
	grep -q '^  page     .*: present' "$out" && grep -q 'in no VMA' "$out" &&
		tail -n 1 "$out" | grep -q '^consistent: .*one lock'
	result $? 'where --atomic tells all, of one lock'
	json 'where --atomic --json' \
		vmwalk where --atomic --json "$sleeper" "$address"
	grep -q '"atomic":true' "$out" && grep -q '"locks":1[,}]' "$out"
	result $? 'where --atomic --json says so'
	run vmwalk where --json "$sleeper" "$address"
	grep -q '"atomic":false' "$out"
	result $? 'where without does not'
	good 'where --atomic --stop' vmwalk where --atomic --stop \
		"$sleeper" "$address"
	tail -n 1 "$out" | grep -q '^consistent: .*one lock.* stopped'
	result $? 'where --atomic --stop says so'
	json 'where --json' vmwalk where --json "$sleeper" "$address"
	json 'where of several' vmwalk where --json "$sleeper" "$address" 1000
}

pte() {
	good 'pte' vmwalk pte "$sleeper" "$address"
	grep -q '^PGD\[' "$out" && grep -q '^  frame    PFN' "$out" &&
		! grep -q DIFFERENT "$out"
	result $? 'pte names the top level and the frame'
	json 'pte --json' vmwalk pte --json "$sleeper" "0x$address"
	good 'pte in no VMA' vmwalk pte "$sleeper" 1000
	grep -q 'in no VMA' "$out" && grep -q 'above' "$out"
	result $? 'pte in no VMA tells the neighbours'
	good 'pte of the vsyscall page' vmwalk pte "$sleeper" ffffffffff600000
	explained 'pte explained' vmwalk pte --explain
	bad 'pte onto a full disk' 1 'No space' full pte "$sleeper" "$address"
}

# What a line of ps says of us: pid, sizes, name.
processes() {
	good 'ps' vmwalk ps
	grep -q "^ *$$ " "$out"
	result $? 'ps lists us'
	! grep -q ' kthreadd$' "$out"
	result $? 'ps leaves kernel threads out'
	good 'ps --all' vmwalk ps --all
	grep -q '^ *2 .* - .* kthreadd$' "$out"
	result $? 'ps --all does not'
	good 'ps by name' vmwalk ps 'kthread?'
	[ "$(lines "$out")" = 4 ]
	result $? 'ps by name shows nothing else'
	good 'ps -H, of a pid' vmwalk ps -H $$
	grep -qE "^ *$$ .* [0-9.]+[KM] " "$out"
	result $? 'ps -H has units'
	good 'ps --sort' vmwalk ps --sort=pid
	[ "$(awk 'NR == 2 { print $1 }' "$out")" = 1 ]
	result $? 'ps --sort=pid begins with 1'
	good 'ps --explain' vmwalk ps --explain
	grep -q '^PEAK' "$out"
	result $? 'ps --explain explains'
	json 'ps --json' vmwalk ps --json --all
	good 'ps --user' vmwalk ps --user=0
	bad 'ps of a user that there is not' 1 nobody-at-all vmwalk ps --user=nobody-at-all
	bad 'ps of a cgroup that there is not' 1 none-such vmwalk ps --cgroup=none-such
	bad 'ps of a process that there is not' 42 none-such vmwalk ps none-such
	bad 'ps as a user' 1 root as_user vmwalk ps
	start sleep 1000
	mkdir "$dir/cgroup"
	if mount -t cgroup2 none "$dir/cgroup" 2>/dev/null; then
		mkdir -p "$dir/cgroup/a/b"
		echo "$pid" >"$dir/cgroup/a/b/cgroup.procs"
		good 'ps --cgroup' vmwalk ps --cgroup="$dir/cgroup/a"
		[ "$(lines "$out")" = 4 ] && grep -q "^ *$pid " "$out"
		result $? 'ps --cgroup shows what is below it, and nothing else'
		{ kill -9 "$pid"; wait "$pid"; } 2>/dev/null
		rmdir "$dir/cgroup/a/b" "$dir/cgroup/a"
		umount "$dir/cgroup"
	fi
}

# Exit 3 and a word about it, for one that changes all the time.
changing() {
	start /tests/targets/churn vmas
	until [ "$(wc -l <"/proc/$pid/maps")" -gt 1000 ]; do
		:
	done
	tries=0
	while [ $tries -lt 50 ]; do
		run vmwalk maps "$pid"
		[ "$status" = 3 ] && break
		tries=$((tries + 1))
	done
	[ "$status" = 3 ] && [ -s "$out" ] && [ "$(lines "$err")" = 1 ]
	result $? "a reading crossed by changes (exit $status)"
	good 'an atomic one' vmwalk maps --atomic "$pid"
	# Its walks are two: of the VMAs, and of the page.
	address=$(ranges "/proc/$pid/maps" | sed -n '1s/-.*//p')
	good 'where --atomic of what changes' \
		vmwalk where --atomic "$pid" "$address"
	grep -q '^  page     .*: present' "$out"
	result $? 'it knows the page'
	atomic_max=/sys/module/vmwalk/parameters/atomic_max
	room=$(cat $atomic_max)
	echo 1 >$atomic_max
	bad 'where --atomic without room' 1 . \
		vmwalk where --atomic "$pid" "$address"
	echo "$room" >$atomic_max
	good 'one of a process that is stopped' vmwalk maps --stop "$pid"
	{ kill -9 "$pid"; wait "$pid"; } 2>/dev/null
}

module() {
	good 'doctor' vmwalk doctor
	json 'doctor --json' vmwalk doctor --json
	good 'load of what is loaded' vmwalk load /lib/vmwalk/vmwalk.ko
	until [ "$(cat /sys/module/vmwalk/refcnt)" = 0 ]; do
		:
	done
	run vmwalk unload
	[ "$status" = 0 ] && [ ! -d /sys/module/vmwalk ]
	result $? 'unload'
	bad 'maps without the module' 1 'vmwalk load' vmwalk maps 1
	good 'unload of what is not loaded' vmwalk unload
	bad 'load as a user' 1 . as_user vmwalk load /lib/vmwalk/vmwalk.ko
	bad 'load of no file' 1 nowhere vmwalk load /nowhere/vmwalk.ko
	bad 'load of no module' 1 passwd vmwalk load /etc/passwd
	run vmwalk load /lib/vmwalk/vmwalk.ko
	[ "$status" = 0 ] && [ -d /sys/module/vmwalk ]
	result $? 'load'
	good 'maps with the module again' vmwalk maps 1
}

help_and_version
usage
explanations
no_process
permission
output
readings
where
runtimes
pte
processes
changing
module
plan
