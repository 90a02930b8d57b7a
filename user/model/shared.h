/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What of one process's memory lies on the same page frames as another's. Pure:
 * two models in, both walked with VMWALK_WALK_F_PHYS.
 *
 * The zero page and raw page frames are left out: everybody has them.
 */
#ifndef VMW_SHARED_H
#define VMW_SHARED_H

#include "aspace.h"

enum vmw_sharing {
	VMW_SHARED_HERE,	/* the second has the frame at the same address */
	VMW_SHARED_ELSEWHERE,	/* it has, at another */
	/*
	 * It has a page at that address of an equal private mapping, on a frame
	 * of its own: where one is a fork of the other, copied on write.
	 */
	VMW_PRIVATE_COPIED,
	VMW_PRIVATE,		/* it has nothing to do with it */
	VMW_SHARINGS
};

/* Consecutive pages of one VMA of the first. */
struct vmw_shared_run {
	size_t vma;		/* index */
	uint64_t start, pages;
	uint64_t other;		/* VMW_SHARED_*: address in the second */
	enum vmw_sharing sharing;
};

struct vmw_shared_sums {
	uint64_t bytes[VMW_SHARINGS];
};

struct vmw_shared {
	struct vmw_shared_run *runs;	/* by ascending address */
	size_t nr;
	struct vmw_shared_sums *vmas;	/* for each of the first's */
	struct vmw_shared_sums total;

	size_t room;			/* private to shared.c */
};

/* Returns 0 or -ENOMEM; @out needs no deinit then. */
int vmw_shared_compare(const struct vmw_aspace *first,
		       const struct vmw_aspace *second, struct vmw_shared *out);
void vmw_shared_deinit(struct vmw_shared *s);

/* Bytes that are on frames at all; of them, those that the second has too. */
uint64_t vmw_shared_frames(const struct vmw_shared_sums *sums);
uint64_t vmw_shared_shared(const struct vmw_shared_sums *sums);
void vmw_shared_add(struct vmw_shared_sums *to,
		    const struct vmw_shared_sums *sums);

#endif
