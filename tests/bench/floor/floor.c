// SPDX-License-Identifier: GPL-2.0
/*
 * The floor of the bench: loads every entry of every page table of a process
 * once, and does nothing with them. Written to `pid`, a process id is walked.
 * The process must be stopped: of what a walk owes a process that runs, there
 * is only the lock here, and nothing is told of what was found.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pgtable.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>

/* Nobody reads it; that it is kept keeps the loads. */
static u64 sum;
static unsigned long loaded;
module_param(loaded, ulong, 0444);
MODULE_PARM_DESC(loaded, "entries loaded by the walk before");

static void load_ptes(pmd_t *pmd)
{
	const pte_t *pte = pte_offset_kernel(pmd, 0);
	u64 of_table = 0;
	unsigned int i;

	for (i = 0; i < PTRS_PER_PTE; i++)
		of_table += READ_ONCE(pte[i].pte);
	WRITE_ONCE(sum, sum + of_table);
	loaded += PTRS_PER_PTE;
}

static void load_pmds(pud_t *pud)
{
	pmd_t *pmd = pmd_offset(pud, 0);
	unsigned int i;

	for (i = 0; i < PTRS_PER_PMD; i++, pmd++)
		if (pmd_present(*pmd) && !pmd_leaf(*pmd))
			load_ptes(pmd);
}

static void load_puds(p4d_t *p4d)
{
	pud_t *pud = pud_offset(p4d, 0);
	unsigned int i;

	for (i = 0; i < PTRS_PER_PUD; i++, pud++)
		if (pud_present(*pud) && !pud_leaf(*pud))
			load_pmds(pud);
}

static void load_p4ds(pgd_t *pgd)
{
	p4d_t *p4d = p4d_offset(pgd, 0);
	unsigned int i;

	for (i = 0; i < PTRS_PER_P4D; i++, p4d++)
		if (p4d_present(*p4d))
			load_puds(p4d);
}

static void load_all(struct mm_struct *mm)
{
	unsigned int i;

	loaded = 0;
	for (i = 0; i < PTRS_PER_PGD / 2; i++)
		if (pgd_present(mm->pgd[i]))
			load_p4ds(&mm->pgd[i]);
}

static struct mm_struct *get_mm(pid_t nr)
{
	struct pid *pid = find_get_pid(nr);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_TGID);
	struct mm_struct *mm = NULL;

	put_pid(pid);
	if (task) {
		mm = get_task_mm(task);
		put_task_struct(task);
	}
	return mm;
}

static int set_pid(const char *text, const struct kernel_param *kp)
{
	struct mm_struct *mm;
	int nr, ret = kstrtoint(text, 10, &nr);

	if (ret)
		return ret;
	mm = get_mm(nr);
	if (!mm)
		return -ESRCH;
	ret = mmap_read_lock_killable(mm);
	if (!ret) {
		load_all(mm);
		mmap_read_unlock(mm);
	}
	mmput(mm);
	return ret;
}

static const struct kernel_param_ops pid_ops = { .set = set_pid };
module_param_cb(pid, &pid_ops, NULL, 0200);
MODULE_PARM_DESC(pid, "whose entries to load");

MODULE_DESCRIPTION("The floor of vmwalk's bench");
MODULE_LICENSE("GPL");
