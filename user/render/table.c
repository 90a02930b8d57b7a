// SPDX-License-Identifier: GPL-2.0
#include "table.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "digits.h"
#include "text.h"

#define MAX_COLUMNS	32
#define FIRST_ROOM	4096	/* bytes */
#define NAME_WIDTH	16	/* columns that tell one name from another */
#define ESC		'\033'
#define COLOR_MAX	16	/* bytes of an escape sequence, two of them a cell */

struct column {
	const char *title;
	enum vmw_column kind;
	unsigned int width;	/* of the widest cell, then that it gets */
	size_t bytes;		/* of the longest cell */
	unsigned int rank;	/* vmw_table_spare(); 0: never left out */
	bool left_out;
};

/*
 * A row in @text is its colour, a string, and for each column a cell, a string as
 * well; before a cell of a colour of its own goes ESC and that colour, one more. No
 * text has an ESC in it: names come escaped.
 */
struct vmw_table {
	FILE *out;
	struct vmw_style style;
	uint32_t page_shift;
	struct column column[MAX_COLUMNS];
	size_t nr_columns;
	char *text;
	size_t len, room;
	size_t cells;		/* of the last row, filled by now */
	int error;
};

static void keep_error(struct vmw_table *t, int error)
{
	if (!t->error)
		t->error = error;
}

struct vmw_table *vmw_table_create(FILE *out, const struct vmw_style *style,
				   uint32_t page_shift)
{
	struct vmw_table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->out = out;
	t->style = *style;
	t->page_shift = page_shift;
	return t;
}

void vmw_table_column(struct vmw_table *t, const char *title,
		      enum vmw_column kind)
{
	if (t->nr_columns == MAX_COLUMNS) {
		keep_error(t, -EINVAL);
		return;
	}
	t->column[t->nr_columns++] = (struct column){
		.title = title, .kind = kind, .bytes = strlen(title),
		.width = vmw_text_size(title).width,
	};
}

void vmw_table_spare(struct vmw_table *t, const char *title,
		     enum vmw_column kind, unsigned int rank)
{
	vmw_table_column(t, title, kind);
	t->column[t->nr_columns - 1].rank = rank;
}

/* Room for @bytes more, or NULL. Grows by half: what is not touched costs nothing. */
static char *make_room(struct vmw_table *t, size_t bytes)
{
	size_t room = t->room;
	char *text;

	if (t->error)
		return NULL;
	while (room - t->len < bytes)
		room += room ? room / 2 : FIRST_ROOM;
	if (room != t->room) {
		text = realloc(t->text, room);
		if (!text) {
			keep_error(t, -ENOMEM);
			return NULL;
		}
		t->text = text;
		t->room = room;
	}
	return t->text + t->len;
}

static void fill_row(struct vmw_table *t)
{
	while (t->len && !t->error && t->cells < t->nr_columns)
		vmw_table_text(t, "", NULL);
}

void vmw_table_row(struct vmw_table *t, const char *color)
{
	const size_t len = color && t->style.color ? strlen(color) + 1 : 1;
	char *p;

	fill_row(t);
	t->cells = 0;
	p = make_room(t, len);
	if (!p)
		return;
	memcpy(p, len > 1 ? color : "", len);
	t->len += len;
}

static void add_cell(struct vmw_table *t, const char *text, struct vmw_text_size size,
		     const char *color)
{
	const size_t color_len = color && t->style.color ? strlen(color) + 2 : 0;
	struct column *column;
	char *p;

	if (t->cells == t->nr_columns)
		keep_error(t, -EINVAL);
	p = make_room(t, color_len + size.bytes + 1);
	if (!p)
		return;
	column = &t->column[t->cells++];
	if (column->width < size.width)
		column->width = size.width;
	if (column->bytes < size.bytes)
		column->bytes = size.bytes;
	if (color_len) {
		*p = ESC;
		memcpy(p + 1, color, color_len - 1);
	}
	memcpy(p + color_len, text, size.bytes + 1);
	t->len += color_len + size.bytes + 1;
}

void vmw_table_text(struct vmw_table *t, const char *text, const char *color)
{
	add_cell(t, text, vmw_text_size(text), color);
}

/* ASCII from @text to @end. */
static void add_number(struct vmw_table *t, const char *text, const char *end)
{
	const size_t len = end - text;

	add_cell(t, text, (struct vmw_text_size){ len, len }, NULL);
}

