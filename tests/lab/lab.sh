#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# lab.sh KERNEL-DIR IMAGE [COMMAND]: boots the lab VM. With a command: streams
# its output and exits with its status; else gives a shell. From the
# environment:
#	SHARE	a directory to be seen as /share
#	MEM	MiB
#	CPUS	how many
#	NODES	of memory, MEM between them
#	NODE_MEM	MiB of it in each but the first, if not all have the same
#	APPEND	more kernel command line
#	TIMEOUT	seconds until a command's VM is ended
#	LOG	where the kernel's console goes
#	HASTY	not empty: the kernel's first complaint ends a command's VM
#	CLOCK=instructions	time is the number of instructions, a nanosecond each,
#		by every clock of the VM; one CPU
#	VMWALK_ACCEL=kvm	use KVM, if a trial boot works
# 125: the VM failed: it did not come to its regular end, or the kernel
# complained (its log is shown).
set -eu
lab=$(dirname "$0")
# shellcheck source=cache.sh
. "$lab/cache.sh"
# shellcheck source=arch.sh
. "$lab/arch.sh"
# shellcheck source=root.sh
. "$lab/root.sh"

kernel=$1 image=$2
terminal=
[ ! -t 1 ] || terminal=yes
interactive=
if [ $# -lt 3 ]; then
	if ! [ -t 0 ] || ! [ -t 1 ]; then
		die "no terminal here: name a command, make lab RUN='...'"
	fi
	interactive=yes
fi
log=${LOG:-$(dirname "$image")/kernel.log}

work=$(mktemp -d "$(dirname "$image")/run.XXXXXX")
vm=
# shellcheck disable=SC2317 # called by the trap
finish() {
	[ -z "$vm" ] || kill "$vm" 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# What differs from run to run goes into an archive of its own, which the
# kernel unpacks over the first.
make_overlay() {
	root=$work/root
	mkdir -p "$root/lab"
	settings >"$root/lab/settings"
	[ $# -eq 0 ] || printf '%s\n' "$1" >"$root/lab/command"
	if [ -n "${SHARE:-}" ]; then
		cp -rL "$SHARE" "$root/share"
		mkdir "$work/libs"
		make_skeleton "$work/libs"
		add_libraries "$work/libs" "$root/share"
		cp -r "$work/libs/usr" "$root"
	fi
	pack "$root" "$work/overlay.cpio"
	cat "$image" "$work/overlay.cpio" >"$work/initrd"
	truncate -s 256M "$work/swap"
	busybox mkswap "$work/swap" >/dev/null
}

settings() {
	if [ -n "$terminal" ]; then
		size=$(stty size </dev/tty 2>/dev/null || echo 24 80)
		echo "export TERM='${TERM:-dumb}' COLORTERM='${COLORTERM:-}'"
		echo "export LINES=${size% *} COLUMNS=${size#* }"
	else
		echo "export TERM=dumb"
	fi
	[ "$(locale charmap)" != UTF-8 ] || echo "export LC_ALL=C.UTF-8"
	[ -z "${NO_COLOR:-}" ] || echo "export NO_COLOR=1"
}

# qemu ACCEL MODE [WRAPPER...]: MODE is init's argument. The limits on soft
# lockups and RCU stalls bear a busy machine under TCG. Linux 6.12 crashes there
# now and then with more than one CPU that has cmpxchg16b.
qemu() {
	accel=$1 mode=$2
	shift 2
	case $mode in
	pipe) out="-chardev stdio,id=out -chardev null,id=tty" ;;
	tty) out="-chardev null,id=out -chardev stdio,id=tty,signal=off" ;;
	esac
	machine "$arch" "$accel"
	[ ! -f "$kernel/cpu" ] || cpu=$cpu,$(cat "$kernel/cpu")
	nodes=
	other=${NODE_MEM:-$((${MEM:-1024} / ${NODES:-1}))}
	m=$((${MEM:-1024} - (${NODES:-1} - 1) * other))
	for n in $(seq "${NODES:-0}"); do
		nodes="$nodes -object memory-backend-ram,id=m$n,size=${m}M"
		nodes="$nodes -numa node,memdev=m$n"
		m=$other
	done
	clock=
	if [ "${CLOCK:-}" = instructions ]; then
		clock="-icount shift=0,sleep=off" CPUS=1
	fi
	limits="panic=-1 oops=panic panic_on_warn=1 softlockup_panic=1"
	limits="$limits watchdog_thresh=20 softlockup_all_cpu_backtrace=1"
	limits="$limits rcupdate.rcu_cpu_stall_timeout=60"
	limits="$limits sysctl.kernel.panic_on_rcu_stall=1"
	# shellcheck disable=SC2086 # lists of options
	exec "$@" $emulator -cpu "$cpu" -smp "${CPUS:-2}" -m "${MEM:-1024}" \
		$clock $nodes -nodefaults -display none -no-reboot \
		-kernel "$kernel/vmlinuz" -initrd "$work/initrd" \
		-chardev "file,id=kernel,path=$work/kernel.log" \
		-chardev "file,id=verdict,path=$work/verdict" $out $channels \
		-drive "if=none,id=swap,format=raw,file=$work/swap,cache=unsafe" \
		-device nvme,drive=swap,serial=swap -append \
		"$console hugepages=16 $limits ${APPEND:-} -- $mode"
}

complaints='BUG:|WARNING:|Oops|Call Trace|KASAN|possible circular'
complaints="$complaints|locks still held|suspicious RCU|unreferenced object"
complaints="$complaints|Kernel panic"

complaint() {
	grep -nE "$complaints" "$work/kernel.log" | grep -v 'Kernel command line' |
		head -n 1
}

# A second is for the rest of what the kernel has to say.
end_at_complaint() {
	while sleep 1 && kill -0 "$vm" 2>/dev/null; do
		[ -n "$(complaint)" ] || continue
		sleep 1
		kill "$vm" 2>/dev/null || true
	done
}

# An interactive VM must stay in the terminal's foreground process group. A
# command's VM gets its own group (timeout makes it), ended with this script,
# and a pipe to write to: QEMU sets its output non-blocking, for all who have
# it open.
boot() {
	if [ -n "$interactive" ]; then
		saved=$(stty -g)
		(qemu "$1" tty) || rc=$?
		stty "$saved"
		return
	fi
	mode=${terminal:+tty}
	mode=${mode:-pipe}
	rm -f "$work/out"
	mkfifo "$work/out"
	cat "$work/out" &
	(qemu "$1" "$mode" timeout -k 5 "${TIMEOUT:-900}") \
		</dev/null >"$work/out" &
	vm=$!
	[ -z "${HASTY:-}" ] || end_at_complaint &
	wait $vm || rc=$?
	vm=
	wait
}

# KVM may be there and yet hang or abort.
choose_accel() {
	case ${VMWALK_ACCEL:-tcg} in
	kvm)
		if VMWALK_ACCEL=kvm-trial TIMEOUT=30 LOG=/dev/null \
			"$0" "$kernel" "$image" true >/dev/null 2>&1; then
			echo kvm
		else
			say "KVM does not boot here, using TCG"
			echo tcg
		fi
		;;
	kvm-trial) echo kvm ;;
	*) echo tcg ;;
	esac
}

