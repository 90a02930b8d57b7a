// SPDX-License-Identifier: GPL-2.0
/*
 * What the page tables themselves cost, counted as the walk meets them.
 *
 * Addresses ascend, so a table is new if the walk is past the one counted last
 * on its level: no more than that is kept from chunk to chunk. No page table
 * outlives the last VMA that it serves, so all of them are met.
 */
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "arch/arch.h"
#include "tables.h"

/* log2 of what a table spans. */
static unsigned int span_shift(unsigned int level)
{
	switch (level) {
	case VMW_LEVEL_PTE:
		return PMD_SHIFT;
	case VMW_LEVEL_PMD:
		return PUD_SHIFT;
	case VMW_LEVEL_PUD:
		return P4D_SHIFT;
	default:
		return PGDIR_SHIFT;
	}
}

/* A folded level's table is an entry of the level above. */
static bool is_folded(struct mm_struct *mm, unsigned int level)
{
	switch (level) {
	case VMW_LEVEL_PMD:
		return mm_pmd_folded(mm);
	case VMW_LEVEL_PUD:
		return mm_pud_folded(mm);
	case VMW_LEVEL_P4D:
		return mm_p4d_folded(mm);
	default:
		return false;
	}
}

/* True if @addr is past what was counted on this level; it is counted then. */
static bool is_new(struct vmw_tables *tables, unsigned int level, unsigned long addr)
{
	if (addr < tables->next[level])
		return false;
	tables->next[level] = (addr | ((1UL << span_shift(level)) - 1)) + 1;
	return true;
}

/**
 * vmw_tables_meet() - there is a table of @level that @addr is in
 * @tables: where it counts, with the entry that points to it, if it is new
 * @mm: the address space
 * @level: its level
 * @addr: where the walk is
 */
void vmw_tables_meet(struct vmw_tables *tables, struct mm_struct *mm, unsigned int level,
		     unsigned long addr)
{
	unsigned int parent = level + 1;

	if (!is_new(tables, level, addr) || is_folded(mm, level))
		return;
	tables->tables[level]++;
	while (is_folded(mm, parent))
		parent++;
	tables->entries[parent]++;
}

/**
 * vmw_tables_leaf() - there is an entry above the PTE level that maps a page
 * @tables: where it counts, if it is new: it may be met page by page
 * @vma: whose it is
 * @level: its level
 * @addr: where the walk is
 *
 * For the PMD of an anonymous huge page, the huge zero page too, present or
 * not, a PTE table is laid by, and counted by the kernel. For others it is only
 * where arch_needs_pgtable_deposit(), which is neither x86 nor arm64.
 */
void vmw_tables_leaf(struct vmw_tables *tables, struct vm_area_struct *vma, unsigned int level,
		     unsigned long addr)
{
	/* It is where the table of the level below would be. */
	if (!is_new(tables, level - 1, addr))
		return;
	tables->entries[level]++;
	if (level == VMW_LEVEL_PMD && vma_is_anonymous(vma))
		tables->deposited++;
}

/* Context: RCU, and the table's lock is held. */
void vmw_tables_scan(struct vmw_tables *tables, const pte_t *pte, unsigned long nr)
{
	unsigned long i, used = 0;

	for (i = 0; i < nr; i++)
		used += !pte_none(vmw_raw_pte(vmw_pte_raw(pte + i)));
	tables->entries[VMW_LEVEL_PTE] += used;
}

/* Hands over what was counted since the last time. */
void vmw_tables_take(struct vmw_tables *tables, struct vmwalk_tables *info)
{
	*info = (struct vmwalk_tables){
		.pte = tables->tables[VMW_LEVEL_PTE],
		.pmd = tables->tables[VMW_LEVEL_PMD],
		.pud = tables->tables[VMW_LEVEL_PUD],
		.p4d = tables->tables[VMW_LEVEL_P4D],
		.deposited = tables->deposited,
		.pte_entries = tables->entries[VMW_LEVEL_PTE],
		.pmd_entries = tables->entries[VMW_LEVEL_PMD],
		.pud_entries = tables->entries[VMW_LEVEL_PUD],
		.p4d_entries = tables->entries[VMW_LEVEL_P4D],
		.pgd_entries = tables->entries[VMW_LEVEL_PGD],
	};
	memset(tables->tables, 0, sizeof(tables->tables));
	memset(tables->entries, 0, sizeof(tables->entries));
	tables->deposited = 0;
}
