/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_TABLES_H
#define VMW_TABLES_H

#include <linux/mm_types.h>
#include <linux/pgtable.h>
#include <linux/vmwalk.h>

/* As in struct vmwalk_entry. */
enum vmw_level {
	VMW_LEVEL_PTE,
	VMW_LEVEL_PMD,
	VMW_LEVEL_PUD,
	VMW_LEVEL_P4D,
	VMW_LEVEL_PGD,
};

/**
 * struct vmw_tables - page tables counted for the open record
 * @next: by level, the first address past the table counted last, or the leaf in
 *        its place
 * @tables: by level, those met first in this record
 * @entries: by level, those in use
 * @deposited: as in struct vmwalk_tables
 */
struct vmw_tables {
	unsigned long	next[VMW_LEVEL_PGD];
	u32		tables[VMW_LEVEL_PGD];
	u64		entries[VMW_LEVEL_PGD + 1];
	u32		deposited;
};

void vmw_tables_meet(struct vmw_tables *tables, struct mm_struct *mm, unsigned int level,
		     unsigned long addr);
void vmw_tables_leaf(struct vmw_tables *tables, struct vm_area_struct *vma, unsigned int level,
		     unsigned long addr);
void vmw_tables_scan(struct vmw_tables *tables, const pte_t *pte, unsigned long nr);
void vmw_tables_take(struct vmw_tables *tables, struct vmwalk_tables *info);

#endif
