// SPDX-License-Identifier: GPL-2.0
/*
 * The resumable iteration over the VMAs, and the one place that takes the
 * target's mmap_lock.
 *
 * The lock is held for a chunk (VMW_CHUNK), then let go. The cursor is an
 * address, never a VMA pointer: after every relock the VMA at the cursor is
 * looked up anew, and known again by its struct vmw_vma_id. A full sink and a
 * lock let go are the same thing here: the record is closed, and goes on as a
 * continuation. An atomic walk differs in that it keeps the lock.
 */
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/ktime.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mmap_lock.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "arch/arch.h"
#include "pgwalk.h"
#include "walk.h"

#define RARE_FLAGS	(VM_GROWSDOWN | VM_PFNMAP | VM_MIXEDMAP | VM_IO | VM_HUGETLB | VM_LOCKED | \
			 VM_DONTCOPY | VM_DONTDUMP)

/* devtmpfs is shmem too, but its device nodes map something else. */
static bool is_shmem(const struct file *file)
{
	const struct inode *inode = file_inode(file);

	return IS_ENABLED(CONFIG_SHMEM) && inode->i_sb->s_magic == TMPFS_MAGIC &&
	       S_ISREG(inode->i_mode);
}

/* What most VMAs differ by. */
static u32 common_flags(unsigned long vm_flags)
{
	return _calc_vm_trans(vm_flags, VM_READ, VMWALK_VMA_F_READ) |
	       _calc_vm_trans(vm_flags, VM_WRITE, VMWALK_VMA_F_WRITE) |
	       _calc_vm_trans(vm_flags, VM_EXEC, VMWALK_VMA_F_EXEC) |
	       _calc_vm_trans(vm_flags, VM_MAYSHARE, VMWALK_VMA_F_SHARED) |
	       _calc_vm_trans(vm_flags, VM_NORESERVE, VMWALK_VMA_F_NORESERVE) |
	       _calc_vm_trans(vm_flags, VM_HUGEPAGE, VMWALK_VMA_F_HUGEPAGE) |
	       _calc_vm_trans(vm_flags, VM_NOHUGEPAGE, VMWALK_VMA_F_NOHUGEPAGE);
}

/* What few have any of. */
static u32 rare_flags(unsigned long vm_flags)
{
	return _calc_vm_trans(vm_flags, VM_GROWSDOWN, VMWALK_VMA_F_GROWSDOWN) |
	       _calc_vm_trans(vm_flags, VM_PFNMAP, VMWALK_VMA_F_PFNMAP) |
	       _calc_vm_trans(vm_flags, VM_MIXEDMAP, VMWALK_VMA_F_MIXEDMAP) |
	       _calc_vm_trans(vm_flags, VM_IO, VMWALK_VMA_F_IO) |
	       _calc_vm_trans(vm_flags, VM_HUGETLB, VMWALK_VMA_F_HUGETLB) |
	       _calc_vm_trans(vm_flags, VM_LOCKED, VMWALK_VMA_F_LOCKED) |
	       _calc_vm_trans(vm_flags, VM_DONTCOPY, VMWALK_VMA_F_DONTCOPY) |
	       _calc_vm_trans(vm_flags, VM_DONTDUMP, VMWALK_VMA_F_DONTDUMP);
}

static u32 vma_flags(struct vm_area_struct *vma)
{
	unsigned long vm_flags = vma->vm_flags;
	u32 flags = common_flags(vm_flags);

	if (vm_flags & RARE_FLAGS)
		flags |= rare_flags(vm_flags);
	if (vma_is_anonymous(vma))
		flags |= VMWALK_VMA_F_ANON;
	if (vma->vm_file)
		flags |= VMWALK_VMA_F_FILE | (is_shmem(vma->vm_file) ? VMWALK_VMA_F_SHMEM : 0);
	else if (vma->vm_ops && vma->vm_ops->name)
		flags |= VMWALK_VMA_F_SPECIAL;
	return flags;
}

/* All but what is known of a record only once its extents are. */
static void fill_info(struct vmwalk_vma *info, struct vm_area_struct *vma, u64 from,
		      u32 flags)
{
	const struct inode *inode;

	info->start = vma->vm_start;
	info->end = vma->vm_end;
	info->from = from;
	info->flags = flags;
	info->page_shift = PAGE_SHIFT;
	if (unlikely(flags & VMWALK_VMA_F_HUGETLB))
		info->page_shift = ilog2(vma_kernel_pagesize(vma));
	if (!vma->vm_file) {
		info->offset = 0;
		info->ino = 0;
		info->dev_major = 0;
		info->dev_minor = 0;
		return;
	}
	inode = file_inode(vma->vm_file);
	info->offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	info->ino = inode->i_ino;
	info->dev_major = MAJOR(inode->i_sb->s_dev);
	info->dev_minor = MINOR(inode->i_sb->s_dev);
}

