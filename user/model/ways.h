/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ways of all addresses of a snapshot through the page tables: what
 * VMWALK_CMD_PTE told of one, and for how many pages after it the same holds.
 * Packed as a collection keeps them: docs/collection-schema.md. Pure.
 */
#ifndef VMW_WAYS_H
#define VMW_WAYS_H

#include "pack.h"
#include "pte.h"

struct vmw_ways {
	uint64_t top;		/* physical address of the top-level table */
	struct vmw_pack packed;	/* empty: they were not asked for */

	/* Private to ways.c: what was appended last. */
	uint64_t next;
	struct vmwalk_entry last[VMW_MAX_LEVELS];
	unsigned int nr_last;
};

/* Of @pte on, from its page on: by ascending address. -ENOMEM. */
int vmw_ways_add(struct vmw_ways *w, const struct vmw_aspace *as,
		 const struct vmw_pte *pte, uint64_t pages);
/*
 * For how many pages from @pte's on its way is the same: 1, but where it ends
 * above the lowest level without a page.
 */
uint64_t vmw_ways_span(const struct vmw_aspace *as, const struct vmw_info *info,
		       const struct vmw_pte *pte);
/*
 * Fills entries, state, frame and page of @pte, whose address is given. 0,
 * -ENOENT if there is no way for it, -EPROTO for what no vmwalk packs.
 */
int vmw_ways_find(const struct vmw_ways *w, const struct vmw_aspace *as,
		  const struct vmw_info *info, struct vmw_pte *pte);
void vmw_ways_deinit(struct vmw_ways *w);

#endif
