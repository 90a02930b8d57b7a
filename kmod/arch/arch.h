/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_ARCH_H
#define VMW_ARCH_H

#include <linux/bits.h>
#include <linux/vmwalk.h>

/*
 * A row of vmw_entry_bits[]: a mask of one bit, or of several beside each other,
 * by the kernel's own name; 0 if the kernel was built without.
 */
#define VMW_ENTRY_BIT(mask, levels, leaf)	\
	{ #mask, (mask) ? __builtin_ctzll(mask) : 0, __builtin_popcountll(mask), levels, leaf }

/* Levels for it. */
#define VMW_AT_PTE	BIT(0)
#define VMW_AT_PMD	BIT(1)
#define VMW_AT_PUD	BIT(2)
#define VMW_AT_P4D	BIT(3)
#define VMW_AT_PGD	BIT(4)
#define VMW_AT_HUGE	(VMW_AT_PMD | VMW_AT_PUD)
#define VMW_AT_ANY	(VMW_AT_PTE | VMW_AT_HUGE | VMW_AT_P4D | VMW_AT_PGD)

#if defined(CONFIG_X86_64)
#include "x86.h"
#elif defined(CONFIG_ARM64)
#include "arm64.h"
#else
#error "vmwalk knows the page tables of x86-64 and arm64 only"
#endif

/* The upper levels, where what was built is what is used. */
#ifndef VMW_PGD_SHIFT
#define VMW_PGD_SHIFT		PGDIR_SHIFT
#define VMW_PGD_ENTRIES		PTRS_PER_PGD
#define VMW_P4D_ENTRIES		PTRS_PER_P4D
#endif

#define VMW_LEVELS	5

/* Level 0 is the PTE's. One with a single entry is folded into the one above. */
static inline struct vmwalk_level vmw_level(unsigned int level)
{
	const struct vmwalk_level levels[VMW_LEVELS] = {
		{ "pte", PAGE_SHIFT, PTRS_PER_PTE },
		{ "pmd", PMD_SHIFT, PTRS_PER_PMD },
		{ "pud", PUD_SHIFT, PTRS_PER_PUD },
		{ "p4d", P4D_SHIFT, VMW_P4D_ENTRIES },
		{ "pgd", VMW_PGD_SHIFT, VMW_PGD_ENTRIES },
	};

	return levels[level];
}

#endif