static bool is_open(const struct vmw_walk *walk)
{
	return walk->open.vm_end;
}

static struct vmw_vma_id id_of(const struct vm_area_struct *vma)
{
	return (struct vmw_vma_id){
		.vm_start = vma->vm_start,
		.vm_end = vma->vm_end,
		.vm_flags = vma->vm_flags,
		.vm_pgoff = vma->vm_pgoff,
		.vm_file = vma->vm_file,
	};
}

static bool same_vma(const struct vmw_vma_id *id, const struct vm_area_struct *vma)
{
	return id->vm_start == vma->vm_start && id->vm_end == vma->vm_end &&
	       id->vm_flags == vma->vm_flags && id->vm_pgoff == vma->vm_pgoff &&
	       id->vm_file == vma->vm_file;
}

/* Those that are asked for. */
static inline void clear_sums(struct vmw_walk *walk)
{
	struct vmw_sums *sums = &walk->sums;

	sums->shmem_swapped = 0;
	if (walk->req.flags & VMWALK_WALK_F_PAGES)
		memset(&sums->pages, 0, sizeof(sums->pages));
	if (walk->req.flags & VMWALK_WALK_F_TABLES)
		memset(&sums->tables, 0, sizeof(sums->tables));
}

/*
 * Opens the record of @vma, or goes on with it. A VMA in whose middle the walk
 * finds itself must be the one it left there.
 */
static int open_record(struct vmw_walk *walk, struct vm_area_struct *vma,
		       struct vmw_sink *sink, u32 flags)
{
	bool again = is_open(walk) && same_vma(&walk->open, vma);
	u64 from = max(vma->vm_start, walk->cursor);
	const char *name = NULL;
	int ret;

	if (again) {
		flags |= VMWALK_VMA_F_CONTINUED;
	} else {
		name = vmw_vma_name(vma, walk->name);
		if (IS_ERR(name)) {
			flags |= VMWALK_VMA_F_NAME_LOST;
			name = NULL;
		}
	}

	ret = sink->begin(sink, name);
	if (ret)
		return ret == -EMSGSIZE ? VMW_FULL : ret;

	fill_info(sink->info, vma, from, flags);
	if (!again) {
		walk->end.vmas++;
		if (is_open(walk) || (from > vma->vm_start && from > walk->req.start))
			walk->changes++;
	}
	if (walk->req.flags & VMWALK_WALK_F_PHYS)
		sink->ext.width = 2;
	clear_sums(walk);
	walk->cursor = from;
	return 0;
}

static int walk_pages(struct vmw_pgwalk *pw, struct vm_area_struct *vma, u32 flags,
		      unsigned long end)
{
	struct address_space *mapping;
	int ret;

	if (likely(!(flags & VMWALK_VMA_F_HUGETLB)))
		return vmw_pgwalk(pw, vma, flags, end);

	/* Hugetlb may share a PMD table with others, and unshare it under this lock. */
	mapping = vma->vm_file->f_mapping;
	i_mmap_lock_read(mapping);
	ret = vmw_pgwalk(pw, vma, flags, end);
	i_mmap_unlock_read(mapping);
	return ret;
}

static u64 pages_swapped(struct vmw_walk *walk, struct vm_area_struct *vma, u32 flags,
			 unsigned long from, struct vmw_sink *sink)
{
	if (!(flags & VMWALK_VMA_F_SHMEM) || !(walk->req.flags & VMWALK_WALK_F_EXTENTS))
		return 0;
	return vmw_shmem_swapped(vma, from, &sink->ext);
}

static int walk_vma(struct vmw_pgwalk *pw, struct vm_area_struct *vma, struct vmw_sink *sink)
{
	struct vmw_walk *walk = pw->walk;
	unsigned long end = min(vma->vm_end, walk->req.end);
	u32 flags = vma_flags(vma);
	unsigned long from;
	int ret;

	ret = open_record(walk, vma, sink, flags);
	if (ret)
		return ret;

	from = walk->cursor;
	if (walk->req.flags & VMWALK_WALK_F_EXTENTS)
		ret = walk_pages(pw, vma, flags, end);
	else
		walk->cursor = end;
	/* Not done: known again by this when the walk goes on. */
	if (ret)
		walk->open = id_of(vma);
	else
		walk->open.vm_end = 0;
	if (walk->req.flags & VMWALK_WALK_F_TABLES)
		vmw_tables_take(&walk->tables, &walk->sums.tables);
	walk->sums.shmem_swapped = pages_swapped(walk, vma, flags, from, sink);
	sink->end(sink, &walk->sums);
	return ret;
}

