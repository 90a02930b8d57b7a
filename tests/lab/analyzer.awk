# SPDX-License-Identifier: GPL-2.0
# analyzer.awk KNOWN LOG...: findings of gcc's analyzer or of clang-tidy, each log that of a
# source, but for those that are known (analyzer.known, tidy.known). Says of the known ones
# which are not found.

BEGIN {
	FS = "\t+"
}

FILENAME == ARGV[1] {
	if (!/^#/)
		known[$1 " " $2] = $3
	next
}

FNR == 1 {
	source = FILENAME
	sub(/^.*\/analyze\//, "", source)
	sub(/\.(gcc|tidy)$/, "", source)
	source = source ".c"
}

/ (warning|error): / {
	check = match($0, /-W[a-z0-9-]+/) ? substr($0, RSTART, RLENGTH) : "?"
	if (match($0, /\[[a-z]+-[A-Za-z.-]+\]$/))
		check = substr($0, RSTART + 1, RLENGTH - 2)
	key = source " " check
	if (++found[key] > known[key]) {
		print source ": " $0
		bad = 1
	}
}

END {
	for (key in known)
		if (found[key] < known[key]) {
			print "known, but not found any more: " key
			bad = 1
		}
	exit bad
}
