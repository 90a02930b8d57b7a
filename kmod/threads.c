// SPDX-License-Identifier: GPL-2.0
/*
 * The threads of a process, and the registers with which each last left user
 * space. None is stopped or waited for.
 */
#include <linux/pid.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>

#include "arch/arch.h"
#include "walk.h"

/*
 * The thread reported last may have gone. The list is in the order of birth, so
 * those born later are those not reported yet.
 * Context: RCU.
 */
static struct task_struct *find_next(const struct vmw_target *target,
				     const struct vmw_thread_cursor *at)
{
	struct task_struct *leader = pid_task(target->tgid, PIDTYPE_TGID);
	struct task_struct *task;

	if (!leader)
		return NULL;

	task = pid_task(find_pid_ns(at->tid, target->ns), PIDTYPE_PID);
	if (task && same_thread_group(task, leader) && task->start_time == at->start_time)
		return list_next_or_null_rcu(&leader->signal->thread_head, &task->thread_node,
					     struct task_struct, thread_node);

	for_each_thread(leader, task)
		if (task->start_time > at->start_time)
			return task;
	return NULL;
}

/* What was saved of it may be overwritten any moment. */
static bool is_running(struct task_struct *task)
{
#ifdef CONFIG_SMP
	if (READ_ONCE(task->on_cpu))
		return true;
#endif
	return task_state_to_char(task) == 'R';
}

static unsigned long switches(const struct task_struct *task)
{
	return READ_ONCE(task->nvcsw) + READ_ONCE(task->nivcsw);
}

/*
 * A task that exits gives up its mm under task_lock(), and its kernel stack, where
 * the registers are, after that: try_get_task_stack() has no exported end.
 */
static void read_registers(const struct vmw_target *target, struct task_struct *task,
			   struct vmwalk_thread *info)
{
	struct pt_regs *regs;

	task_lock(task);
	if (task->mm == target->mm) {
		regs = task_pt_regs(task);
		info->sp = user_stack_pointer(regs);
		info->pc = instruction_pointer(regs);
		info->fs_base = vmw_thread_pointer(task, regs);
		info->flags |= VMWALK_THREAD_F_REGS;
	}
	task_unlock(task);
}

static void read_thread(const struct vmw_target *target, struct task_struct *task,
			struct vmwalk_thread *info)
{
	const unsigned long before = switches(task);
	bool running = is_running(task);

	*info = (struct vmwalk_thread){
		.tid = task_pid_nr_ns(task, target->ns),
		.state = task_state_to_char(task),
	};

	/* Registers are at rest if the task was before they are read, ... */
	smp_rmb();
	read_registers(target, task, info);
	/* ... is so after that, and has not been scheduled in between. */
	smp_rmb();
	if (running || is_running(task) || switches(task) != before)
		info->flags |= VMWALK_THREAD_F_RUNNING;
}

/**
 * vmw_threads_next() - the next thread
 * @walk: the walk, and in it which thread was the last
 * @thread: filled in
 *
 * Context: process context, does not sleep.
 * Return: false if there is none left.
 */
bool vmw_threads_next(struct vmw_walk *walk, struct vmw_thread *thread)
{
	struct task_struct *task;

	rcu_read_lock();
	task = find_next(&walk->target, &walk->thread);
	if (task) {
		read_thread(&walk->target, task, &thread->info);
		get_task_comm(thread->comm, task);
		walk->thread.tid = thread->info.tid;
		walk->thread.start_time = task->start_time;
	}
	rcu_read_unlock();
	return task;
}
