// SPDX-License-Identifier: GPL-2.0
/*
 * The lockless descent, one entry of one level a step, and the scan of a PTE
 * table.
 *
 * The caller holds mmap_lock for reading and walks inside an attached VMA: the
 * tables above the PTE level stay then. A PTE table may go all the same (newer
 * kernels free empty and collapsed ones under the read lock), after a grace
 * period: hence RCU from the moment its address is read. Its lock, and a second
 * look at the PMD under it, make the scan and what it reads of struct page
 * stable. Every entry is read once, nothing is written, bad entries stay.
 */
#include <linux/bitfield.h>
#include <linux/hugetlb.h>
#include <linux/leafops.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "arch/arch.h"
#include "pgwalk.h"
#include "pte.h"
#include "walk.h"

/**
 * struct pgwalk - one VMA's walk
 * @walk: cursor and budget
 * @mm: the address space
 * @vma: the VMA, NULL for the gate
 * @ext: where the extents go
 * @tables: where page tables count, NULL if they do not
 * @end: first address past the walk
 * @care: bits by which two present entries of one kind are told apart
 * @object_kind: VMWALK_KIND_* of a page that is not anonymous
 * @absence: ask the object why a page is absent
 * @flags: VMWALK_WALK_F_*
 */
struct pgwalk {
	struct vmw_walk		*walk;
	struct mm_struct	*mm;
	struct vm_area_struct	*vma;
	struct vmw_extents	*ext;
	struct vmw_tables	*tables;
	unsigned long		end;
	u64			care;
	u32			object_kind;
	bool			absence;
	u32			flags;
};

/**
 * struct leaf - what an entry that ends the descent says of the page at the cursor
 * @pte: the entry, in a PTE's clothes
 * @pfn: the page's frame, if there is one
 * @state: kind, level and what the entry itself tells
 */
struct leaf {
	pte_t			pte;
	unsigned long		pfn;
	u32			state;
};

#define LEVEL_PMD	FIELD_PREP(VMWALK_STATE_LEVEL, 1)
#define LEVEL_PUD	FIELD_PREP(VMWALK_STATE_LEVEL, 2)

/* Writes down an entry of the way, if it is wanted. A macro: p?d_val() can be a call. */
#define trace(pw, level, entry, raw)						\
	do {									\
		struct vmw_trace *_trace = (pw)->walk->trace;			\
										\
		if (unlikely(_trace))						\
			vmw_trace_entry(_trace, level, entry, raw);		\
	} while (0)

/* There is a table for @pw->walk->cursor on this level. */
static void meet_table(struct pgwalk *pw, enum vmw_level level)
{
	if (pw->tables)
		vmw_tables_meet(pw->tables, pw->mm, level, pw->walk->cursor);
}

static int emit_framed(struct pgwalk *pw, unsigned long next, u32 state, u64 frame)
{
	unsigned long pages = (next - pw->walk->cursor) >> PAGE_SHIFT;
	bool added;

	if (unlikely(pw->walk->trace))
		vmw_trace_end(pw->walk->trace, pw->vma, state);
	if (pw->flags & VMWALK_WALK_F_PHYS)
		added = vmw_extents_add_framed(pw->ext, pages, state, frame);
	else
		added = vmw_extents_add(pw->ext, pages, state);
	if (!added)
		return VMW_FULL;
	if (pw->tables && state & VMWALK_STATE_LEVEL)
		vmw_tables_leaf(pw->tables, pw->vma, FIELD_GET(VMWALK_STATE_LEVEL, state),
				pw->walk->cursor);
	pw->walk->cursor = next;
	return 0;
}

static int emit(struct pgwalk *pw, unsigned long next, u32 state)
{
	return emit_framed(pw, next, state, 0);
}

/* The state of @addr, which has no entry; *@pages is cut to those that share it. */
static u32 none_state(const struct pgwalk *pw, unsigned long addr, unsigned long *pages)
{
	if (!pw->absence)
		return VMWALK_KIND_NONE;
	return vmw_absence(pw->vma, pw->object_kind == VMWALK_KIND_SHMEM, addr, pages);
}