# Before init there is nothing of ours. Under TCG a kernel that patches its own code
# while another processor runs it falls over that, one boot in many.
died_at_boot() {
	[ -n "$(complaint)" ] && ! grep -q 'Run /init' "$work/kernel.log"
}

# A panic makes QEMU exit 0: only init's exit code, its verdict and a quiet
# kernel log together are the regular end.
judge() {
	why=
	bad=$(complaint)
	if [ "$rc" = 124 ] || [ "$rc" = 137 ]; then
		why="did not end within ${TIMEOUT:-900} s"
	elif [ -n "$bad" ]; then
		why="has a kernel that complains"
	elif [ "$rc" != "$regular_end" ] || ! [ -s "$work/verdict" ]; then
		why="did not come to its regular end (QEMU exit $rc)"
	fi
	cp "$work/kernel.log" "$log"
	if [ -n "$why" ]; then
		if [ -n "$bad" ]; then
			tail -n "+${bad%%:*}" "$log" | head -n 60 >&2
		else
			tail -n 20 "$log" >&2
		fi
		say "the lab VM $why; the whole kernel log: $log"
		exit 125
	fi
	exit "$(sed -n 's/^exit //p' "$work/verdict")"
}

arch=$(arch_of "$(cat "$kernel/release")")
machine "$arch" tcg
touch "$work/kernel.log"
make_overlay ${3+"$3"}
rc=0
say "booting Linux $(cat "$kernel/release")"
[ "${CLOCK:-}" != instructions ] || VMWALK_ACCEL=tcg
accel=$(choose_accel)
boot "$accel"
if died_at_boot; then
	say "the kernel died before init ran: $(complaint); booting once more"
	: >"$work/kernel.log"
	rc=0
	boot "$accel"
fi
judge
