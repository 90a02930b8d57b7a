#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The completion for bash: what it offers after which words.
# shellcheck source=../../user/completion/vmwalk.bash
. "$(dirname "$0")/../../user/completion/vmwalk.bash"

n=0 failed=0
VMWALK_PROC=$(mktemp -d)
trap 'rm -rf "$VMWALK_PROC"' EXIT

# process PID COMM CMDLINE
process() {
	mkdir "$VMWALK_PROC/$1"
	printf '%s\n' "$2" >"$VMWALK_PROC/$1/comm"
	printf '%s' "$3" >"$VMWALK_PROC/$1/cmdline"
}
process 1 init /sbin/init
process 2 kthreadd ''
process 1234 quiz ./quiz
# shellcheck disable=SC2016 # that is the name
process 1299 '$(reboot)' x
mkdir "$VMWALK_PROC/77"

# offers NAME EXPECTED WORD...: what is offered for the last word.
offers() {
	local name=$1 expected=$2 offered
	shift 2
	COMP_WORDS=(vmwalk "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_vmwalk 2>/dev/null
	offered=$(printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd ' ')
	n=$((n + 1))
	if [[ $offered == "$expected" ]]; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "# expected: $expected"
		echo "# offered: $offered"
		failed=1
	fi
}

offers 'commands and processes' "1 1234 1299 diff doctor explain export extents go help \
import init load log map maps merge ps pte quiz record report shared show snap tables threads \
unload watch where" ''
offers 'commands' 'map maps' ma
offers 'commands that begin alike' 'ps pte' p
offers 'columns of ps by a letter' 's swapped' ps --sort = s
offers 'columns of ps that fit' 'peak pid' ps --sort = p
offers 'columns of show' 'present private' show --sort = pr
offers 'what a filter takes' 'perm=' show --filter = p
offers 'a process to watch' quiz watch q
offers 'users' root ps --user = root
offers 'options of ps' '--all' ps --al
offers 'a second process of ps' quiz ps init q
offers 'first word: a name' quiz q
offers 'first word: an option' '--version' --v
offers 'processes of a command' '1 1234 1299 init quiz' maps ''
offers 'pids' '1 1234 1299' show 1
offers 'after options' quiz show -H --json q
offers 'after a colour' quiz map --color = always q
offers 'colours' 'always auto never' map --color =
offers 'colours that fit' 'always auto' map --color = a
offers 'options' "$(echo --all --atomic --bytes --color= --columns= --csv --explain --filter= \
	--help --human --json --pages --sharing --sort= --stop)" show --
offers 'options of doctor' '--help --json' doctor --
offers 'options of load' '--help' load --
offers 'options without a command' '--bytes' 1234 --b
offers 'no second process' '' show 1234 ''
offers 'no address' '' where quiz ''
offers 'no second address' '' pte quiz 1000 ''
offers 'commands to help with' 'watch where' help w
offers 'nothing for unload' '' unload ''
offers 'nothing that a shell would run' '' show '$'
cd "$VMWALK_PROC" && touch vmwalk.ko notes one.vmwalk other.vmwalk
offers 'collections to read' 'one.vmwalk other.vmwalk' show o
offers 'collections to write' one.vmwalk snap -o on
offers 'a process to keep' quiz snap -o one.vmwalk q
offers 'a second to compare' one.vmwalk diff other.vmwalk on
offers 'no third' '' diff one.vmwalk other.vmwalk o
offers 'collections to list' other.vmwalk log ot
offers 'options of record' '--duration=' record --d
offers 'options of report' '--atomic --help --output= --stop' report --
offers 'what to report on' quiz report q
offers 'module files' vmwalk.ko load v
offers 'no other files' '' load n

echo "1..$n"
exit $failed
