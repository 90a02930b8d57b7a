# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced by the labs, which are read by people: each is a list of steps, a step a
# list of commands that are shown as one would type them. With STEPS=1 each step is
# announced, for who puts it into the lab's page (page.awk) or holds it against that.
programs=
thp=/sys/kernel/mm/transparent_hugepage/enabled
thp_before=$(sed 's/.*\[\(.*\)].*/\1/' $thp)
keys=/tmp/lab.keys said=/tmp/lab.said

# step NAME: what follows belongs to the page's block of that name.
step() {
	[ -z "${STEPS:-}" ] && echo || echo "#:step $1"
}

# run COMMAND: as a shell takes it.
run() {
	printf '$ %s\n' "$1"
	eval "$1" 2>&1
}

# waiting PID: does it wait for a key? With sleeps=yes it waits for none.
waiting() {
	[ "${sleeps:-}" = yes ] || grep -qs '^0 0x0 ' "/proc/$1"/task/*/syscall
}

# hear: what the program has printed since, once it waits for a key again.
hear() {
	tries=600
	until [ "$(wc -c <$said)" -gt "$heard" ] && waiting "$pid"; do
		tries=$((tries - 1))
		if ! kill -0 "$pid" 2>/dev/null || [ $tries = 0 ]; then
			tail -c +$((heard + 1)) $said
			echo "It does not wait for a key; lab $0 ends"
			exit 1
		fi
		sleep 0.1
	done
	tail -c +$((heard + 1)) $said
	heard=$(wc -c <$said)
}

# start PROGRAM [ARGUMENT]...: in the background; its pid to $pid. What it prints goes
# to where word finds it.
start() {
	rm -f $keys
	mkfifo $keys
	: >$said
	heard=0
	printf '$ %s &\n' "$*"
	"$@" <>$keys >$said 2>&1 &
	pid=$!
	programs="$programs $pid"
	hear
}

# enter: the key that the program waits for.
enter() {
	echo '(Enter)'
	echo >$keys
	hear
}

# small_pages: no transparent huge pages for what starts from now on.
small_pages() {
	run "echo never >$thp"
}

# word NAME: what the program printed last behind that name.
word() {
	awk -v name="$1" '{ for (i = 1; i < NF; i++) if ($i == name) w = $(i + 1) }
		END { print w }' $said
}

# shellcheck disable=SC2317 # called by the trap
finish() {
	# shellcheck disable=SC2086 # a list of pids
	[ -z "$programs" ] || { kill -9 $programs && wait $programs; } 2>/dev/null
	rm -f $keys $said
	echo "$thp_before" >$thp
}
trap finish EXIT
