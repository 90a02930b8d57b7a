/* SPDX-License-Identifier: GPL-2.0 */
/* arm64: raw entries and what differs from other architectures. */
#ifndef VMW_ARCH_ARM64_H
#define VMW_ARCH_ARM64_H

#include <linux/bitfield.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/vmwalk.h>
#include <asm/processor.h>

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

#if defined(PTE_UFFD)
#define VMW_PTE_UFFD		PTE_UFFD
#elif defined(PTE_UFFD_WP)
#define VMW_PTE_UFFD		PTE_UFFD_WP
#else
#define VMW_PTE_UFFD		0
#endif

/* Protection keys: indices into POR_EL0. */
#ifdef PTE_PO_IDX_MASK
#define VMW_PTE_PKEY		PTE_PO_IDX_MASK
#else
#define VMW_PTE_PKEY		0
#endif

/* Dirty is the kernel's bit, or writable and no longer read-only. */
#define VMW_PTE_ENTRY_BITS	(PTE_WRITE | PTE_RDONLY | PTE_DIRTY | PTE_AF | PTE_UXN | \
				 VMW_PTE_UFFD | VMW_PTE_PKEY)

static inline u64 vmw_pte_raw(const pte_t *pte)
{
	return pte_val(READ_ONCE(*pte));
}

static inline pte_t vmw_raw_pte(u64 raw)
{
	return __pte(raw);
}

#ifdef PTE_ADDR_HIGH
#define VMW_PTE_FRAME_BITS	(PTE_ADDR_LOW | PTE_ADDR_HIGH)
#else
#define VMW_PTE_FRAME_BITS	PTE_ADDR_LOW
#endif

static inline unsigned long vmw_raw_frame(u64 raw)
{
	return pte_pfn(__pte(raw));
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

static inline bool vmw_pte_hidden(pte_t pte)
{
	return (pte_val(pte) & (PTE_VALID | VMW_PTE_HIDDEN)) == VMW_PTE_HIDDEN;
}

#ifdef PTE_PO_IDX_MASK
static inline u32 vmw_pte_pkey(pte_t pte)
{
	return FIELD_GET(PTE_PO_IDX_MASK, pte_val(pte));
}

static inline bool vmw_arch_pkeys(void)
{
	return system_supports_poe();
}
#else
static inline u32 vmw_pte_pkey(pte_t pte)
{
	return 0;
}

static inline bool vmw_arch_pkeys(void)
{
	return false;
}
#endif

/* Kernels that do not name the bit do not set it. */
#ifdef PMD_TABLE_UXN
#define VMW_TABLE_UXN		PMD_TABLE_UXN
#else
#define VMW_TABLE_UXN		0
#endif

/* Tables could forbid as well; the kernel lets the leaves of user space decide. */
static inline u32 vmw_raw_permits(u64 raw, bool leaf)
{
	u32 flags = 0;

	if (!leaf)
		return VMWALK_ENTRY_F_WRITE | VMWALK_ENTRY_F_USER |
		       (raw & VMW_TABLE_UXN ? 0 : VMWALK_ENTRY_F_EXEC);
	if (!(raw & PTE_VALID))
		return 0;
	if (!(raw & PTE_RDONLY) || pte_write(__pte(raw)))
		flags |= VMWALK_ENTRY_F_WRITE;
	if (!(raw & PTE_UXN))
		flags |= VMWALK_ENTRY_F_EXEC;
	if (raw & PTE_USER)
		flags |= VMWALK_ENTRY_F_USER;
	return flags;
}

/* Physical address of the table that an entry points to, 0 if it does not. */
static inline u64 vmw_raw_table(u64 raw)
{
	return (raw & PMD_TYPE_MASK) == PMD_TYPE_TABLE ? __pte_to_phys(__pte(raw)) : 0;
}

#define VMW_AT_TABLES	(VMW_AT_ANY & ~VMW_AT_PTE)

/* Leaves of any level have their bits where a PTE has them. */
static const struct vmwalk_entry_bit vmw_entry_bits[] __maybe_unused = {
	VMW_ENTRY_BIT(PTE_VALID,	VMW_AT_ANY,	3),
	VMW_ENTRY_BIT(PTE_ATTRINDX_MASK, VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(PTE_USER,		VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(PTE_RDONLY,	VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(PTE_SHARED,	VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(PTE_AF,		VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(PTE_NG,		VMW_AT_ANY,	1),
#ifdef PTE_PRESENT_INVALID
	VMW_ENTRY_BIT(PTE_PRESENT_INVALID, VMW_AT_ANY,	4),
#endif
	VMW_ENTRY_BIT(PTE_GP,		VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(PTE_WRITE,	VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(PTE_CONT,		VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(PTE_PXN,		VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(PTE_UXN,		VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(PTE_DIRTY,	VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(PTE_SPECIAL,	VMW_AT_ANY,	1),
#ifdef PTE_DEVMAP
	VMW_ENTRY_BIT(PTE_DEVMAP,	VMW_AT_ANY,	1),
#endif
#ifdef PTE_PROT_NONE
	VMW_ENTRY_BIT(PTE_PROT_NONE,	VMW_AT_ANY,	4),
#endif
#ifdef PTE_UFFD_WP
	VMW_ENTRY_BIT(PTE_UFFD_WP,	VMW_AT_ANY,	1),
#endif
#ifdef PTE_UFFD
	VMW_ENTRY_BIT(PTE_UFFD,		VMW_AT_ANY,	1),
#endif
#ifdef PTE_PO_IDX_MASK
	VMW_ENTRY_BIT(PTE_PO_IDX_MASK,	VMW_AT_ANY,	1),
#endif
#ifdef PMD_TABLE_PXN
	VMW_ENTRY_BIT(PMD_TABLE_PXN,	VMW_AT_TABLES,	2),
	VMW_ENTRY_BIT(PMD_TABLE_UXN,	VMW_AT_TABLES,	2),
#endif
};

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

static inline unsigned long vmw_thread_pointer(struct task_struct *task,
					       const struct pt_regs *regs)
{
	return *task_user_tls(task);
}

/* There is no gate: what all processes share, each maps for itself. */
static inline bool vmw_mm_has_gate(struct mm_struct *mm)
{
	return false;
}

#endif
