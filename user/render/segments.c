// SPDX-License-Identifier: GPL-2.0
/* The table of segments: which columns there is room for, and what is in them. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "columns.h"
#include "digits.h"
#include "table.h"

/* In columns with the gap before each. */
#define NAME_LEAST	10	/* that tell one from another */
#define NAME_MOST	16
#define PERCENT_WIDTH	6
#define START_WIDTH	13
#define RANGE_WIDTH	38	/* range, and something of the path */
#define BAR_WIDTH	9

#define CELLS		8	/* of the bar */
#define CELLS_WIDE	16
#define MAX_COLUMNS	24
#define BOLD		"1"

struct layout {
	struct vmw_table *table;
	const struct vmw_style *style;
	const struct vmw_aspace *as;
	const struct vmw_rows *rows;
	const struct vmw_segment_column *column[MAX_COLUMNS];
	size_t nr;
	bool extras;		/* have columns, or else a line */
	unsigned int cells;	/* of the bar */
};

static const char *size(const struct layout *l, uint64_t bytes, char buf[32])
{
	return vmw_size(l->style, l->as->page_shift, bytes, buf, 32);
}

static uint64_t total_of(const struct layout *l,
			 const struct vmw_segment_column *c)
{
	return vmw_column_value(&l->rows->total, c);
}

/* Eighths of a cell, of @cells that stand for @whole. Something is never 0. */
static unsigned int eighths(uint64_t part, uint64_t whole, unsigned int cells)
{
	double n = whole ? 8.0 * cells * part / whole : 0;

	if (part && n < 1)
		return 1;
	return part < whole && n >= 8 * cells ? 8 * cells - 1 : n;
}

static void bar_cell(const struct layout *l, const struct vmw_usage *u,
		     const char *color)
{
	static const char *const utf8[] = {
		"·", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█",
	};
	const unsigned int full = eighths(u->resident, u->mapped, l->cells);
	char bar[CELLS_WIDE * sizeof("█")], *p = bar;

	*p = 0;
	for (unsigned int i = 0; i < l->cells; i++) {
		unsigned int n = full > 8 * i ? full - 8 * i : 0;

		if (n > 8)
			n = 8;
		if (l->style->utf8)
			p = stpcpy(p, utf8[n]);
		else
			p = stpcpy(p, n == 8 || (n && !i) ? "#" : ".");
	}
	vmw_table_text(l->table, bar, color);
}

