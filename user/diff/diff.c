// SPDX-License-Identifier: GPL-2.0
#include "diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diff_int.h"
#include "diff_match.h"

struct work {
	const struct vmw_segments *sa, *sb;
	struct vmw_match match;
	struct vmw_diff *d;
	/* Up to where the pages of each span have been looked at. */
	uint64_t *done_a, *done_b;
	/* The last row of each span; VMW_NO_VMA: none yet. */
	size_t *row_a, *row_b;
};

static int add_row(struct vmw_diff *d, const struct vmw_diff_vma *row)
{
	struct vmw_diff_vma *vmas;

	vmas = vmw_diff_room(d->vmas, d->nr_vmas, &d->room_vmas, sizeof(*vmas));
	if (!vmas)
		return -ENOMEM;
	d->vmas = vmas;
	vmas[d->nr_vmas++] = *row;
	return 0;
}

static bool same_name(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static uint32_t pair_changes(const struct work *w,
			     const struct vmw_span_pair *p)
{
	const uint32_t access = VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE |
				VMWALK_VMA_F_EXEC | VMWALK_VMA_F_SHARED;
	const struct vmw_span *s = &w->match.a[p->a], *t = &w->match.b[p->b];
	const struct vmw_vma *a = &w->d->a->vmas[s->vma];
	const struct vmw_vma *b = &w->d->b->vmas[t->vma];
	const uint64_t before = s->end - s->start, after = t->end - t->start;
	uint32_t changes = 0;

	if (w->match.partners_a[p->a] > 1)
		changes |= VMW_VMA_SPLIT;
	if (w->match.partners_b[p->b] > 1)
		changes |= VMW_VMA_MERGED;
	if (!changes && after > before)
		changes |= VMW_VMA_GREW;
	else if (!changes && after < before)
		changes |= VMW_VMA_SHRANK;
	else if (!changes && s->start != t->start)
		changes |= VMW_VMA_MOVED;
	if ((a->info.flags ^ b->info.flags) & access)
		changes |= VMW_VMA_PERMISSION;
	if (!same_name(a->name, b->name))
		changes |= VMW_VMA_RENAMED;
	return changes;
}

static uint64_t to_address(const struct vmw_aspace *as,
			   const struct vmw_span *s, uint64_t place)
{
	return as->vmas[s->vma].info.start + (place - s->start);
}

/* What lies before @place in a span, and has not been looked at yet. */
static int catch_up(struct work *w, bool old, size_t span, size_t row,
		    uint64_t place)
{
	const struct vmw_aspace *as = old ? w->d->a : w->d->b;
	const struct vmw_span *s = old ? &w->match.a[span] : &w->match.b[span];
	uint64_t *done = old ? &w->done_a[span] : &w->done_b[span];
	const uint64_t from = *done;

	if (place <= from)
		return 0;
	*done = place;
	return vmw_diff_pages_of_one(w->d, row, old, to_address(as, s, from),
			    (place - from) >> as->page_shift);
}

static int add_pair(struct work *w, const struct vmw_span_pair *p)
{
	const struct vmw_span *s = &w->match.a[p->a], *t = &w->match.b[p->b];
	const uint64_t from = s->start > t->start ? s->start : t->start;
	const uint64_t to = s->end < t->end ? s->end : t->end;
	const uint64_t x = to_address(w->d->a, s, from);
	const uint64_t y = to_address(w->d->b, t, from);
	const struct vmw_diff_vma row = {
		.a = s->vma, .b = t->vma, .changes = pair_changes(w, p),
		.elsewhere = x != y,
	};
	const size_t nr = w->d->nr_vmas;
	int ret;

	ret = add_row(w->d, &row);
	if (!ret)
		ret = catch_up(w, true, p->a, nr, from);
	if (!ret)
		ret = catch_up(w, false, p->b, nr, from);
	if (!ret)
		ret = vmw_diff_pages(w->d, nr, x, y,
				     (to - from) >> w->d->b->page_shift);
	w->done_a[p->a] = to;
	w->done_b[p->b] = to;
	w->row_a[p->a] = nr;
	w->row_b[p->b] = nr;
	return ret;
}

static bool same_content(const struct vmw_diff *d, const struct vmw_vma *a,
			 const struct vmw_vma *b)
{
	const struct vmw_extent *e = d->a->extents + a->first_extent;
	const struct vmw_extent *f = d->b->extents + b->first_extent;
	const uint32_t ignored = VMWALK_STATE_ACCESSED;

	if (a->nr_extents != b->nr_extents || !a->usage.present)
		return false;
	for (size_t i = 0; i < a->nr_extents; i++)
		if (e[i].pages != f[i].pages ||
		    (e[i].state ^ f[i].state) & ~ignored)
			return false;
	return true;
}

/* As mremap() leaves it: the same, elsewhere. */
static bool is_moved(const struct vmw_diff *d, const struct vmw_vma *a,
		     const struct vmw_vma *b)
{
	return a->info.end - a->info.start == b->info.end - b->info.start &&
	       a->info.flags == b->info.flags && a->info.ino == b->info.ino &&
	       a->info.offset == b->info.offset &&
	       same_name(a->name, b->name) && same_content(d, a, b);
}

/* The span of the second that @a has become, or VMW_NO_VMA. */
static size_t find_moved(const struct work *w, const struct vmw_vma *a)
{
	for (size_t i = 0; i < w->match.nr_b; i++)
		if (w->row_b[i] == VMW_NO_VMA &&
		    is_moved(w->d, a, &w->d->b->vmas[w->match.b[i].vma]))
			return i;
	return VMW_NO_VMA;
}

static int add_moved(struct work *w, size_t a, size_t b)
{
	const struct vmw_span *s = &w->match.a[a], *t = &w->match.b[b];
	const struct vmw_diff_vma row = {
		.a = s->vma, .b = t->vma, .changes = VMW_VMA_MOVED,
		.elsewhere = true,
	};
	const uint64_t pages = (s->end - s->start) >> w->d->b->page_shift;

	w->row_a[a] = w->d->nr_vmas;
	w->row_b[b] = w->d->nr_vmas;
	w->done_a[a] = s->end;
	w->done_b[b] = t->end;
	return add_row(w->d, &row) ? :
	       vmw_diff_pages(w->d, w->d->nr_vmas - 1,
			      w->d->a->vmas[s->vma].info.start,
			      w->d->b->vmas[t->vma].info.start, pages);
}

/* What of it is left over: after its last partner, or all of it. */
static int finish_span(struct work *w, bool old, size_t i)
{
	const struct vmw_span *s = old ? &w->match.a[i] : &w->match.b[i];
	size_t *row = old ? &w->row_a[i] : &w->row_b[i];
	const struct vmw_diff_vma alone = {
		.a = old ? s->vma : VMW_NO_VMA, .b = old ? VMW_NO_VMA : s->vma,
		.changes = old ? VMW_VMA_GONE : VMW_VMA_NEW,
	};
	size_t moved;
	int ret = 0;

	if (*row == VMW_NO_VMA && old) {
		moved = find_moved(w, &w->d->a->vmas[s->vma]);
		if (moved != VMW_NO_VMA)
			return add_moved(w, i, moved);
	}
	if (*row == VMW_NO_VMA) {
		*row = w->d->nr_vmas;
		ret = add_row(w->d, &alone);
	}
	return ret ? ret : catch_up(w, old, i, *row, s->end);
}

static int compare_all(struct work *w)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < w->match.nr_pairs; i++)
		ret = add_pair(w, &w->match.pairs[i]);
	for (size_t i = 0; !ret && i < w->match.nr_a; i++)
		ret = finish_span(w, true, i);
	for (size_t i = 0; !ret && i < w->match.nr_b; i++)
		ret = finish_span(w, false, i);
	return ret;
}

