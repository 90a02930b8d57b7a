// SPDX-License-Identifier: GPL-2.0
/* The process in a few lines, then its segments in a table. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "digits.h"
#include "go.h"
#include "table.h"

/* Of the table, in columns with the gap before each. */
#define NAME_MAX_WIDTH	16
#define PERCENT_WIDTH	6
#define START_WIDTH	13
#define RANGE_WIDTH	38	/* range, and something of the path */
#define BAR_WIDTH	9

#define CELLS		8	/* of the bar */
#define CELLS_WIDE	16
#define BOLD		"1"

struct column {
	const char *title;
	size_t offset;		/* into struct vmw_usage, an uint64_t */
};

static const struct column numbers[] = {
	{ "MAPPED", offsetof(struct vmw_usage, mapped) },
	{ "RESERVED", offsetof(struct vmw_usage, reserved) },
	{ "PRESENT", offsetof(struct vmw_usage, present) },
	{ "RESIDENT", offsetof(struct vmw_usage, resident) },
	{ "SWAPPED", offsetof(struct vmw_usage, swapped) },
};

/* If they were asked for. */
static const struct column sharing[] = {
	{ "PSS", offsetof(struct vmw_usage, pss) },
	{ "SHARED", offsetof(struct vmw_usage, shared) },
	{ "PRIVATE", offsetof(struct vmw_usage, private) },
};

/* Where there is something to tell, and room to tell it. */
static const struct column extras[] = {
	{ "THP", offsetof(struct vmw_usage, anon_huge) },
	{ "ZERO", offsetof(struct vmw_usage, zero) },
	{ "PFN", offsetof(struct vmw_usage, pfn) },
	{ "HUGETLB", offsetof(struct vmw_usage, hugetlb) },
	{ "OTHER", offsetof(struct vmw_usage, other) },
};

#define NR_NUMBERS (sizeof(numbers) / sizeof(numbers[0]))
#define NR_SHARING (sizeof(sharing) / sizeof(sharing[0]))
#define NR_EXTRAS (sizeof(extras) / sizeof(extras[0]))

struct show {
	struct vmw_table *table;
	const struct vmw_style *style;
	const struct vmw_aspace *as;
	const struct vmw_segments *segs;

	/* The layout. */
	bool sharing;
	bool extras;
	bool ranges;		/* and paths; else where a segment starts */
	unsigned int cells;	/* of the bar */
};

static uint64_t value_of(const struct vmw_usage *u, const struct column *c)
{
	return *(const uint64_t *)((const char *)u + c->offset);
}

static uint64_t total_of(const struct show *s, const struct column *c)
{
	return value_of(&s->segs->total, c);
}

static const char *size(const struct show *s, uint64_t bytes, char buf[32])
{
	return vmw_size(s->style, s->as->page_shift, bytes, buf, 32);
}

/* Eighths of a cell, of @cells that stand for @whole. Something is never 0. */
static unsigned int eighths(uint64_t part, uint64_t whole, unsigned int cells)
{
	double n = 8.0 * cells * part / whole;

	if (part && n < 1)
		return 1;
	return part < whole && n >= 8 * cells ? 8 * cells - 1 : n;
}

static void draw_bar(const struct show *s, const struct vmw_usage *u, char *buf)
{
	static const char *const utf8[] = {
		"·", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█",
	};
	const unsigned int full = eighths(u->resident, u->mapped, s->cells);

	for (unsigned int i = 0; i < s->cells; i++) {
		unsigned int n = full > 8 * i ? full - 8 * i : 0;

		if (n > 8)
			n = 8;
		if (s->style->utf8)
			buf = stpcpy(buf, utf8[n]);
		else
			buf = stpcpy(buf, n == 8 || (n && !i) ? "#" : ".");
	}
}

/* Never "0.0" for something, nor "100.0" for less than all. */
static void percent_cell(struct vmw_table *t, const struct vmw_usage *u)
{
	const double percent = 100.0 * u->resident / u->mapped;
	unsigned int tenths = 10 * percent + 0.5;
	char buf[VMW_DIGITS], *p;

	if (u->resident && percent < 0.1) {
		vmw_table_text(t, "<0.1", NULL);
		return;
	}
	if (u->resident < u->mapped && tenths > 999)
		tenths = 999;
	p = vmw_decimal(buf, tenths / 10);
	*p++ = '.';
	vmw_decimal(p, tenths % 10);
	vmw_table_text(t, buf, NULL);
}

