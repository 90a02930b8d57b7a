/* SPDX-License-Identifier: GPL-2.0 */
/* x86-64: raw entries and what differs from other architectures. */
#ifndef VMW_ARCH_X86_H
#define VMW_ARCH_X86_H

#include <linux/mm.h>
#include <asm/cpufeature.h>
#include <asm/mmu.h>
#include <asm/vsyscall.h>

#define VMW_GATE_ADDR	VSYSCALL_ADDR

/* The bits that decide a present entry's kind, but for its frame. */
#ifdef _PAGE_DEVMAP
#define VMW_PTE_KIND_BITS	(_PAGE_PRESENT | _PAGE_PROTNONE | _PAGE_SPECIAL | _PAGE_DEVMAP)
#else
#define VMW_PTE_KIND_BITS	(_PAGE_PRESENT | _PAGE_PROTNONE | _PAGE_SPECIAL)
#endif

/* Newer kernels keep a shadow-stack page's dirty bit apart. */
#ifdef _PAGE_SAVED_DIRTY
#define VMW_PAGE_DIRTY		(_PAGE_DIRTY | _PAGE_SAVED_DIRTY)
#else
#define VMW_PAGE_DIRTY		_PAGE_DIRTY
#endif

#define VMW_PTE_ENTRY_BITS	(_PAGE_RW | _PAGE_NX | VMW_PAGE_DIRTY | _PAGE_ACCESSED)

/* pte_val() is a paravirt call: past it, straight to the word. */
static inline u64 vmw_pte_raw(const pte_t *pte)
{
	return READ_ONCE(pte->pte);
}

static inline pte_t vmw_raw_pte(u64 raw)
{
	return native_make_pte(raw);
}

/* A leaf of any level has its bits where a PTE has them, but for _PAGE_PAT. */
static inline pte_t vmw_pmd_leaf_pte(pmd_t pmd)
{
	return native_make_pte(native_pmd_val(pmd));
}

static inline pte_t vmw_pud_leaf_pte(pud_t pud)
{
	return native_make_pte(native_pud_val(pud));
}

/* Whatever it permits: older kernels take a leaf that permits nothing for absent. */
static inline bool vmw_pud_leaf(pud_t pud)
{
	return native_pud_val(pud) & _PAGE_PSE;
}

/* A PROT_NONE entry is present to the kernel alone and has NX clear. */
static inline bool vmw_pte_exec(pte_t pte)
{
	return (pte_flags(pte) & (_PAGE_PRESENT | _PAGE_NX)) == _PAGE_PRESENT;
}

static inline bool vmw_arch_pud_leaves(void)
{
	return boot_cpu_has(X86_FEATURE_GBPAGES);
}

/* Does the gate belong to this address space, if the kernel has it at all? */
static inline bool vmw_mm_has_gate(struct mm_struct *mm)
{
	return vmw_mm_has_vsyscall(mm);
}

#endif
