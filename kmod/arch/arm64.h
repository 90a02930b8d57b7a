/* SPDX-License-Identifier: GPL-2.0 */
/* arm64: raw entries and what differs from other architectures. */
#ifndef VMW_ARCH_ARM64_H
#define VMW_ARCH_ARM64_H

#include <linux/mm.h>
#include <linux/pgtable.h>

/* Present to the kernel alone: one bit on newer kernels, for all causes. */
#ifdef PTE_PRESENT_INVALID
#define VMW_PTE_HIDDEN		PTE_PRESENT_INVALID
#else
#define VMW_PTE_HIDDEN		PTE_PROT_NONE
#endif

/* The bits that decide a present entry's kind, but for its frame. */
#ifdef PTE_DEVMAP
#define VMW_PTE_KIND_BITS	(PTE_VALID | VMW_PTE_HIDDEN | PTE_SPECIAL | PTE_DEVMAP)
#else
#define VMW_PTE_KIND_BITS	(PTE_VALID | VMW_PTE_HIDDEN | PTE_SPECIAL)
#endif

/* Dirty is the kernel's bit, or writable and no longer read-only. */
#define VMW_PTE_ENTRY_BITS	(PTE_WRITE | PTE_RDONLY | PTE_DIRTY | PTE_AF | PTE_UXN)

static inline u64 vmw_pte_raw(const pte_t *pte)
{
	return pte_val(READ_ONCE(*pte));
}

static inline pte_t vmw_raw_pte(u64 raw)
{
	return __pte(raw);
}

/* A leaf of any level has its bits where a PTE has them. */
static inline pte_t vmw_pmd_leaf_pte(pmd_t pmd)
{
	return pmd_pte(pmd);
}

static inline pte_t vmw_pud_leaf_pte(pud_t pud)
{
	return pud_pte(pud);
}

static inline bool vmw_pud_leaf(pud_t pud)
{
	return pud_leaf(pud);
}

static inline bool vmw_pte_exec(pte_t pte)
{
	return (pte_val(pte) & (PTE_VALID | PTE_UXN)) == PTE_VALID;
}

#if CONFIG_PGTABLE_LEVELS > 4
/* Built for addresses of 52 bits: where the CPU has 48, the top level is not used. */
#define VMW_PGD_SHIFT		(pgtable_l5_enabled() ? PGDIR_SHIFT : P4D_SHIFT)
#define VMW_PGD_ENTRIES		(pgtable_l5_enabled() ? PTRS_PER_PGD : PTRS_PER_P4D)
#define VMW_P4D_ENTRIES		(pgtable_l5_enabled() ? PTRS_PER_P4D : 1)
#endif

static inline bool vmw_arch_pud_leaves(void)
{
	return pud_sect_supported();
}

/* There is no gate: what all processes share, each maps for itself. */
static inline bool vmw_mm_has_gate(struct mm_struct *mm)
{
	return false;
}

#endif