/* An entry of none above the PTE level: all that it spans, or a first part of that. */
static int emit_none(struct pgwalk *pw, unsigned long next)
{
	unsigned long pages = (next - pw->walk->cursor) >> PAGE_SHIFT;
	u32 state = none_state(pw, pw->walk->cursor, &pages);

	return emit(pw, pw->walk->cursor + (pages << PAGE_SHIFT), state);
}

static u32 absent_kind(softleaf_t leaf)
{
	if (softleaf_is_swap(leaf))
		return VMWALK_KIND_SWAP;
	if (softleaf_is_migration(leaf))
		return VMWALK_KIND_MIGRATION;
	if (softleaf_is_hwpoison(leaf) || softleaf_is_poison_marker(leaf))
		return VMWALK_KIND_HWPOISON;
	if (softleaf_is_device_private(leaf) || softleaf_is_device_exclusive(leaf))
		return VMWALK_KIND_DEVICE;
	if (softleaf_is_guard_marker(leaf))
		return VMWALK_KIND_GUARD;
	if (softleaf_is_marker(leaf))
		return VMWALK_KIND_MARKER;
	return VMWALK_KIND_BAD;
}

static u32 absent_state(const struct pgwalk *pw, pte_t pte)
{
	softleaf_t leaf = softleaf_from_pte(pte);
	u32 state = absent_kind(leaf);

	if (!(pw->flags & VMWALK_WALK_F_ENTRY))
		return state;
	if (pte_swp_soft_dirty(pte))
		state |= VMWALK_STATE_SOFT_DIRTY;
	if (pte_swp_uffd(pte) || softleaf_is_uffd_wp_marker(leaf))
		state |= VMWALK_STATE_UFFD_WP;
	return state;
}

static u32 entry_state(const struct pgwalk *pw, pte_t pte)
{
	u32 state;

	if (!(pw->flags & VMWALK_WALK_F_ENTRY))
		return 0;
	state = FIELD_PREP(VMWALK_STATE_PKEY, vmw_pte_pkey(pte));
	if (pte_write(pte))
		state |= VMWALK_STATE_WRITE;
	if (vmw_pte_exec(pte))
		state |= VMWALK_STATE_EXEC;
	if (pte_dirty(pte))
		state |= VMWALK_STATE_DIRTY;
	if (pte_young(pte))
		state |= VMWALK_STATE_ACCESSED;
	if (pte_soft_dirty(pte))
		state |= VMWALK_STATE_SOFT_DIRTY;
	if (pte_uffd(pte))
		state |= VMWALK_STATE_UFFD_WP;
	if (vmw_pte_hidden(pte))
		state |= VMWALK_STATE_PROTNONE;
	return state;
}

/*
 * A VMA with a backing object and an anon_vma holds both kinds of pages, told
 * apart by struct page alone. The anon_vma is there before its first page is
 * mapped, which takes the page-table lock that we hold.
 */
static bool mixed(const struct pgwalk *pw)
{
	return pw->object_kind != VMWALK_KIND_ANON && pw->vma->anon_vma;
}

/*
 * @pte: the leaf in a PTE's clothes. @pmdp: where it is, for a PMD.
 * Context: the leaf's lock is held.
 */
static u32 leaf_state(const struct pgwalk *pw, void *pmdp, pte_t pte, unsigned long pfn, u32 level)
{
	struct vm_area_struct *vma = pw->vma;
	u32 state = level | entry_state(pw, pte);
	struct page *page;
	u32 kind;

	if (vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP))
		return state | VMWALK_KIND_PFN;

	page = pfn_to_page(pfn);
	kind = vmw_page_kind(page, pw->object_kind == VMWALK_KIND_ANON ?
			     VMWALK_KIND_ZERO : pw->object_kind);
	if (is_vm_hugetlb_page(vma)) {
		state |= VMWALK_STATE_HUGETLB;
		if (vmw_hugetlb_shared(page, pmdp))
			state |= VMWALK_STATE_SHARED;
	}
	return state | kind;
}

