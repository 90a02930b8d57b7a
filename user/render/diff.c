// SPDX-License-Identifier: GPL-2.0
/* What became of each segment, of each VMA, and if wanted of each page. */
#include "diff.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "table.h"

#define GAIN	"32"	/* SGR: green */
#define LOSS	"31"	/* red */

/* The columns of pages, of those that are shown only if there are any. */
static const struct {
	const char *title;
	enum vmw_page_change change;
} columns[] = {
	{ "FAULTED", VMW_PAGE_FAULTED },
	{ "DROPPED", VMW_PAGE_DROPPED },
	{ "SWAPOUT", VMW_PAGE_SWAPPED_OUT },
	{ "SWAPIN", VMW_PAGE_SWAPPED_IN },
	{ "COPIED", VMW_PAGE_COPIED },
	{ "COLLAPSED", VMW_PAGE_COLLAPSED },
	{ "SPLIT", VMW_PAGE_SPLIT },
	{ "DIRTIED", VMW_PAGE_DIRTIED },
	{ "CLEANED", VMW_PAGE_CLEANED },
	{ "PROTECTED", VMW_PAGE_PROTECTED },
	{ "MIGRATED", VMW_PAGE_MIGRATED },
};

#define NR_COLUMNS (sizeof(columns) / sizeof(columns[0]))

const char *vmw_vma_change_name(unsigned int bit)
{
	static const char *const names[VMW_VMA_CHANGES] = {
		"new", "gone", "moved", "grew", "shrank", "split", "merged",
		"permission", "renamed",
	};

	return bit < VMW_VMA_CHANGES ? names[bit] : NULL;
}

const char *vmw_vma_changes(uint32_t changes, char text[VMW_VMA_CHANGES_TEXT])
{
	size_t used = 0;

	*text = 0;
	for (unsigned int bit = 0; bit < VMW_VMA_CHANGES; bit++)
		if (changes >> bit & 1)
			used += snprintf(text + used,
					 VMW_VMA_CHANGES_TEXT - used, "%s%s",
					 used ? ", " : "",
					 vmw_vma_change_name(bit));
	return text;
}

const char *vmw_page_change_name(enum vmw_page_change change)
{
	static const char *const names[VMW_PAGE_CHANGES] = {
		[VMW_PAGE_FAULTED] = "faulted in",
		[VMW_PAGE_DROPPED] = "dropped",
		[VMW_PAGE_SWAPPED_OUT] = "swapped out",
		[VMW_PAGE_SWAPPED_IN] = "swapped in",
		[VMW_PAGE_COPIED] = "copied on write",
		[VMW_PAGE_COLLAPSED] = "collapsed to huge",
		[VMW_PAGE_SPLIT] = "split",
		[VMW_PAGE_DIRTIED] = "became dirty",
		[VMW_PAGE_CLEANED] = "cleaned",
		[VMW_PAGE_PROTECTED] = "permission changed",
		[VMW_PAGE_MIGRATED] = "migrated",
	};

	return names[change];
}

const struct vmw_segment *vmw_diff_segment_of(const struct vmw_diff_view *v,
					      const struct vmw_diff_segment *s)
{
	return s->b != VMW_NO_VMA ? &v->sb->seg[s->b] : &v->sa->seg[s->a];
}

void vmw_diff_heading(FILE *out, const struct vmw_diff_view *v)
{
	static const char *const which[] = { "first", "second" };
	const struct vmw_aspace *as[] = { v->diff->a, v->diff->b };
	char comm[4 * sizeof(as[0]->comm) + 1], name[PATH_MAX];

	for (int i = 0; i < 2; i++) {
		vmw_escape_name(as[i]->comm, comm, sizeof(comm));
		vmw_escape_name(v->names[i], name, sizeof(name));
		fprintf(out, "%s: %s, pid %u (%s)\n", which[i], name,
			as[i]->mm.pid, comm);
	}
	fputc('\n', out);
}

int vmw_diff_stamps(FILE *out, const struct vmw_diff_view *v)
{
	fputs("first: ", out);
	vmw_render_stamp(out, v->diff->a);
	fputs("second: ", out);
	return vmw_render_stamp(out, v->diff->b);
}

/* "+1.5M", "-4"; empty for nothing. */
static void change_cell(struct vmw_table *t, const struct vmw_style *style,
			uint32_t shift, uint64_t before, uint64_t after)
{
	const bool gain = after > before;
	char size[32], text[40] = "";

	if (before == after && style->csv) {
		vmw_table_size(t, 0);
		return;
	}
	if (before != after) {
		vmw_size(style, shift, gain ? after - before : before - after,
			 size, sizeof(size));
		snprintf(text, sizeof(text), "%c%s", gain ? '+' : '-', size);
	}
	vmw_table_text(t, text, before == after ? NULL : gain ? GAIN : LOSS);
}

