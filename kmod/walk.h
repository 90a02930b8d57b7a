/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's inner contract. Calls go one way:
 *
 *   main -> fronts (netlink, debugfs) -> target -> vmas -> pgwalk -> arch
 *
 * A front turns a request into a struct vmw_walk, and gives vmw_walk_next() a
 * sink to fill as often as it has room. Whoever fills the sink knows nothing of
 * sk_buffs and seq_files; whoever drains it knows nothing of page tables.
 */
#ifndef VMW_WALK_H
#define VMW_WALK_H

#include <linux/atomic.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/vmwalk.h>

#include "extents.h"
#include "tables.h"

/* Page tables, holes and VMAs visited under one hold of mmap_lock, at most. */
#define VMW_CHUNK	256

#define VMW_WALK_FLAGS	(VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY | VMWALK_WALK_F_PAGES | \
			 VMWALK_WALK_F_PHYS | VMWALK_WALK_F_ABSENCE | \
			 VMWALK_WALK_F_TABLES | VMWALK_WALK_F_THREADS | VMWALK_WALK_F_ATOMIC)

/* Flags that say something about extents. */
#define VMW_EXTENTS_FLAGS	(VMWALK_WALK_F_ENTRY | VMWALK_WALK_F_PAGES | \
				 VMWALK_WALK_F_PHYS | VMWALK_WALK_F_ABSENCE | \
				 VMWALK_WALK_F_TABLES)

/**
 * struct vmw_request - what the caller asked for
 * @pid: in the caller's pid namespace
 * @flags: enum vmwalk_walk_flag, valid bits only
 * @start: first address, page-aligned
 * @end: first address past the range, page-aligned, above @start
 * @start_time: clock ticks the target must have started at, 0 for any
 */
struct vmw_request {
	pid_t		pid;
	u32		flags;
	unsigned long	start;
	unsigned long	end;
	u64		start_time;
};

/**
 * struct vmw_target - whose address space is walked
 * @mm: the address space; a reference on the struct (mm_count) is held, its
 *      contents (mm_users) are pinned only while vmw_walk_next() runs, so that
 *      a reader who stalls does not keep a dead process's memory
 * @tgid: the thread group, a reference is held
 * @ns: the caller's pid namespace, likewise
 * @pid: thread group id in there
 * @start_time: nanoseconds since boot
 * @comm: name of the thread group's leader
 */
struct vmw_target {
	struct mm_struct	*mm;
	struct pid		*tgid;
	struct pid_namespace	*ns;
	pid_t			pid;
	u64			start_time;
	char			comm[TASK_COMM_LEN];
};

/**
 * struct vmw_vma_id - enough of a VMA to know it again after the lock was let go
 * @vm_start: as in struct vm_area_struct
 * @vm_end: likewise
 * @vm_flags: likewise
 * @vm_pgoff: likewise
 * @vm_file: likewise, but compared only, never followed
 */
struct vmw_vma_id {
	unsigned long		vm_start;
	unsigned long		vm_end;
	unsigned long		vm_flags;
	unsigned long		vm_pgoff;
	const struct file	*vm_file;
};

/**
 * struct vmw_sums - what is known of a record only once its extents are
 * @shmem_swapped: what vmwalk_vma.shmem_swapped is to be
 * @pages: VMWALK_VMA_A_PAGES, if asked for
 * @tables: VMWALK_VMA_A_TABLES, likewise
 */
struct vmw_sums {
	u64			shmem_swapped;
	struct vmwalk_pages	pages;
	struct vmwalk_tables	tables;
};

/**
 * struct vmw_thread - a thread's record
 * @info: what it is doing
 * @comm: its name
 */
struct vmw_thread {
	struct vmwalk_thread	info;
	char			comm[TASK_COMM_LEN];
};

/**
 * struct vmw_thread_cursor - which thread was reported last
 * @tid: in the caller's pid namespace, 0 if none was
 * @start_time: task_struct.start_time, by which it is known again
 */
struct vmw_thread_cursor {
	pid_t			tid;
	u64			start_time;
};

/**
 * struct vmw_walk - a walk between two calls of vmw_walk_next()
 * @req: the request
 * @target: the address space
 * @cursor: first address not reported yet: all there is to resume from
 * @budget: what is left of VMW_CHUNK
 * @steps: taken under this hold of the lock
 * @open: the VMA that @cursor lies inside of; vm_end 0 if between VMAs
 * @mm_seq: the kernel's own sequence of VMA changes at the first hold
 * @mm_seq_valid: it has one, and @mm_seq is set
 * @map_count: mm->map_count at the first hold, where there is no sequence
 * @total_vm: mm->total_vm, likewise
 * @changes: times the VMAs were seen changed
 * @thread: where vmw_threads_next() goes on
 * @tables: page tables of the open record, and how far they are counted
 * @gate_done: the vsyscall page was reported
 * @sums: of the open record
 * @end: the end stamp so far
 * @name: scratch for d_path(), PATH_MAX bytes
 * @trace: writes down the way to the one page of the walk; NULL if nobody asked
 */