/*
 * A hugetlb page is not always one leaf: it may be a run of them, of PTEs too,
 * and its lock then another than that of their table, @ptl.
 */
static spinlock_t *entry_lockptr(const struct pgwalk *pw, void *entry, spinlock_t *ptl)
{
	struct vm_area_struct *vma = pw->vma;

	return is_vm_hugetlb_page(vma) ? huge_pte_lockptr(hstate_vma(vma), pw->mm, entry) : ptl;
}

/*
 * The state of one PTE. *@same gets the bits by which the next entry must equal
 * this one to be in the same state without being looked at any closer.
 */
static u32 pte_state(const struct pgwalk *pw, u64 raw, u64 *same)
{
	pte_t pte = vmw_raw_pte(raw);
	u32 kind;

	*same = ~0ULL;
	if (pte_none(pte))
		return VMWALK_KIND_NONE;
	if (!pte_present(pte))
		return absent_state(pw, pte);

	if (is_vm_hugetlb_page(pw->vma))
		return leaf_state(pw, NULL, pte, pte_pfn(pte), 0);

	if (pte_special(pte)) {
		kind = is_zero_pfn(pte_pfn(pte)) ? VMWALK_KIND_ZERO : VMWALK_KIND_PFN;
	} else if (mixed(pw)) {
		kind = vmw_page_kind(pfn_to_page(pte_pfn(pte)), pw->object_kind);
	} else {
		kind = pw->object_kind;
		*same = pw->care;
	}
	return kind | entry_state(pw, pte);
}

/*
 * How many of @max entries from @pte on equal @raw in the bits @same; the first
 * does. Eight at a time: one cache line, one branch.
 */
static unsigned long run_length(const pte_t *pte, unsigned long max, u64 raw, u64 same)
{
	unsigned long n = 1;

	while (n + 8 <= max) {
		const pte_t *p = pte + n;
		u64 diff = (vmw_pte_raw(p + 0) ^ raw) | (vmw_pte_raw(p + 1) ^ raw) |
			   (vmw_pte_raw(p + 2) ^ raw) | (vmw_pte_raw(p + 3) ^ raw) |
			   (vmw_pte_raw(p + 4) ^ raw) | (vmw_pte_raw(p + 5) ^ raw) |
			   (vmw_pte_raw(p + 6) ^ raw) | (vmw_pte_raw(p + 7) ^ raw);

		if (diff & same)
			break;
		n += 8;
	}
	while (n < max && !((vmw_pte_raw(pte + n) ^ raw) & same))
		n++;
	return n;
}

/* The page that @leaf maps, or would if it were there; NULL if none. */
static struct page *leaf_page(const struct leaf *leaf)
{
	switch (leaf->state & VMWALK_STATE_KIND) {
	case VMWALK_KIND_ANON:
	case VMWALK_KIND_FILE:
	case VMWALK_KIND_SHMEM:
		return pfn_to_page(leaf->pfn);
	case VMWALK_KIND_MIGRATION:
	case VMWALK_KIND_HWPOISON:
	case VMWALK_KIND_DEVICE:
		return leaf->pfn ? pfn_to_page(leaf->pfn) : NULL;
	default:
		return NULL;
	}
}

static u64 leaf_frame(const struct leaf *leaf)
{
	softleaf_t swap;

	switch (leaf->state & VMWALK_STATE_KIND) {
	case VMWALK_KIND_ANON:
	case VMWALK_KIND_FILE:
	case VMWALK_KIND_SHMEM:
	case VMWALK_KIND_ZERO:
	case VMWALK_KIND_MIGRATION:
		return vmw_page_frame(leaf->pfn);
	case VMWALK_KIND_PFN:
		return VMWALK_FRAME(leaf->pfn, VMWALK_FRAME_NO_NODE);
	case VMWALK_KIND_SWAP:
		swap = softleaf_from_pte(leaf->pte);
		return VMWALK_FRAME(swp_offset(swap), swp_type(swap));
	default:
		return 0;
	}
}

