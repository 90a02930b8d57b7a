/* SPDX-License-Identifier: GPL-2.0 */
/* All processes, each in one record of the kernel's own counters. */
#ifndef VMW_TASKS_H
#define VMW_TASKS_H

#include <linux/pid_namespace.h>
#include <linux/types.h>
#include <linux/vmwalk.h>

/**
 * struct vmw_tasks - how far a listing has come
 * @ns: the caller's pid namespace, a reference is held
 * @next: the lowest pid in there that is not looked at yet: all there is to
 *        resume from
 */
struct vmw_tasks {
	struct pid_namespace	*ns;
	pid_t			next;
};

void vmw_tasks_start(struct vmw_tasks *tasks);
int vmw_tasks_next(struct vmw_tasks *tasks, struct vmwalk_task *info);
void vmw_tasks_finish(struct vmw_tasks *tasks);

#endif
