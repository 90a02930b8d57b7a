/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rows of the table of segments: which there are, of what is to be seen,
 * folded and in what order.
 */
#ifndef VMW_ROWS_H
#define VMW_ROWS_H

#include <limits.h>

#include "render.h"

#define VMW_ROW_NAME	(4 * NAME_MAX + 1)	/* bytes of a row's name */

/* A segment, or several of a kind in one. */
struct vmw_row {
	/* Of the segments; or of .sums, if a part of one, or several of them. */
	const struct vmw_segment *seg;
	size_t index;		/* in the segments; of the lowest, if folded */
	size_t folded;		/* this many segments; 1: it is one */
};

struct vmw_rows {
	struct vmw_row *row;
	size_t nr;
	struct vmw_segment *sums;	/* with the sums and ends of what is shown */
	struct vmw_usage total;
};

/* -EINVAL if there is no column .sort, -ENOMEM; @rows needs no deinit then. */
int vmw_rows_make(const struct vmw_aspace *as, const struct vmw_segments *segs,
		  const struct vmw_show *show, struct vmw_rows *rows);
void vmw_rows_deinit(struct vmw_rows *rows);

/* What @row is called, escaped. */
void vmw_row_name(const struct vmw_row *row, char *buf, size_t size);

/*
 * The table: the titles in the first line, then a line for each row, then the total.
 * -EINVAL if there is no column that @show wants.
 */
int vmw_render_rows(FILE *out, const struct vmw_style *style,
		    const struct vmw_aspace *as, const struct vmw_rows *rows,
		    const struct vmw_show *show);

#endif
