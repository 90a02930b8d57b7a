/* SPDX-License-Identifier: GPL-2.0 */
/* The steps of a comparison, after VMAs were matched. Private to diff*.c. */
#ifndef VMW_DIFF_INT_H
#define VMW_DIFF_INT_H

#include "diff.h"

/*
 * @array with room for one more than @nr elements of @size bytes, moved if need be;
 * NULL: no memory, and @array is as it was.
 */
void *vmw_diff_room(void *array, size_t nr, size_t *room, size_t size);

/*
 * diff_pages.c: into the runs of @d, and the sums of @row. Both return 0 or -ENOMEM.
 * @pages from address @x of the row's VMA of the first on, against those from @y of
 * that of the second.
 */
int vmw_diff_pages(struct vmw_diff *d, size_t row, uint64_t x, uint64_t y,
		   uint64_t pages);
/* Pages that only one of them maps at all: all are there, or are not. */
int vmw_diff_pages_of_one(struct vmw_diff *d, size_t row, bool old, uint64_t addr,
			  uint64_t pages);

/*
 * diff_segments.c: the segments of the second, and those of the first that nothing
 * came of; when all rows are there. 0 or -ENOMEM.
 */
int vmw_diff_segments(struct vmw_diff *d, const struct vmw_segments *sa,
		      const struct vmw_segments *sb);

#endif
