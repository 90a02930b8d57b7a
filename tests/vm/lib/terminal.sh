# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: a terminal (tmux) with a shell in it, for tests that press keys and look
# at the screen. The caller has a directory, $dir, for the terminal's socket.

n=0 failed=0
: "${dir:?}"
export LC_ALL=C.UTF-8

terminal() {
	tmux -S "$dir/socket" -f /dev/null "$@"
}

screen() {
	terminal capture-pane -p
}

# Columns of the longest line.
widest() {
	local line most=0

	while IFS= read -r line; do
		((${#line} <= most)) || most=${#line}
	done < <(screen)
	echo "$most"
}

# The program that the shell has started: its pid.
running() {
	local shell child

	shell=$(terminal list-panes -F '#{pane_pid}')
	read -r child _ <"/proc/$shell/task/$shell/children"
	echo "$child"
}

# keys KEY...: as tmux calls them; what is no key's name is typed.
keys() {
	terminal send-keys "$@"
}

# result STATUS NAME: a line of TAP, with what was on the screen if it is bad.
result() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $n - $2"
	screen | sed '/^$/d;s/^/# /'
}

# sees NAME PATTERN: it comes to the screen before a minute is over.
sees() {
	local until=$((SECONDS + ${PATIENCE:-60}))
	while ! screen | grep -q -e "$2"; do
		if ((SECONDS > until)); then
			result 1 "$1: no $2"
			return
		fi
		sleep 0.1
	done
	result 0 "$1"
}

open_terminal() {
	terminal new-session -d -x 110 -y 30 bash --norc --noprofile
	keys 'PS1=prompt:' Enter
	sees 'a terminal' '^prompt:'
}

close_terminal() {
	terminal kill-server 2>/dev/null
}

# left NAME: back in the shell, and the terminal is as it was.
left() {
	sees "$1: left" '^prompt:$'
	keys "stty -a | tr ' ' '\\n' | grep -x -e icanon -e echo -e icrnl | sort | xargs" \
		Enter
	sees "$1: the terminal is as it was" '^echo icanon icrnl'
	keys clear Enter
}
