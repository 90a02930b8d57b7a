// SPDX-License-Identifier: GPL-2.0
/* The process in a few lines, then its segments in a table. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "table.h"

/* Columns, beside those of extras, from which more than the least has room. */
#define ROOM_FOR_RANGES	100
#define ROOM_FOR_BAR	124
#define EXTRA_COLUMNS	6

#define CELLS		8	/* of the bar */
#define CELLS_WIDE	16
#define BOLD		"1"

/* Columns that most processes do not need. */
static const struct extra {
	const char *title;
	size_t offset;		/* into struct vmw_usage, an uint64_t */
} extras[] = {
	{ "THP", offsetof(struct vmw_usage, anon_huge) },
	{ "ZERO", offsetof(struct vmw_usage, zero) },
	{ "PFN", offsetof(struct vmw_usage, pfn) },
	{ "HUGETLB", offsetof(struct vmw_usage, hugetlb) },
	{ "OTHER", offsetof(struct vmw_usage, other) },
};

#define NR_EXTRAS (sizeof(extras) / sizeof(extras[0]))

struct show {
	struct vmw_table *table;
	const struct vmw_style *style;
	const struct vmw_aspace *as;
	const struct vmw_segments *segs;
};

static uint64_t extra_of(const struct vmw_usage *u, const struct extra *e)
{
	return *(const uint64_t *)((const char *)u + e->offset);
}

static bool has_extra(const struct show *s, const struct extra *e)
{
	return extra_of(&s->segs->total, e);
}

static bool has_room(const struct show *s, unsigned int columns)
{
	for (size_t i = 0; i < NR_EXTRAS; i++)
		if (has_extra(s, &extras[i]))
			columns += EXTRA_COLUMNS;
	return s->style->width >= columns;
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
	const unsigned int cells = has_room(s, ROOM_FOR_BAR) ? CELLS_WIDE :
							       CELLS;
	const unsigned int full = eighths(u->resident, u->mapped, cells);

	for (unsigned int i = 0; i < cells; i++) {
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

	if (u->resident && percent < 0.1)
		vmw_table_text(t, "<0.1", NULL);
	else if (u->resident < u->mapped && percent > 99.9)
		vmw_table_text(t, "99.9", NULL);
	else
		vmw_table_print(t, "%.1f", percent);
}

static const char *base_name(const char *path)
{
	const char *slash = *path == '/' ? strrchr(path, '/') : NULL;

	return slash && slash[1] ? slash + 1 : path;
}

static void segment_cell(struct vmw_table *t, const struct vmw_segment *seg)
{
	switch (seg->kind) {
	case VMW_SEG_LIBRARY:
	case VMW_SEG_FILE:
	case VMW_SEG_SHM:
	case VMW_SEG_ANON:
		if (!seg->name)
			break;
		vmw_table_name(t, base_name(seg->name));
		return;
	case VMW_SEG_THREAD_STACK:
		if (!seg->tid)
			break;
		vmw_table_print(t, "stack of %d", seg->tid);
		return;
	default:
		break;
	}
	vmw_table_text(t, vmw_segment_kind_name(seg->kind), NULL);
}

static void usage_cells(const struct show *s, const struct vmw_usage *u)
{
	vmw_table_size(s->table, u->mapped);
	vmw_table_size(s->table, u->reserved);
	vmw_table_size(s->table, u->present);
	vmw_table_size(s->table, u->resident);
	vmw_table_size(s->table, u->swapped);
	for (size_t i = 0; i < NR_EXTRAS; i++)
		if (has_extra(s, &extras[i]))
			vmw_table_size(s->table, extra_of(u, &extras[i]));
	percent_cell(s->table, u);
}

static void segment_row(const struct show *s, const struct vmw_segment *seg)
{
	char bar[CELLS_WIDE * sizeof("█")];

	vmw_table_row(s->table, NULL);
	segment_cell(s->table, seg);
	usage_cells(s, &seg->usage);
	draw_bar(s, &seg->usage, bar);
	vmw_table_text(s->table, bar, vmw_segment_color(seg->kind));
	if (!has_room(s, ROOM_FOR_RANGES)) {
		vmw_table_print(s->table, "%" PRIx64, seg->start);
		return;
	}
	vmw_table_print(s->table, "%" PRIx64 "-%" PRIx64, seg->start, seg->end);
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

static void add_columns(const struct show *s)
{
	static const char *const numbers[] = {
		"MAPPED", "RESERVED", "PRESENT", "RESIDENT", "SWAPPED",
	};

	vmw_table_column(s->table, "SEGMENT", VMW_COL_CUT);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		vmw_table_column(s->table, numbers[i], VMW_COL_NUMBER);
	for (size_t i = 0; i < NR_EXTRAS; i++)
		if (has_extra(s, &extras[i]))
			vmw_table_column(s->table, extras[i].title,
					 VMW_COL_NUMBER);
	vmw_table_column(s->table, "RES%", VMW_COL_NUMBER);
	vmw_table_column(s->table, "", VMW_COL_TEXT);
	if (has_room(s, ROOM_FOR_RANGES)) {
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

	fprintf(out, "%s%s%s", label,
		vmw_size(s->style, s->as->page_shift, bytes, buf, sizeof(buf)),
		vmw_size_unit(s->style));
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
	fprintf(out, "\nwalked in %.2f ms, mmap_lock held for %.2f ms at most\n",
		as->end.walk_ns / 1e6, as->end.hold_max_ns / 1e6);
}

static void print_consistency(FILE *out, const struct vmw_aspace *as)
{
	if (!as->complete) {
		fputs("INCOMPLETE: the walk broke off\n", out);
		return;
	}
	switch (as->end.consistency) {
	case VMWALK_CONSISTENT:
		fputs("consistent: no VMA changed meanwhile", out);
		break;
	case VMWALK_CHANGED:
		fputs("CHANGED: VMAs changed meanwhile", out);
		break;
	default:
		fputs("best effort: no change seen; this kernel cannot promise "
		      "more", out);
		break;
	}
	if (as->retries)
		fprintf(out, " (retried %u time%s)", as->retries,
			as->retries == 1 ? "" : "s");
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

int vmw_render_show(FILE *out, const struct vmw_style *style,
		    const struct vmw_aspace *as,
		    const struct vmw_segments *segs)
{
	struct show s = { .style = style, .as = as, .segs = segs };
	int ret;

	print_header(out, &s);
	print_consistency(out, as);
	fputc('\n', out);
	ret = print_table(&s, out);
	if (ret)
		return ret;
	fputc('\n', out);
	print_vsyscall(out, as);
	return ferror(out) ? -EIO : 0;
}