static int walk_vmas(struct vmw_pgwalk *pw, struct vmw_sink *sink)
{
	VMA_ITERATOR(vmi, pw->mm, pw->walk->cursor);
	struct vmw_walk *walk = pw->walk;
	struct vm_area_struct *vma;
	int ret;

	for_each_vma_range(vmi, vma, walk->req.end) {
		ret = walk_vma(pw, vma, sink);
		if (ret)
			return ret;
		if (vmw_walk_spent(walk))
			return VMW_YIELD;
	}

	/* What was left half-way is gone. */
	if (is_open(walk)) {
		walk->open.vm_end = 0;
		walk->changes++;
	}
	walk->cursor = max(walk->cursor, walk->req.end);
	return 0;
}

#ifdef VMW_GATE_ADDR
static bool wants_gate(const struct vmw_walk *walk)
{
	return !walk->gate_done && walk->req.end > VMW_GATE_ADDR &&
	       walk->req.start <= VMW_GATE_ADDR && vmw_mm_has_gate(walk->target.mm);
}

static int walk_gate(struct vmw_pgwalk *pw, struct vmw_sink *sink)
{
	struct vmw_walk *walk = pw->walk;
	const struct vmwalk_vma info = {
		.start = VMW_GATE_ADDR,
		.end = VMW_GATE_ADDR + PAGE_SIZE,
		.from = VMW_GATE_ADDR,
		.flags = VMWALK_VMA_F_GATE | VMWALK_VMA_F_SPECIAL,
		.page_shift = PAGE_SHIFT,
	};
	int ret;

	if (!wants_gate(walk))
		return 0;
	ret = sink->begin(sink, "[vsyscall]");
	if (ret)
		return ret == -EMSGSIZE ? VMW_FULL : ret;

	*sink->info = info;
	clear_sums(walk);
	if (walk->req.flags & VMWALK_WALK_F_PHYS)
		sink->ext.width = 2;
	if (walk->req.flags & VMWALK_WALK_F_EXTENTS) {
		walk->cursor = VMW_GATE_ADDR;
		ret = vmw_pgwalk_gate(pw);
		walk->cursor = walk->req.end;
	}
	walk->gate_done = true;
	walk->end.vmas++;
	sink->end(sink, &walk->sums);
	return ret;
}
#else
static int walk_gate(struct vmw_pgwalk *pw, struct vmw_sink *sink)
{
	return 0;
}
#endif

/* Context: mmap_lock held for reading, just taken. */
static void notice_changes(struct vmw_walk *walk)
{
	struct mm_struct *mm = walk->target.mm;
	bool first = !walk->end.locks;

	if (walk->mm_seq_valid ? mmap_lock_speculate_retry(mm, walk->mm_seq) :
	    !first && (walk->map_count != mm->map_count || walk->total_vm != mm->total_vm))
		walk->changes++;

	if (vmw_walk_can() & VMWALK_CAN_CONSISTENCY)
		walk->mm_seq_valid = mmap_lock_speculate_try_begin(mm, &walk->mm_seq);
	walk->map_count = mm->map_count;
	walk->total_vm = mm->total_vm;
	walk->end.locks++;
}

static u32 consistency(const struct vmw_walk *walk)
{
	if (walk->changes)
		return VMWALK_CHANGED;
	if (walk->end.locks == 1 || walk->mm_seq_valid)
		return VMWALK_CONSISTENT;
	return VMWALK_BEST_EFFORT;
}

