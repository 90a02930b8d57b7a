# SPDX-License-Identifier: GPL-2.0
# report.awk BARS SAID: the bench's figures as a table, each bar met or not, and
# with -v json=FILE all of it there. Fails if a contender was wrong.

function million(n) {
	return n < 1e5 ? sprintf("%.3f", n / 1e6) : sprintf("%.2f", n / 1e6)
}

# Of a sum ("maps+scan"), or "" if one of it has no figure.
function cost_of(target, figure,  part, n, i, sum) {
	n = split(figure, part, "+")
	for (i = 1; i <= n; i++) {
		if (!((target, part[i]) in cost))
			return ""
		sum += cost[target, part[i]]
	}
	return sum
}

FNR == NR && !/^#/ && NF == 5 {
	bar[++bars] = $0
}

FNR == NR {
	next
}

$1 == "kernel" {
	kernel = $2
}

$1 == "clock" {
	clock = $2
}

$1 == "cost" {
	if (!($2 in seen))
		targets[++nr_targets] = $2
	seen[$2]
	if (!($3 in column))
		columns[++nr_columns] = $3
	column[$3]
	cost[$2, $3] = $4
}

$1 == "wrong" {
	wrong[++wrongs] = $0
}

!($1 ~ /^(kernel|clock|cost|wrong)$/) {
	print
}

function print_table(  t, c, target, n) {
	printf "Linux %s; million %s, and in brackets by those of vmwalk\n\n",
		kernel, clock == "instructions" ? clock : clock " ticks"
	for (t = 1; t <= nr_targets; t++) {
		target = targets[t]
		print target
		for (c = 1; c <= nr_columns; c++) {
			n = cost_of(target, columns[c])
			if (n == "")
				continue
			printf "  %-16s %10s", columns[c], million(n)
			if (cost_of(target, "vmwalk"))
				printf "  (%.2f)", n / cost_of(target, "vmwalk")
			print ""
		}
	}
	print ""
}

# The figures of a bar as JSON, and a line of text.
function judge(line,  w, a, b, ratio, met) {
	split(line, w)
	a = cost_of(w[1], w[2])
	b = cost_of(w[1], w[4])
	if (a == "" || b == "")
		return ""
	ratio = a / b
	met = w[3] == "<=" ? ratio <= w[5] : ratio >= w[5]
	printf "%-8s %-14s %-10s / %-14s %9.3f, %s %s\n", met ? "met" : "NOT MET",
		w[1], w[2], w[4], ratio, w[3], w[5]
	return sprintf("{\"target\":\"%s\",\"figure\":\"%s\",\"beside\":\"%s\"," \
		"\"ratio\":%.4f,\"bar\":\"%s %s\",\"met\":%s}",
		w[1], w[2], w[4], ratio, w[3], w[5], met ? "true" : "false")
}

function write_json(judged,  t, c, sep, inner) {
	printf "{\"kernel\":\"%s\",\"clock\":\"%s\",\"cost\":{", kernel, clock >json
	for (t = 1; t <= nr_targets; t++) {
		printf "%s\n\"%s\":{", sep, targets[t] >json
		sep = ","
		inner = ""
		for (c = 1; c <= nr_columns; c++)
			if ((targets[t], columns[c]) in cost) {
				printf "%s\"%s\":%d", inner, columns[c],
					cost[targets[t], columns[c]] >json
				inner = ","
			}
		printf "}" >json
	}
	printf "},\"bars\":[%s]}\n", judged >json
}

END {
	print_table()
	for (i = 1; i <= bars; i++) {
		one = judge(bar[i])
		if (one != "")
			judged = judged (judged ? "," : "") "\n" one
	}
	if (json)
		write_json(judged)
	for (i = 1; i <= wrongs; i++)
		print wrong[i]
	exit wrongs > 0
}
