// SPDX-License-Identifier: GPL-2.0
#include "rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"

/* Of the VMAs that pass: sums and ends for each segment, in its place. */
static void sum_up(const struct vmw_aspace *as, const struct vmw_segments *segs,
		   const struct vmw_filter *filter, struct vmw_row *row)
{
	for (size_t i = 0; i < as->nr_vmas; i++) {
		const struct vmw_vma *vma = &as->vmas[i];
		const uint32_t of = segs->of_vma[i];
		struct vmw_segment *seg = &row[of].seg;

		if (!vmw_filter_passes(filter, vma, &segs->seg[of]))
			continue;
		if (!seg->nr_vmas++)
			seg->start = vma->info.start;
		seg->end = vma->info.end;
		vmw_usage_add(&seg->usage, &vma->usage);
	}
}

/* Without a filter the sums are there already. */
static void fill(const struct vmw_aspace *as, const struct vmw_segments *segs,
		 const struct vmw_filter *filter, struct vmw_row *row)
{
	for (size_t i = 0; i < segs->nr; i++) {
		row[i] = (struct vmw_row){
			.seg = segs->seg[i], .index = i, .folded = 1,
		};
		if (filter) {
			row[i].seg.nr_vmas = 0;
			row[i].seg.usage = (struct vmw_usage){ 0 };
		}
	}
	if (filter)
		sum_up(as, segs, filter, row);
}

static bool is_folded(const struct vmw_segment *seg)
{
	return seg->kind == VMW_SEG_LIBRARY ||
	       (seg->kind == VMW_SEG_ANON && !seg->name);
}

static void fold(struct vmw_row *to, const struct vmw_row *from)
{
	to->folded++;
	to->seg.nr_vmas += from->seg.nr_vmas;
	if (to->seg.start > from->seg.start)
		to->seg.start = from->seg.start;
	if (to->seg.end < from->seg.end)
		to->seg.end = from->seg.end;
	vmw_usage_add(&to->seg.usage, &from->seg.usage);
}

/* Leaves out what is empty; puts those together that are folded. */
static void gather(struct vmw_rows *rows, size_t nr, bool all)
{
	size_t into[VMW_SEG_KINDS] = { 0 };	/* a row + 1, 0: none yet */

	for (size_t i = 0; i < nr; i++) {
		const struct vmw_row row = rows->row[i];
		size_t *group = &into[row.seg.kind];

		if (!row.seg.nr_vmas)
			continue;
		vmw_usage_add(&rows->total, &row.seg.usage);
		if (!all && is_folded(&row.seg) && *group) {
			fold(&rows->row[*group - 1], &row);
			continue;
		}
		rows->row[rows->nr++] = row;
		if (is_folded(&row.seg))
			*group = rows->nr;
	}
}

int vmw_rows_make(const struct vmw_aspace *as, const struct vmw_segments *segs,
		  const struct vmw_show *show, struct vmw_rows *rows)
{
	*rows = (struct vmw_rows){ 0 };
	if (show->sort && !vmw_find_column(show->sort, strlen(show->sort)))
		return -EINVAL;
	rows->row = calloc(segs->nr + 1, sizeof(*rows->row));
	if (!rows->row)
		return -ENOMEM;
	fill(as, segs, show->filter, rows->row);
	gather(rows, segs->nr, show->all);
	if (show->sort)
		vmw_sort_rows(rows, vmw_find_column(show->sort,
						    strlen(show->sort)));
	return 0;
}

void vmw_rows_deinit(struct vmw_rows *rows)
{
	free(rows->row);
}

void vmw_row_name(const struct vmw_row *row, char *buf, size_t size)
{
	if (row->folded == 1)
		vmw_segment_name(&row->seg, buf, size);
	else
		snprintf(buf, size, "%zu %s", row->folded,
			 row->seg.kind == VMW_SEG_LIBRARY ? "libraries" : "anon");
}
