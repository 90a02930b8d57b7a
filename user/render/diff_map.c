// SPDX-License-Identifier: GPL-2.0
/*
 * What changed, to scale: each VMA in which anything did is drawn, cell by cell,
 * a cell being as many bytes throughout. What is all as it was is left out.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "diff.h"

#define CELLS		64	/* of a line, at most */
#define MARGIN		13	/* columns before them */
#define LINES_MAX	16	/* of the largest VMA */
#define GAIN		"32"
#define LOSS		"31"
#define OTHER		"33"

struct cell {
	bool gain, loss, other;
};

struct picture {
	FILE *out;
	const struct vmw_style *style;
	const struct vmw_diff_view *v;
	unsigned int shift;	/* log2 of a cell's bytes */
	unsigned int cells;	/* of a line */
};

static const uint32_t gains = 1U << VMW_PAGE_FAULTED | 1U << VMW_PAGE_SWAPPED_IN;
static const uint32_t losses = 1U << VMW_PAGE_DROPPED |
			       1U << VMW_PAGE_SWAPPED_OUT;

static const struct vmw_vma *vma_of(const struct vmw_diff *d,
				    const struct vmw_diff_vma *r, bool old)
{
	return old ? &d->a->vmas[r->a] : &d->b->vmas[r->b];
}

static unsigned int count_cells(const struct vmw_style *style)
{
	const unsigned int room = (style->width - MARGIN) / 8 * 8;

	return room < CELLS ? room : CELLS;
}

static unsigned int find_shift(const struct vmw_diff *d, unsigned int cells)
{
	unsigned int shift = d->b->page_shift;
	uint64_t largest = 0;

	for (size_t i = 0; i < d->nr_runs; i++) {
		const struct vmw_diff_run *run = &d->runs[i];
		const struct vmwalk_vma *v =
			&vma_of(d, &d->vmas[run->vma], run->old)->info;

		if (v->end - v->start > largest)
			largest = v->end - v->start;
	}
	while (largest >> shift > cells * LINES_MAX)
		shift++;
	return shift;
}

/* Marks in @cells, of the line from @from on, what @run has there. */
static void mark(const struct picture *p, const struct vmw_diff_run *run,
		 uint64_t from, struct cell *cells)
{
	const uint64_t bytes = run->pages << p->v->diff->b->page_shift;
	const uint64_t line_end = from + ((uint64_t)p->cells << p->shift);
	uint64_t start = run->start, end = start + bytes;

	if (end <= from || start >= line_end)
		return;
	start = start > from ? start : from;
	end = end < line_end ? end : line_end;
	for (uint64_t i = (start - from) >> p->shift;
	     i <= (end - 1 - from) >> p->shift; i++) {
		cells[i].gain |= !!(run->changes & gains);
		cells[i].loss |= !!(run->changes & losses);
		cells[i].other |= !!(run->changes & ~(gains | losses));
	}
}

static void put_cell(const struct picture *p, const struct cell *c)
{
	const char *color = c->gain && !c->loss ? GAIN :
			    c->loss && !c->gain ? LOSS : OTHER;
	const char *glyph = c->gain && c->loss ? "±" : c->gain ? "+" :
			    c->loss ? "-" : "~";

	if (!c->gain && !c->loss && !c->other) {
		fputs(p->style->utf8 ? "·" : ".", p->out);
		return;
	}
	if (c->gain && c->loss && !p->style->utf8)
		glyph = "*";
	if (p->style->color)
		fprintf(p->out, "\033[%sm%s\033[0m", color, glyph);
	else
		fputs(glyph, p->out);
}

static void put_line(const struct picture *p, const struct cell *cells,
		     uint64_t from, uint64_t end)
{
	const uint64_t left = (end - from + ((uint64_t)1 << p->shift) - 1) >>
			      p->shift;

	fprintf(p->out, "%12" PRIx64 " ", from);
	for (uint64_t i = 0; i < p->cells && i < left; i++)
		put_cell(p, &cells[i]);
	fputc('\n', p->out);
}

static void put_heading(const struct picture *p, const struct vmw_diff_vma *r,
			const struct vmw_vma *vma, bool old)
{
	const struct vmw_segment *seg =
		vmw_diff_segment_of(p->v, &p->v->diff->segs[r->segment]);
	char name[4 * NAME_MAX + 1], perms[5];

	vmw_segment_name(seg, name, sizeof(name));
	vmw_perms(vma, perms);
	if (p->style->color)
		fprintf(p->out, "\033[%sm", vmw_segment_color(seg->kind));
	fputs(name, p->out);
	if (p->style->color)
		fputs("\033[0m", p->out);
	fprintf(p->out, " %s", perms);
	for (unsigned int bit = 0; bit < VMW_VMA_CHANGES; bit++)
		if (r->changes >> bit & 1)
			fprintf(p->out, ", %s", vmw_vma_change_name(bit));
	fputs(old && r->b != VMW_NO_VMA ? ", where it was\n" : "\n", p->out);
}

/* [@run, @end): all of one VMA. Lines without a change are left out. */
static void put_vma(const struct picture *p, const struct vmw_diff_run *run,
		    const struct vmw_diff_run *end)
{
	const struct vmw_diff *d = p->v->diff;
	const struct vmw_diff_vma *r = &d->vmas[run->vma];
	const struct vmw_vma *vma = vma_of(d, r, run->old);
	const uint64_t step = (uint64_t)p->cells << p->shift;
	const uint32_t shift = d->b->page_shift;
	uint64_t from = vma->info.start;

	put_heading(p, r, vma, run->old);
	while (run < end) {
		struct cell cells[CELLS] = { 0 };

		if (run->start > from)
			from += (run->start - from) / step * step;
		for (const struct vmw_diff_run *i = run;
		     i < end && i->start < from + step; i++)
			mark(p, i, from, cells);
		put_line(p, cells, from, vma->info.end);
		from += step;
		while (run < end && run->start + (run->pages << shift) <= from)
			run++;
	}
}

int vmw_render_diff_map(FILE *out, const struct vmw_style *style,
			const struct vmw_diff_view *v)
{
	const struct vmw_diff *d = v->diff;
	struct picture p = { .out = out, .style = style, .v = v };
	char size[32];

	p.cells = count_cells(style);
	p.shift = find_shift(d, p.cells);
	vmw_diff_heading(out, v);
	fprintf(out, "one cell: %s%s; + came, - went, ~ changed\n\n",
		vmw_size(style, d->b->page_shift, (uint64_t)1 << p.shift, size,
			 sizeof(size)), vmw_size_unit(style));
	if (!d->nr_runs)
		fputs("no page differs\n", out);
	for (size_t i = 0, end; i < d->nr_runs; i = end) {
		for (end = i + 1; end < d->nr_runs &&
		     d->runs[end].vma == d->runs[i].vma &&
		     d->runs[end].old == d->runs[i].old; end++)
			;
		put_vma(&p, &d->runs[i], &d->runs[end]);
	}
	fputc('\n', out);
	return vmw_diff_stamps(out, v);
}
