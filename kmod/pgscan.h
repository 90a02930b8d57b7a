/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between pgwalk.c, which goes down the tables, ptescan.c, which goes through one
 * of the lowest level, and leaf.c, which knows what an entry there says.
 */
#ifndef VMW_PGSCAN_H
#define VMW_PGSCAN_H

#include <linux/bitfield.h>
#include <linux/mm_types.h>
#include <linux/pgtable.h>

#include "arch/arch.h"
#include "pginfo.h"
#include "pgwalk.h"
#include "trace.h"
#include "walk.h"

/**
 * struct vmw_leaf - what an entry that ends the descent says of the page at the cursor
 * @pte: the entry, in a PTE's clothes
 * @pfn: the page's frame, if there is one
 * @state: kind, level and what the entry itself tells
 */
struct vmw_leaf {
	pte_t			pte;
	unsigned long		pfn;
	u32			state;
};

/**
 * struct vmw_facts - what a page is, for others that are like it
 * @raw: its entry
 * @leaf: the same, looked at
 * @page: itself, NULL if there is none
 * @keyed: @key holds, and with it @state
 * @key: by which other pages are known to be like it
 * @state: VMWALK_STATE_* of all of them
 * @nr: how many there were that are not in the sums yet
 */
struct vmw_facts {
	u64			raw;
	struct vmw_leaf		leaf;
	struct page		*page;
	bool			keyed;
	struct vmw_page_key	key;
	u32			state;
	unsigned long		nr;
};

#define VMW_LEAF_PMD	FIELD_PREP(VMWALK_STATE_LEVEL, 1)
#define VMW_LEAF_PUD	FIELD_PREP(VMWALK_STATE_LEVEL, 2)

/* Writes down an entry of the way, if it is wanted. A macro: p?d_val() can be a call. */
#define vmw_trace(pw, level, entry, raw)					\
	do {									\
		struct vmw_trace *_trace = (pw)->walk->trace;			\
										\
		if (unlikely(_trace))						\
			vmw_trace_entry(_trace, level, entry, raw);		\
	} while (0)

/*
 * A VMA with a backing object and an anon_vma holds both kinds of pages, told
 * apart by struct page alone. The anon_vma is there before its first page is
 * mapped, which takes the page-table lock that we hold.
 */
static inline bool vmw_kind_needs_page(const struct vmw_pgwalk *pw)
{
	return pw->object_kind != VMWALK_KIND_ANON && READ_ONCE(pw->vma->anon_vma);
}

/* leaf.c */
u32 vmw_entry_state(const struct vmw_pgwalk *pw, pte_t pte);
u32 vmw_leaf_state(const struct vmw_pgwalk *pw, void *pmdp, pte_t pte, unsigned long pfn,
		   u32 level);
u32 vmw_absent_state(const struct vmw_pgwalk *pw, pte_t pte);
u32 vmw_none_state(const struct vmw_pgwalk *pw, unsigned long addr, unsigned long *pages);
unsigned long vmw_absent_pfn(pte_t pte);
void vmw_key_of(const struct vmw_pgwalk *pw, u64 raw, struct vmw_key *key);
struct page *vmw_leaf_page(const struct vmw_leaf *leaf);
int vmw_emit_framed(struct vmw_pgwalk *pw, unsigned long next, u32 state, u64 frame);
void vmw_add_to_sums(struct vmw_pgwalk *pw, const struct vmw_leaf *leaf, struct page *page,
		     unsigned long nr);
int vmw_emit_leaf(struct vmw_pgwalk *pw, const struct vmw_leaf *leaf, unsigned long run);

static inline int vmw_emit(struct vmw_pgwalk *pw, unsigned long next, u32 state)
{
	return vmw_emit_framed(pw, next, state, 0);
}

/* ptescan.c */
int vmw_scan_ptes(struct vmw_pgwalk *pw, const pte_t *pte, unsigned long next);

#endif
