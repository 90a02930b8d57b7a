// SPDX-License-Identifier: GPL-2.0
/*
 * Pid to task to mm, and the references: taken in vmw_target_get(), dropped in
 * vmw_target_put(), nowhere else. Whether the caller may is the fronts'
 * business: they know whose credentials count.
 */
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rwsem.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

#include "arch/arch.h"
#include "walk.h"

static u64 start_ticks(const struct vmw_target *target)
{
	return div_u64(target->start_time, NSEC_PER_SEC / USER_HZ);
}

/* Returns a task with a reference, or NULL. */
static struct task_struct *find_task(pid_t nr)
{
	struct pid *pid = find_get_pid(nr);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);

	put_pid(pid);
	return task;
}

/*
 * Who it is; false if it has been reaped by now. Our reference keeps the task,
 * but not its leader: that stays, under RCU, where the task was alive.
 */
static bool identify(struct vmw_target *target, struct task_struct *task)
{
	struct task_struct *leader;
	bool alive;

	rcu_read_lock();
	alive = pid_alive(task);
	if (alive) {
		leader = READ_ONCE(task->group_leader);
		target->pid = task_tgid_vnr(task);
		target->tgid = get_pid(task_tgid(task));
		target->start_time = leader->start_boottime;
		get_task_comm(target->comm, leader);
	}
	rcu_read_unlock();
	return alive;
}

/* A zombie thread-group leader has no mm, while its other threads may. */
static struct mm_struct *get_group_mm(struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	struct task_struct *thread;

	if (mm)
		return mm;
	rcu_read_lock();
	for_each_thread(task, thread) {
		mm = get_task_mm(thread);
		if (mm)
			break;
	}
	rcu_read_unlock();
	return mm;
}

/*
 * In the middle of exec() there is an mm that is not set up yet: wait as
 * mm_access() does.
 */
static int grab_mm(struct vmw_target *target, struct task_struct *task,
		   struct vmw_refusal *why)
{
	struct mm_struct *mm;

	if (task->flags & PF_KTHREAD)
		return vmw_refuse(why, -EINVAL, VMWALK_REQ_A_PID,
				  "a kernel thread has no address space of its own");

	if (down_read_killable(&task->signal->exec_update_lock))
		return vmw_refuse(why, -EINTR, 0, "killed while waiting for the target's exec()");
	mm = get_group_mm(task);
	up_read(&task->signal->exec_update_lock);
	if (!mm)
		return vmw_refuse(why, -ESRCH, VMWALK_REQ_A_PID,
				  "the process has exited: its address space is gone");
	mmgrab(mm);
	mmput(mm);
	target->mm = mm;
	target->ns = get_pid_ns(task_active_pid_ns(current));
	return 0;
}

/**
 * vmw_target_get() - find the process and hold its address space
 * @target: filled in; vmw_target_put() ends it
 * @req: whose: pid and start_time
 * @why: filled in on failure
 *
 * Context: process context of the caller, whose pid namespace counts. May sleep.
 * Return: 0, -ESRCH, -EINVAL or -EINTR.
 */
int vmw_target_get(struct vmw_target *target, const struct vmw_request *req,
		   struct vmw_refusal *why)
{
	struct task_struct *task = find_task(req->pid);
	int ret;

	if (!task)
		return vmw_refuse(why, -ESRCH, VMWALK_REQ_A_PID, "no such process");

	if (!identify(target, task))
		ret = vmw_refuse(why, -ESRCH, VMWALK_REQ_A_PID, "no such process");
	else if (req->start_time && req->start_time != start_ticks(target))
		ret = vmw_refuse(why, -ESRCH, VMWALK_REQ_A_START_TIME,
				 "the pid belongs to another process by now");
	else
		ret = grab_mm(target, task, why);
	put_task_struct(task);
	if (ret)
		put_pid(target->tgid);
	return ret;
}

void vmw_target_put(struct vmw_target *target)
{
	put_pid_ns(target->ns);
	put_pid(target->tgid);
	mmdrop(target->mm);
}

static u32 mm_flags(struct mm_struct *mm)
{
	u32 flags = 0;

	if (vmw_mm_has_gate(mm))
		flags |= VMWALK_MM_F_VSYSCALL;
	if (mm->task_size <= SZ_4G)
		flags |= VMWALK_MM_F_COMPAT;
	return flags;
}

/**
 * vmw_target_info() - the address space as a whole
 * @target: held
 * @info: filled in, every field
 *
 * Counters only, no lock but arg_lock: they may be of different moments.
 */
void vmw_target_info(const struct vmw_target *target, struct vmwalk_mm *info)
{
	struct mm_struct *mm = target->mm;

	*info = (struct vmwalk_mm){
		.pid = target->pid,
		.flags = mm_flags(mm),
		.start_time = target->start_time,
		.mmap_base = mm->mmap_base,
		.task_size = mm->task_size,
		.mapped = vmw_pages_bytes(READ_ONCE(mm->total_vm)),
		.rss_file = vmw_counter_bytes(mm, MM_FILEPAGES),
		.rss_anon = vmw_counter_bytes(mm, MM_ANONPAGES),
		.rss_shmem = vmw_counter_bytes(mm, MM_SHMEMPAGES),
		.swap = vmw_counter_bytes(mm, MM_SWAPENTS),
		.page_tables = mm_pgtables_bytes(mm),
		.vmas = READ_ONCE(mm->map_count),
		.locked = vmw_pages_bytes(READ_ONCE(mm->locked_vm)),
		.pinned = vmw_pages_bytes(atomic64_read(&mm->pinned_vm)),
		.data = vmw_pages_bytes(READ_ONCE(mm->data_vm)),
		.exec = vmw_pages_bytes(READ_ONCE(mm->exec_vm)),
		.stack = vmw_pages_bytes(READ_ONCE(mm->stack_vm)),
	};
	/* The marks are raised only now and then: what is now may be higher. */
	info->hiwater_vm = max(vmw_pages_bytes(READ_ONCE(mm->hiwater_vm)), info->mapped);
	info->hiwater_rss = max(vmw_pages_bytes(READ_ONCE(mm->hiwater_rss)),
				info->rss_file + info->rss_anon + info->rss_shmem);

	spin_lock(&mm->arg_lock);
	info->start_code = mm->start_code;
	info->end_code = mm->end_code;
	info->start_data = mm->start_data;
	info->end_data = mm->end_data;
	info->start_brk = mm->start_brk;
	info->brk = mm->brk;
	info->start_stack = mm->start_stack;
	info->arg_start = mm->arg_start;
	info->arg_end = mm->arg_end;
	info->env_start = mm->env_start;
	info->env_end = mm->env_end;
	spin_unlock(&mm->arg_lock);
}
