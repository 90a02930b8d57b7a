// SPDX-License-Identifier: GPL-2.0
/*
 * The walk's own way down to one page, written down: every entry as it was read.
 * Where the way ends, under the same locks, all of them are read a second time:
 * from the address of the top-level table down, by nothing but physical addresses
 * and the bits of the entries.
 */
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "trace.h"
#include "walk.h"

/* Folded levels are those below the top: their entries are the top-level table's. */
static bool in_top_table(const struct vmw_trace *trace, const void *entry)
{
	return (unsigned long)entry - (unsigned long)trace->mm->pgd < PAGE_SIZE;
}

/**
 * vmw_trace_entry() - an entry on the way
 * @trace: where to
 * @level: its level; that of a folded level is the one above it, unless what the
 *         kernel gave is no more than a copy of the entry that we have already
 * @entry: where it is
 * @raw: as it was read; a second look at the same entry takes the place of the first
 */
void vmw_trace_entry(struct vmw_trace *trace, u32 level, const void *entry, u64 raw)
{
	struct vmwalk_level in_use = vmw_level(level);

	if (in_use.entries == 1 && !in_top_table(trace, entry))
		return;
	while (in_use.entries == 1)
		in_use = vmw_level(++level);
	trace->last = level;
	trace->entry[level] = (struct vmwalk_entry){
		.level = level,
		.index = (trace->addr >> in_use.shift) & (in_use.entries - 1),
		.phys = __pa(entry),
		.value = raw,
	};
}

/* What is read twice is memory that the kernel has mapped, whatever the bits said. */
static bool is_memory(u64 phys)
{
	return pfn_valid(PHYS_PFN(phys)) && page_is_ram(PHYS_PFN(phys));
}

static void read_again(struct vmw_trace *trace)
{
	u64 phys, table = __pa(trace->mm->pgd);
	u32 level = VMW_LEVELS;
	struct vmwalk_entry *e;

	while (level-- > trace->last && table) {
		if (vmw_level(level).entries == 1)
			continue;
		e = &trace->entry[level];
		phys = table + e->index * sizeof(u64);
		if (!is_memory(phys))
			return;
		e->again = READ_ONCE(*(u64 *)__va(phys));
		e->flags |= VMWALK_ENTRY_F_AGAIN;
		table = vmw_raw_table(e->again);
	}
}

/* What the last entry is. Those above it point to tables. */
static u32 last_flags(u32 kind)
{
	switch (kind) {
	case VMWALK_KIND_ANON:
	case VMWALK_KIND_FILE:
	case VMWALK_KIND_SHMEM:
	case VMWALK_KIND_ZERO:
	case VMWALK_KIND_PFN:
		return VMWALK_ENTRY_F_PRESENT | VMWALK_ENTRY_F_LEAF;
	case VMWALK_KIND_BAD:
		return VMWALK_ENTRY_F_BAD;
	default:
		return 0;
	}
}

static void set_flags(struct vmw_trace *trace, u32 kind)
{
	struct vmwalk_entry *e;
	u32 level;

	for (level = trace->last; level < VMW_LEVELS; level++) {
		e = &trace->entry[level];
		e->flags = level > trace->last ? VMWALK_ENTRY_F_PRESENT : last_flags(kind);
		if (e->flags & VMWALK_ENTRY_F_PRESENT)
			e->flags |= vmw_raw_permits(e->value, e->flags & VMWALK_ENTRY_F_LEAF);
	}
}

/* The frame of the page at the address, in a leaf that may map more. */
static unsigned long leaf_pfn(const struct vmw_trace *trace)
{
	u64 raw = trace->entry[trace->last].value;
	unsigned long inside = trace->addr & ((1UL << vmw_level(trace->last).shift) - 1);

	switch (trace->last) {
	case 0:
		return pte_pfn(vmw_raw_pte(raw));
	case 1:
		return pmd_pfn(__pmd(raw)) + (inside >> PAGE_SHIFT);
	default:
		return pud_pfn(__pud(raw)) + (inside >> PAGE_SHIFT);
	}
}

/**
 * vmw_trace_end() - the last entry was looked at
 * @trace: the way
 * @vma: the VMA, NULL for the gate
 * @state: what it is, VMWALK_STATE_*
 *
 * Context: of a leaf, its lock is held, and RCU where its table may go. Does not
 * sleep. Without an entry there is no lock: the two readings may differ.
 */
void vmw_trace_end(struct vmw_trace *trace, struct vm_area_struct *vma, u32 state)
{
	u32 kind = state & VMWALK_STATE_KIND;

	set_flags(trace, kind);
	read_again(trace);
	/* Of a raw frame the kernel asks nothing, and neither do we. */
	trace->has_page = last_flags(kind) & VMWALK_ENTRY_F_LEAF && kind != VMWALK_KIND_PFN;
	if (trace->has_page)
		vmw_page_info(pfn_to_page(leaf_pfn(trace)), vma, trace->addr, kind,
			      &trace->page);
}
