// SPDX-License-Identifier: GPL-2.0
#include "rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"

/* Of the VMAs that pass: sums and ends for each segment, in its place. */
static void sum_up(const struct vmw_aspace *as, const struct vmw_segments *segs,
		   const struct vmw_filter *filter, struct vmw_segment *sums)
{
	for (size_t i = 0; i < as->nr_vmas; i++) {
		const struct vmw_vma *vma = &as->vmas[i];
		const uint32_t of = segs->of_vma[i];
		struct vmw_segment *seg = &sums[of];

		if (!vmw_filter_passes(filter, vma, &segs->seg[of]))
			continue;
		if (!seg->nr_vmas++)
			seg->start = vma->info.start;
		seg->end = vma->info.end;
		vmw_usage_add(&seg->usage, &vma->usage);
	}
}

/* Without a filter the sums are those of the segments. */
static void filter_segments(const struct vmw_aspace *as,
			    const struct vmw_segments *segs,
			    const struct vmw_filter *filter,
			    struct vmw_rows *rows)
{
	for (size_t i = 0; i < segs->nr; i++) {
		rows->sums[i] = segs->seg[i];
		rows->sums[i].nr_vmas = 0;
		rows->sums[i].usage = (struct vmw_usage){ 0 };
		rows->row[i].seg = &rows->sums[i];
	}
	sum_up(as, segs, filter, rows->sums);
}

static bool is_folded(const struct vmw_segment *seg)
{
	return seg->kind == VMW_SEG_LIBRARY ||
	       (seg->kind == VMW_SEG_ANON && !seg->name);
}

/* @sum is for what @to becomes: what it is now, and @from. */
static void fold(struct vmw_row *to, const struct vmw_segment *from,
		 struct vmw_segment *sum)
{
	if (to->folded++ == 1)
		*sum = *to->seg;
	to->seg = sum;
	sum->nr_vmas += from->nr_vmas;
	if (sum->start > from->start)
		sum->start = from->start;
	if (sum->end < from->end)
		sum->end = from->end;
	vmw_usage_add(&sum->usage, &from->usage);
}

/* Leaves out what is empty; puts those together that are folded, into @sums. */
static void gather(struct vmw_rows *rows, size_t nr, bool all,
		   struct vmw_segment sums[VMW_SEG_KINDS])
{
	size_t into[VMW_SEG_KINDS] = { 0 };	/* a row + 1, 0: none yet */

	for (size_t i = 0; i < nr; i++) {
		const struct vmw_row row = rows->row[i];
		const enum vmw_segment_kind kind = row.seg->kind;

		if (!row.seg->nr_vmas)
			continue;
		vmw_usage_add(&rows->total, &row.seg->usage);
		if (!all && is_folded(row.seg) && into[kind]) {
			fold(&rows->row[into[kind] - 1], row.seg, &sums[kind]);
			continue;
		}
		rows->row[rows->nr++] = row;
		if (is_folded(row.seg))
			into[kind] = rows->nr;
	}
}

int vmw_rows_make(const struct vmw_aspace *as, const struct vmw_segments *segs,
		  const struct vmw_show *show, struct vmw_rows *rows)
{
	const size_t filtered = show->filter ? segs->nr : 0;

	*rows = (struct vmw_rows){ 0 };
	if (show->sort && !vmw_find_column(show->sort, strlen(show->sort)))
		return -EINVAL;
	rows->row = calloc(segs->nr + 1, sizeof(*rows->row));
	rows->sums = calloc(filtered + VMW_SEG_KINDS, sizeof(*rows->sums));
	if (!rows->row || !rows->sums) {
		vmw_rows_deinit(rows);
		return -ENOMEM;
	}
	for (size_t i = 0; i < segs->nr; i++)
		rows->row[i] = (struct vmw_row){ &segs->seg[i], i, 1 };
	if (show->filter)
		filter_segments(as, segs, show->filter, rows);
	gather(rows, segs->nr, show->all, rows->sums + filtered);
	if (show->sort)
		vmw_sort_rows(rows, vmw_find_column(show->sort,
						    strlen(show->sort)));
	return 0;
}

void vmw_rows_deinit(struct vmw_rows *rows)
{
	free(rows->row);
	free(rows->sums);
}

void vmw_row_name(const struct vmw_row *row, char *buf, size_t size)
{
	if (row->folded == 1)
		vmw_segment_name(row->seg, buf, size);
	else
		snprintf(buf, size, "%zu %s", row->folded,
			 row->seg->kind == VMW_SEG_LIBRARY ? "libraries" : "anon");
}
