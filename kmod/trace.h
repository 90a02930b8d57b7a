/* SPDX-License-Identifier: GPL-2.0 */
/* The way of one address through the page tables, written down by the walk itself. */
#ifndef VMW_TRACE_H
#define VMW_TRACE_H

#include <linux/mm_types.h>
#include <linux/vmwalk.h>

#include "arch/arch.h"

/**
 * struct vmw_trace - what the walk met on its way down to one page
 * @mm: the address space
 * @addr: the address
 * @entry: by level; of the levels in use, those from the top down to @last hold
 * @last: the level at which the walk stopped
 * @has_page: @page holds
 * @page: what the last entry maps
 */
struct vmw_trace {
	struct mm_struct	*mm;
	unsigned long		addr;
	struct vmwalk_entry	entry[VMW_LEVELS];
	u32			last;
	bool			has_page;
	struct vmwalk_page	page;
};

/* An entry as it was read, and at the end what the last one is. */
void vmw_trace_entry(struct vmw_trace *trace, u32 level, const void *entry, u64 raw);
void vmw_trace_end(struct vmw_trace *trace, struct vm_area_struct *vma, u32 state);

#endif
