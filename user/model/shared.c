// SPDX-License-Identifier: GPL-2.0
#include "shared.h"

#include <errno.h>
#include <stdlib.h>

#define FIRST_ROOM	64

/* A run of the second's frames. No frame is in two of them. */
struct frames {
	uint64_t first, nr;
	uint64_t addr;		/* of the first */
};

struct comparison {
	const struct vmw_aspace *a, *b;
	struct frames *frames;	/* by ascending frame */
	size_t nr_frames;
	size_t at;		/* extent of @b: none before it is of interest */
	struct vmw_shared *out;
};

static bool is_memory(const struct vmw_extent *e)
{
	const enum vmwalk_kind kind = vmw_state_kind(e->state);

	return e->frame && kind >= VMWALK_KIND_ANON &&
	       kind <= VMWALK_KIND_SHMEM;
}

static int by_frame(const void *a, const void *b)
{
	const struct frames *f = a, *g = b;

	if (f->first != g->first)
		return f->first < g->first ? -1 : 1;
	return f->addr < g->addr ? -1 : f->addr > g->addr;
}

/* What is mapped twice, by the lower of its addresses alone or so. */
static void cut_overlaps(struct comparison *c)
{
	uint64_t end = 0, cut;
	size_t nr = 0;

	for (size_t i = 0; i < c->nr_frames; i++) {
		struct frames f = c->frames[i];

		cut = f.first < end ? end - f.first : 0;
		if (cut >= f.nr)
			continue;
		f.first += cut;
		f.nr -= cut;
		f.addr += cut << c->b->page_shift;
		end = f.first + f.nr;
		c->frames[nr++] = f;
	}
	c->nr_frames = nr;
}

static int collect_frames(struct comparison *c)
{
	const struct vmw_extent *e = c->b->extents;

	c->frames = calloc(c->b->nr_extents + 1, sizeof(*c->frames));
	if (!c->frames)
		return -ENOMEM;
	for (size_t i = 0; i < c->b->nr_extents; i++, e++)
		if (is_memory(e))
			c->frames[c->nr_frames++] = (struct frames){
				e->frame, e->pages, e->start
			};
	qsort(c->frames, c->nr_frames, sizeof(*c->frames), by_frame);
	cut_overlaps(c);
	return 0;
}

static void limit(uint64_t *pages, uint64_t max)
{
	if (*pages > max)
		*pages = max;
}

/*
 * The run of the second's that @frame is in, or NULL. Limits @pages to those
 * frames from @frame on that are in it, or in none.
 */
static const struct frames *find_frames(const struct comparison *c,
					uint64_t frame, uint64_t *pages)
{
	size_t low = 0, high = c->nr_frames;
	const struct frames *f;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (c->frames[mid].first <= frame)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < c->nr_frames)
		limit(pages, c->frames[low].first - frame);
	if (!low)
		return NULL;
	f = &c->frames[low - 1];
	if (frame - f->first >= f->nr)
		return NULL;
	limit(pages, f->first + f->nr - frame);
	return f;
}

/*
 * The second's extent at @addr, or NULL. Limits @pages to those that are in it,
 * or in none. Addresses come in ascending order.
 */
static const struct vmw_extent *extent_at(struct comparison *c, uint64_t addr,
					  uint64_t *pages)
{
	const struct vmw_aspace *b = c->b;
	const struct vmw_extent *e;

	while (c->at < b->nr_extents &&
	       vmw_extent_end(b, &b->extents[c->at]) <= addr)
		c->at++;
	if (c->at == b->nr_extents)
		return NULL;
	e = &b->extents[c->at];
	if (e->start > addr) {
		limit(pages, (e->start - addr) >> b->page_shift);
		return NULL;
	}
	limit(pages, (vmw_extent_end(b, e) - addr) >> b->page_shift);
	return e;
}

/* Both private, and of the same file's same page if of a file. */
static bool equal_at(const struct vmw_vma *v, const struct vmw_vma *w,
		     uint64_t addr)
{
	const uint32_t care = VMWALK_VMA_F_SHARED | VMWALK_VMA_F_FILE |
			      VMWALK_VMA_F_ANON;
	const struct vmwalk_vma *a = &v->info, *b = &w->info;

	if (a->flags & VMWALK_VMA_F_SHARED || (a->flags ^ b->flags) & care)
		return false;
	if (!(a->flags & VMWALK_VMA_F_FILE))
		return true;
	return a->ino == b->ino && a->dev_major == b->dev_major &&
	       a->dev_minor == b->dev_minor &&
	       a->offset + (addr - a->start) == b->offset + (addr - b->start);
}

