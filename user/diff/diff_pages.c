// SPDX-License-Identifier: GPL-2.0
/* Two VMAs compared by the page: what became of each, in runs that are alike. */
#include "diff_int.h"

#include <errno.h>
#include <stdlib.h>

bool vmw_page_sums_empty(const struct vmw_page_sums *sums)
{
	for (int i = 0; i < VMW_PAGE_CHANGES; i++)
		if (sums->bytes[i])
			return false;
	return true;
}

static void sum_pages(struct vmw_page_sums *sums, uint32_t changes,
		      uint64_t bytes)
{
	for (int i = 0; i < VMW_PAGE_CHANGES; i++)
		if (changes >> i & 1)
			sums->bytes[i] += bytes;
}

void *vmw_diff_room(void *array, size_t nr, size_t *room, size_t size)
{
	size_t want = *room ? *room + *room / 2 : 64;
	void *p;

	if (nr < *room)
		return array;
	p = reallocarray(array, want, size);
	if (p)
		*room = want;
	return p;
}

static int add_run(struct vmw_diff *d, const struct vmw_diff_run *new)
{
	struct vmw_diff_run *last = d->nr_runs ? &d->runs[d->nr_runs - 1] : NULL;
	const uint32_t shift = d->b->page_shift;
	struct vmw_diff_run *runs;

	if (!new->changes)
		return 0;
	sum_pages(&d->vmas[new->vma].pages, new->changes, new->pages << shift);
	if (last && last->vma == new->vma && last->old == new->old &&
	    last->changes == new->changes && last->before == new->before &&
	    last->after == new->after &&
	    last->start + (last->pages << shift) == new->start) {
		last->pages += new->pages;
		return 0;
	}
	runs = vmw_diff_room(d->runs, d->nr_runs, &d->room_runs, sizeof(*runs));
	if (!runs)
		return -ENOMEM;
	d->runs = runs;
	runs[d->nr_runs++] = *new;
	return 0;
}

/* Goes along the extents of a VMA; what has none counts as nothing there. */
struct walk {
	const struct vmw_aspace *as;
	const struct vmw_extent *e, *end;
};

static struct walk walk_from(const struct vmw_aspace *as,
			     const struct vmw_vma *vma, uint64_t addr)
{
	const struct vmw_extent *first = as->extents + vma->first_extent;
	struct walk w = { as, first, first + vma->nr_extents };
	const struct vmw_extent *e = vmw_aspace_find_extent(as, vma, addr);

	if (e)
		w.e = e;
	else
		while (w.e < w.end && w.e->start < addr)
			w.e++;
	return w;
}

/* The state at @addr, its frame, and for how many pages of @max it holds. */
static uint32_t walk_state(struct walk *w, uint64_t addr, uint64_t *frame,
			   uint64_t *max)
{
	const uint32_t shift = w->as->page_shift;
	uint64_t left;

	*frame = 0;
	while (w->e < w->end && vmw_extent_end(w->as, w->e) <= addr)
		w->e++;
	if (w->e == w->end)
		return VMWALK_KIND_NONE;
	if (w->e->start > addr) {
		left = (w->e->start - addr) >> shift;
		*max = left < *max ? left : *max;
		return VMWALK_KIND_NONE;
	}
	left = (vmw_extent_end(w->as, w->e) - addr) >> shift;
	*max = left < *max ? left : *max;
	*frame = vmw_extent_frame(w->e, (addr - w->e->start) >> shift);
	return w->e->state;
}

static bool has_moved(const struct vmw_diff *d, uint32_t a, uint32_t b,
		      uint64_t from, uint64_t to)
{
	return d->a->flags & d->b->flags & VMWALK_WALK_F_PHYS && from && to &&
	       from != to && vmw_state_present(a) && vmw_state_present(b) &&
	       vmw_state_kind(a) == vmw_state_kind(b);
}

/*
 * Written to since, while shared with a fork: it could not be written to, though its
 * VMA permits that, and can now.
 */
static bool broke_cow(const struct vmw_vma *vma, uint32_t a, uint32_t b)
{
	return vma->info.flags & VMWALK_VMA_F_WRITE &&
	       !(vma->info.flags & VMWALK_VMA_F_SHARED) &&
	       vmw_state_kind(a) == VMWALK_KIND_ANON &&
	       ~a & b & VMWALK_STATE_WRITE;
}

/* What the frames tell beside the states: another one, and why. */
static uint32_t moved_changes(const struct vmw_vma *vma, uint32_t a, uint32_t b)
{
	return 1U << (broke_cow(vma, a, b) ? VMW_PAGE_COPIED : VMW_PAGE_MIGRATED);
}

int vmw_diff_pages(struct vmw_diff *d, size_t row, uint64_t x, uint64_t y,
		   uint64_t pages)
{
	const struct vmw_diff_vma *r = &d->vmas[row];
	const uint32_t shift = d->b->page_shift;
	struct walk wa = walk_from(d->a, &d->a->vmas[r->a], x);
	struct walk wb = walk_from(d->b, &d->b->vmas[r->b], y);
	struct vmw_diff_run run = { .vma = row };
	uint64_t fa, fb;
	int ret = 0;

	if (!d->by_page)
		return 0;
	for (; !ret && pages; pages -= run.pages) {
		run.pages = pages;
		run.start = y;
		run.before = walk_state(&wa, x, &fa, &run.pages);
		run.after = walk_state(&wb, y, &fb, &run.pages);
		run.changes = vmw_page_changes(run.before, run.after);
		if (has_moved(d, run.before, run.after, fa, fb))
			run.changes |= moved_changes(&d->a->vmas[r->a],
						     run.before, run.after);
		ret = add_run(d, &run);
		x += run.pages << shift;
		y += run.pages << shift;
	}
	return ret;
}

int vmw_diff_pages_of_one(struct vmw_diff *d, size_t row, bool old, uint64_t addr,
			  uint64_t pages)
{
	const struct vmw_aspace *as = old ? d->a : d->b;
	const struct vmw_diff_vma *r = &d->vmas[row];
	struct walk w = walk_from(as, &as->vmas[old ? r->a : r->b], addr);
	struct vmw_diff_run run = { .vma = row, .old = old };
	uint32_t state;
	uint64_t frame;
	int ret = 0;

	if (!d->by_page)
		return 0;
	for (; !ret && pages; pages -= run.pages) {
		run.pages = pages;
		run.start = addr;
		state = walk_state(&w, addr, &frame, &run.pages);
		run.before = old ? state : VMWALK_KIND_NONE;
		run.after = old ? VMWALK_KIND_NONE : state;
		run.changes = vmw_page_changes(run.before, run.after);
		ret = add_run(d, &run);
		addr += run.pages << as->page_shift;
	}
	return ret;
}
