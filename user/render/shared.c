// SPDX-License-Identifier: GPL-2.0
/* What two processes have on the same page frames, by the first's segments. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "table.h"

#define RANGE_WIDTH	25	/* columns of a range below 2^47 */

static void sums_cells(struct vmw_table *t, const struct vmw_shared_sums *sums)
{
	vmw_table_size(t, vmw_shared_frames(sums));
	vmw_table_size(t, vmw_shared_shared(sums));
	vmw_table_size(t, sums->bytes[VMW_SHARED_ELSEWHERE]);
	vmw_table_size(t, sums->bytes[VMW_PRIVATE_COPIED] +
		       sums->bytes[VMW_PRIVATE]);
	vmw_table_size(t, sums->bytes[VMW_PRIVATE_COPIED]);
}

static void segment_row(struct vmw_table *t, const struct vmw_segment *seg,
			const struct vmw_shared_sums *sums)
{
	vmw_table_row(t, NULL);
	vmw_table_text(t, vmw_segment_kind_name(seg->kind),
		       vmw_segment_color(seg->kind));
	sums_cells(t, sums);
	vmw_table_range(t, seg->start, seg->end);
	vmw_table_name(t, seg->name ? seg->name : "");
}

static int print_table(FILE *out, const struct vmw_style *style,
		       const struct vmw_pair *p,
		       const struct vmw_shared_sums *of_segment)
{
	struct vmw_table *t = vmw_table_create(out, style,
					       p->first->page_shift);

	if (!t)
		return -ENOMEM;
	vmw_table_column(t, "SEGMENT", VMW_COL_TEXT);
	vmw_table_column(t, "FRAMES", VMW_COL_NUMBER);
	vmw_table_column(t, "SHARED", VMW_COL_NUMBER);
	vmw_table_spare(t, "ELSEWHERE", VMW_COL_NUMBER, 2);
	vmw_table_spare(t, "PRIVATE", VMW_COL_NUMBER, 3);
	vmw_table_spare(t, "COPIED", VMW_COL_NUMBER, 1);
	vmw_table_spare(t, "RANGE", VMW_COL_TEXT, 4);
	vmw_table_column(t, "NAME", VMW_COL_CUT);
	for (size_t i = 0; i < p->segs->nr; i++)
		if (vmw_shared_frames(&of_segment[i]))
			segment_row(t, &p->segs->seg[i], &of_segment[i]);
	if (style->csv)
		return vmw_table_destroy(t);
	vmw_table_row(t, "1");
	vmw_table_text(t, "total", NULL);
	sums_cells(t, &p->shared->total);
	return vmw_table_destroy(t);
}

static void print_range(FILE *out, uint64_t start, uint64_t end)
{
	char range[40];

	snprintf(range, sizeof(range), "%" PRIx64 "-%" PRIx64, start, end);
	fprintf(out, "%-*s", RANGE_WIDTH, range);
}

static void print_vma(FILE *out, const struct vmw_vma *vma)
{
	char name[4 * PATH_MAX + 1] = "", perms[5];

	vmw_perms(vma, perms);
	if (vma->name)
		vmw_escape_name(vma->name, name, sizeof(name));
	print_range(out, vma->info.start, vma->info.end);
	fprintf(out, "   %s%s%s\n", perms, *name ? "  " : "", name);
}

static const char *sharing_name(enum vmw_sharing sharing)
{
	static const char *const words[] = {
		[VMW_SHARED_HERE] = "shared",
		[VMW_SHARED_ELSEWHERE] = "shared",
		[VMW_PRIVATE_COPIED] = "private, copied",
		[VMW_PRIVATE] = "private",
	};

	return words[sharing];
}

