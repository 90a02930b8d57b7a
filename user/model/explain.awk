# SPDX-License-Identifier: GPL-2.0
# explain.awk -v to=c explain.tbl: makes C of the table
#	-v to=man explain.tbl man/vmwalk-explain.7.in: the manual
#	-v series=6.1 -v machine=x86_64 explain.tbl: lists the symbols of that kernel
#	and their files, for those who look them up

BEGIN {
	FS = "\t+"
}

function fail(what) {
	print FILENAME ":" FNR ": " what >"/dev/stderr"
	failed = 1
	exit 1
}

# "5.10" as VMW_SERIES(5, 10).
function c_series(series,  part) {
	split(series, part, ".")
	return "VMW_SERIES(" part[1] ", " part[2] ")"
}

# A string, NULL if it is empty.
function c_string(s) {
	if (s == "")
		return "NULL"
	gsub(/[\\"]/, "\\\\&", s)
	return "\"" s "\""
}

# A line of mdoc must not begin like a request, nor have an escape of its own.
function mdoc(s) {
	gsub(/\\/, "\\e", s)
	return s ~ /^[.']/ ? "\\&" s : s
}

# The same as an argument of a macro, to which a lone mark is not a word.
function mdoc_word(s) {
	return "\"" (s ~ /^[?!.,:;]$/ ? "\\&" s : mdoc(s)) "\""
}

# Takes apart "6.2-", "-6.1", "5.17-6.1" and "x86_64" into first, last and only.
function when(words,  n, i, word, end) {
	first = last = only = ""
	n = split(words, word, " ")
	for (i = 1; i <= n; i++) {
		if (word[i] !~ /^[0-9.]*-[0-9.]*$/) {
			only = word[i]
			continue
		}
		split(word[i], end, "-")
		first = end[1]
		last = end[2]
	}
}

function add_symbol(  n) {
	if (text[topics] == "")
		fail("a symbol before any text")
	n = ++symbols[topics]
	when($4)
	name[topics, n] = $2
	file[topics, n] = $3
	from[topics, n] = first
	to_last[topics, n] = last
	on[topics, n] = only
}

function add_topic(  at) {
	at = index($0, ": ")
	if (!at)
		fail("no readers")
	topic[++topics] = substr($0, 1, at - 1)
	readers[topics] = substr($0, at + 2)
	section[topics] = heading
	heading = ""
}

FILENAME ~ /\.in$/ {
	page[++lines] = $0
	next
}

/^#/ || /^$/ {
	next
}

/^= / {
	heading = substr($0, 3)
	next
}

/^checked: / {
	nr_series = split(substr($0, 10), checked, " ")
	next
}

/^\t/ && NF > 2 {
	add_symbol()
	next
}

/^\t/ {
	text[topics] = text[topics] (text[topics] == "" ? "" : " ") $2
	next
}

{
	add_topic()
}

function list_series(  i, list) {
	for (i = 1; i <= nr_series; i++)
		list = list (i == 1 ? "" : i < nr_series ? ", " : " and ") checked[i]
	return list
}

function c_end(series, otherwise) {
	return series == "" ? otherwise : c_series(series)
}

function print_c(  t, n) {
	print "/* Made by explain.awk. */"
	print "const char vmw_explain_series[] = " c_string(list_series()) ";\n"
	print "const struct vmw_topic vmw_topics[] = {"
	for (t = 1; t <= topics; t++) {
		printf "{ %s, %s, %s,\n%s,\n", c_string(section[t]),
			c_string(topic[t]), c_string(" " readers[t] " "),
			c_string(text[t])
		print symbols[t] ? "(const struct vmw_symbol[]){" : "NULL"
		for (n = 1; n <= symbols[t]; n++)
			printf "{ %s, %s, %s, %s, %s },\n",
				c_string(name[t, n]), c_string(file[t, n]),
				c_end(from[t, n], 0),
				c_end(to_last[t, n], "VMW_SERIES_MAX"),
				c_string(on[t, n])
		print (symbols[t] ? "}" : "") ", " symbols[t] + 0 " },"
	}
	print "};"
}

# When a symbol is there, in words.
function man_when(t, n,  words) {
	if (from[t, n] != "" && to_last[t, n] != "")
		words = from[t, n] " to " to_last[t, n]
	else if (from[t, n] != "")
		words = "from " from[t, n] " on"
	else if (to_last[t, n] != "")
		words = "up to " to_last[t, n]
	if (on[t, n] != "")
		words = words (words == "" ? "" : ", ") on[t, n]
	return words == "" ? "" : " (" words ")"
}

function print_topics(  t, n, list) {
	for (t = 1; t <= topics; t++) {
		if (section[t] != "") {
			if (t > 1)
				print ".El"
			print ".Ss " section[t] "\n.Bl -tag -width Ds"
		}
		list = readers[t]
		gsub(/ /, ", ", list)
		print ".It Sy " mdoc_word(topic[t]) " No (" list ")"
		print mdoc(text[t])
		for (n = 1; n <= symbols[t]; n++)
			printf ".br\n%s in %s%s\n", mdoc(name[t, n]),
				mdoc(file[t, n]), man_when(t, n)
	}
	print ".El"
}

function print_man(  i) {
	for (i = 1; i <= lines; i++)
		if (page[i] == "@TOPICS@")
			print_topics()
		else if (page[i] == "@SERIES@")
			print list_series() "."
		else
			print page[i]
}

# Series as numbers that compare.
function rank(series,  part) {
	split(series, part, ".")
	return part[1] * 1000 + part[2]
}

function is_there(t, n) {
	return rank(from[t, n]) <= rank(series) &&
	       (to_last[t, n] == "" || rank(series) <= rank(to_last[t, n])) &&
	       (on[t, n] == "" || on[t, n] == machine)
}

function print_symbols(  t, n) {
	for (t = 1; t <= topics; t++)
		for (n = 1; n <= symbols[t]; n++)
			if (is_there(t, n))
				print name[t, n], file[t, n]
}

END {
	if (failed)
		exit 1
	if (to == "c")
		print_c()
	else if (to == "man")
		print_man()
	else
		print_symbols()
}
