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

int vmw_pgwalk(struct vmw_walk *walk, struct vm_area_struct *vma, u32 vma_flags,
	       unsigned long end, struct vmw_extents *ext);
int vmw_pgwalk_gate(struct vmw_walk *walk, struct vmw_extents *ext);

#endif
