# SPDX-License-Identifier: GPL-2.0
# The rows that tally.awk wrote as a table: a file is a machine.

BEGIN {
	format = "%-27s %6s  %-4s %-8s  %6s %6s %7s\n"
	printf format, "kernel", "levels", "pti", "vsyscall", \
		"passed", "failed", "skipped"
}

{
	printf format, $1, $2, $3, $4, $5, $6, $7
}
