/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way of one address through the page tables, as VMWALK_CMD_PTE told it:
 * plain data, and what follows from it.
 */
#ifndef VMW_PTE_H
#define VMW_PTE_H

#include <stdbool.h>

#include "aspace.h"
#include "genl/info.h"

struct vmw_pte {
	uint64_t addr;
	struct vmwalk_mm mm;
	char comm[16];
	bool has_vma;		/* else there is nothing below */
	struct vmw_vma vma;	/* .name is ours */
	uint64_t top;		/* physical address of the top-level table */
	struct vmwalk_entry entries[VMW_MAX_LEVELS];	/* top first */
	unsigned int nr_entries;
	uint32_t state;		/* VMWALK_STATE_* of the last */
	uint64_t frame;		/* see VMWALK_FRAME_*, 0 if not known */
	bool has_page;
	struct vmwalk_page page;
};

/* Is the second reading of an entry the first? */
enum vmw_agreement {
	VMW_SAME,
	VMW_SAME_BUT_USED,	/* the CPU set its accessed or dirty bit meanwhile */
	VMW_DIFFERENT,
	VMW_READ_ONCE,		/* there was no second reading */
};

/* The permission in effect down to an entry: what all above it permit as well. */
struct vmw_permission {
	bool user, write, exec;
	/*
	 * The top-level entry forbids execution, which is not counted: with
	 * page-table isolation that is so in the kernel's copy of the table,
	 * and not in the one that the process runs on.
	 */
	bool isolated;
};

/* Takes over the next entry down. -EPROTO if no honest sender makes it. */
int vmw_pte_add_entry(struct vmw_pte *pte, const struct vmw_info *info,
		      const struct vmwalk_entry *e);
/* What the VMA has without extents. Call once, when all is there. */
void vmw_pte_finish(struct vmw_pte *pte);
void vmw_pte_deinit(struct vmw_pte *pte);

/* The last entry, where the way ends; NULL if there is none. */
const struct vmwalk_entry *vmw_pte_last(const struct vmw_pte *pte);
/* The level of @info that an entry is of; each has one. */
const struct vmwalk_level *vmw_pte_level(const struct vmw_info *info,
					 const struct vmwalk_entry *e);
struct vmw_permission vmw_pte_permission(const struct vmw_pte *pte,
					 unsigned int entry);
enum vmw_agreement vmw_pte_agreement(const struct vmw_info *info,
				     const struct vmwalk_entry *e);
/* Do all readings that there are agree? */
bool vmw_pte_consistent(const struct vmw_pte *pte, const struct vmw_info *info);
/*
 * The next named bit from *@i on that is set in entry @entry; moves *@i past
 * it. NULL: no more. *@value gets what a field of several bits holds.
 */
const struct vmwalk_entry_bit *
vmw_pte_next_bit(const struct vmw_pte *pte, const struct vmw_info *info,
		 unsigned int entry, unsigned int *i, uint64_t *value);

#endif