static void print_run(FILE *out, uint32_t page_shift,
		      const struct vmw_shared_run *run)
{
	fputs("  ", out);
	print_range(out, run->start, run->start + (run->pages << page_shift));
	fprintf(out, " %10" PRIu64 "  %s", run->pages,
		sharing_name(run->sharing));
	if (run->sharing == VMW_SHARED_ELSEWHERE)
		fprintf(out, ", there at %" PRIx64, run->other);
	fputc('\n', out);
}

static void print_runs(FILE *out, const struct vmw_pair *p)
{
	const struct vmw_shared *s = p->shared;

	for (size_t i = 0; i < s->nr; i++) {
		if (!i || s->runs[i].vma != s->runs[i - 1].vma)
			print_vma(out, &p->first->vmas[s->runs[i].vma]);
		print_run(out, p->first->page_shift, &s->runs[i]);
	}
}

static void csv_row(struct vmw_table *t, const struct vmw_pair *p,
		    const struct vmw_shared_run *run)
{
	const struct vmw_vma *vma = &p->first->vmas[run->vma];
	char perms[5];

	vmw_perms(vma, perms);
	vmw_table_row(t, NULL);
	vmw_table_hex(t, run->start, 1);
	vmw_table_hex(t, run->start + (run->pages << p->first->page_shift), 1);
	vmw_table_number(t, run->pages);
	vmw_table_text(t, sharing_name(run->sharing), NULL);
	if (run->sharing <= VMW_SHARED_ELSEWHERE)
		vmw_table_hex(t, run->other, 1);
	else
		vmw_table_text(t, "", NULL);
	vmw_table_text(t, perms, NULL);
	vmw_table_name(t, vma->name ? vma->name : "");
}

/* A run of pages a row. */
static int print_csv_runs(FILE *out, const struct vmw_style *style,
			  const struct vmw_pair *p)
{
	static const char *const titles[] = {
		"START", "END", "PAGES", "SHARING", "OTHER", "PERM", "NAME",
	};
	struct vmw_table *t = vmw_table_create(out, style,
					       p->first->page_shift);

	if (!t)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		vmw_table_column(t, titles[i], VMW_COL_TEXT);
	for (size_t i = 0; i < p->shared->nr; i++)
		csv_row(t, p, &p->shared->runs[i]);
	return vmw_table_destroy(t);
}

static void print_process(FILE *out, const struct vmw_aspace *as)
{
	char comm[4 * sizeof(as->comm) + 1];

	vmw_escape_name(as->comm, comm, sizeof(comm));
	fprintf(out, "pid %u (%s)", as->mm.pid, comm);
}

int vmw_render_shared(FILE *out, const struct vmw_style *style,
		      const struct vmw_pair *pair, bool extents)
{
	struct vmw_shared_sums *sums;
	int ret = 0;

	if (style->csv && extents)
		return print_csv_runs(out, style, pair);
	sums = vmw_shared_of_segments(pair);
	if (!sums)
		return -ENOMEM;
	if (style->csv) {
		ret = print_table(out, style, pair, sums);
		free(sums);
		return ret;
	}
	fputs("page frames of ", out);
	print_process(out, pair->first);
	fputs(", and whether ", out);
	print_process(out, pair->second);
	fputs(" has them\n\n", out);
	if (extents)
		print_runs(out, pair);
	else
		ret = print_table(out, style, pair, sums);
	free(sums);
	if (ret)
		return ret;
	fprintf(out, "\n%u: ", pair->first->mm.pid);
	vmw_render_stamp(out, pair->first);
	fprintf(out, "%u: ", pair->second->mm.pid);
	return vmw_render_stamp(out, pair->second);
}

struct vmw_shared_sums *vmw_shared_of_segments(const struct vmw_pair *pair)
{
	struct vmw_shared_sums *sums = calloc(pair->segs->nr + 1,
					      sizeof(*sums));

	for (size_t i = 0; sums && i < pair->first->nr_vmas; i++)
		vmw_shared_add(&sums[pair->segs->of_vma[i]],
			       &pair->shared->vmas[i]);
	return sums;
}