/* The frame that an absent entry holds, if it does. */
static unsigned long absent_pfn(pte_t pte)
{
	softleaf_t leaf = softleaf_from_pte(pte);

	return softleaf_has_pfn(leaf) ? softleaf_to_pfn(leaf) : 0;
}

static void add_to_sums(struct pgwalk *pw, const struct leaf *leaf, struct page *page)
{
	struct vmw_page_use use = { .locked = pw->vma->vm_flags & VM_LOCKED };

	if (pte_present(leaf->pte)) {
		use.young = pte_young(leaf->pte);
		use.dirty = pte_dirty(leaf->pte);
		use.counted = true;
	} else {
		use.counted = vmw_softleaf_counted(softleaf_from_pte(leaf->pte));
	}
	vmw_pages_add(&pw->walk->sums.pages, page, &use);
}

/*
 * The page at the cursor, or @run pages that are like it. smaps, and so we, sums
 * up hugetlb pages elsewhere.
 */
static int emit_leaf(struct pgwalk *pw, const struct leaf *leaf, unsigned long run)
{
	unsigned long next = pw->walk->cursor + (run << PAGE_SHIFT);
	struct page *page = pw->flags & VMWALK_WALK_F_PAGES ? leaf_page(leaf) : NULL;
	u64 frame = pw->flags & VMWALK_WALK_F_PHYS ? leaf_frame(leaf) : 0;
	u32 state = leaf->state;
	int ret;

	if (page && pte_present(leaf->pte))
		state |= vmw_page_state(page);
	if (leaf->state & VMWALK_STATE_HUGETLB)
		state = (state & ~VMWALK_STATE_SHARED) | (leaf->state & VMWALK_STATE_SHARED);
	ret = emit_framed(pw, next, state, frame);
	if (!ret && page && !is_vm_hugetlb_page(pw->vma))
		add_to_sums(pw, leaf, page);
	return ret;
}

/* A leaf of many pages, which may be mapped elsewhere one by one. */
static int emit_huge_leaf(struct pgwalk *pw, struct leaf *leaf, unsigned long next)
{
	unsigned long left = (next - pw->walk->cursor) >> PAGE_SHIFT;
	bool each = pw->flags & VMWALK_WALK_F_PAGES && !is_vm_hugetlb_page(pw->vma);
	unsigned long run = each && leaf_page(leaf) ? 1 : left;
	int ret = 0;

	for (; left && !ret; left -= run, leaf->pfn += run)
		ret = emit_leaf(pw, leaf, run);
	return ret;
}

/* Page by page, where entries do not tell everything. */
static int scan_pages(struct pgwalk *pw, const pte_t *pte, unsigned long next)
{
	unsigned long left = (next - pw->walk->cursor) >> PAGE_SHIFT;
	struct leaf leaf;
	unsigned long run;
	u64 raw, same;
	int ret = 0;

	for (; left && !ret; left -= run, pte += run) {
		raw = vmw_pte_raw(pte);
		leaf.pte = vmw_raw_pte(raw);
		leaf.state = pte_state(pw, raw, &same);
		run = 1;
		if (pte_none(leaf.pte)) {
			run = run_length(pte, left, raw, same);
			leaf.state = none_state(pw, pw->walk->cursor, &run);
		} else {
			leaf.pfn = pte_present(leaf.pte) ? pte_pfn(leaf.pte) : absent_pfn(leaf.pte);
		}
		trace(pw, 0, pte, raw);
		ret = emit_leaf(pw, &leaf, run);
	}
	return ret;
}

