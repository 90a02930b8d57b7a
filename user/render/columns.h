/* SPDX-License-Identifier: GPL-2.0 */
/* The columns that the table of segments can have, by name. Private to it. */
#ifndef VMW_COLUMNS_H
#define VMW_COLUMNS_H

#include "rows.h"

enum vmw_column_kind {
	VMW_COLUMN_SEGMENT,
	VMW_COLUMN_SIZE,
	VMW_COLUMN_PERCENT,
	VMW_COLUMN_BAR,
	VMW_COLUMN_COUNT,	/* of VMAs */
	VMW_COLUMN_START,
	VMW_COLUMN_RANGE,
	VMW_COLUMN_PATH,
};

struct vmw_segment_column {
	const char *title;	/* in lower case, what -c and --sort take */
	enum vmw_column_kind kind;
	size_t offset;		/* of a size, in struct vmw_usage */
	/* Without -c: always, if it is asked for, or where there is any. */
	enum { VMW_ALWAYS, VMW_SHARING, VMW_EXTRA, VMW_ON_REQUEST } when;
};

extern const struct vmw_segment_column vmw_segment_columns[];
extern const size_t vmw_nr_segment_columns;

/* Of @len bytes; NULL if there is none of that name. */
const struct vmw_segment_column *vmw_find_column(const char *name, size_t len);
uint64_t vmw_column_value(const struct vmw_usage *u,
			  const struct vmw_segment_column *c);
/* Sizes: the largest first; anything else ascending. Else as they were. */
void vmw_sort_rows(struct vmw_rows *rows, const struct vmw_segment_column *c);

#endif
