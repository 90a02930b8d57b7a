# SPDX-License-Identifier: GPL-2.0
# Counts the TAP of many programs, between "#:begin NAME" and "#:end NAME
# STATUS [SECONDS]". A program fails as a whole if it ends with an error without having
# said which test failed, or ran another number of tests than it planned. The
# VM's programs end with "#:complete", the VM itself with "#:vm NAME STATUS".
# With -v row=FILE: there, what the VM said in "#:machine", and the counts.

BEGIN {
	machine = "(not-started) ? ? ?"
}

function problem(what) {
	print "  " what
	failed++
	bad = 1
}

# The words of this program, shown if something went wrong in it.
function show_output(  i) {
	for (i = 0; i < lines; i++)
		print "    " output[i]
}

/^#:begin / {
	name = $2
	planned = ran = lines = skips = bad = skipped_whole = 0
	passed_before = passed
	printf "%-28s", name
	fflush()
	next
}

/^#:end / {
	printf "%4d of %d%s\n", passed - passed_before, planned, \
		($4 > 9 ? sprintf("  %d s", $4) : "")
	if ($3 != 0 && !bad)
		problem("ended with status " $3)
	if (ran != planned)
		problem("planned " planned " tests, ran " ran)
	if (!planned && !skipped_whole)
		problem("ran no test")
	if (bad)
		show_output()
	else
		for (i = 0; i < skips; i++)
			print "    " skip[i]
	name = ""
	next
}

/^#:machine / {
	machine = substr($0, length($1) + 2)
	next
}

# Files, in letters.
/^#:coverage/, /^#:covered/ {
	next
}

/^#:complete/ {
	complete = 1
	next
}

/^#:vm / {
	if (name != "") {
		print ""
		problem("the VM ended within " name)
		show_output()
	}
	if ($3 != 0 || !complete)
		problem("the lab VM " $2 " failed with status " $3)
	complete = 0
	next
}

name == "" {
	print
	next
}

{
	output[lines++] = $0
}

/^1\.\.[0-9]+/ {
	planned += substr($1, 4)
	if ($1 == "1..0" && /# *SKIP/)
		skipped_whole = ++skipped
}

/^(not )?ok / {
	ran++
}

# cmocka calls a skipped test "not ok".
/^(not )?ok .*# *SKIP/ {
	skip[skips++] = $0
	skipped++
	next
}

/^ok / {
	passed++
}

/^not ok / {
	bad = 1
	failed++
}

END {
	if (name != "")
		problem("the tests ended within " name)
	if (!(passed + failed + skipped))
		problem("no test ran")
	printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	if (row)
		print machine, passed + 0, failed + 0, skipped + 0 > row
	exit failed != 0
}
