/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables, row by row. Errors stick: check once, at the end. Private to the views.
 *
 * A table may have a row for each of a hundred thousand VMAs, and how wide a
 * column is, is known only with the last of them. So what is kept of a row is its
 * text, one cell after the other, and nothing else.
 */
#ifndef VMW_TABLE_H
#define VMW_TABLE_H

#include "render.h"

enum vmw_column {
	VMW_COL_TEXT,
	VMW_COL_NUMBER,		/* to the right */
	VMW_COL_CUT,		/* text that is shortened if the line is too long */
};

struct vmw_table;

struct vmw_table *vmw_table_create(FILE *out, const struct vmw_style *style,
				   uint32_t page_shift);	/* NULL: no memory */
/* Prints and frees; 0 or a negative errno of all that went before. */
int vmw_table_destroy(struct vmw_table *t);

/* All columns come before the first row. @title is not copied. */
void vmw_table_column(struct vmw_table *t, const char *title,
		      enum vmw_column kind);
/*
 * Likewise, but it is left out where the table is wider than the terminal; of several
 * first that of the highest @rank, which is above 0.
 */
void vmw_table_spare(struct vmw_table *t, const char *title,
		     enum vmw_column kind, unsigned int rank);
/* Begins a row. @color: SGR parameters for all of it, or NULL. */
void vmw_table_row(struct vmw_table *t, const char *color);

/* Each fills the row's next cell; those left over stay empty. */
void vmw_table_text(struct vmw_table *t, const char *text, const char *color);
void vmw_table_name(struct vmw_table *t, const char *name);	/* escaped here */
void vmw_table_size(struct vmw_table *t, uint64_t bytes);
void vmw_table_number(struct vmw_table *t, uint64_t number);
void vmw_table_hex(struct vmw_table *t, uint64_t number, unsigned int digits);
void vmw_table_range(struct vmw_table *t, uint64_t start, uint64_t end);
void vmw_table_print(struct vmw_table *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
