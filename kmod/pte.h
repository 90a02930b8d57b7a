/* SPDX-License-Identifier: GPL-2.0 */
/* The answer to VMWALK_CMD_PTE, for the fronts. */
#ifndef VMW_PTE_H
#define VMW_PTE_H

#include <linux/limits.h>
#include <linux/vmwalk.h>

#include "trace.h"
#include "walk.h"

/**
 * struct vmw_pte - the answer to one VMWALK_CMD_PTE
 * @walk: a walk of one page: request and target
 * @trace: its way down
 * @sink: its sink; the one extent
 * @has_vma: the address is in a VMA: @vma and @name, and @trace if it has entries
 * @vma: the VMA
 * @name: its name, empty if it has none
 * @slots: room for the extent
 */
struct vmw_pte {
	struct vmw_walk		*walk;
	struct vmw_trace	trace;
	struct vmw_sink		sink;
	bool			has_vma;
	struct vmwalk_vma	vma;
	char			name[PATH_MAX];
	u64			slots[2 * VMW_ROOM_MIN];
};

struct vmw_pte *vmw_pte_get(struct vmw_request *req, struct vmw_refusal *why);
void vmw_pte_put(struct vmw_pte *pte);

/* The entry of a level in use down to the last, or NULL. */
static inline const struct vmwalk_entry *vmw_pte_entry(const struct vmw_pte *pte, u32 level)
{
	if (level < pte->trace.last || vmw_level(level).entries == 1)
		return NULL;
	return &pte->trace.entry[level];
}

static inline u64 vmw_pte_top(const struct vmw_pte *pte)
{
	return __pa(pte->trace.mm->pgd);
}

#endif