static bool is_copied(const struct comparison *c, size_t vma,
		      const struct vmw_extent *there, uint64_t addr)
{
	const struct vmw_vma *w;

	if (!there || !is_memory(there))
		return false;
	w = vmw_aspace_find_vma(c->b, addr);
	return w && equal_at(&c->a->vmas[vma], w, addr);
}

/* What becomes of the page at run->start, and of as many after it. */
static void classify(struct comparison *c, struct vmw_shared_run *run,
		     uint64_t frame)
{
	const uint32_t shift = c->a->page_shift;
	const struct vmw_extent *there;
	const struct frames *f;

	there = extent_at(c, run->start, &run->pages);
	if (there && is_memory(there) && frame == there->frame +
	    ((run->start - there->start) >> shift)) {
		run->sharing = VMW_SHARED_HERE;
		run->other = run->start;
		return;
	}
	f = find_frames(c, frame, &run->pages);
	if (f) {
		run->sharing = VMW_SHARED_ELSEWHERE;
		run->other = f->addr + ((frame - f->first) << shift);
	} else if (is_copied(c, run->vma, there, run->start)) {
		run->sharing = VMW_PRIVATE_COPIED;
	} else {
		run->sharing = VMW_PRIVATE;
	}
}

static bool goes_on(const struct comparison *c, const struct vmw_shared_run *a,
		    const struct vmw_shared_run *b)
{
	const uint64_t bytes = a->pages << c->a->page_shift;

	return a->vma == b->vma && a->sharing == b->sharing &&
	       a->start + bytes == b->start &&
	       (!a->other || a->other + bytes == b->other);
}

static int add_run(struct comparison *c, const struct vmw_shared_run *run)
{
	const uint64_t bytes = run->pages << c->a->page_shift;
	struct vmw_shared *s = c->out;
	struct vmw_shared_run *runs;
	size_t room;

	s->vmas[run->vma].bytes[run->sharing] += bytes;
	s->total.bytes[run->sharing] += bytes;
	if (s->nr && goes_on(c, &s->runs[s->nr - 1], run)) {
		s->runs[s->nr - 1].pages += run->pages;
		return 0;
	}
	if (s->nr == s->room) {
		room = s->room ? 2 * s->room : FIRST_ROOM;
		runs = reallocarray(s->runs, room, sizeof(*runs));
		if (!runs)
			return -ENOMEM;
		s->runs = runs;
		s->room = room;
	}
	s->runs[s->nr++] = *run;
	return 0;
}

static int compare_extent(struct comparison *c, size_t vma,
			  const struct vmw_extent *e)
{
	struct vmw_shared_run run;
	uint64_t done;
	int ret;

	for (done = 0; done < e->pages; done += run.pages) {
		run = (struct vmw_shared_run){
			.vma = vma,
			.start = e->start + (done << c->a->page_shift),
			.pages = e->pages - done,
		};
		classify(c, &run, e->frame + done);
		ret = add_run(c, &run);
		if (ret)
			return ret;
	}
	return 0;
}

static int compare(struct comparison *c)
{
	int ret = 0;

	for (size_t i = 0; i < c->a->nr_vmas; i++) {
		const struct vmw_vma *vma = &c->a->vmas[i];
		const struct vmw_extent *e = &c->a->extents[vma->first_extent];

		for (size_t k = 0; !ret && k < vma->nr_extents; k++, e++)
			if (is_memory(e))
				ret = compare_extent(c, i, e);
	}
	return ret;
}

int vmw_shared_compare(const struct vmw_aspace *first,
		       const struct vmw_aspace *second, struct vmw_shared *out)
{
	struct comparison c = { .a = first, .b = second, .out = out };
	int ret;

	*out = (struct vmw_shared){ 0 };
	out->vmas = calloc(first->nr_vmas + 1, sizeof(*out->vmas));
	ret = out->vmas ? collect_frames(&c) : -ENOMEM;
	if (!ret)
		ret = compare(&c);
	free(c.frames);
	if (ret)
		vmw_shared_deinit(out);
	return ret;
}

void vmw_shared_deinit(struct vmw_shared *s)
{
	free(s->runs);
	free(s->vmas);
	*s = (struct vmw_shared){ 0 };
}

uint64_t vmw_shared_shared(const struct vmw_shared_sums *sums)
{
	return sums->bytes[VMW_SHARED_HERE] + sums->bytes[VMW_SHARED_ELSEWHERE];
}

uint64_t vmw_shared_frames(const struct vmw_shared_sums *sums)
{
	return vmw_shared_shared(sums) + sums->bytes[VMW_PRIVATE_COPIED] +
	       sums->bytes[VMW_PRIVATE];
}

void vmw_shared_add(struct vmw_shared_sums *to,
		    const struct vmw_shared_sums *sums)
{
	for (size_t i = 0; i < VMW_SHARINGS; i++)
		to->bytes[i] += sums->bytes[i];
}