/* Context: RCU, and the table's lock is held. */
static int scan_ptes(struct pgwalk *pw, const pte_t *pte, unsigned long next)
{
	unsigned long left = (next - pw->walk->cursor) >> PAGE_SHIFT;
	unsigned long run;
	u64 raw, same;
	u32 state;

	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "a PTE table can go without RCU");
	if (pw->flags & (VMWALK_WALK_F_PAGES | VMWALK_WALK_F_PHYS))
		return scan_pages(pw, pte, next);
	for (; left; left -= run, pte += run) {
		raw = vmw_pte_raw(pte);
		state = pte_state(pw, raw, &same);
		run = run_length(pte, left, raw, same);
		if (state == VMWALK_KIND_NONE)
			state = none_state(pw, next - (left << PAGE_SHIFT), &run);
		if (!vmw_extents_add(pw->ext, run, state))
			break;
	}
	pw->walk->cursor = next - (left << PAGE_SHIFT);
	return left ? VMW_FULL : 0;
}

/* An open-coded __pte_offset_map_lock(), which is not exported. */
static int step_ptes(struct pgwalk *pw, pmd_t *pmdp, pmd_t pmd, unsigned long next)
{
	unsigned long from = pw->walk->cursor;
	spinlock_t *ptl; /* of the PTE table */
	pte_t *pte;
	int ret = 0;

	rcu_read_lock();
	pte = pte_offset_kernel(&pmd, pw->walk->cursor);
	ptl = entry_lockptr(pw, pte, pte_lockptr(pw->mm, &pmd));
	spin_lock(ptl);
	/* Changed: no progress, the next step looks again. */
	if (pmd_same(pmd, pmdp_get_lockless(pmdp))) {
		meet_table(pw, VMW_LEVEL_PTE);
		ret = scan_ptes(pw, pte, next);
		if (pw->tables)
			vmw_tables_scan(pw->tables, pte, (pw->walk->cursor - from) >> PAGE_SHIFT);
		pw->walk->end.tables++;
	}
	spin_unlock(ptl);
	rcu_read_unlock();
	return ret;
}

/* Which of a huge leaf's pages is the one at the cursor? */
static unsigned long index_of_page(const struct pgwalk *pw, unsigned long size)
{
	return (pw->walk->cursor & (size - 1)) >> PAGE_SHIFT;
}

/* The leaf's lock is held; @present is false for a migration entry and its like. */
static int emit_pmd(struct pgwalk *pw, pmd_t *pmdp, pmd_t pmd, unsigned long next)
{
	struct leaf leaf = { .pte = vmw_pmd_leaf_pte(pmd) };

	if (pmd_present(pmd)) {
		leaf.pfn = pmd_pfn(pmd);
		leaf.state = leaf_state(pw, pmdp, leaf.pte, leaf.pfn, LEVEL_PMD);
	} else {
		leaf.pfn = absent_pfn(leaf.pte);
		leaf.state = LEVEL_PMD | absent_state(pw, leaf.pte);
	}
	leaf.pfn += index_of_page(pw, PMD_SIZE);
	return emit_huge_leaf(pw, &leaf, next);
}

static bool pmd_is_leaf(pmd_t pmd)
{
	return !pmd_none(pmd) && (!pmd_present(pmd) || pmd_leaf(pmd));
}

static int step_pmd_leaf(struct pgwalk *pw, pmd_t *pmdp, unsigned long next)
{
	spinlock_t *ptl = entry_lockptr(pw, pmdp, pmd_lockptr(pw->mm, pmdp));
	pmd_t pmd;
	int ret = 0;

	spin_lock(ptl);
	pmd = pmdp_get_lockless(pmdp);
	if (pmd_is_leaf(pmd)) {
		trace(pw, 1, pmdp, pmd_val(pmd));
		ret = emit_pmd(pw, pmdp, pmd, next);
	}
	spin_unlock(ptl);
	return ret;
}

/* pud_present() is not for leaves everywhere: hugetlb's may be PROT_NONE. */
static bool pud_leaf_present(pud_t pud)
{
	return pte_present(vmw_pud_leaf_pte(pud)) && vmw_pud_leaf(pud);
}

