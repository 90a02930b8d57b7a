#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The completions for fish and zsh: what they offer after which words. That for bash
# has a test of its own.
# shellcheck disable=SC2016,SC2317 # for other shells; offers() calls them
cd "$(dirname "$0")/../.." || exit
n=0 failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
PATH=$PWD/${BUILD:-build}:$PATH
export PATH VMWALK_PROC=$dir/proc

mkdir -p "$VMWALK_PROC/1234" "$VMWALK_PROC/2"
echo quiz >"$VMWALK_PROC/1234/comm"
printf ./quiz >"$VMWALK_PROC/1234/cmdline"
echo kthreadd >"$VMWALK_PROC/2/comm"
: >"$VMWALK_PROC/2/cmdline"
cp /proc/self/smaps "$dir/smaps"
vmwalk import --label=before -o "$dir/c.vmwalk" "$dir/smaps" >/dev/null

# Words, a line each; descriptions are left out.
fish_offers() {
	fish --no-config -c 'source user/completion/vmwalk.fish; complete -C "$argv"' \
		-- "$*" 2>&1 | cut -f 1
}

# What the completion would have zsh offer: its own functions are stood in for.
zsh_offers() {
	zsh -f -c '
		words=("$@") CURRENT=$#
		_describe() { local o; while [[ $1 == -o ]] { shift }; shift
			for a in ${(P)argv[1]}; do print -r -- ${a%%:*}; done }
		_files() { print -l -- *(N) }
		_users() { print root }
		_directories() { : }
		compset() { : }
		compadd() { while [[ $1 == -S ]] { shift 2 }; [[ $1 == -- ]] && shift; print -l -- "$@" }
		source user/completion/_vmwalk' zsh "$@" 2>&1
}

# offers NAME WORD LINE...: both shells offer the word after the line.
offers() {
	local name=$1 word=$2 shell
	shift 2
	for shell in fish zsh; do
		n=$((n + 1))
		if ! command -v "$shell" >/dev/null; then
			echo "ok $n - $shell: $name # SKIP there is no $shell here"
		elif "${shell}_offers" "$@" | grep -qx -e "$word"; then
			echo "ok $n - $shell: $name"
		else
			echo "not ok $n - $shell: $name: no $word among"
			"${shell}_offers" "$@" | head -n 20 | sed 's/^/# /'
			failed=1
		fi
	done
}

for command in show watch merge help; do
	offers "the command $command" "$command" vmwalk "${command:0:1}"
done
offers 'a process' 1234 vmwalk 12
offers 'a process of a command' 1234 vmwalk maps 1
offers 'an option' --sharing vmwalk show --sh
offers 'an option with a value' --interval= vmwalk watch --in
offers 'colours' '\(--color=\)\{0,1\}never' vmwalk map --color=
offers 'columns' '\(--sort=\)\{0,1\}swapped' vmwalk show --sort=
offers 'columns of ps' '\(--sort=\)\{0,1\}peak' vmwalk ps --sort=
offers 'a segment' '\(--zoom=\)\{0,1\}stack' vmwalk map "$dir/c.vmwalk" --zoom=
offers 'a snapshot by number' "$dir/c.vmwalk@1" vmwalk show "$dir/c.vmwalk@"
offers 'a snapshot by label' "$dir/c.vmwalk@before" vmwalk show "$dir/c.vmwalk@"
offers 'commands to help with' doctor vmwalk help d

echo "1..$n"
exit "$failed"