static void pages_cells(struct vmw_table *t, const struct vmw_diff_view *v,
			const struct vmw_page_sums *sums)
{
	for (size_t i = 0; i < NR_COLUMNS; i++) {
		if (!v->diff->pages.bytes[columns[i].change])
			continue;
		if (sums->bytes[columns[i].change])
			vmw_table_size(t, sums->bytes[columns[i].change]);
		else
			vmw_table_text(t, "", NULL);
	}
}

static void pages_columns(struct vmw_table *t, const struct vmw_diff_view *v)
{
	for (size_t i = 0; i < NR_COLUMNS; i++)
		if (v->diff->pages.bytes[columns[i].change])
			vmw_table_spare(t, columns[i].title, VMW_COL_NUMBER,
					i + 3);
}

static bool segment_changed(const struct vmw_diff_view *v,
			    const struct vmw_diff_segment *s)
{
	return s->changes || s->before.mapped != s->after.mapped ||
	       (v->diff->by_sum &&
		s->before.resident != s->after.resident) ||
	       !vmw_page_sums_empty(&s->pages);
}

static void usage_cells(struct vmw_table *t, const struct vmw_style *style,
			const struct vmw_diff_view *v,
			const struct vmw_usage *before,
			const struct vmw_usage *after)
{
	const uint32_t shift = v->diff->b->page_shift;

	vmw_table_size(t, after->mapped);
	change_cell(t, style, shift, before->mapped, after->mapped);
	if (v->diff->by_sum) {
		vmw_table_size(t, after->resident);
		change_cell(t, style, shift, before->resident,
			    after->resident);
	}
}

static void segment_row(struct vmw_table *t, const struct vmw_style *style,
			const struct vmw_diff_view *v,
			const struct vmw_diff_segment *s)
{
	const struct vmw_segment *seg = vmw_diff_segment_of(v, s);
	char changes[VMW_VMA_CHANGES_TEXT];

	vmw_table_row(t, NULL);
	vmw_table_text(t, vmw_segment_kind_name(seg->kind),
		       vmw_segment_color(seg->kind));
	vmw_table_text(t, vmw_vma_changes(s->changes, changes),
		       s->changes & (VMW_VMA_NEW | VMW_VMA_GREW) ? GAIN :
		       s->changes & (VMW_VMA_GONE | VMW_VMA_SHRANK) ? LOSS :
		       NULL);
	usage_cells(t, style, v, &s->before, &s->after);
	pages_cells(t, v, &s->pages);
	vmw_table_print(t, "%" PRIx64, seg->start);
	vmw_table_name(t, seg->name ? seg->name : "");
}

static int print_segments(FILE *out, const struct vmw_style *style,
			  const struct vmw_diff_view *v)
{
	const struct vmw_diff *d = v->diff;
	struct vmw_table *t = vmw_table_create(out, style, d->b->page_shift);

	if (!t)
		return -ENOMEM;
	vmw_table_column(t, "SEGMENT", VMW_COL_TEXT);
	vmw_table_spare(t, "CHANGE", VMW_COL_TEXT, 1);
	vmw_table_column(t, "MAPPED", VMW_COL_NUMBER);
	vmw_table_column(t, style->csv ? "MAPPED_CHANGE" : "+/-",
			 VMW_COL_NUMBER);
	if (v->diff->by_sum) {
		vmw_table_column(t, "RESIDENT", VMW_COL_NUMBER);
		vmw_table_column(t, style->csv ? "RESIDENT_CHANGE" : "+/-",
				 VMW_COL_NUMBER);
	}
	pages_columns(t, v);
	vmw_table_spare(t, "START", VMW_COL_NUMBER,
			NR_COLUMNS + 3);
	vmw_table_column(t, "NAME", VMW_COL_CUT);
	for (size_t i = 0; i < d->nr_segs; i++)
		if (segment_changed(v, &d->segs[i]))
			segment_row(t, style, v, &d->segs[i]);
	if (style->csv)
		return vmw_table_destroy(t);
	vmw_table_row(t, "1");
	vmw_table_text(t, "total", NULL);
	vmw_table_text(t, "", NULL);
	usage_cells(t, style, v, &d->before, &d->after);
	pages_cells(t, v, &d->pages);
	return vmw_table_destroy(t);
}

static void print_changes(FILE *out, uint32_t changes,
			  const char *(*name)(unsigned int bit))
{
	const char *sep = "";

	for (unsigned int bit = 0; changes >> bit; bit++) {
		if (!(changes >> bit & 1))
			continue;
		fprintf(out, "%s%s", sep, name(bit));
		sep = ", ";
	}
}

static const char *page_name(unsigned int bit)
{
	return vmw_page_change_name(bit);
}