static int step_pud_leaf(struct pgwalk *pw, pud_t *pudp, unsigned long next)
{
	spinlock_t *ptl = pud_lock(pw->mm, pudp);
	pud_t pud = READ_ONCE(*pudp);
	struct leaf leaf = { .pte = vmw_pud_leaf_pte(pud) };
	int ret = 0;

	if (pud_leaf_present(pud)) {
		trace(pw, 2, pudp, pud_val(pud));
		leaf.pfn = pud_pfn(pud) + index_of_page(pw, PUD_SIZE);
		leaf.state = leaf_state(pw, NULL, leaf.pte, pud_pfn(pud), LEVEL_PUD);
		ret = emit_huge_leaf(pw, &leaf, next);
	}
	spin_unlock(ptl);
	return ret;
}

/* The gate's tables are the kernel's own: never freed, no lock. */
static int step_gate(struct pgwalk *pw, pmd_t pmd, unsigned long next)
{
	pte_t *ptep = pte_offset_kernel(&pmd, pw->walk->cursor);
	pte_t pte = vmw_raw_pte(vmw_pte_raw(ptep));

	trace(pw, 0, ptep, pte_val(pte));
	if (!pte_present(pte))
		return emit(pw, next, VMWALK_KIND_NONE);
	return emit_framed(pw, next, VMWALK_KIND_PFN | entry_state(pw, pte),
			   VMWALK_FRAME(pte_pfn(pte), VMWALK_FRAME_NO_NODE));
}

static int step_pmd(struct pgwalk *pw, pud_t *pudp, pud_t pud, unsigned long end)
{
	unsigned long next = pmd_addr_end(pw->walk->cursor, end);
	pmd_t *pmdp = pmd_offset_lockless(pudp, pud, pw->walk->cursor);
	pmd_t pmd = pmdp_get_lockless(pmdp);

	meet_table(pw, VMW_LEVEL_PMD);
	trace(pw, 1, pmdp, pmd_val(pmd));
	if (pmd_none(pmd))
		return emit_none(pw, next);
	if (pmd_is_leaf(pmd))
		return step_pmd_leaf(pw, pmdp, next);
	if (pmd_bad(pmd))
		return emit(pw, next, LEVEL_PMD | VMWALK_KIND_BAD);
	if (!pw->vma)
		return step_gate(pw, pmd, next);
	return step_ptes(pw, pmdp, pmd, next);
}

static int step_pud(struct pgwalk *pw, p4d_t *p4dp, p4d_t p4d, unsigned long end)
{
	unsigned long next = pud_addr_end(pw->walk->cursor, end);
	pud_t *pudp = pud_offset_lockless(p4dp, p4d, pw->walk->cursor);
	pud_t pud = READ_ONCE(*pudp);

	meet_table(pw, VMW_LEVEL_PUD);
	trace(pw, 2, pudp, pud_val(pud));
	if (pud_none(pud))
		return emit_none(pw, next);
	if (!pte_present(vmw_pud_leaf_pte(pud)))
		return emit(pw, next, LEVEL_PUD | absent_state(pw, vmw_pud_leaf_pte(pud)));
	if (vmw_pud_leaf(pud))
		return step_pud_leaf(pw, pudp, next);
	if (pud_bad(pud))
		return emit(pw, next, LEVEL_PUD | VMWALK_KIND_BAD);
	return step_pmd(pw, pudp, pud, next);
}

static int step_p4d(struct pgwalk *pw, pgd_t *pgdp, pgd_t pgd, unsigned long end)
{
	unsigned long next = p4d_addr_end(pw->walk->cursor, end);
	p4d_t *p4dp = p4d_offset_lockless(pgdp, pgd, pw->walk->cursor);
	p4d_t p4d = READ_ONCE(*p4dp);

	meet_table(pw, VMW_LEVEL_P4D);
	trace(pw, 3, p4dp, p4d_val(p4d));
	if (p4d_none(p4d))
		return emit_none(pw, next);
	if (p4d_bad(p4d))
		return emit(pw, next, VMWALK_KIND_BAD);
	return step_pud(pw, p4dp, p4d, next);
}