void vmw_table_name(struct vmw_table *t, const char *name)
{
	char buf[4 * PATH_MAX + 1];

	vmw_escape_name(name, buf, sizeof(buf));
	vmw_table_text(t, buf, NULL);
}

void vmw_table_size(struct vmw_table *t, uint64_t bytes)
{
	char buf[32];

	vmw_table_text(t, vmw_size(&t->style, t->page_shift, bytes, buf,
				   sizeof(buf)), NULL);
}

void vmw_table_number(struct vmw_table *t, uint64_t number)
{
	char buf[VMW_DIGITS];

	add_number(t, buf, vmw_decimal(buf, number));
}

void vmw_table_hex(struct vmw_table *t, uint64_t number, unsigned int digits)
{
	char buf[VMW_DIGITS];

	add_number(t, buf, vmw_hex(buf, number, digits));
}

void vmw_table_range(struct vmw_table *t, uint64_t start, uint64_t end)
{
	char buf[2 * VMW_DIGITS], *p = vmw_hex(buf, start, 1);

	*p++ = '-';
	add_number(t, buf, vmw_hex(p, end, 1));
}

void vmw_table_print(struct vmw_table *t, const char *fmt, ...)
{
	char buf[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	vmw_table_text(t, buf, NULL);
}

/* A column that can be shortened wants as much as makes sense of a name. */
static unsigned int least_width(const struct column *c)
{
	return c->kind == VMW_COL_CUT && c->width > NAME_WIDTH ? NAME_WIDTH :
								 c->width;
}

/* Of a line, with its gaps, if columns get no more than @of tells. */
static unsigned int line_width(const struct vmw_table *t,
			       unsigned int (*of)(const struct column *c))
{
	unsigned int width = 0;

	for (size_t i = 0; i < t->nr_columns; i++)
		if (!t->column[i].left_out)
			width += of(&t->column[i]) + 1;
	return width ? width - 1 : 0;
}

static struct column *least_wanted(struct vmw_table *t)
{
	struct column *least = NULL;

	for (size_t i = 0; i < t->nr_columns; i++) {
		struct column *c = &t->column[i];

		if (c->rank && !c->left_out && (!least || c->rank > least->rank))
			least = c;
	}
	return least;
}

static unsigned int whole_width(const struct column *c)
{
	return c->width;
}

/* That has more than its title to show; NULL: none. */
static struct column *widest_name(struct vmw_table *t)
{
	struct column *widest = NULL;

	for (size_t i = 0; i < t->nr_columns; i++) {
		struct column *c = &t->column[i];

		if (c->kind == VMW_COL_CUT && !c->left_out &&
		    c->width > vmw_text_size(c->title).width &&
		    (!widest || c->width >= widest->width))
			widest = c;
	}
	return widest;
}

/* First columns go that can be done without, then names are shortened. */
static void fit_columns(struct vmw_table *t)
{
	unsigned int width;
	struct column *c;

	while (line_width(t, least_width) > t->style.width &&
	       (c = least_wanted(t)))
		c->left_out = true;
	for (width = line_width(t, whole_width);
	     width > t->style.width && (c = widest_name(t)); width--)
		c->width--;
}

/* A line in the making. */
struct line {
	char *text, *end;
	size_t room;
};

static char *pad(char *p, size_t columns)
{
	memset(p, ' ', columns);
	return p + columns;
}

static char *put_color(char *p, const char *color)
{
	p = stpcpy(p, "\033[");
	p = stpcpy(p, color);
	return stpcpy(p, "m");
}

/* @line has room for the cell and its padding. */
static void put_cell(const struct vmw_table *t, struct line *line,
		     const struct column *c, const char *text,
		     const char *color)
{
	const bool colored = t->style.color && *color && *text;
	struct vmw_text_size size = vmw_text_size(text);
	char *p = line->end;

	if (c->left_out)
		return;
	if (c->kind == VMW_COL_NUMBER && size.width < c->width)
		p = pad(p, c->width - size.width);
	if (colored)
		p = put_color(p, color);
	if (size.width > c->width)
		size = vmw_text_shorten(p, text, size.bytes, c->width, t->style.utf8);
	else
		memcpy(p, text, size.bytes);
	p += size.bytes;
	if (colored)
		p = put_color(p, "0");
	if (c->kind != VMW_COL_NUMBER && size.width < c->width)
		p = pad(p, c->width - size.width);
	*p++ = ' ';
	line->end = p;
}

static void print_line(const struct vmw_table *t, struct line *line,
		       const char *color)
{
	char *p = line->end;

	while (p > line->text && p[-1] == ' ')
		p--;
	if (t->style.color && *color)
		p = put_color(p, "0");
	*p++ = '\n';
	fwrite_unlocked(line->text, 1, p - line->text, t->out);
}

static void begin_line(const struct vmw_table *t, struct line *line,
		       const char *color)
{
	line->end = line->text;
	if (t->style.color && *color)
		line->end = put_color(line->end, color);
}

static void print_titles(const struct vmw_table *t, struct line *line)
{
	begin_line(t, line, "");
	for (size_t i = 0; i < t->nr_columns; i++) {
		const char *title = t->column[i].title;

		put_cell(t, line, &t->column[i], title, "");
	}
	print_line(t, line, "");
}

/* Returns where the next row is. */
static const char *print_row(const struct vmw_table *t, struct line *line,
			     const char *row)
{
	const char *row_color = row, *color;

	begin_line(t, line, row_color);
	row += strlen(row) + 1;
	for (size_t i = 0; i < t->nr_columns; i++) {
		color = "";
		if (*row == ESC) {
			color = row + 1;
			row += strlen(row) + 1;
		}
		put_cell(t, line, &t->column[i], row, color);
		row += strlen(row) + 1;
	}
	print_line(t, line, row_color);
	return row;
}

/*
 * Bytes of the longest line, with colours. Characters may be of several bytes, and of
 * no column.
 */
static size_t longest_line(const struct vmw_table *t)
{
	size_t bytes = 2 * COLOR_MAX;

	for (size_t i = 0; i < t->nr_columns; i++)
		bytes += t->column[i].bytes + t->column[i].width +
			 VMW_SIGN_MAX + 2 * COLOR_MAX + 1;
	return bytes;
}

/*
 * A cell. What a spreadsheet would take for a formula begins with an escape, as do
 * characters that are not to be seen; numbers may have a sign.
 */
static void print_field(FILE *out, enum vmw_column kind, const char *text)
{
	char buf[4 * 4 * PATH_MAX + 8];

	if (kind != VMW_COL_NUMBER && *text && strchr("=+-@", *text) &&
	    text[1]) {
		snprintf(buf, sizeof(buf), "\\%03o%s", (unsigned char)*text,
			 text + 1);
		text = buf;
	}
	vmw_csv_field(out, text);
}

/* Bars have no title, and say what the numbers say. */
static void print_csv_line(const struct vmw_table *t, const char *const *cells)
{
	const char *gap = "";

	for (size_t i = 0; i < t->nr_columns; i++) {
		if (!*t->column[i].title)
			continue;
		fputs(gap, t->out);
		print_field(t->out, t->column[i].kind, cells[i]);
		gap = ",";
	}
	fputs("\r\n", t->out);
}

static int print_csv(const struct vmw_table *t)
{
	const char *cells[MAX_COLUMNS], *at = t->text;

	for (size_t i = 0; i < t->nr_columns; i++)
		cells[i] = t->column[i].title;
	print_csv_line(t, cells);
	while (at < t->text + t->len) {
		at += strlen(at) + 1;
		for (size_t i = 0; i < t->nr_columns; i++) {
			if (*at == ESC)
				at += strlen(at) + 1;
			cells[i] = at;
			at += strlen(at) + 1;
		}
		print_csv_line(t, cells);
	}
	return ferror(t->out) ? -EIO : 0;
}

static int print_table(struct vmw_table *t)
{
	struct line line = { .room = longest_line(t) };
	const char *row = t->text;

	if (t->style.csv)
		return print_csv(t);
	line.text = malloc(line.room);
	if (!line.text)
		return -ENOMEM;
	if (!t->style.whole)
		fit_columns(t);
	print_titles(t, &line);
	while (row < t->text + t->len)
		row = print_row(t, &line, row);
	free(line.text);
	return ferror(t->out) ? -EIO : 0;
}

int vmw_table_destroy(struct vmw_table *t)
{
	int ret;

	fill_row(t);
	ret = t->error ? t->error : print_table(t);
	free(t->text);
	free(t);
	return ret;
}