static void usage_cells(const struct show *s, const struct vmw_usage *u)
{
	for (size_t i = 0; i < NR_NUMBERS; i++)
		vmw_table_size(s->table, value_of(u, &numbers[i]));
	for (size_t i = 0; s->sharing && i < NR_SHARING; i++)
		vmw_table_size(s->table, value_of(u, &sharing[i]));
	for (size_t i = 0; s->extras && i < NR_EXTRAS; i++)
		if (total_of(s, &extras[i]))
			vmw_table_size(s->table, value_of(u, &extras[i]));
	percent_cell(s->table, u);
}

static void segment_row(const struct show *s, const struct vmw_segment *seg)
{
	char bar[CELLS_WIDE * sizeof("█")], name[4 * NAME_MAX + 1];

	vmw_segment_name(seg, name, sizeof(name));
	vmw_table_row(s->table, NULL);
	vmw_table_text(s->table, name, NULL);
	usage_cells(s, &seg->usage);
	draw_bar(s, &seg->usage, bar);
	vmw_table_text(s->table, bar, vmw_segment_color(seg->kind));
	if (!s->ranges) {
		vmw_table_hex(s->table, seg->start, 1);
		return;
	}
	vmw_table_range(s->table, seg->start, seg->end);
	vmw_table_name(s->table, seg->name ? seg->name : "");
}

static void total_row(const struct show *s)
{
	const struct vmw_usage *total = &s->segs->total;
	char bar[CELLS_WIDE * sizeof("█")];

	if (!total->mapped)
		return;
	vmw_table_row(s->table, BOLD);
	vmw_table_text(s->table, "total", NULL);
	usage_cells(s, total);
	draw_bar(s, total, bar);
	vmw_table_text(s->table, bar, NULL);
}

/* Columns that @c takes: its total is the longest number, or nearly so. */
static unsigned int width_of(const struct show *s, const struct column *c)
{
	char buf[32];
	size_t digits = strlen(size(s, total_of(s, c), buf));

	return 1 + (digits > strlen(c->title) ? digits : strlen(c->title));
}

/* What does not fit is left out, the least wanted first. */
static void lay_out(struct show *s)
{
	unsigned int width = PERCENT_WIDTH + BAR_WIDTH, extra = 0, names = 0;
	char name[4 * NAME_MAX + 1];

	for (size_t i = 0; i < s->segs->nr; i++) {
		vmw_segment_name(&s->segs->seg[i], name, sizeof(name));
		if (strlen(name) > names)
			names = strlen(name);
	}
	width += names < NAME_MAX_WIDTH ? names : NAME_MAX_WIDTH;
	for (size_t i = 0; i < NR_NUMBERS; i++)
		width += width_of(s, &numbers[i]);
	for (size_t i = 0; s->sharing && i < NR_SHARING; i++)
		width += width_of(s, &sharing[i]);
	for (size_t i = 0; i < NR_EXTRAS; i++)
		if (total_of(s, &extras[i]))
			extra += width_of(s, &extras[i]);
	s->extras = s->style->width >= width + extra + START_WIDTH;
	s->ranges = s->style->width >= width + extra + RANGE_WIDTH;
	s->cells = s->style->width >= width + extra + RANGE_WIDTH + CELLS_WIDE ?
		   CELLS_WIDE : CELLS;
}

static void add_columns(const struct show *s)
{
	vmw_table_column(s->table, "SEGMENT", VMW_COL_CUT);
	for (size_t i = 0; i < NR_NUMBERS; i++)
		vmw_table_column(s->table, numbers[i].title, VMW_COL_NUMBER);
	for (size_t i = 0; s->sharing && i < NR_SHARING; i++)
		vmw_table_column(s->table, sharing[i].title, VMW_COL_NUMBER);
	for (size_t i = 0; s->extras && i < NR_EXTRAS; i++)
		if (total_of(s, &extras[i]))
			vmw_table_column(s->table, extras[i].title,
					 VMW_COL_NUMBER);
	vmw_table_column(s->table, "RES%", VMW_COL_NUMBER);
	vmw_table_column(s->table, "", VMW_COL_TEXT);
	if (s->ranges) {
		vmw_table_column(s->table, "RANGE", VMW_COL_TEXT);
		vmw_table_column(s->table, "NAME", VMW_COL_CUT);
	} else {
		vmw_table_column(s->table, "START", VMW_COL_TEXT);
	}
}

static int print_table(struct show *s, FILE *out)
{
	s->table = vmw_table_create(out, s->style, s->as->page_shift);
	if (!s->table)
		return -ENOMEM;
	lay_out(s);
	add_columns(s);
	for (size_t i = 0; i < s->segs->nr; i++)
		segment_row(s, &s->segs->seg[i]);
	total_row(s);
	return vmw_table_destroy(s->table);
}