/* Context: mmap_lock held for reading; an atomic walk keeps it, and may reschedule. */
static int walk_locked(struct vmw_walk *walk, struct vmw_sink *sink)
{
	struct vmw_pgwalk pw;
	int ret;

	vmw_pgwalk_init(&pw, walk, &sink->ext);
	for (;;) {
		walk->budget = VMW_CHUNK;
		ret = walk_vmas(&pw, sink);
		if (!ret)
			ret = walk_gate(&pw, sink);
		walk->steps += VMW_CHUNK - walk->budget;
		if (ret <= 0 || !vmw_walk_is_atomic(walk))
			return ret;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
}

/* One hold of the lock. */
static int walk_chunk(struct vmw_walk *walk, struct vmw_sink *sink)
{
	struct mm_struct *mm = walk->target.mm;
	bool waited_for;
	u64 start, held;
	int ret;

	ret = mmap_read_lock_killable(mm);
	if (ret)
		return ret;

	start = ktime_get_ns();
	walk->steps = 0;
	notice_changes(walk);
	ret = walk_locked(walk, sink);
	walk->end.consistency = consistency(walk);
	waited_for = vmw_walk_is_waited_for(walk);
	mmap_read_unlock(mm);

	held = ktime_get_ns() - start;
	walk->end.walk_ns += held;
	walk->end.hold_max_ns = max_t(u64, walk->end.hold_max_ns, held);
	walk->end.hold_max_steps = max(walk->end.hold_max_steps, walk->steps);
	/* Else a reader may well overtake the writer that it has woken. */
	if (waited_for)
		schedule();
	return ret;
}

/**
 * vmw_walk_next() - go on with a walk until the sink is full
 * @walk: the walk
 * @sink: where the records go
 *
 * Context: process context, may sleep; nothing of the target is held before
 * or after.
 * Return: 0 at the end, VMW_FULL if there is more, -ESRCH if the address space
 * has gone, -EINTR if the caller is being killed, or what sink->begin() said.
 */
int vmw_walk_next(struct vmw_walk *walk, struct vmw_sink *sink)
{
	int ret;

	if (!mmget_not_zero(walk->target.mm))
		return -ESRCH;
	do {
		cond_resched();
		ret = fatal_signal_pending(current) ? -EINTR : walk_chunk(walk, sink);
	} while (ret == VMW_YIELD);
	mmput(walk->target.mm);
	return ret;
}

/* Back to the start: same target, new cursor and end stamp. */
void vmw_walk_rewind(struct vmw_walk *walk)
{
	walk->cursor = walk->req.start;
	walk->open.vm_end = 0;
	walk->mm_seq_valid = false;
	walk->changes = 0;
	walk->gate_done = false;
	memset(&walk->thread, 0, sizeof(walk->thread));
	memset(&walk->tables, 0, sizeof(walk->tables));
	memset(&walk->end, 0, sizeof(walk->end));
}

/**
 * vmw_walk_start() - prepare a walk
 * @req: what is asked, checked by the front but for its target
 * @why: filled in on failure
 *
 * Context: process context of the caller, whose pid namespace counts.
 * Return: the walk, vmw_walk_finish() ends it; or NULL.
 */
struct vmw_walk *vmw_walk_start(const struct vmw_request *req, struct vmw_refusal *why)
{
	struct vmw_walk *walk = kzalloc(sizeof(*walk), GFP_KERNEL);

	if (!walk)
		goto err_nomem;
	walk->req = *req;
	walk->name = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!walk->name)
		goto err_name;
	if (vmw_target_get(&walk->target, req, why))
		goto err_target;

	vmw_walk_rewind(walk);
	return walk;

err_target:
	kfree(walk->name);
	kfree(walk);
	return NULL;
err_name:
	kfree(walk);
err_nomem:
	*why = (struct vmw_refusal){ .err = -ENOMEM, .text = "no memory for the walk's state" };
	return NULL;
}

void vmw_walk_finish(struct vmw_walk *walk)
{
	vmw_target_put(&walk->target);
	vmw_stats_add(&walk->end);
	kfree(walk->name);
	kfree(walk);
}

/* enum vmwalk_can: what this kernel lets us tell. */
u32 vmw_walk_can(void)
{
	u32 can = 0;

	if (VMW_HAS_MM_SEQUENCE)
		can |= VMWALK_CAN_CONSISTENCY;
	if (IS_ENABLED(CONFIG_ANON_VMA_NAME))
		can |= VMWALK_CAN_ANON_NAME;
	if (IS_ENABLED(CONFIG_MEM_SOFT_DIRTY))
		can |= VMWALK_CAN_SOFT_DIRTY;
	if (IS_ENABLED(CONFIG_HAVE_ARCH_USERFAULTFD_WP))
		can |= VMWALK_CAN_UFFD_WP;
	if (vmw_arch_pkeys())
		can |= VMWALK_CAN_PKEY;
	if (!IS_ENABLED(CONFIG_NO_PAGE_MAPCOUNT))
		can |= VMWALK_CAN_MAPS;
	return can;
}
