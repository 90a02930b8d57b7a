// SPDX-License-Identifier: GPL-2.0
/* All processes as JSON. Of what has no memory, its sizes are null. */
#include <errno.h>

#include "json.h"
#include "render.h"

static void put_memory(struct vmw_json *j, const struct vmwalk_task *info)
{
	if (!vmw_task_has_memory(info)) {
		vmw_json_string(j, "memory", NULL);
		return;
	}
	vmw_json_object_begin(j, "memory");
	vmw_json_uint(j, "mapped", info->mapped);
	vmw_json_uint(j, "rss_file", info->rss_file);
	vmw_json_uint(j, "rss_anon", info->rss_anon);
	vmw_json_uint(j, "rss_shmem", info->rss_shmem);
	vmw_json_uint(j, "swap", info->swap);
	vmw_json_uint(j, "hugetlb", info->hugetlb);
	vmw_json_uint(j, "page_tables", info->page_tables);
	vmw_json_uint(j, "hiwater_rss", info->hiwater_rss);
	vmw_json_uint(j, "hiwater_vm", info->hiwater_vm);
	vmw_json_uint(j, "locked", info->locked);
	vmw_json_uint(j, "pinned", info->pinned);
	vmw_json_uint(j, "data", info->data);
	vmw_json_uint(j, "exec", info->exec);
	vmw_json_uint(j, "stack", info->stack);
	vmw_json_uint(j, "vmas", info->vmas);
	vmw_json_object_end(j);
}

static void put_task(struct vmw_json *j, const struct vmw_task *task)
{
	const struct vmwalk_task *info = &task->info;
	const char state[] = { info->state, '\0' };

	vmw_json_object_begin(j, NULL);
	vmw_json_uint(j, "pid", info->pid);
	vmw_json_uint(j, "ppid", info->ppid);
	vmw_json_string(j, "comm", info->comm);
	vmw_json_uint(j, "uid", info->uid);
	vmw_json_uint(j, "euid", info->euid);
	vmw_json_string(j, "user", task->user);
	vmw_json_string(j, "state", state);
	vmw_json_bool(j, "kernel_thread", info->flags & VMWALK_TASK_F_KTHREAD);
	vmw_json_bool(j, "go", task->go);
	vmw_json_uint(j, "threads", info->threads);
	vmw_json_uint(j, "start_time", info->start_time);
	vmw_json_uint(j, "cgroup", info->cgroup);
	put_memory(j, info);
	vmw_json_object_end(j);
}

int vmw_json_ps(FILE *out, const struct vmw_tasks *tasks)
{
	struct vmw_json *j = vmw_json_create(out);

	if (!j)
		return -ENOMEM;
	vmw_json_object_begin(j, NULL);
	vmw_json_string(j, "schema", "vmwalk-ps-1");
	vmw_json_uint(j, "page_size", (uint64_t)1 << tasks->page_shift);
	vmw_json_array_begin(j, "processes");
	for (size_t i = 0; i < tasks->nr; i++)
		put_task(j, &tasks->task[i]);
	vmw_json_array_end(j);
	vmw_json_object_end(j);
	return vmw_json_destroy(j);
}