static void print_size(FILE *out, const struct show *s, const char *label,
		       uint64_t bytes)
{
	char buf[32];

	fprintf(out, "%s%s%s", label, size(s, bytes, buf),
		vmw_size_unit(s->style));
}

/* What the kernel keeps count of, beside RSS in sum. */
static void print_counters(FILE *out, const struct show *s)
{
	const struct vmwalk_mm *mm = &s->as->mm;

	print_size(out, s, "RSS: anon ", mm->rss_anon);
	print_size(out, s, ", file ", mm->rss_file);
	print_size(out, s, ", shmem ", mm->rss_shmem);
	print_size(out, s, "; at most ", mm->hiwater_rss);
	print_size(out, s, ", of ", mm->hiwater_vm);
	fputs(" mapped\n", out);
	if (!mm->locked && !mm->pinned)
		return;
	print_size(out, s, "locked ", mm->locked);
	print_size(out, s, ", pinned ", mm->pinned);
	fputc('\n', out);
}

static void print_header(FILE *out, const struct show *s)
{
	const struct vmw_aspace *as = s->as;
	char comm[4 * sizeof(as->comm) + 1];

	vmw_escape_name(as->comm, comm, sizeof(comm));
	fprintf(out, "pid %u (%s), %zu VMAs\n", as->mm.pid, comm, as->nr_vmas);
	print_size(out, s, "mapped ", s->segs->total.mapped);
	print_size(out, s, ", resident ", s->segs->total.resident);
	print_size(out, s, ", page tables ", as->mm.page_tables);
	fputc('\n', out);
	print_counters(out, s);
	fprintf(out, "walked in %.2f ms, mmap_lock held for %.2f ms at most\n",
		as->end.walk_ns / 1e6, as->end.hold_max_ns / 1e6);
}

/* In a line what had no room as columns. */
static void print_extras(FILE *out, const struct show *s)
{
	const char *gap = "";
	char buf[32];

	for (size_t i = 0; i < NR_EXTRAS; i++) {
		if (!total_of(s, &extras[i]))
			continue;
		fprintf(out, "%s%s %s%s", gap, extras[i].title,
			size(s, total_of(s, &extras[i]), buf),
			vmw_size_unit(s->style));
		gap = ", ";
	}
	if (*gap)
		fputc('\n', out);
}

static void print_vsyscall(FILE *out, const struct vmw_aspace *as)
{
	static const char *const modes[] = {
		[VMW_VSYSCALL_UNKNOWN] = "mode not known",
		[VMW_VSYSCALL_NONE] = "none",
		[VMW_VSYSCALL_XONLY] =
			"xonly: calls are emulated, nothing is mapped to read",
		[VMW_VSYSCALL_EMULATE] =
			"emulate: calls are emulated, the page can be read",
	};

	fprintf(out, "vsyscall: %s\n", modes[as->vsyscall]);
}

static void print_landmarks(FILE *out, const struct vmwalk_mm *mm)
{
	fprintf(out, "code %llx-%llx, data %llx-%llx, brk %llx-%llx\n",
		mm->start_code, mm->end_code, mm->start_data, mm->end_data,
		mm->start_brk, mm->brk);
	fprintf(out, "stack %llx, args %llx-%llx, env %llx-%llx\n",
		mm->start_stack, mm->arg_start, mm->arg_end, mm->env_start,
		mm->env_end);
	fprintf(out, "mmap_base %llx, task_size %llx\n", mm->mmap_base,
		mm->task_size);
}

/* Whose runtime the names of Go's segments come from. */
static void print_runtime(FILE *out, const struct vmw_aspace *as)
{
	const struct vmw_runtime *rt = &as->runtime;
	char version[4 * VMW_NAME_MAX];

	vmw_escape_name(rt->version, version, sizeof(version));
	if (*version)
		fprintf(out, "runtime: %s, known by %s; vmwalk go tells more\n",
			version, vmw_evidence_name(rt->source));
	vmw_render_note(out, as);
}

int vmw_render_show(FILE *out, const struct vmw_style *style,
		    const struct vmw_aspace *as,
		    const struct vmw_segments *segs)
{
	struct show s = {
		.style = style, .as = as, .segs = segs,
		.sharing = as->flags & VMWALK_WALK_F_PAGES,
	};
	int ret;

	print_header(out, &s);
	fputc('\n', out);
	ret = print_table(&s, out);
	if (ret)
		return ret;
	fputc('\n', out);
	if (!s.extras)
		print_extras(out, &s);
	print_landmarks(out, &as->mm);
	print_vsyscall(out, as);
	print_runtime(out, as);
	return ferror(out) ? -EIO : 0;
}
