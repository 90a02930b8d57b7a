# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Completion of vmwalk's command line for bash.

# The pids of all processes but kernel threads, and the names they go by.
_vmwalk_processes() {
	local dir comm cmdline
	for dir in "${VMWALK_PROC:-/proc}"/[0-9]*; do
		cmdline=
		# The processes may be gone by now.
		{ IFS= read -r -d '' cmdline <"$dir/cmdline"; } 2>/dev/null
		[[ $cmdline ]] || continue
		printf '%s\n' "${dir##*/}"
		{ IFS= read -r comm <"$dir/comm"; } 2>/dev/null || continue
		# Names that a shell would take apart are left to who types.
		[[ $comm == *[!A-Za-z0-9_.:+-]* ]] || printf '%s\n' "$comm"
	done | sort -u
}

# Collections, by the name they should have; and directories on the way to them.
_vmwalk_collections() {
	compopt -o filenames 2>/dev/null
	mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(
		compgen -f -X '!*.vmwalk' -- "$1"
		compgen -d -- "$1"
	)
}

_vmwalk_options() {
	case $1 in
	extents) echo "--why --phys --sharing $(_vmwalk_options maps)" ;;
	show)
		echo '-c --columns= --sort= --filter= --all --sharing' \
			"$(_vmwalk_options maps)"
		;;
	map) echo "--zoom= $(_vmwalk_options runtimes)" ;;
	where) echo "--sp --csv $(_vmwalk_options runtimes)" ;;
	maps | threads) echo "--csv $(_vmwalk_options runtimes)" ;;
	tables) echo "--csv --csv= $(_vmwalk_options runtimes)" ;;
	go) echo "--csv --csv= $(_vmwalk_options runtimes)" ;;
	runtimes) echo "--atomic $(_vmwalk_options pte)" ;;
	shared) echo "--extents --csv $(_vmwalk_options runtimes)" ;;
	snap)
		echo '-o --output= -m --message= --label= --phys --pte --host=' \
			'--atomic --stop -h --help'
		;;
	record)
		echo '-o --output= -i --interval= -d --duration= -m --message=' \
			'--phys --runtime --host= --atomic --stop -h --help'
		;;
	log) echo "--csv $(_vmwalk_options sizes)" ;;
	sizes) echo '-H --human -b --bytes -p --pages --json --color= -h --help' ;;
	diff)
		echo '--extents --map --normalize --csv --csv= --atomic --stop' \
			"$(_vmwalk_options sizes)"
		;;
	report) echo '-o --output= --atomic --stop -h --help' ;;
	export) echo '--json --csv --openmetrics -h --help' ;;
	import) echo '-o --output= -m --message= --label= --host= -h --help' ;;
	pte)
		echo '-H --human -b --bytes -p --pages --json --stop --explain' \
			'--color= -h --help'
		;;
	watch)
		echo '-i --interval= -o --output= --filter= --atomic -H --human' \
			'-b --bytes -p --pages --color= -h --help'
		;;
	ps)
		echo '--go --watch -i --interval= --sort= --user= --cgroup= --all -H --human -b --bytes -p --pages' \
			'--csv --json --explain --color= -h --help'
		;;
	doctor) echo '--json -h --help' ;;
	*) echo '-h --help' ;;
	esac
}

# Operands that stand before the word at the cursor and after the command.
_vmwalk_operands() {
	local i n=0
	for ((i = $1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		= | always | never | auto)
			# bash has cut --color=WHEN in three.
			[[ ${COMP_WORDS[i - 1]} == --color ||
				${COMP_WORDS[i - 2]} == --color ]] || ((n++))
			;;
		-*) ;;
		*) ((n++)) ;;
		esac
	done
	echo "$n"
}

# Titles of columns of the table that a command prints.
_vmwalk_columns() {
	case $1 in
	ps) echo 'pid user s mapped resident swapped tables peak go name' ;;
	*)
		echo 'segment mapped reserved present resident swapped pss shared' \
			'private thp zero pfn hugetlb other anon file shmem vmas' \
			'res% bar start range name'
		;;
	esac
}

# Tables that a command prints, where they are several.
_vmwalk_tables() {
	case $1 in
	go) echo 'stacks spans arenas runtime' ;;
	tables) echo 'segments levels' ;;
	diff) echo 'segments stacks spans labels' ;;
	esac
}

# Where the cursor is behind an option's "=": what fits there.
_vmwalk_value() {
	local option=${COMP_WORDS[COMP_CWORD - 1]}

	[[ $option != = ]] || option=${COMP_WORDS[COMP_CWORD - 2]}
	case $option in
	--color)
		mapfile -t COMPREPLY < <(compgen -W 'always never auto' -- "$1")
		;;
	--sort)
		mapfile -t COMPREPLY < <(compgen -W "$(_vmwalk_columns "$2")" -- "$1")
		;;
	--filter)
		mapfile -t COMPREPLY < <(compgen -W 'kind= name= addr= perm=' -- "$1")
		compopt -o nospace 2>/dev/null
		;;
	--csv)
		mapfile -t COMPREPLY < <(compgen -W "$(_vmwalk_tables "$2")" -- "$1")
		;;
	--user)
		mapfile -t COMPREPLY < <(compgen -u -- "$1")
		;;
	--cgroup)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$1")
		;;
	*)
		return 1
		;;
	esac
}

_vmwalk() {
	local commands='show maps map extents where pte shared threads tables go ps explain watch snap record log diff report export import merge load unload doctor help'
	local word=${COMP_WORDS[COMP_CWORD]} first=${COMP_WORDS[1]} command=show
	local words=() operands from=1

	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		if [[ $word == -* ]]; then
			words=(-V --version "$(_vmwalk_options show)")
		else
			words=("$commands" "$(_vmwalk_processes)")
		fi
		mapfile -t COMPREPLY < <(compgen -W "${words[*]}" -- "$word")
		return
	fi
	if [[ " $commands " == *" $first "* ]]; then
		command=$first
		from=2
	fi

	if [[ $word == = ]]; then
		word=
	fi
	if _vmwalk_value "$word" "$command"; then
		return
	fi
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_vmwalk_options "$command")" \
			-- "$word")
		[[ ${COMPREPLY[*]} != --*= ]] || compopt -o nospace 2>/dev/null
		return
	fi

	if [[ ${COMP_WORDS[COMP_CWORD - 1]} == -o ]]; then
		_vmwalk_collections "$word"
		return
	fi

	operands=$(_vmwalk_operands "$from")
	case $command in
	merge | import) ;;
	shared | diff) ((operands < 2)) || return ;;
	snap | record | ps) ;;
	*) ((operands == 0)) || return ;;
	esac
	case $command in
	show | maps | map | extents | where | pte | shared | threads | tables | go | diff | \
		ps | watch | report)
		mapfile -t COMPREPLY < <(compgen -W "$(_vmwalk_processes)" -- "$word")
		[[ -z $word || $command == ps ]] || _vmwalk_collections "$word"
		;;
	snap | record)
		mapfile -t COMPREPLY < <(compgen -W "$(_vmwalk_processes)" -- "$word")
		;;
	log | export | merge) _vmwalk_collections "$word" ;;
	import)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		;;
	load)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -X '!*.ko' -- "$word"
			compgen -d -- "$word")
		;;
	help)
		mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
		;;
	esac
}

complete -F _vmwalk vmwalk