/* Never "0.0" for something, nor "100.0" for less than all. */
static void percent_cell(struct vmw_table *t, const struct vmw_usage *u)
{
	const double percent = u->mapped ? 100.0 * u->resident / u->mapped : 0;
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

static void segment_cell(const struct layout *l, const struct vmw_row *row)
{
	char name[VMW_ROW_NAME];

	vmw_row_name(row, name, sizeof(name));
	vmw_table_text(l->table, name, NULL);
}

/* @row: NULL for the total, which is nowhere and has no name. */
static void put_cell(const struct layout *l, const struct vmw_row *row,
		     const struct vmw_segment_column *c)
{
	const struct vmw_usage *u = row ? &row->seg->usage : &l->rows->total;

	switch (c->kind) {
	case VMW_COLUMN_SEGMENT:
		if (row)
			segment_cell(l, row);
		else
			vmw_table_text(l->table, "total", NULL);
		return;
	case VMW_COLUMN_SIZE:
		vmw_table_size(l->table, vmw_column_value(u, c));
		return;
	case VMW_COLUMN_PERCENT:
		percent_cell(l->table, u);
		return;
	case VMW_COLUMN_BAR:
		bar_cell(l, u, row ? vmw_segment_color(row->seg->kind) : NULL);
		return;
	default:
		break;
	}
	if (!row)
		vmw_table_text(l->table, "", NULL);
	else if (c->kind == VMW_COLUMN_COUNT)
		vmw_table_number(l->table, row->seg->nr_vmas);
	else if (c->kind == VMW_COLUMN_START)
		vmw_table_hex(l->table, row->seg->start, 1);
	else if (c->kind == VMW_COLUMN_RANGE)
		vmw_table_range(l->table, row->seg->start, row->seg->end);
	else
		vmw_table_name(l->table, row->folded == 1 && row->seg->name ?
			       row->seg->name : "");
}

static void put_row(const struct layout *l, const struct vmw_row *row)
{
	vmw_table_row(l->table, row ? NULL : BOLD);
	for (size_t i = 0; i < l->nr; i++)
		put_cell(l, row, l->column[i]);
}

static void add_column(const struct layout *l,
		       const struct vmw_segment_column *c)
{
	enum vmw_column kind = VMW_COL_NUMBER;

	if (c->kind == VMW_COLUMN_SEGMENT || c->kind == VMW_COLUMN_PATH)
		kind = VMW_COL_CUT;
	else if (c->kind >= VMW_COLUMN_BAR && c->kind != VMW_COLUMN_COUNT)
		kind = VMW_COL_TEXT;
	vmw_table_column(l->table, c->kind == VMW_COLUMN_BAR ? "" : c->title,
			 kind);
}

/* Columns that @c takes: its total is the longest number, or nearly so. */
static unsigned int width_of(const struct layout *l,
			     const struct vmw_segment_column *c)
{
	char buf[32];
	size_t digits = strlen(size(l, total_of(l, c), buf));

	return 1 + (digits > strlen(c->title) ? digits : strlen(c->title));
}

static unsigned int width_of_names(const struct layout *l)
{
	unsigned int widest = strlen("SEGMENT");
	char name[VMW_ROW_NAME];

	for (size_t i = 0; i < l->rows->nr && widest < NAME_MOST; i++) {
		vmw_row_name(&l->rows->row[i], name, sizeof(name));
		if (strlen(name) > widest)
			widest = strlen(name);
	}
	return widest < NAME_MOST ? widest : NAME_MOST;
}

static unsigned int width_of_starts(const struct layout *l)
{
	unsigned int widest = sizeof("START");
	char hex[VMW_DIGITS];

	for (size_t i = 0; i < l->rows->nr; i++) {
		const unsigned int width =
			1 + (vmw_hex(hex, l->rows->row[i].seg->start, 1) - hex);

		if (width > widest)
			widest = width;
	}
	return widest;
}

static bool has(const struct layout *l, const struct vmw_segment_column *c)
{
	return c->when == VMW_ALWAYS ||
	       (c->when == VMW_SHARING && l->as->flags & VMWALK_WALK_F_PAGES);
}

/* Of the least that the table can be, without what is told where it is. */
static unsigned int least_width(const struct layout *l)
{
	unsigned int width = PERCENT_WIDTH + BAR_WIDTH;

	for (size_t i = 0; i < vmw_nr_segment_columns; i++)
		if (vmw_segment_columns[i].kind == VMW_COLUMN_SIZE &&
		    has(l, &vmw_segment_columns[i]))
			width += width_of(l, &vmw_segment_columns[i]);
	return width;
}

static unsigned int extra_width(const struct layout *l)
{
	unsigned int width = 0;

	for (size_t i = 0; i < vmw_nr_segment_columns; i++) {
		const struct vmw_segment_column *c = &vmw_segment_columns[i];

		if (c->when == VMW_EXTRA && total_of(l, c))
			width += width_of(l, c);
	}
	return width;
}

/* What is given up first in a narrow place: returns what it needs then. */
static unsigned int give_up(struct layout *l, unsigned int width,
			    const char *title)
{
	const struct vmw_segment_column *c = vmw_find_column(title,
							     strlen(title));

	for (size_t i = 0; width > l->style->width && i < l->nr; i++) {
		if (l->column[i] != c)
			continue;
		memmove(&l->column[i], &l->column[i + 1],
			(--l->nr - i) * sizeof(l->column[0]));
		width -= c->kind == VMW_COLUMN_START ? width_of_starts(l) :
			 c->kind == VMW_COLUMN_BAR ? BAR_WIDTH : width_of(l, c);
	}
	return width;
}

/* What does not fit is left out, the least wanted first. */
static void lay_out(struct layout *l)
{
	static const char *const least_wanted[] = {
		"START", "RESERVED", "PRESENT", "SHARED", "PRIVATE",
		"SWAPPED", "BAR",
	};
	const unsigned int least = least_width(l), names = width_of_names(l);
	const unsigned int width = least + names, extra = extra_width(l);
	unsigned int need = least + width_of_starts(l) +
			    (names < NAME_LEAST ? names : NAME_LEAST);
	bool ranges;

	l->extras = l->style->width >= width + extra + START_WIDTH;
	ranges = l->style->width >= width + extra + RANGE_WIDTH;
	l->cells = l->style->width >= width + extra + RANGE_WIDTH + CELLS_WIDE ?
		   CELLS_WIDE : CELLS;
	for (size_t i = 0; i < vmw_nr_segment_columns; i++) {
		const struct vmw_segment_column *c = &vmw_segment_columns[i];
		bool wanted = has(l, c);

		if (c->when == VMW_EXTRA)
			wanted = l->extras && total_of(l, c);
		else if (c->kind == VMW_COLUMN_START)
			wanted = !ranges;
		else if (c->kind >= VMW_COLUMN_RANGE)
			wanted = ranges;
		if (wanted)
			l->column[l->nr++] = c;
	}
	for (size_t i = 0; i < sizeof(least_wanted) / sizeof(*least_wanted); i++)
		need = give_up(l, need, least_wanted[i]);
}

/* Those that were asked for, as they were. */
static int take_columns(struct layout *l, const char *list)
{
	l->extras = true;
	l->cells = l->style->width < 100 ? CELLS : CELLS_WIDE;
	while (*list) {
		const size_t len = strcspn(list, ",");
		const struct vmw_segment_column *c = vmw_find_column(list, len);

		if (!c || l->nr == MAX_COLUMNS)
			return -EINVAL;
		l->column[l->nr++] = c;
		list += len + (list[len] == ',');
	}
	return l->nr ? 0 : -EINVAL;
}

/* In a line what had no room as columns. */
static void print_extras(FILE *out, const struct layout *l)
{
	const char *gap = "";
	char buf[32];

	for (size_t i = 0; i < vmw_nr_segment_columns; i++) {
		const struct vmw_segment_column *c = &vmw_segment_columns[i];

		if (c->when != VMW_EXTRA || !total_of(l, c))
			continue;
		fprintf(out, "%s%s %s%s", gap, c->title,
			size(l, total_of(l, c), buf), vmw_size_unit(l->style));
		gap = ", ";
	}
	if (*gap)
		fputc('\n', out);
}

int vmw_render_rows(FILE *out, const struct vmw_style *style,
		    const struct vmw_aspace *as, const struct vmw_rows *rows,
		    const struct vmw_show *show)
{
	struct layout l = { .style = style, .as = as, .rows = rows };
	int ret = 0;

	if (show->columns)
		ret = take_columns(&l, show->columns);
	else
		lay_out(&l);
	if (ret)
		return ret;
	l.table = vmw_table_create(out, style, as->page_shift);
	if (!l.table)
		return -ENOMEM;
	for (size_t i = 0; i < l.nr; i++)
		add_column(&l, l.column[i]);
	for (size_t i = 0; i < rows->nr; i++)
		put_row(&l, &rows->row[i]);
	if (rows->total.mapped && !style->csv)
		put_row(&l, NULL);
	ret = vmw_table_destroy(l.table);
	if (style->csv)
		return ret;
	fputc('\n', out);
	if (!l.extras)
		print_extras(out, &l);
	return ret;
}
