/* SPDX-License-Identifier: GPL-2.0 */
/* Between vmas.c, which holds the lock, and pgwalk.c, which reads under it. */
#ifndef VMW_PGWALK_H
#define VMW_PGWALK_H

#include <linux/mmap_lock.h>
#include <linux/sched.h>

#include "walk.h"

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
 * Counts one step. True if the lock has been held long enough: the chunk is
 * done, somebody waits for the lock, or the CPU is wanted. There is progress
 * under every hold, since this comes after the step.
 */
static inline bool vmw_walk_spent(struct vmw_walk *walk)
{
	return --walk->budget <= 0 || need_resched() ||
	       (!vmw_walk_is_atomic(walk) && mmap_lock_is_contended(walk->target.mm));
}

int vmw_pgwalk(struct vmw_walk *walk, struct vm_area_struct *vma, u32 vma_flags,
	       unsigned long end, struct vmw_extents *ext);
int vmw_pgwalk_gate(struct vmw_walk *walk, struct vmw_extents *ext);

#endif