struct vmw_walk {
	struct vmw_request	req;
	struct vmw_target	target;
	unsigned long		cursor;
	int			budget;
	u32			steps;
	struct vmw_vma_id	open;
	unsigned int		mm_seq;
	bool			mm_seq_valid;
	int			map_count;
	unsigned long		total_vm;
	unsigned int		changes;
	struct vmw_thread_cursor thread;
	struct vmw_tables	tables;
	bool			gate_done;
	struct vmw_sums		sums;
	struct vmwalk_end	end;
	char			*name;
	struct vmw_trace	*trace;
};

/**
 * struct vmw_sink - where the records go
 * @begin: opens a record: sets @info and @ext's room, at least VMW_ROOM_MIN slots if
 *         extents were asked for. -EMSGSIZE: no room, the sink is unchanged.
 *         Called with the target's mmap_lock held: must not sleep for long
 * @end: closes it; @ext->next tells how many extents there are
 * @info: of the open record, for the walk to fill in; 4-byte aligned is enough
 * @ext: room for the open record's extents
 */
struct vmw_sink {
	int	(*begin)(struct vmw_sink *sink, const char *name);
	void	(*end)(struct vmw_sink *sink, const struct vmw_sums *sums);
	struct vmwalk_vma *info;
	struct vmw_extents ext;
};

/* A step takes 17 pairs at most: a hole as wide as a top-level entry of five levels. */
#define VMW_ROOM_MIN	64

/**
 * struct vmw_refusal - why a request is turned down
 * @err: negative errno
 * @attr: offending VMWALK_REQ_A_*, 0 if none
 * @text: for people, one line, static
 */
struct vmw_refusal {
	int		err;
	int		attr;
	const char	*text;
};

static inline int vmw_refuse(struct vmw_refusal *why, int err, int attr, const char *text)
{
	*why = (struct vmw_refusal){ .err = err, .attr = attr, .text = text };
	return err;
}

static inline u64 vmw_pages_bytes(unsigned long pages)
{
	return (u64)pages << PAGE_SHIFT;
}

/* @member: MM_ANONPAGES and the like. */
static inline u64 vmw_counter_bytes(struct mm_struct *mm, int member)
{
	return vmw_pages_bytes(get_mm_counter_sum(mm, member));
}

/* target.c */
int vmw_target_get(struct vmw_target *target, const struct vmw_request *req,
		   struct vmw_refusal *why);
void vmw_target_put(struct vmw_target *target);
void vmw_target_info(const struct vmw_target *target, struct vmwalk_mm *info);

/* vmas.c */
struct vmw_walk *vmw_walk_start(const struct vmw_request *req, struct vmw_refusal *why);
int vmw_walk_next(struct vmw_walk *walk, struct vmw_sink *sink);
void vmw_walk_rewind(struct vmw_walk *walk);
void vmw_walk_finish(struct vmw_walk *walk);
u32 vmw_walk_can(void);

/* threads.c */
bool vmw_threads_next(struct vmw_walk *walk, struct vmw_thread *thread);

/* vmaname.c */
const char *vmw_vma_name(struct vm_area_struct *vma, char *buf);

/* pginfo.c */

/**
 * struct vmw_page_use - how an entry uses a page
 * @young: accessed through it
 * @dirty: written through it
 * @locked: the VMA is
 * @counted: the page counts it as a mapping: a migration entry it does not
 */
struct vmw_page_use {
	bool young;
	bool dirty;
	bool locked;
	bool counted;
};

u32 vmw_page_kind(struct page *page, u32 object_kind);
bool vmw_hugetlb_shared(struct page *page, pte_t *pmdp);
u32 vmw_page_state(struct page *page);
void vmw_pages_add(struct vmwalk_pages *sums, struct page *page, unsigned long nr,
		   const struct vmw_page_use *use);
unsigned long vmw_folio_alike(struct page *page, unsigned long max);
u64 vmw_page_frame(unsigned long pfn);
bool vmw_page_uptodate(const struct page *page);
void vmw_page_info(struct page *page, struct vm_area_struct *vma, unsigned long addr,
		   u32 kind, struct vmwalk_page *info);

/* pgcache.c */
u64 vmw_shmem_swapped(struct vm_area_struct *vma, unsigned long from,
		      const struct vmw_extents *ext);
bool vmw_vma_has_object(struct vm_area_struct *vma);
u32 vmw_absence(struct vm_area_struct *vma, bool shmem, unsigned long addr,
		unsigned long *pages);

/* stats.c */
struct vmw_stats {
	atomic64_t requests;
	atomic64_t refusals;
	atomic64_t tables;
	atomic64_t hold_max_ns;
	atomic64_t hold_max_steps;
	atomic64_t captured;	/* bytes of room that atomic walks have now */
};

extern struct vmw_stats vmw_stats;
void vmw_stats_add(const struct vmwalk_end *end);

/* The fronts. */
int vmw_netlink_init(void);
void vmw_netlink_uninit(void);
void vmw_debugfs_init(void);
void vmw_debugfs_uninit(void);

#endif
