/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The model of all processes: one record of counters each, plain data, as one
 * listing found them.
 */
#ifndef VMW_TASKS_H
#define VMW_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/vmwalk.h>

struct vmw_task {
	struct vmwalk_task info;
	const char *user;	/* name of .euid, raw; NULL: it has none */
	bool go;		/* Go's linker made what it runs */
};

struct vmw_tasks {
	uint32_t page_shift;	/* log2 of the base page */
	struct vmw_task *task;	/* by ascending pid, until sorted otherwise */
	size_t nr;
	size_t left_out;	/* for want of memory, by vmw_tasks_filter() */
	size_t room;		/* private to tasks.c */
};

/* Which processes to keep: those that meet all that is set. */
struct vmw_task_filter {
	bool all;		/* those without memory of their own, too */
	/* Pids, or names as fnmatch(3) has them: any of them will do. */
	char *const *names;
	size_t nr_names;	/* 0: any name */
	bool by_user;
	uint32_t user;		/* effective */
	const uint64_t *cgroups;	/* any of them, ascending */
	size_t nr_cgroups;	/* 0: any cgroup */
	bool go;		/* those with .go set alone */
};

void vmw_tasks_init(struct vmw_tasks *tasks, uint32_t page_shift);
void vmw_tasks_deinit(struct vmw_tasks *tasks);
/* Returns 0, -ENOMEM, or -EPROTO if the pids do not ascend. */
int vmw_tasks_add(struct vmw_tasks *tasks, const struct vmwalk_task *info);
void vmw_tasks_filter(struct vmw_tasks *tasks,
		      const struct vmw_task_filter *filter);

/*
 * What --sort takes, the names of columns: sizes, the largest first; anything
 * else ascending; what is equal, by pid. NULL: there is none of that name.
 */
struct vmw_task_key;
const struct vmw_task_key *vmw_task_key(const char *name);
void vmw_tasks_sort(struct vmw_tasks *tasks, const struct vmw_task_key *key);

/* Bytes that the kernel counts as RSS. */
uint64_t vmw_task_resident(const struct vmwalk_task *info);
bool vmw_task_has_memory(const struct vmwalk_task *info);

#endif
