// SPDX-License-Identifier: GPL-2.0
/*
 * Every process of a pid namespace, by ascending pid, as /proc lists them: who
 * lives throughout is met, and met once. What is told of each are counters that
 * the kernel keeps anyway. No page table is read, and no mm is referenced: an mm
 * stays for as long as the lock of the task is held that has it.
 */
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/idr.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/user_namespace.h>

#include "tasks.h"
#include "walk.h"

static void read_mm(struct mm_struct *mm, struct vmwalk_task *info)
{
	info->flags |= VMWALK_TASK_F_MM;
	info->vmas = READ_ONCE(mm->map_count);
	info->mapped = vmw_pages_bytes(READ_ONCE(mm->total_vm));
	info->rss_file = vmw_counter_bytes(mm, MM_FILEPAGES);
	info->rss_anon = vmw_counter_bytes(mm, MM_ANONPAGES);
	info->rss_shmem = vmw_counter_bytes(mm, MM_SHMEMPAGES);
	info->swap = vmw_counter_bytes(mm, MM_SWAPENTS);
#ifdef CONFIG_HUGETLB_PAGE
	info->hugetlb = vmw_pages_bytes(atomic_long_read(&mm->hugetlb_usage));
#endif
	info->page_tables = mm_pgtables_bytes(mm);
	info->locked = vmw_pages_bytes(READ_ONCE(mm->locked_vm));
	info->pinned = vmw_pages_bytes(atomic64_read(&mm->pinned_vm));
	info->data = vmw_pages_bytes(READ_ONCE(mm->data_vm));
	info->exec = vmw_pages_bytes(READ_ONCE(mm->exec_vm));
	info->stack = vmw_pages_bytes(READ_ONCE(mm->stack_vm));
	/* The marks are raised only now and then: what is now may be higher. */
	info->hiwater_vm = max(vmw_pages_bytes(READ_ONCE(mm->hiwater_vm)), info->mapped);
	info->hiwater_rss = max(vmw_pages_bytes(READ_ONCE(mm->hiwater_rss)),
				info->rss_file + info->rss_anon + info->rss_shmem);
}

/* A kernel thread may use a process's mm for a while: it is not its own. */
static bool read_mm_of(struct task_struct *task, struct vmwalk_task *info)
{
	bool has_mm;

	task_lock(task);
	has_mm = task->mm && !(task->flags & PF_KTHREAD);
	if (has_mm)
		read_mm(task->mm, info);
	task_unlock(task);
	return has_mm;
}

static u64 cgroup_of(struct task_struct *task)
{
#ifdef CONFIG_CGROUPS
	return cgroup_id(task_dfl_cgroup(task));
#else
	return 0;
#endif
}

/* A leader that has exited has no mm, while its other threads may. Context: RCU. */
static void read_process(struct task_struct *leader, struct pid_namespace *ns,
			 struct vmwalk_task *info)
{
	const struct cred *cred = __task_cred(leader);
	struct task_struct *thread;

	info->ppid = task_ppid_nr_ns(leader, ns);
	info->uid = from_kuid_munged(&init_user_ns, cred->uid);
	info->euid = from_kuid_munged(&init_user_ns, cred->euid);
	info->state = task_state_to_char(leader);
	info->threads = get_nr_threads(leader);
	info->start_time = leader->start_boottime;
	info->cgroup = cgroup_of(leader);
	get_task_comm(info->comm, leader);
	if (leader->flags & PF_KTHREAD)
		info->flags |= VMWALK_TASK_F_KTHREAD;
	for_each_thread(leader, thread)
		if (read_mm_of(thread, info))
			break;
}

/*
 * The process with the next pid, if it is one: most pids of a large process are
 * those of its threads. What find_ge_pid() does, which 5.10 does not export.
 * Return: false if there is no such pid.
 */
static bool look_at_next(struct vmw_tasks *tasks, struct vmwalk_task *info)
{
	struct task_struct *leader;
	struct pid *pid;

	rcu_read_lock();
	pid = idr_get_next(&tasks->ns->idr, &tasks->next);
	if (pid) {
		leader = pid_task(pid, PIDTYPE_TGID);
		if (leader) {
			info->pid = tasks->next;
			read_process(leader, tasks->ns, info);
		}
		tasks->next++;
	}
	rcu_read_unlock();
	return pid;
}

/**
 * vmw_tasks_start() - begin to list
 * @tasks: filled in; vmw_tasks_finish() ends it
 *
 * Context: of the caller, whose pid namespace counts.
 */
void vmw_tasks_start(struct vmw_tasks *tasks)
{
	tasks->ns = get_pid_ns(task_active_pid_ns(current));
	tasks->next = 1;
}

/**
 * vmw_tasks_next() - the next process
 * @tasks: how far the listing has come
 * @info: filled in, every field
 *
 * Context: process context, may sleep.
 * Return: 1, 0 if there is none left, or -EINTR.
 */
int vmw_tasks_next(struct vmw_tasks *tasks, struct vmwalk_task *info)
{
	*info = (struct vmwalk_task){ 0 };
	while (look_at_next(tasks, info)) {
		if (info->pid)
			return 1;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

void vmw_tasks_finish(struct vmw_tasks *tasks)
{
	put_pid_ns(tasks->ns);
}
