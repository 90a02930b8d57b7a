/* SPDX-License-Identifier: GPL-2.0 */
/* Which VMA of the one is which of the other. Private to diff.c. */
#ifndef VMW_DIFF_MATCH_H
#define VMW_DIFF_MATCH_H

#include "diff.h"

/*
 * A VMA where it is compared: at its address; or normalized, in the segment that
 * both have, at its distance from where that begins.
 */
struct vmw_span {
	uint32_t group;		/* spans of another are never compared */
	uint64_t start, end;	/* end > start, but for one that ends at 2^64 */
	size_t vma;
};

/* Two spans that overlap, of one object. */
struct vmw_span_pair {
	size_t a, b;		/* indices of spans */
};

struct vmw_match {
	struct vmw_span *a, *b;		/* ascending */
	size_t nr_a, nr_b;
	struct vmw_span_pair *pairs;	/* ascending in both */
	size_t nr_pairs, room_pairs;
	size_t *partners_a, *partners_b;	/* pairs of each span */
};

int vmw_match_make(const struct vmw_aspace *a, const struct vmw_segments *sa,
		   const struct vmw_aspace *b, const struct vmw_segments *sb,
		   bool normalize, struct vmw_match *m);
void vmw_match_deinit(struct vmw_match *m);

#endif
