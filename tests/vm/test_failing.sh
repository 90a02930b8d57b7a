#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Library calls that fail, one at a time, where the client asks the module, looks into a
# process and keeps what it saw. What it does without the module is the unit test's.
# Left out is what cannot fail as it is used (uname(), sigprocmask(), sigaction(),
# clock_gettime(), sysconf(); genlmsg_put(), of which libnl itself is so sure that it
# aborts), or whose failure is what the next call meets (close()).

# shellcheck source=lib/commands.sh
. /tests/lib/commands.sh
# shellcheck source=lib/faults.sh
. /tests/lib/faults.sh
export LC_ALL=C
shim=/tests/fail.so
c=$dir/c.vmwalk

# Held still: it is the same from look to look.
start() {
	: >"$dir/claims"
	/tests/targets/malloc </dev/null >"$dir/claims" &
	pid=$!
	until grep -q '^ready' "$dir/claims"; do sleep 0.1; done
	kill -STOP "$pid"
	sleep 0.2
	brk=$(sed -n 's/^brk 0x//p' "$dir/claims")
}

# How often a page was accessed of late cuts runs of pages in two.
steady() {
	sed -E -e '/^walked in /d' -e 's/^(consistent|best effort): .*//' \
		-e 's/ [0-9]+ extents$//' "$1"
}

prepare() {
	rm -f "$dir"/c.vmwalk*
	[ -z "$kept" ] || cp "$dir/base.vmwalk" "$c"
}

# Of a process that was held for the look: it goes on as it was. Of a collection: it has
# what it had.
harm() {
	if ! grep -q '^TracerPid:.*[^0-9]0$' "/proc/$pid/status"; then
		echo "the process is still being traced"
	elif [ -n "$kept" ] && ! vmwalk log "$c" 2>&1 | grep -q ' first'; then
		echo "the collection is not what it was"
	fi
}
kept=

questions() {
	each "$1" maps vmwalk maps "$pid"
	each "$1" pte vmwalk pte "$pid" "$brk"
	each "$1" ps vmwalk ps --sort=pid "$pid"
}

asking() {
	most=3
	for call in nl_socket_alloc genl_connect genl_ctrl_resolve nlmsg_alloc \
		nla_put nl_send_auto nl_recv setsockopt nl_socket_set_msg_buf_size; do
		questions $call
	done
	most=15
	each malloc maps vmwalk maps "$pid"
	each malloc pte vmwalk pte "$pid" "$brk"
}

looking() {
	most=4
	for call in fork pipe2 poll waitpid dup2 close_range setrlimit prctl open \
		fopen; do
		each $call where vmwalk where "$pid" "$brk"
	done
	for call in ptrace opendir readdir waitpid; do
		each $call 'show --stop' vmwalk show --stop "$pid"
	done
	spared capset where vmwalk where "$pid" "$brk"
	spared capget where vmwalk where "$pid" "$brk"
	most=25
	each malloc where vmwalk where "$pid" "$brk"
	each read where vmwalk where "$pid" "$brk"
}

keeping() {
	kept=yes most=6
	for call in malloc read open fork write fsync random; do
		each $call snap vmwalk snap -o "$c" -m later "$pid"
	done
	spared readlink snap vmwalk snap -o "$c" -m later "$pid"
	spared gethostname snap vmwalk snap -o "$c" -m later "$pid"
	for call in signalfd timerfd_create timerfd_settime pidfd_open poll; do
		each $call record vmwalk record -i 10ms -d 30ms -o "$c" "$pid"
	done
	for call in pipe2 fork execvp waitpid; do
		each $call 'record --' vmwalk record -d 30ms -o "$c" -- sleep 1
	done
	kept=
}

telling() {
	most=3
	for call in opendir readdir; do
		spared $call ps vmwalk ps --user=root
	done
	each open_memstream 'ps --watch' timeout 3 vmwalk ps --watch -i 50ms "$pid"
	for call in getpwuid getpwnam; do
		spared $call ps vmwalk ps --user=root
	done
	for call in access statfs read fopen dlopen; do
		spared $call doctor vmwalk doctor
	done
}

start
vmwalk snap -o "$dir/base.vmwalk" -m first "$pid" >/dev/null
asking
looking
keeping
telling
all_reached nl_socket_alloc genl_connect genl_ctrl_resolve nlmsg_alloc nla_put \
	nl_send_auto nl_recv setsockopt nl_socket_set_msg_buf_size malloc \
	fork pipe2 poll waitpid dup2 close_range setrlimit prctl open fopen ptrace \
	opendir readdir capset capget read write fsync random readlink gethostname \
	signalfd timerfd_create timerfd_settime pidfd_open execvp \
	open_memstream getpwuid getpwnam access statfs
plan
