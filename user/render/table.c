// SPDX-License-Identifier: GPL-2.0
#include "table.h"

#include <errno.h>
#include <libsmartcols.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>

struct vmw_table {
	struct libscols_table *scols;
	struct libscols_line *line;	/* the last */
	struct vmw_style style;
	uint32_t page_shift;
	size_t cell;			/* of the line, the next to fill */
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
	t->scols = scols_new_table();
	if (!t->scols) {
		free(t);
		return NULL;
	}
	t->style = *style;
	t->page_shift = page_shift;
	scols_table_set_stream(t->scols, out);
	scols_table_set_termforce(t->scols, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(t->scols, style->width);
	scols_table_enable_colors(t->scols, style->color);
	scols_table_enable_ascii(t->scols, !style->utf8);
	/* Names come escaped: smartcols's own way would do so twice. */
	scols_table_enable_noencoding(t->scols, 1);
	return t;
}

int vmw_table_destroy(struct vmw_table *t)
{
	int ret;

	if (!t->error)
		keep_error(t, scols_print_table(t->scols));
	ret = t->error;
	scols_unref_table(t->scols);
	free(t);
	return ret;
}

void vmw_table_column(struct vmw_table *t, const char *title,
		      enum vmw_column kind)
{
	static const int flags[] = {
		[VMW_COL_TEXT] = 0,
		[VMW_COL_NUMBER] = SCOLS_FL_RIGHT,
		[VMW_COL_CUT] = SCOLS_FL_TRUNC,
	};

	if (!scols_table_new_column(t->scols, title, 0, flags[kind]))
		keep_error(t, -ENOMEM);
}

/* smartcols wants a whole sequence, and copies it. */
static const char *sequence(const char *color, char *buf, size_t size)
{
	snprintf(buf, size, "\033[%sm", color);
	return buf;
}

void vmw_table_row(struct vmw_table *t, const char *color)
{
	char buf[16];

	t->cell = 0;
	t->line = t->error ? NULL : scols_table_new_line(t->scols, NULL);
	if (!t->line)
		keep_error(t, -ENOMEM);
	else if (color)
		keep_error(t, scols_line_set_color(t->line,
						   sequence(color, buf,
							    sizeof(buf))));
}

void vmw_table_text(struct vmw_table *t, const char *text, const char *color)
{
	struct libscols_cell *cell;
	char buf[16];

	if (t->error)
		return;
	keep_error(t, scols_line_set_data(t->line, t->cell, text));
	cell = scols_line_get_cell(t->line, t->cell++);
	if (cell && color)
		keep_error(t, scols_cell_set_color(cell,
						   sequence(color, buf,
							    sizeof(buf))));
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

void vmw_table_print(struct vmw_table *t, const char *fmt, ...)
{
	char buf[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	vmw_table_text(t, buf, NULL);
}
