// SPDX-License-Identifier: GPL-2.0
#include "pte.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What vmwalk_entry_bit.leaf is a mask of. */
enum { OF_LEAF = 1, OF_TABLE = 2, OF_HIDDEN = 4 };

/* Levels are listed top first; vmwalk_entry.level counts from the PTE's, 0. */
static const char *const level_names[] = { "pte", "pmd", "pud", "p4d", "pgd" };

#define NR_LEVELS (sizeof(level_names) / sizeof(level_names[0]))

const struct vmwalk_level *vmw_pte_level(const struct vmw_info *info,
					 const struct vmwalk_entry *e)
{
	for (unsigned int i = 0; e->level < NR_LEVELS && i < info->nr_levels; i++)
		if (!strncmp(info->levels[i].name, level_names[e->level],
			     sizeof(info->levels[i].name)))
			return &info->levels[i];
	return NULL;
}

int vmw_pte_add_entry(struct vmw_pte *pte, const struct vmw_info *info,
		      const struct vmwalk_entry *e)
{
	const struct vmwalk_entry *above = vmw_pte_last(pte);
	const struct vmwalk_level *level = vmw_pte_level(info, e);

	if (!level || level->shift >= 64 || e->index >= level->entries ||
	    pte->nr_entries == VMW_MAX_LEVELS)
		return -EPROTO;
	if (above && above->level <= e->level)
		return -EPROTO;
	pte->entries[pte->nr_entries++] = *e;
	return 0;
}

void vmw_pte_finish(struct vmw_pte *pte)
{
	const struct vmwalk_vma *v = &pte->vma.info;
	struct vmw_usage *u = &pte->vma.usage;

	u->mapped = v->end - v->start;
	if (!(v->flags & (VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE |
			  VMWALK_VMA_F_EXEC | VMWALK_VMA_F_GATE)))
		u->reserved = u->mapped;
}

void vmw_pte_deinit(struct vmw_pte *pte)
{
	free((char *)pte->vma.name);
	*pte = (struct vmw_pte){ 0 };
}

const struct vmwalk_entry *vmw_pte_last(const struct vmw_pte *pte)
{
	return pte->nr_entries ? &pte->entries[pte->nr_entries - 1] : NULL;
}

struct vmw_permission vmw_pte_permission(const struct vmw_pte *pte,
					 unsigned int entry)
{
	struct vmw_permission p = { .user = true, .write = true, .exec = true };
	uint32_t flags;

	for (unsigned int i = 0; i <= entry && i < pte->nr_entries; i++) {
		flags = pte->entries[i].flags;
		p.user &= !!(flags & VMWALK_ENTRY_F_USER);
		p.write &= !!(flags & VMWALK_ENTRY_F_WRITE);
		if (!i && flags & VMWALK_ENTRY_F_PRESENT &&
		    !(flags & (VMWALK_ENTRY_F_LEAF | VMWALK_ENTRY_F_EXEC)))
			p.isolated = true;
		else
			p.exec &= !!(flags & VMWALK_ENTRY_F_EXEC);
	}
	return p;
}

static uint64_t mask_of(const struct vmwalk_entry_bit *bit)
{
	if (!bit->width || bit->shift + bit->width > 64)
		return 0;
	return (~0ULL >> (64 - bit->width)) << bit->shift;
}

/* Bits that a CPU sets by itself, by the kernels' names for them. */
static uint64_t used_bits(const struct vmw_info *info)
{
	static const char *const names[] = {
		"_PAGE_ACCESSED", "_PAGE_DIRTY",
		"PTE_AF", "PTE_DIRTY", "PTE_RDONLY",
	};
	uint64_t mask = 0;

	for (unsigned int i = 0; i < info->nr_bits; i++)
		for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
			if (!strncmp(info->bits[i].name, names[n],
				     sizeof(info->bits[i].name)))
				mask |= mask_of(&info->bits[i]);
	return mask;
}

enum vmw_agreement vmw_pte_agreement(const struct vmw_info *info,
				     const struct vmwalk_entry *e)
{
	const uint64_t diff = e->value ^ e->again;

	if (!(e->flags & VMWALK_ENTRY_F_AGAIN))
		return VMW_READ_ONCE;
	if (!diff)
		return VMW_SAME;
	/* What is not present has other uses for these bits. */
	if (e->flags & VMWALK_ENTRY_F_PRESENT && !(diff & ~used_bits(info)))
		return VMW_SAME_BUT_USED;
	return VMW_DIFFERENT;
}

bool vmw_pte_consistent(const struct vmw_pte *pte, const struct vmw_info *info)
{
	for (unsigned int i = 0; i < pte->nr_entries; i++)
		if (vmw_pte_agreement(info, &pte->entries[i]) > VMW_SAME_BUT_USED)
			return false;
	return true;
}

/* What an entry is, in terms of vmwalk_entry_bit.leaf; 0: not present. */
static unsigned int role(const struct vmw_pte *pte, const struct vmwalk_entry *e)
{
	if (!(e->flags & VMWALK_ENTRY_F_PRESENT))
		return 0;
	if (!(e->flags & VMWALK_ENTRY_F_LEAF))
		return OF_TABLE;
	return OF_LEAF | (pte->state & VMWALK_STATE_PROTNONE ? OF_HIDDEN : 0);
}

/* In a leaf hidden from the CPU the bit that hides it has no other meaning. */
static bool is_void(const struct vmw_info *info, unsigned int role,
		    const struct vmwalk_entry_bit *bit)
{
	if (!(role & OF_HIDDEN) || bit->leaf == OF_HIDDEN)
		return false;
	for (unsigned int i = 0; i < info->nr_bits; i++)
		if (info->bits[i].leaf == OF_HIDDEN &&
		    mask_of(&info->bits[i]) & mask_of(bit))
			return true;
	return false;
}

const struct vmwalk_entry_bit *
vmw_pte_next_bit(const struct vmw_pte *pte, const struct vmw_info *info,
		 unsigned int entry, unsigned int *i, uint64_t *value)
{
	const struct vmwalk_entry *e = &pte->entries[entry];
	const unsigned int is = role(pte, e);
	const struct vmwalk_entry_bit *bit;

	while (*i < info->nr_bits) {
		bit = &info->bits[(*i)++];
		*value = (e->value & mask_of(bit)) >> (bit->shift & 63);
		if (*value && bit->levels & 1U << e->level && bit->leaf & is &&
		    !is_void(info, is, bit))
			return bit;
	}
	return NULL;
}
