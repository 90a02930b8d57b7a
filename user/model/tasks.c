// SPDX-License-Identifier: GPL-2.0
#include "tasks.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM	256

void vmw_tasks_init(struct vmw_tasks *tasks, uint32_t page_shift)
{
	*tasks = (struct vmw_tasks){ .page_shift = page_shift };
}

void vmw_tasks_deinit(struct vmw_tasks *tasks)
{
	free(tasks->task);
	*tasks = (struct vmw_tasks){ 0 };
}

static int make_room(struct vmw_tasks *tasks)
{
	size_t room = tasks->room ? 2 * tasks->room : FIRST_ROOM;
	struct vmw_task *task;

	if (tasks->nr < tasks->room)
		return 0;
	task = reallocarray(tasks->task, room, sizeof(*task));
	if (!task)
		return -ENOMEM;
	tasks->task = task;
	tasks->room = room;
	return 0;
}

int vmw_tasks_add(struct vmw_tasks *tasks, const struct vmwalk_task *info)
{
	const uint32_t last = tasks->nr ?
			      tasks->task[tasks->nr - 1].info.pid : 0;
	struct vmw_task *task;
	int ret;

	if (info->pid <= last)
		return -EPROTO;
	ret = make_room(tasks);
	if (ret)
		return ret;
	task = &tasks->task[tasks->nr++];
	*task = (struct vmw_task){ .info = *info };
	task->info.comm[sizeof(task->info.comm) - 1] = '\0';
	return 0;
}

uint64_t vmw_task_resident(const struct vmwalk_task *info)
{
	return info->rss_file + info->rss_anon + info->rss_shmem;
}

bool vmw_task_has_memory(const struct vmwalk_task *info)
{
	return info->flags & VMWALK_TASK_F_MM;
}

/* The kernel has cut the name: as far as it goes, it must be @name's. */
static bool is_called(const struct vmwalk_task *info, const char *name)
{
	const size_t most = sizeof(info->comm) - 1;
	char *end;
	unsigned long pid = strtoul(name, &end, 10);

	if (!*end && pid == info->pid)
		return true;
	if (strlen(name) > most && strlen(info->comm) == most)
		return !strncmp(info->comm, name, most);
	return !fnmatch(name, info->comm, 0);
}

static bool name_fits(const struct vmw_task_filter *filter,
		      const struct vmwalk_task *info)
{
	for (size_t i = 0; i < filter->nr_names; i++)
		if (is_called(info, filter->names[i]))
			return true;
	return !filter->nr_names;
}

static int compare_ids(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool fits(const struct vmw_task_filter *filter,
		 const struct vmw_task *task)
{
	const struct vmwalk_task *info = &task->info;

	if (filter->by_user && info->euid != filter->user)
		return false;
	if (filter->go && !task->go)
		return false;
	if (filter->nr_cgroups &&
	    !bsearch(&info->cgroup, filter->cgroups, filter->nr_cgroups,
		     sizeof(info->cgroup), compare_ids))
		return false;
	return name_fits(filter, info);
}

void vmw_tasks_filter(struct vmw_tasks *tasks,
		      const struct vmw_task_filter *filter)
{
	size_t kept = 0;

	for (size_t i = 0; i < tasks->nr; i++) {
		const struct vmwalk_task *info = &tasks->task[i].info;

		if (!fits(filter, &tasks->task[i]))
			continue;
		if (filter->all || vmw_task_has_memory(info))
			tasks->task[kept++] = tasks->task[i];
		else
			tasks->left_out++;
	}
	tasks->nr = kept;
}

/* A key has either. */
struct vmw_task_key {
	const char *name;
	uint64_t (*size)(const struct vmwalk_task *info);
	int (*compare)(const struct vmw_task *a, const struct vmw_task *b);
};

static int by_pid(const struct vmw_task *a, const struct vmw_task *b)
{
	return (a->info.pid > b->info.pid) - (a->info.pid < b->info.pid);
}

static int by_state(const struct vmw_task *a, const struct vmw_task *b)
{
	return (a->info.state > b->info.state) - (a->info.state < b->info.state);
}

static int by_name(const struct vmw_task *a, const struct vmw_task *b)
{
	return strcmp(a->info.comm, b->info.comm);
}

static int by_go(const struct vmw_task *a, const struct vmw_task *b)
{
	return b->go - a->go;
}

/* Those without a name after those with one, by number. */
static int by_user(const struct vmw_task *a, const struct vmw_task *b)
{
	if (a->user && b->user)
		return strcmp(a->user, b->user);
	if (a->user || b->user)
		return a->user ? -1 : 1;
	return (a->info.euid > b->info.euid) - (a->info.euid < b->info.euid);
}

static uint64_t mapped(const struct vmwalk_task *info)
{
	return info->mapped;
}

static uint64_t swapped(const struct vmwalk_task *info)
{
	return info->swap;
}

static uint64_t page_tables(const struct vmwalk_task *info)
{
	return info->page_tables;
}

static uint64_t peak(const struct vmwalk_task *info)
{
	return info->hiwater_rss;
}

const struct vmw_task_key *vmw_task_key(const char *name)
{
	static const struct vmw_task_key keys[] = {
		{ "pid", .compare = by_pid },
		{ "user", .compare = by_user },
		{ "s", .compare = by_state },
		{ "mapped", .size = mapped },
		{ "resident", .size = vmw_task_resident },
		{ "swapped", .size = swapped },
		{ "tables", .size = page_tables },
		{ "peak", .size = peak },
		{ "go", .compare = by_go },
		{ "name", .compare = by_name },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcasecmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

static int compare_tasks(const void *a, const void *b, void *arg)
{
	const struct vmw_task *x = a, *y = b;
	const struct vmw_task_key *key = arg;
	int order;

	if (key->size) {
		const uint64_t m = key->size(&x->info), n = key->size(&y->info);

		order = (m < n) - (m > n);
	} else {
		order = key->compare(x, y);
	}
	return order ? order : by_pid(x, y);
}

void vmw_tasks_sort(struct vmw_tasks *tasks, const struct vmw_task_key *key)
{
	if (tasks->nr)
		qsort_r(tasks->task, tasks->nr, sizeof(*tasks->task),
			compare_tasks, (void *)key);
}
