/* SPDX-License-Identifier: GPL-2.0 */
/* Newer kernels let a task that is in no hurry wait until the next tick. */
#ifndef VMW_COMPAT_LINUX_SCHED_H
#define VMW_COMPAT_LINUX_SCHED_H

#include_next <linux/sched.h>
#include <linux/thread_info.h>

/* need_resched(), or such a task waits. */
static inline bool need_resched_lazy(void)
{
#ifdef TIF_NEED_RESCHED_LAZY
	return read_thread_flags() & (BIT(TIF_NEED_RESCHED) | BIT(TIF_NEED_RESCHED_LAZY));
#else
	return need_resched();
#endif
}

#endif
