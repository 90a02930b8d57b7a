# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced after commands.sh: a command is run again and again, and each time another of
# its library calls fails (tests/shim/fail.c, built as $shim). It then says so in one
# line and with its exit status, or does without and says the same as ever, or what is
# not known for that; it does not crash. The test says what else there is to be looked at, in prepare() and harm().
# shellcheck disable=SC2154 # dir, out and err are of commands.sh

runs=0 refused=0 reached=' '

# Before each run.
prepare() { :; }

# After it: what has come to harm, empty if nothing has.
harm() { :; }

# Every call at first, then ever fewer: of 3000 a hundred, or $most.
numbers() {
	awk -v most="${most:-100}" 'BEGIN {
		for (i = 1; i < 3000 && n++ < most; i += 1 + int(i / 12))
			print i
	}'
}

# fail CALL NUMBER COMMAND...: false if it never came to that call.
fail() {
	call=$1 number=$2
	shift 2
	rm -f "$dir/mark"
	FAIL_MARK=$dir/mark FAIL_CALL=$call,$number LD_PRELOAD=$shim \
		timeout 60 "$@" >"$out" 2>"$err" </dev/null
	status=$?
	[ -s "$dir/mark" ]
}

# As one should be: a line, that says whose it is.
is_error() {
	[ "$(grep -c '^vmwalk' "$err")" = 1 ] && [ "$(wc -l <"$err")" = 1 ]
}

# What differs from run to run of the same command is left out of what it says.
steady() {
	cat "$1"
}

# What is wrong about how that ended; empty if nothing is. Who has no memory to draw
# what was read may have drawn half of it, but says so.
wrong() {
	if [ "$status" -ge 124 ]; then
		echo "status $status"
	elif [ "$status" != 0 ] && [ -z "$lenient" ] && ! is_error; then
		echo "status $status, $(wc -l <"$err") lines"
	elif [ "$status" = 0 ] && [ -z "$lenient" ] && [ ! -s "$err" ] &&
		! grep -q '^not known: ' "$out" && ! steady "$out" | cmp -s - "$dir/good"; then
		echo "another answer, and no error"
	else
		harm
	fi
}

# each CALL NAME COMMAND...
each() {
	call=$1 name=$2 bad=0
	shift 2
	prepare
	"$@" >"$dir/all" 2>/dev/null </dev/null
	steady "$dir/all" >"$dir/good"
	for number in $(numbers); do
		prepare
		fail "$call" "$number" "$@" || break
		reached="$reached$call "
		runs=$((runs + 1))
		[ "$status" = 0 ] || refused=$((refused + 1))
		why=$(wrong)
		[ -n "$why" ] || continue
		echo "# $name, $call $number: $why"
		head -n 3 "$err" | sed 's/^/#   /'
		bad=1
	done
	[ "$number" = 1 ] || result $bad "$name: $call"
}

# spared CALL NAME COMMAND...: what that call would have told may be missing without a
# word (a name, a width), or be the matter that the command looks into.
spared() {
	lenient=yes
	each "$@"
	lenient=
}
lenient=

# all_reached CALL...: each has failed in some command.
all_reached() {
	never=
	for call; do
		case $reached in
		*" $call "*) ;;
		*) never="$never $call" ;;
		esac
	done
	echo "# $runs calls failed, $refused commands with them"
	[ -z "$never" ] || echo "# never reached:$never"
	[ -z "$never" ]
	result $? 'each of the calls has failed'
}
