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
#include "trace.h"
#include "walk.h"

/**
 * struct vmw_key - what the entry looked at last was
 * @raw: the entry
 * @care: another that equals it in these bits is in the same state
 * @state: VMWALK_STATE_*
 */
struct vmw_key {
	u64	raw;
	u64	care;
	u32	state;
};

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

/**
 * struct vmw_pgwalk - one VMA's walk
 * @walk: cursor and budget
 * @mm: the address space
 * @vma: the VMA, NULL for the gate
 * @ext: where the extents go
 * @tables: where page tables count, NULL if they do not
 * @from: where this walk began
 * @end: first address past it
 * @care: bits by which two present entries of one kind are told apart
 * @object_kind: VMWALK_KIND_* of a page that is not anonymous
 * @absence: ask the object why a page is absent
 * @flags: VMWALK_WALK_F_*
 * @key: saves looking closer at an entry like the one before
 * @facts: likewise at a page; NULL unless VMWALK_WALK_F_PAGES
 */
struct vmw_pgwalk {
	struct vmw_walk		*walk;
	struct mm_struct	*mm;
	struct vm_area_struct	*vma;
	struct vmw_extents	*ext;
	struct vmw_tables	*tables;
	unsigned long		from;
	unsigned long		end;
	u64			care;
	u32			object_kind;
	bool			absence;
	u32			flags;
	struct vmw_key		key;
	struct vmw_facts	*facts;
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

/* leaf.c */
u32 vmw_entry_state(const struct vmw_pgwalk *pw, pte_t pte);
u32 vmw_leaf_state(const struct vmw_pgwalk *pw, void *pmdp, pte_t pte, unsigned long pfn,
		   u32 level);
u32 vmw_absent_state(const struct vmw_pgwalk *pw, pte_t pte);
u32 vmw_none_state(const struct vmw_pgwalk *pw, unsigned long addr, unsigned long *pages);
unsigned long vmw_absent_pfn(pte_t pte);
bool vmw_kind_needs_page(const struct vmw_pgwalk *pw);
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