static void print_vma(FILE *out, const struct vmw_vma *vma)
{
	const uint64_t start = vma->info.start, end = vma->info.end;
	char perms[5];

	vmw_perms(vma, perms);
	fprintf(out, "%" PRIx64 "-%" PRIx64 " %s", start, end, perms);
}

static void print_name(FILE *out, const char *name)
{
	char text[4 * NAME_MAX + 1];

	if (!name)
		return;
	vmw_escape_name(name, text, sizeof(text));
	fprintf(out, "  %s", text);
}

static void print_vma_line(FILE *out, const struct vmw_style *style,
			   const struct vmw_diff *d,
			   const struct vmw_diff_vma *r)
{
	const struct vmw_vma *a = r->a != VMW_NO_VMA ? &d->a->vmas[r->a] : NULL;
	const struct vmw_vma *b = r->b != VMW_NO_VMA ? &d->b->vmas[r->b] : NULL;
	const bool moved = a && b && (a->info.start != b->info.start ||
				      a->info.end != b->info.end ||
				      r->changes & VMW_VMA_PERMISSION);
	const char *color = !b ? LOSS : a ? NULL : GAIN;

	if (style->color && color)
		fprintf(out, "\033[%sm", color);
	if (a)
		print_vma(out, a);
	if (moved)
		fputs(" -> ", out);
	if (b && (moved || !a))
		print_vma(out, b);
	fputs("  ", out);
	print_changes(out, r->changes, vmw_vma_change_name);
	if (!r->changes)
		fputs("pages", out);
	if (style->color && color)
		fputs("\033[0m", out);
	print_name(out, b ? b->name : a->name);
	fputc('\n', out);
}

static void print_run(FILE *out, const struct vmw_diff *d,
		      const struct vmw_diff_run *run)
{
	char range[40];

	snprintf(range, sizeof(range), "%" PRIx64 "-%" PRIx64, run->start,
		 run->start + (run->pages << d->b->page_shift));
	fprintf(out, "  %-25s %10" PRIu64 "  ", range, run->pages);
	print_changes(out, run->changes, page_name);
	fprintf(out, ": %s to %s\n",
		vmw_kind_name(vmw_state_kind(run->before)),
		vmw_kind_name(vmw_state_kind(run->after)));
}

/* Rows are not by address: each looks its runs up, which are by row. */
static void print_vmas(FILE *out, const struct vmw_style *style,
		       const struct vmw_diff *d, bool extents)
{
	const struct vmw_diff_run *run = d->runs, *end = run + d->nr_runs;

	for (size_t i = 0; i < d->nr_vmas; i++) {
		const struct vmw_diff_vma *r = &d->vmas[i];

		if (r->changes || (extents && run < end && run->vma == i))
			print_vma_line(out, style, d, r);
		for (; run < end && run->vma == i; run++)
			if (extents)
				print_run(out, d, run);
	}
}

static bool any_vma(const struct vmw_diff *d, bool extents)
{
	bool any = extents && d->nr_runs;

	for (size_t i = 0; !any && i < d->nr_vmas; i++)
		any = d->vmas[i].changes;
	return any;
}

/* What malloc() asks of the kernel, and gives back. Of an import it is not known. */
static void print_brk(FILE *out, const struct vmw_style *style,
		      const struct vmw_diff_view *v)
{
	const uint64_t before = v->diff->a->mm.brk, after = v->diff->b->mm.brk;
	const bool gain = after > before;
	char size[32];

	if (v->normalized || !before || !after || before == after ||
	    v->diff->a->mm.start_brk != v->diff->b->mm.start_brk)
		return;
	vmw_size(style, v->diff->b->page_shift, gain ? after - before :
		 before - after, size, sizeof(size));
	fprintf(out, "brk %" PRIx64 " -> %" PRIx64 "  %c%s%s\n\n", before, after,
		gain ? '+' : '-', size, vmw_size_unit(style));
}

int vmw_render_diff(FILE *out, const struct vmw_style *style,
		    const struct vmw_diff_view *v, bool extents)
{
	int ret;

	if (style->csv)
		return extents ? vmw_csv_diff_extents(out, style, v) :
				 print_segments(out, style, v);
	vmw_diff_heading(out, v);
	ret = print_segments(out, style, v);
	if (ret)
		return ret;
	fputc('\n', out);
	if (any_vma(v->diff, extents)) {
		print_vmas(out, style, v->diff, extents);
		fputc('\n', out);
	}
	print_brk(out, style, v);
	ret = vmw_render_diff_runtime(out, style, v->diff);
	if (ret)
		return ret;
	if (!v->diff->by_page || !v->diff->by_sum)
		fputs("pages are not compared: at least one of the two was "
		      "imported from maps or smaps\n", out);
	return vmw_diff_stamps(out, v);
}
