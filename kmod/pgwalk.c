// SPDX-License-Identifier: GPL-2.0
/*
 * The lockless descent, and the steps along the tables: an entry of one level
 * each, of the PMD's a whole PTE table.
 *
 * The caller holds mmap_lock for reading and walks inside an attached VMA: the
 * tables above the PTE level stay then. A PTE table may go all the same (newer
 * kernels free empty and collapsed ones under the read lock), after a grace
 * period: hence RCU from the moment its address is read. Its lock, and a second
 * look at the PMD under it, make the scan and what it reads of struct page
 * stable. What an entry is, one read of it decides; nothing is written, bad entries
 * stay.
 */
#include <linux/hugetlb.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "arch/arch.h"
#include "pgscan.h"
#include "pgwalk.h"

/* There is a table for @pw->walk->cursor on this level. */
static void meet_table(struct vmw_pgwalk *pw, enum vmw_level level)
{
	if (pw->tables)
		vmw_tables_meet(pw->tables, pw->mm, level, pw->walk->cursor);
}

/* An entry of none above the PTE level: all that it spans, or a first part of that. */
static noinline int emit_none(struct vmw_pgwalk *pw, unsigned long next)
{
	unsigned long pages = (next - pw->walk->cursor) >> PAGE_SHIFT;
	u32 state = vmw_none_state(pw, pw->walk->cursor, &pages);

	return vmw_emit(pw, pw->walk->cursor + (pages << PAGE_SHIFT), state);
}

/*
 * A hugetlb page is not always one leaf: it may be a run of them, of PTEs too,
 * and its lock then another than that of their table, @ptl.
 */
static __always_inline spinlock_t *entry_lockptr(const struct vmw_pgwalk *pw, void *entry,
						 spinlock_t *ptl)
{
	if (unlikely(pw->hugetlb))
		return huge_pte_lockptr(hstate_vma(pw->vma), pw->mm, entry);
	return ptl;
}

/* A leaf of many pages, which may be mapped elsewhere one by one. */
static int emit_huge_leaf(struct vmw_pgwalk *pw, struct vmw_leaf *leaf, unsigned long next)
{
	bool each = pw->flags & VMWALK_WALK_F_PAGES && !pw->hugetlb;
	unsigned long left = (next - pw->walk->cursor) >> PAGE_SHIFT;
	struct page *page;
	unsigned long run;
	int ret = 0;

	for (; left && !ret; left -= run, leaf->pfn += run) {
		page = each ? vmw_leaf_page(leaf) : NULL;
		run = page ? vmw_folio_alike(page, left) : left;
		ret = vmw_emit_leaf(pw, leaf, run);
	}
	return ret;
}

/* An open-coded __pte_offset_map_lock(), which is not exported. */
static int step_ptes(struct vmw_pgwalk *pw, pmd_t *pmdp, pmd_t pmd, unsigned long next)
{
	unsigned long from = pw->walk->cursor;
	spinlock_t *ptl; /* of the PTE table */
	pte_t *pte;
	int ret = 0;

	pte = pte_offset_kernel(&pmd, pw->walk->cursor);
	ptl = entry_lockptr(pw, pte, pte_lockptr(pw->mm, &pmd));
	spin_lock(ptl);
	/* Changed: no progress, the next step looks again. */
	if (pmd_same(pmd, pmdp_get_lockless(pmdp))) {
		meet_table(pw, VMW_LEVEL_PTE);
		ret = vmw_scan_ptes(pw, pte, next);
		if (pw->tables)
			vmw_tables_scan(pw->tables, pte, (pw->walk->cursor - from) >> PAGE_SHIFT);
		pw->walk->end.tables++;
	}
	spin_unlock(ptl);
	return ret;
}

/* Which of a huge leaf's pages is the one at the cursor? */
static unsigned long index_of_page(const struct vmw_pgwalk *pw, unsigned long size)
{
	return (pw->walk->cursor & (size - 1)) >> PAGE_SHIFT;
}

