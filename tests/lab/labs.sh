#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# labs.sh BUILD SERIES NUMBER...: runs these labs in the lab VM and holds what they
# print against their pages, or with UPDATE=1 puts it into them. What lab 8 shows is
# decided when a kernel boots, so it has three boots.
set -eu
lab=$(dirname "$0")
labs=$lab/../labs pages=$lab/../../docs/labs
build=$1 series=$2
shift 2

work=$(mktemp -d "$build/labs.XXXXXX")
trap 'rm -rf "$work"' EXIT

# boot MODE NUMBER...: their output, behind "#:lab NUMBER".
boot() {
	mode=$1
	shift
	GDB=1 APPEND="vsyscall=$mode ${APPEND:-}" LC_ALL=C.UTF-8 \
		"$lab/boot.sh" "$build" "$series" "/lab/labs $*" >"$work/said" ||
		{ rc=$?; cat "$work/said"; exit $rc; }
	awk -v dir="$work" '/^#:lab / { out = dir "/" $2; next }
		out { print >>out }' "$work/said"
}

boot xonly "$@"
case " $* " in
*' 8 '*)
	boot emulate 8
	boot none 8
	;;
esac

bad=0
for n; do
	page=$pages/$n.md
	if [ -n "${UPDATE:-}" ]; then
		awk -v to=page -f "$labs/page.awk" "$work/$n" "$page" >"$work/page"
		cmp -s "$work/page" "$page" || cat "$work/page" >"$page"
	fi
	if "$labs/compare.sh" "$n" "$page" "$work/$n" >"$work/diff"; then
		echo "lab $n: as its page says"
	else
		echo "lab $n: < its page, > what happened"
		cat "$work/diff"
		bad=1
	fi
done
exit $bad
