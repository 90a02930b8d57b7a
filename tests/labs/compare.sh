#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# compare.sh NUMBER PAGE STEPS: does the page show what the lab printed? What varies
# from run to run is made alike: vary.sed tells what that is in all labs, NUMBER.sed
# in this one. Of a page that shows several boots, those blocks that were printed.
dir=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Page frames are numbered as they come: which are the same remains to be seen.
number_frames() {
	awk '{
		line = ""
		while (match($0, /(pfn=|PFN )0x[0-9a-f]+/)) {
			frame = substr($0, RSTART + 4, RLENGTH - 4)
			if (!(frame in seen))
				seen[frame] = ++n
			line = line substr($0, 1, RSTART + 3) "frame-" seen[frame]
			$0 = substr($0, RSTART + RLENGTH)
		}
		print line $0
	}'
}

alike() {
	own=$dir/$1.sed
	[ -f "$own" ] || own=/dev/null
	sed -E -f "$dir/vary.sed" -f "$own" | number_frames
}

awk -v to=steps -v only="$3" -f "$dir/page.awk" "$2" | alike "$1" >"$work/page"
alike "$1" <"$3" >"$work/lab"
# That both are empty is no agreement.
grep -q '^#:step' "$work/lab" && diff "$work/page" "$work/lab"
