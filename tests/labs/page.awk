# SPDX-License-Identifier: GPL-2.0
# What a lab prints, between lines "#:step NAME", and its page, where the same stands
# between "```console NAME" and "```".
#
#	awk -v to=steps -f page.awk PAGE	the page's blocks, as the lab prints them
#	awk -v to=page -f page.awk STEPS PAGE	the page, with the blocks of STEPS in it
#
# With -v only=STEPS: no other blocks than are there.

BEGIN {
	while (only && (getline line <only) > 0)
		if (line ~ /^#:step /)
			wanted[substr(line, 8)]
}

to == "page" && NR == FNR {
	if (/^#:step /) {
		name = $2
		text[name] = ""
	} else {
		text[name] = text[name] $0 "\n"
	}
	next
}

/^```console / {
	inside = 1
	name = $2
	if (to == "page") {
		print
		if (name in text)
			printf "%s", text[name]
	} else if (!only || name in wanted) {
		print "#:step " name
	}
	next
}

/^```$/ {
	inside = 0
}

inside {
	if (to == "page" ? !(name in text) : !only || name in wanted)
		print
	next
}

to == "page"