static int by_address(const void *a, const void *b)
{
	const struct vmw_diff_run *r = a, *s = b;

	if (r->vma != s->vma)
		return r->vma < s->vma ? -1 : 1;
	if (r->old != s->old)
		return r->old ? -1 : 1;
	return r->start < s->start ? -1 : r->start > s->start;
}

static bool has_sums(const struct vmw_aspace *as)
{
	return as->sums_only || as->flags & VMWALK_WALK_F_EXTENTS;
}

static int init_work(struct work *w, bool normalize)
{
	struct vmw_match *m = &w->match;
	int ret;

	ret = vmw_match_make(w->d->a, w->sa, w->d->b, w->sb, normalize, m);
	if (ret)
		return ret;
	w->done_a = calloc(m->nr_a + 1, sizeof(*w->done_a));
	w->done_b = calloc(m->nr_b + 1, sizeof(*w->done_b));
	w->row_a = calloc(m->nr_a + 1, sizeof(*w->row_a));
	w->row_b = calloc(m->nr_b + 1, sizeof(*w->row_b));
	if (!w->done_a || !w->done_b || !w->row_a || !w->row_b)
		return -ENOMEM;
	for (size_t i = 0; i < m->nr_a; i++) {
		w->done_a[i] = m->a[i].start;
		w->row_a[i] = VMW_NO_VMA;
	}
	for (size_t i = 0; i < m->nr_b; i++) {
		w->done_b[i] = m->b[i].start;
		w->row_b[i] = VMW_NO_VMA;
	}
	return 0;
}

int vmw_diff_make(const struct vmw_aspace *a, const struct vmw_segments *sa,
		  const struct vmw_aspace *b, const struct vmw_segments *sb,
		  bool normalize, struct vmw_diff *out)
{
	struct work w = { .sa = sa, .sb = sb, .d = out };
	int ret;

	*out = (struct vmw_diff){
		.a = a, .b = b, .before = sa->total, .after = sb->total,
		.by_page = !a->sums_only && !b->sums_only,
		.by_sum = has_sums(a) && has_sums(b),
	};
	ret = init_work(&w, normalize);
	if (!ret)
		ret = compare_all(&w);
	if (!ret)
		ret = vmw_diff_segments(out, sa, sb);
	if (!ret)
		ret = vmw_diff_runtime_make(&a->runtime, &b->runtime, normalize,
					    &out->rt);
	if (!ret && out->nr_runs)
		qsort(out->runs, out->nr_runs, sizeof(*out->runs), by_address);
	vmw_match_deinit(&w.match);
	free(w.done_a);
	free(w.done_b);
	free(w.row_a);
	free(w.row_b);
	if (ret)
		vmw_diff_deinit(out);
	return ret;
}

void vmw_diff_deinit(struct vmw_diff *d)
{
	free(d->vmas);
	free(d->runs);
	free(d->segs);
	vmw_diff_runtime_deinit(&d->rt);
	*d = (struct vmw_diff){ 0 };
}
