#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The manual, the completion and the README name every command and option that
# the client has, and no other command; and the manuals are well-formed.
# shellcheck disable=SC2317 # check() calls them
cd "$(dirname "$0")/../.." || exit
n=0 failed=0

# check NAME COMMAND...: the command succeeds; else its words are shown.
check() {
	name=$1
	shift
	n=$((n + 1))
	if words=$("$@" 2>&1); then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		[ -z "$words" ] || echo "$words" | sed 's/^/# /'
		failed=1
	fi
}

skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# The command table and the options as the sources have them, sorted.
commands=$(sed -n '/\*const cmds\[\]/,/};/s/.*&\(vmw_\)\{0,1\}cmd_\([a-z]*\),.*/\2/p' \
	user/vmwalk.c | sort)
options=$(sed -n '/long_options\[\]/,/};/s/.*{ "\([a-z]*\)".*/\1/p' user/options.c)

manual_commands() {
	sed -n '/^\.Sh COMMANDS/,/^\.Sh OPTIONS/s/^\.It Cm \([a-z]*\)$/\1/p' \
		man/vmwalk.1 | sort
}

synopsis_commands() {
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESC/s/^\.Cm \([a-z]*\)$/\1/p' \
		man/vmwalk.1 | sort
}

completed_commands() {
	sed -n "s/.*local commands='\(.*\)'.*/\1/p" \
		user/completion/vmwalk.bash | tr ' ' '\n' | sort
}

readme_commands() {
	sed -n '/^| command /,/^$/s/^| `vmwalk \([a-z]*\).*/\1/p' README.md | sort
}

# same COMMAND: it prints the commands that the client has.
same() {
	listed=$("$1")
	[ "$listed" = "$commands" ] && return
	echo "the client has:" "$commands"
	echo "listed are:" "$listed"
	false
}

manual_has_option() {
	grep -q "^\.It.*Fl Fl $1\>" man/vmwalk.1
}

completion_has_option() {
	grep -q -e "--$1\>" user/completion/vmwalk.bash
}

# all_have FILE WORD...: the words stand in the file.
all_have() {
	file=$1
	shift
	for word; do
		grep -qw -e "$word" "$file" || { echo "no '$word' in $file"; return 1; }
	done
}

# Titles of columns, as -c and --sort take them.
columns=$(sed -n '/vmw_segment_columns\[\]/,/^};/s/^[^"]*"\([A-Z%]*\)".*/\1/p' \
	user/render/columns.c | tr '[:upper:]' '[:lower:]' | tr -d %)
keys=$(sed -n '/vmw_task_key keys\[\]/,/};/s/.*{ "\([a-z]*\)".*/\1/p' user/model/tasks.c)

check 'the table has columns' test "$(echo "$columns" | wc -l)" -gt 15
check 'ps has columns' test "$(echo "$keys" | wc -l)" -gt 8
for file in user/completion/vmwalk.bash user/completion/vmwalk.fish user/completion/_vmwalk; do
	# shellcheck disable=SC2086 # lists of words
	check "columns of ${file##*/}" all_have "$file" $columns $keys
done
# shellcheck disable=SC2086 # a list of words
check 'columns in the help of show' all_have user/cmd/show.c $columns
check 'the sources have commands' test "$(echo "$commands" | wc -l)" -gt 8
check 'the sources have options' test "$(echo "$options" | wc -l)" -gt 5
check 'commands of the manual' same manual_commands
check 'commands of the synopsis' same synopsis_commands
check 'commands of the completion' same completed_commands
check 'commands of the README' same readme_commands
for option in $options; do
	check "the manual has --$option" manual_has_option "$option"
	check "the completion has --$option" completion_has_option "$option"
done

# fits COMMAND: its help has no line that a terminal of 80 columns would break.
fits() {
	"$client" "$1" --help >"$help" && test -s "$help" || return
	awk 'length > 80 { print length ": " $0; long = 1 } END { exit long }' "$help"
}

client=${BUILD:-build}/vmwalk help=$(mktemp)
trap 'rm -f "$help"' EXIT
for command in $commands; do
	check "the help of $command fits 80 columns" fits "$command"
done

# What --json prints has a schema, which test_schema.sh holds documents against.
has_schema() {
	case $1 in
	export) schema=snapshot ;;
	map) schema=show ;;
	*) schema=$1 ;;
	esac
	test -s "docs/json-schema/vmwalk-$schema.schema.json"
}

for command in $commands; do
	"$client" "$command" --help >"$help"
	! grep -q '^ *--json' "$help" ||
		check "the JSON of $command has a schema" has_schema "$command"
done

for page in man/*.[1-9] "${BUILD:-build}/vmwalk-explain.7"; do
	if command -v mandoc >/dev/null; then
		check "${page##*/}" mandoc -Tlint -Wwarning "$page"
	else
		skip "${page##*/}" "no mandoc here"
	fi
done

echo "1..$n"
exit $failed
