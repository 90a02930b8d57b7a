/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What became of an address space: two models in, VMA by VMA and page by page
 * what differs. Pure. Both were walked for the same things.
 */
#ifndef VMW_DIFF_H
#define VMW_DIFF_H

#include "model/aspace.h"
#include "diff_runtime.h"
#include "model/classify.h"

/* What happened to a VMA, or to a segment; several at once. */
enum vmw_vma_change {
	VMW_VMA_NEW		= 1U << 0,
	VMW_VMA_GONE		= 1U << 1,
	VMW_VMA_MOVED		= 1U << 2,
	VMW_VMA_GREW		= 1U << 3,
	VMW_VMA_SHRANK		= 1U << 4,
	VMW_VMA_SPLIT		= 1U << 5,	/* into this one and others */
	VMW_VMA_MERGED		= 1U << 6,	/* of this one and others */
	VMW_VMA_PERMISSION	= 1U << 7,
	VMW_VMA_RENAMED		= 1U << 8,
};

#define VMW_VMA_CHANGES	9

/* What happened to a page; several at once. */
enum vmw_page_change {
	VMW_PAGE_FAULTED,	/* there is a leaf for it now */
	VMW_PAGE_DROPPED,	/* there is none any more, nor a swap entry */
	VMW_PAGE_SWAPPED_OUT,
	VMW_PAGE_SWAPPED_IN,
	VMW_PAGE_COPIED,	/* an anonymous page of its own now: broken COW */
	VMW_PAGE_COLLAPSED,	/* mapped by a larger leaf */
	VMW_PAGE_SPLIT,		/* by a smaller one */
	VMW_PAGE_DIRTIED,
	VMW_PAGE_CLEANED,
	VMW_PAGE_PROTECTED,	/* its entry permits something else */
	VMW_PAGE_MIGRATED,	/* on another frame, of which both are known */
	VMW_PAGE_CHANGES
};

struct vmw_page_sums {
	uint64_t bytes[VMW_PAGE_CHANGES];
};

#define VMW_NO_VMA	SIZE_MAX

/* A VMA of the first that is, or became, one of the second; or one alone. */
struct vmw_diff_vma {
	size_t a, b;		/* indices; VMW_NO_VMA: there is none */
	uint32_t changes;	/* enum vmw_vma_change */
	size_t segment;		/* index into vmw_diff.segs */
	bool elsewhere;		/* what both have of it is at other addresses */
	struct vmw_page_sums pages;
};

/* Consecutive pages that the same happened to. */
struct vmw_diff_run {
	size_t vma;		/* index into vmw_diff.vmas */
	uint64_t start;		/* address in the second, or @old: in the first */
	uint64_t pages;
	uint32_t changes;	/* 1 << enum vmw_page_change */
	uint32_t before, after;	/* states of the first page */
	bool old;
};

struct vmw_diff_segment {
	/* Segments; VMW_NO_VMA: there is none. Of several merged, @a is one. */
	size_t a, b;
	uint32_t changes;	/* enum vmw_vma_change; GREW, SHRANK: in bytes mapped */
	struct vmw_usage before, after;
	struct vmw_page_sums pages;
};

struct vmw_diff {
	const struct vmw_aspace *a, *b;
	bool by_page;		/* both have extents */
	bool by_sum;		/* both know at least what is resident */
	struct vmw_diff_vma *vmas;	/* all, those without a change too */
	size_t nr_vmas;
	struct vmw_diff_run *runs;
	size_t nr_runs;
	struct vmw_diff_segment *segs;
	size_t nr_segs;
	struct vmw_usage before, after;
	struct vmw_page_sums pages;
	struct vmw_diff_runtime rt;

	size_t room_vmas, room_runs;	/* private to diff.c */
};

/*
 * @normalize: of two runs of a program, or of two programs: what is at which
 * address does not count, but which segment it belongs to, and where in it.
 * @sa, @sb: both classified. Returns 0 or -ENOMEM; @out needs no deinit then.
 */
int vmw_diff_make(const struct vmw_aspace *a, const struct vmw_segments *sa,
		  const struct vmw_aspace *b, const struct vmw_segments *sb,
		  bool normalize, struct vmw_diff *out);
void vmw_diff_deinit(struct vmw_diff *d);

/* What there is to say of a page whose state was @a and is @b: 1 << …. */
uint32_t vmw_page_changes(uint32_t a, uint32_t b);
bool vmw_page_sums_empty(const struct vmw_page_sums *sums);

#endif
