// SPDX-License-Identifier: GPL-2.0
/* Rows of VMAs summed up by segment. */
#include "diff_int.h"

#include <errno.h>
#include <stdlib.h>

/* Those of the second are there already; as new, until one turns up for them. */
static void place_segment(struct vmw_diff *d, const struct vmw_segments *sa,
			  size_t i, size_t *at)
{
	if (*at == VMW_NO_VMA) {
		*at = d->nr_segs++;
		d->segs[*at].b = VMW_NO_VMA;
		d->segs[*at].changes = VMW_VMA_GONE;
	} else if (d->segs[*at].a == VMW_NO_VMA) {
		d->segs[*at].changes = 0;
	} else {
		d->segs[*at].changes |= VMW_VMA_MERGED;
	}
	d->segs[*at].a = i;
	vmw_usage_add(&d->segs[*at].before, &sa->seg[i].usage);
}

/* Where in d->segs each segment of the first is: with what came of it. */
static void place_segments(struct vmw_diff *d, const struct vmw_segments *sa,
			   const struct vmw_segments *sb, size_t *of_a)
{
	for (size_t i = 0; i < sa->nr; i++)
		of_a[i] = VMW_NO_VMA;
	for (size_t i = 0; i < d->nr_vmas; i++) {
		const struct vmw_diff_vma *v = &d->vmas[i];

		if (v->a != VMW_NO_VMA && v->b != VMW_NO_VMA &&
		    of_a[sa->of_vma[v->a]] == VMW_NO_VMA)
			of_a[sa->of_vma[v->a]] = sb->of_vma[v->b];
	}
	for (size_t i = 0; i < sa->nr; i++)
		place_segment(d, sa, i, &of_a[i]);
}

/* @v, of both, is of segment @x of the first; its row is @s. */
static void tell_pair(struct vmw_diff *d, const struct vmw_diff_vma *v, size_t x,
		      size_t first, struct vmw_diff_segment *s)
{
	if (&d->segs[first] != s) {
		d->segs[first].changes |= VMW_VMA_SPLIT;
		s->changes |= VMW_VMA_SPLIT;
	}
	if (s->a == VMW_NO_VMA) {
		s->a = x;
		s->changes &= ~VMW_VMA_NEW;
	} else if (s->a != x) {
		s->changes |= VMW_VMA_MERGED;
	}
	s->changes |= v->changes & (VMW_VMA_PERMISSION | VMW_VMA_RENAMED);
}

/* Has nothing that both have of it stayed where it was? */
static void find_stayed(const struct vmw_diff *d, const struct vmw_segments *sb,
			bool *stayed)
{
	for (size_t i = 0; i < d->nr_vmas; i++) {
		const struct vmw_diff_vma *v = &d->vmas[i];

		if (v->a != VMW_NO_VMA && v->b != VMW_NO_VMA &&
		    !v->elsewhere && !(v->changes & VMW_VMA_MOVED))
			stayed[sb->of_vma[v->b]] = true;
	}
}

static uint32_t extent_changes(const struct vmw_diff_segment *s, bool stayed)
{
	const uint64_t before = s->before.mapped, after = s->after.mapped;
	const uint32_t size = after > before ? VMW_VMA_GREW :
			      after < before ? VMW_VMA_SHRANK : 0;

	return size | (stayed ? 0 : VMW_VMA_MOVED);
}

static void tell_changes(struct vmw_diff *d, const struct vmw_segments *sa,
			 const struct vmw_segments *sb, const size_t *of_a,
			 const bool *stayed)
{
	const uint32_t apart = VMW_VMA_NEW | VMW_VMA_GONE | VMW_VMA_SPLIT |
			       VMW_VMA_MERGED;

	for (size_t i = 0; i < d->nr_vmas; i++) {
		const struct vmw_diff_vma *v = &d->vmas[i];
		const size_t x = v->a == VMW_NO_VMA ? 0 : sa->of_vma[v->a];

		if (v->a != VMW_NO_VMA && v->b != VMW_NO_VMA)
			tell_pair(d, v, x, of_a[x], &d->segs[sb->of_vma[v->b]]);
	}
	for (size_t i = 0; i < sb->nr; i++)
		if (!(d->segs[i].changes & apart))
			d->segs[i].changes |= extent_changes(&d->segs[i],
							     stayed[i]);
}

static void add_sums(struct vmw_page_sums *to, const struct vmw_page_sums *sums)
{
	for (int i = 0; i < VMW_PAGE_CHANGES; i++)
		to->bytes[i] += sums->bytes[i];
}

static void sum_segments(struct vmw_diff *d, const struct vmw_segments *sa,
			 const struct vmw_segments *sb, const size_t *of_a)
{
	for (size_t i = 0; i < d->nr_vmas; i++) {
		struct vmw_diff_vma *v = &d->vmas[i];

		v->segment = v->b != VMW_NO_VMA ? sb->of_vma[v->b] :
						  of_a[sa->of_vma[v->a]];
		add_sums(&d->segs[v->segment].pages, &v->pages);
		add_sums(&d->pages, &v->pages);
	}
}

int vmw_diff_segments(struct vmw_diff *d, const struct vmw_segments *sa,
		      const struct vmw_segments *sb)
{
	size_t *of_a = calloc(sa->nr + 1, sizeof(*of_a));
	bool *stayed = calloc(sb->nr + 1, sizeof(*stayed));

	d->segs = calloc(sa->nr + sb->nr + 1, sizeof(*d->segs));
	if (!of_a || !stayed || !d->segs) {
		free(of_a);
		free(stayed);
		return -ENOMEM;
	}
	for (size_t i = 0; i < sb->nr; i++)
		d->segs[d->nr_segs++] = (struct vmw_diff_segment){
			.a = VMW_NO_VMA, .b = i, .changes = VMW_VMA_NEW,
			.after = sb->seg[i].usage,
		};
	place_segments(d, sa, sb, of_a);
	find_stayed(d, sb, stayed);
	tell_changes(d, sa, sb, of_a, stayed);
	sum_segments(d, sa, sb, of_a);
	free(of_a);
	free(stayed);
	return 0;
}