/* One entry, at whatever level the descent from the top ends: a few loads. */
static int step(struct pgwalk *pw)
{
	unsigned long next = pgd_addr_end(pw->walk->cursor, pw->end);
	pgd_t *pgdp = pgd_offset(pw->mm, pw->walk->cursor);
	pgd_t pgd = READ_ONCE(*pgdp);

	trace(pw, 4, pgdp, pgd_val(pgd));
	if (pgd_none(pgd))
		return emit_none(pw, next);
	if (pgd_bad(pgd))
		return emit(pw, next, VMWALK_KIND_BAD);
	return step_p4d(pw, pgdp, pgd, next);
}

/*
 * Does not yield before there is an extent, since a reader makes little of a
 * record without; unless the tables have changed between two looks so often that
 * there may be none.
 */
static bool must_yield(struct pgwalk *pw, unsigned long from)
{
	return vmw_walk_spent(pw->walk) &&
	       (pw->walk->cursor > from || pw->walk->budget <= -VMW_CHUNK);
}

static int walk_range(struct pgwalk *pw)
{
	unsigned long from = pw->walk->cursor;
	int ret = 0;

	while (!ret && pw->walk->cursor < pw->end) {
		ret = step(pw);
		if (!ret && pw->walk->cursor < pw->end && must_yield(pw, from))
			ret = VMW_YIELD;
	}
	return ret;
}

static u32 object_kind(const struct vm_area_struct *vma, u32 vma_flags)
{
	if (vma_flags & VMWALK_VMA_F_ANON)
		return VMWALK_KIND_ANON;
	if (vma_flags & VMWALK_VMA_F_SHMEM)
		return VMWALK_KIND_SHMEM;
	return VMWALK_KIND_FILE;
}

/**
 * vmw_pgwalk() - the extents of a VMA, or of a part of it
 * @walk: from where: @walk->cursor, which goes with what has been reported
 * @vma: the VMA
 * @vma_flags: its VMWALK_VMA_F_*
 * @end: up to where, within @vma
 * @ext: room for the extents
 *
 * Context: mmap_lock held for reading; i_mmap_rwsem too for hugetlb. Does not
 * sleep.
 * Return: 0 at @end, VMW_FULL if the room is out, VMW_YIELD if the lock should
 * be let go.
 */
int vmw_pgwalk(struct vmw_walk *walk, struct vm_area_struct *vma, u32 vma_flags,
	       unsigned long end, struct vmw_extents *ext)
{
	struct pgwalk pw = {
		.walk = walk,
		.mm = vma->vm_mm,
		.vma = vma,
		.ext = ext,
		.end = end,
		.care = VMW_PTE_KIND_BITS,
		.object_kind = object_kind(vma, vma_flags),
		.absence = (walk->req.flags & VMWALK_WALK_F_ABSENCE) && vmw_vma_has_object(vma),
		.flags = walk->req.flags,
	};

	lockdep_assert_held(&pw.mm->mmap_lock);
	if (pw.flags & VMWALK_WALK_F_ENTRY)
		pw.care |= VMW_PTE_ENTRY_BITS;
	if (walk->req.flags & VMWALK_WALK_F_TABLES)
		pw.tables = &walk->tables;
	return walk_range(&pw);
}

/**
 * vmw_pgwalk_gate() - the page at @walk->cursor, the gate's address
 * @walk: the walk
 * @ext: room for the extent
 *
 * Return: 0 or VMW_FULL.
 */
int vmw_pgwalk_gate(struct vmw_walk *walk, struct vmw_extents *ext)
{
	struct pgwalk pw = {
		.walk = walk,
		.mm = walk->target.mm,
		.ext = ext,
		.end = walk->cursor + PAGE_SIZE,
		.flags = walk->req.flags,
	};

	return step(&pw);
}