/* The leaf's lock is held; @present is false for a migration entry and its like. */
static int emit_pmd(struct vmw_pgwalk *pw, pmd_t *pmdp, pmd_t pmd, unsigned long next)
{
	struct vmw_leaf leaf = { .pte = vmw_pmd_leaf_pte(pmd) };

	if (pmd_present(pmd)) {
		leaf.pfn = pmd_pfn(pmd);
		leaf.state = vmw_leaf_state(pw, pmdp, leaf.pte, leaf.pfn, VMW_LEAF_PMD);
	} else {
		leaf.pfn = vmw_absent_pfn(leaf.pte);
		leaf.state = VMW_LEAF_PMD | vmw_absent_state(pw, leaf.pte);
	}
	leaf.pfn += index_of_page(pw, PMD_SIZE);
	return emit_huge_leaf(pw, &leaf, next);
}

static bool pmd_is_leaf(pmd_t pmd)
{
	return !pmd_none(pmd) && (!pmd_present(pmd) || pmd_leaf(pmd));
}

static noinline int step_pmd_leaf(struct vmw_pgwalk *pw, pmd_t *pmdp, unsigned long next)
{
	spinlock_t *ptl = entry_lockptr(pw, pmdp, pmd_lockptr(pw->mm, pmdp));
	pmd_t pmd;
	int ret = 0;

	spin_lock(ptl);
	pmd = pmdp_get_lockless(pmdp);
	if (pmd_is_leaf(pmd)) {
		vmw_trace(pw, 1, pmdp, pmd_val(pmd));
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

static int step_pud_leaf(struct vmw_pgwalk *pw, pud_t *pudp, unsigned long next)
{
	spinlock_t *ptl = pud_lock(pw->mm, pudp);
	pud_t pud = READ_ONCE(*pudp);
	struct vmw_leaf leaf = { .pte = vmw_pud_leaf_pte(pud) };
	int ret = 0;

	if (pud_leaf_present(pud)) {
		vmw_trace(pw, 2, pudp, pud_val(pud));
		leaf.pfn = pud_pfn(pud) + index_of_page(pw, PUD_SIZE);
		leaf.state = vmw_leaf_state(pw, NULL, leaf.pte, pud_pfn(pud), VMW_LEAF_PUD);
		ret = emit_huge_leaf(pw, &leaf, next);
	}
	spin_unlock(ptl);
	return ret;
}

/* The gate's tables are the kernel's own: never freed, no lock. */
static int step_gate(struct vmw_pgwalk *pw, pmd_t pmd, unsigned long next)
{
	pte_t *ptep = pte_offset_kernel(&pmd, pw->walk->cursor);
	pte_t pte = vmw_raw_pte(vmw_pte_raw(ptep));

	vmw_trace(pw, 0, ptep, pte_val(pte));
	if (!pte_present(pte))
		return vmw_emit(pw, next, VMWALK_KIND_NONE);
	return vmw_emit_framed(pw, next, VMWALK_KIND_PFN | vmw_entry_state(pw, pte),
			   VMWALK_FRAME(pte_pfn(pte), VMWALK_FRAME_NO_NODE));
}

/*
 * After a step. Does not yield before there is an extent, since a reader makes
 * little of a record without; unless the tables have changed between two looks so
 * often that there may be none.
 */
static __always_inline bool must_yield(struct vmw_pgwalk *pw)
{
	return vmw_walk_spent(pw->walk) &&
	       (pw->walk->cursor > pw->from || pw->walk->budget <= -VMW_CHUNK);
}

/* One step: what the PMD at the cursor has. */
static int step_pmd(struct vmw_pgwalk *pw, pmd_t *pmdp, unsigned long next)
{
	pmd_t pmd = pmdp_get_lockless(pmdp);

	vmw_trace(pw, 1, pmdp, pmd_val(pmd));
	if (pmd_none(pmd))
		return emit_none(pw, next);
	/* Leaves are bad, too, as tables. */
	if (likely(!pmd_bad(pmd)))
		return pw->vma ? step_ptes(pw, pmdp, pmd, next) : step_gate(pw, pmd, next);
	if (pmd_is_leaf(pmd))
		return step_pmd_leaf(pw, pmdp, next);
	return vmw_emit(pw, next, VMW_LEAF_PMD | VMWALK_KIND_BAD);
}

/* Where the next VMA may begin. Tables of hugetlb are not bound to this lock. */
static void remember(struct vmw_pgwalk *pw, pmd_t *pmdp, unsigned long next)
{
	unsigned long start = (next - 1) & PMD_MASK;

	if (pw->tables || !pw->vma || pw->hugetlb)
		return;
	pw->pmd = (struct vmw_pmd_range){ start, start + PMD_SIZE, pmdp };
}

/* Is this walk within the range where the one before it ended? */
static bool remembered(const struct vmw_pgwalk *pw)
{
	const struct vmw_pmd_range *pmd = &pw->pmd;

	return pw->walk->cursor >= pmd->start && pw->end <= pmd->end &&
	       !pw->hugetlb;
}

/* Steps along a table. One that did not get to its end is the last, and so is @end's. */
static int walk_pmds(struct vmw_pgwalk *pw, pud_t *pudp, pud_t pud, unsigned long end)
{
	pmd_t *pmdp = pmd_offset_lockless(pudp, pud, pw->walk->cursor);
	unsigned long next;
	int ret;

	meet_table(pw, VMW_LEVEL_PMD);
	for (;; pmdp++) {
		next = pmd_addr_end(pw->walk->cursor, end);
		ret = step_pmd(pw, pmdp, next);
		if (ret || pw->walk->cursor != next || next == end)
			break;
		if (must_yield(pw)) {
			ret = VMW_YIELD;
			break;
		}
	}
	remember(pw, pmdp, next);
	return ret;
}

static int walk_pud(struct vmw_pgwalk *pw, pud_t *pudp, unsigned long next)
{
	pud_t pud = READ_ONCE(*pudp);

	vmw_trace(pw, 2, pudp, pud_val(pud));
	if (pud_none(pud))
		return emit_none(pw, next);
	if (!pte_present(vmw_pud_leaf_pte(pud)))
		return vmw_emit(pw, next, VMW_LEAF_PUD |
				vmw_absent_state(pw, vmw_pud_leaf_pte(pud)));
	if (vmw_pud_leaf(pud))
		return step_pud_leaf(pw, pudp, next);
	if (pud_bad(pud))
		return vmw_emit(pw, next, VMW_LEAF_PUD | VMWALK_KIND_BAD);
	return walk_pmds(pw, pudp, pud, next);
}

static int walk_puds(struct vmw_pgwalk *pw, p4d_t *p4dp, p4d_t p4d, unsigned long end)
{
	pud_t *pudp = pud_offset_lockless(p4dp, p4d, pw->walk->cursor);
	unsigned long next;
	int ret;

	meet_table(pw, VMW_LEVEL_PUD);
	for (;; pudp++) {
		next = pud_addr_end(pw->walk->cursor, end);
		ret = walk_pud(pw, pudp, next);
		if (ret || pw->walk->cursor != next || next == end)
			return ret;
		if (must_yield(pw))
			return VMW_YIELD;
	}
}

static int walk_p4d(struct vmw_pgwalk *pw, pgd_t *pgdp, pgd_t pgd, unsigned long end)
{
	unsigned long next = p4d_addr_end(pw->walk->cursor, end);
	p4d_t *p4dp = p4d_offset_lockless(pgdp, pgd, pw->walk->cursor);
	p4d_t p4d = READ_ONCE(*p4dp);

	meet_table(pw, VMW_LEVEL_P4D);
	vmw_trace(pw, 3, p4dp, p4d_val(p4d));
	if (p4d_none(p4d))
		return emit_none(pw, next);
	if (p4d_bad(p4d))
		return vmw_emit(pw, next, VMWALK_KIND_BAD);
	return walk_puds(pw, p4dp, p4d, next);
}

/* Down from the top: a step, or several where they go along a table. */
static int walk_pgd(struct vmw_pgwalk *pw)
{
	unsigned long next = pgd_addr_end(pw->walk->cursor, pw->end);
	pgd_t *pgdp = pgd_offset(pw->mm, pw->walk->cursor);
	pgd_t pgd = READ_ONCE(*pgdp);

	vmw_trace(pw, 4, pgdp, pgd_val(pgd));
	if (pgd_none(pgd))
		return emit_none(pw, next);
	if (pgd_bad(pgd))
		return vmw_emit(pw, next, VMWALK_KIND_BAD);
	return walk_p4d(pw, pgdp, pgd, next);
}

static int walk_range(struct vmw_pgwalk *pw)
{
	int ret = 0;

	if (remembered(pw))
		ret = step_pmd(pw, pw->pmd.pmdp, pw->end);
	while (!ret && pw->walk->cursor < pw->end) {
		ret = walk_pgd(pw);
		if (!ret && pw->walk->cursor < pw->end && must_yield(pw))
			ret = VMW_YIELD;
	}
	return ret;
}

/*
 * RCU for all of it, not for each table alone: no longer than until somebody waits
 * for the CPU, which is asked after each step.
 */
static __always_inline int walk_range_rcu(struct vmw_pgwalk *pw)
{
	int ret;

	rcu_read_lock();
	ret = walk_range(pw);
	rcu_read_unlock();
	return ret;
}

/* Apart, so that the facts are cleared only for who asks for pages. */
static noinline int walk_range_facts(struct vmw_pgwalk *pw)
{
	struct vmw_facts facts = {};
	int ret;

	pw->facts = &facts;
	ret = walk_range_rcu(pw);
	pw->facts = NULL;
	return ret;
}

static u32 object_kind(u32 vma_flags)
{
	if (vma_flags & VMWALK_VMA_F_ANON)
		return VMWALK_KIND_ANON;
	if (vma_flags & VMWALK_VMA_F_SHMEM)
		return VMWALK_KIND_SHMEM;
	return VMWALK_KIND_FILE;
}

/**
 * vmw_pgwalk_init() - before the first VMA under a hold of the lock
 * @pw: what is the same for all of them
 * @walk: the walk
 * @ext: room for the extents, of whatever record is open
 */
void vmw_pgwalk_init(struct vmw_pgwalk *pw, struct vmw_walk *walk, struct vmw_extents *ext)
{
	const u32 flags = walk->req.flags;

	*pw = (struct vmw_pgwalk){
		.walk = walk,
		.mm = walk->target.mm,
		.ext = ext,
		.tables = flags & VMWALK_WALK_F_TABLES ? &walk->tables : NULL,
		.care = VMW_PTE_KIND_BITS |
			(flags & VMWALK_WALK_F_ENTRY ? VMW_PTE_ENTRY_BITS : 0),
		.flags = flags,
		.key = { .care = ~0ULL },
	};
}

/**
 * vmw_pgwalk() - the extents of a VMA, or of a part of it
 * @pw: from where: @pw->walk->cursor, which goes with what has been reported
 * @vma: the VMA
 * @vma_flags: its VMWALK_VMA_F_*
 * @end: up to where, within @vma
 *
 * Context: mmap_lock held for reading since vmw_pgwalk_init(); i_mmap_rwsem too for
 * hugetlb. Does not sleep.
 * Return: 0 at @end, VMW_FULL if the room is out, VMW_YIELD if the lock should
 * be let go.
 */
int vmw_pgwalk(struct vmw_pgwalk *pw, struct vm_area_struct *vma, u32 vma_flags,
	       unsigned long end)
{
	lockdep_assert_held(&pw->mm->mmap_lock);
	pw->vma = vma;
	pw->from = pw->walk->cursor;
	pw->end = end;
	pw->object_kind = object_kind(vma_flags);
	pw->hugetlb = vma_flags & VMWALK_VMA_F_HUGETLB;
	pw->absence = (pw->flags & VMWALK_WALK_F_ABSENCE) && vmw_vma_has_object(vma);
	return pw->flags & VMWALK_WALK_F_PAGES ? walk_range_facts(pw) : walk_range_rcu(pw);
}

/**
 * vmw_pgwalk_gate() - the page at @pw->walk->cursor, the gate's address
 * @pw: as vmw_pgwalk_init() left it
 *
 * Return: 0 or VMW_FULL.
 */
int vmw_pgwalk_gate(struct vmw_pgwalk *pw)
{
	pw->vma = NULL;
	pw->from = pw->walk->cursor;
	pw->end = pw->from + PAGE_SIZE;
	pw->hugetlb = false;
	pw->absence = false;
	return walk_pgd(pw);
}
