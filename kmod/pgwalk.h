/* SPDX-License-Identifier: GPL-2.0 */
/* Between vmas.c, which holds the lock, and pgwalk.c, which reads under it. */
#ifndef VMW_PGWALK_H
#define VMW_PGWALK_H

#include <linux/mmap_lock.h>
#include <linux/sched.h>

#include "walk.h"

/**
 * struct vmw_key - what the entry looked at last was
 * @raw: the entry
 * @care: another that equals it in these bits is in the same state
 * @state: VMWALK_STATE_*
 * @source: in a VMA where this is the same, see key_source()
 */
struct vmw_key {
	u64	raw;
	u64	care;
	u32	state;
	u32	source;
};

/**
 * struct vmw_pmd_range - where the walk came to last
 * @start: first address of the PMD's range
 * @end: first address past it; 0: nowhere
 * @pmdp: the PMD
 *
 * A VMA often begins in the range where the one before ended. The table that @pmdp
 * is in serves the VMA before, so it stays until the lock is let go.
 */
struct vmw_pmd_range {
	unsigned long	start;
	unsigned long	end;
	pmd_t		*pmdp;
};

struct vmw_facts;

/**
 * struct vmw_pgwalk - the walk of one VMA after the other, under one hold of the lock
 * @walk: cursor and budget
 * @mm: the address space
 * @ext: where the extents go
 * @tables: where page tables count, NULL if they do not
 * @care: bits by which two present entries of one kind are told apart
 * @flags: VMWALK_WALK_F_*
 * @vma: the VMA, NULL for the gate
 * @from: where its walk began
 * @end: first address past it
 * @object_kind: VMWALK_KIND_* of a page that is not anonymous
 * @hugetlb: it maps hugetlb's pages
 * @absence: ask the object why a page is absent
 * @key: saves looking closer at an entry like the one before
 * @facts: likewise at a page; NULL unless VMWALK_WALK_F_PAGES
 * @pmd: saves the way down
 */
struct vmw_pgwalk {
	struct vmw_walk		*walk;
	struct mm_struct	*mm;
	struct vmw_extents	*ext;
	struct vmw_tables	*tables;
	u64			care;
	u32			flags;
	u32			object_kind;
	struct vm_area_struct	*vma;
	unsigned long		from;
	unsigned long		end;
	bool			hugetlb;
	bool			absence;
	struct vmw_key		key;
	struct vmw_facts	*facts;
	struct vmw_pmd_range	pmd;
};

/* Besides 0 (all done) and negative errnos. */
enum vmw_progress {
	VMW_FULL = 1,		/* the sink has no room left */
	VMW_YIELD = 2,		/* let the lock go, then go on */
};

/* All under one hold of the lock, whoever waits for it. */
static inline bool vmw_walk_is_atomic(const struct vmw_walk *walk)
{
	return walk->req.flags & VMWALK_WALK_F_ATOMIC;
}

/*
 * Somebody waits for the lock, or for the CPU, even if there is no hurry: it may be
 * the target, and want the lock next. Who is made to give up the CPU while he holds
 * it makes it wait for both.
 */
static inline bool vmw_walk_is_waited_for(const struct vmw_walk *walk)
{
	return need_resched_lazy() || mmap_lock_is_contended(walk->target.mm);
}

/*
 * Counts one step. True if the lock has been held long enough: the chunk is
 * done, or somebody waits. There is progress under every hold, since this comes
 * after the step.
 */
static inline bool vmw_walk_spent(struct vmw_walk *walk)
{
	return --walk->budget <= 0 ||
	       (vmw_walk_is_atomic(walk) ? need_resched() : vmw_walk_is_waited_for(walk));
}

void vmw_pgwalk_init(struct vmw_pgwalk *pw, struct vmw_walk *walk, struct vmw_extents *ext);
int vmw_pgwalk(struct vmw_pgwalk *pw, struct vm_area_struct *vma, u32 vma_flags,
	       unsigned long end);
int vmw_pgwalk_gate(struct vmw_pgwalk *pw);

#endif
