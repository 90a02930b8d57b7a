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
	} else {
		d->segs[*at].changes = 0;
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

	d->segs = calloc(sa->nr + sb->nr + 1, sizeof(*d->segs));
	if (!of_a || !d->segs) {
		free(of_a);
		return -ENOMEM;
	}
	for (size_t i = 0; i < sb->nr; i++)
		d->segs[d->nr_segs++] = (struct vmw_diff_segment){
			.a = VMW_NO_VMA, .b = i, .changes = VMW_VMA_NEW,
			.after = sb->seg[i].usage,
		};
	place_segments(d, sa, sb, of_a);
	sum_segments(d, sa, sb, of_a);
	free(of_a);
	return 0;
}
