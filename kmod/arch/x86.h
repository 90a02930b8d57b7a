/* SPDX-License-Identifier: GPL-2.0 */
/* x86-64: raw entries and what differs from other architectures. */
#ifndef VMW_ARCH_X86_H
#define VMW_ARCH_X86_H

#include <linux/mm.h>
#include <linux/vmwalk.h>
#include <asm/cpufeature.h>
#include <asm/desc.h>
#include <asm/mmu.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include <asm/segment.h>
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

#ifdef _PAGE_UFFD
#define VMW_PAGE_UFFD		_PAGE_UFFD
#else
#define VMW_PAGE_UFFD		_PAGE_UFFD_WP
#endif

#define VMW_PTE_ENTRY_BITS	(_PAGE_RW | _PAGE_NX | VMW_PAGE_DIRTY | _PAGE_ACCESSED | \
				 _PAGE_SOFT_DIRTY | VMW_PAGE_UFFD | _PAGE_PKEY_MASK)

/* pte_val() is a paravirt call: past it, straight to the word. */
static inline u64 vmw_pte_raw(const pte_t *pte)
{
	return READ_ONCE(pte->pte);
}

static inline pte_t vmw_raw_pte(u64 raw)
{
	return native_make_pte(raw);
}

#define VMW_PTE_FRAME_BITS	PTE_PFN_MASK

/* Of an entry that the CPU can use: others may have it inverted. */
static inline unsigned long vmw_raw_frame(u64 raw)
{
	return (raw & PTE_PFN_MASK) >> PAGE_SHIFT;
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

static inline bool vmw_pte_hidden(pte_t pte)
{
	return (pte_flags(pte) & (_PAGE_PRESENT | _PAGE_PROTNONE)) == _PAGE_PROTNONE;
}

static inline u32 vmw_pte_pkey(pte_t pte)
{
	return (pte_flags(pte) & _PAGE_PKEY_MASK) >> _PAGE_BIT_PKEY_BIT0;
}

static inline bool vmw_arch_pkeys(void)
{
	return boot_cpu_has(X86_FEATURE_OSPKE);
}

/* What an entry by itself permits: bits that mean the same at every level. */
static inline u32 vmw_raw_permits(u64 raw, bool leaf)
{
	u32 flags = 0;

	if (!(raw & _PAGE_PRESENT))
		return 0;
	if (raw & _PAGE_RW)
		flags |= VMWALK_ENTRY_F_WRITE;
	if (!(raw & _PAGE_NX))
		flags |= VMWALK_ENTRY_F_EXEC;
	if (raw & _PAGE_USER)
		flags |= VMWALK_ENTRY_F_USER;
	return flags;
}

/* Physical address of the table that an entry points to, 0 if it does not. */
static inline u64 vmw_raw_table(u64 raw)
{
	return (raw & (_PAGE_PRESENT | _PAGE_PSE)) == _PAGE_PRESENT ? raw & PTE_PFN_MASK : 0;
}

static const struct vmwalk_entry_bit vmw_entry_bits[] __maybe_unused = {
	VMW_ENTRY_BIT(_PAGE_PRESENT,	VMW_AT_ANY,	3),
	VMW_ENTRY_BIT(_PAGE_RW,		VMW_AT_ANY,	3),
	VMW_ENTRY_BIT(_PAGE_USER,	VMW_AT_ANY,	3),
	VMW_ENTRY_BIT(_PAGE_PWT,	VMW_AT_ANY,	3),
	VMW_ENTRY_BIT(_PAGE_PCD,	VMW_AT_ANY,	3),
	VMW_ENTRY_BIT(_PAGE_ACCESSED,	VMW_AT_ANY,	3),
	/* The kernel sets it in entries for tables too, where the CPU ignores it. */
	VMW_ENTRY_BIT(_PAGE_DIRTY,	VMW_AT_ANY,	3),
	VMW_ENTRY_BIT(_PAGE_PAT,	VMW_AT_PTE,	1),
	VMW_ENTRY_BIT(_PAGE_PSE,	VMW_AT_HUGE,	1),
	VMW_ENTRY_BIT(_PAGE_GLOBAL,	VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(_PAGE_PROTNONE,	VMW_AT_ANY,	4),
	VMW_ENTRY_BIT(_PAGE_SPECIAL,	VMW_AT_ANY,	1),
#ifdef _PAGE_UFFD_WP
	VMW_ENTRY_BIT(_PAGE_UFFD_WP,	VMW_AT_ANY,	1),
#endif
#ifdef _PAGE_UFFD
	VMW_ENTRY_BIT(_PAGE_UFFD,	VMW_AT_ANY,	1),
#endif
	VMW_ENTRY_BIT(_PAGE_SOFT_DIRTY,	VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(_PAGE_PAT_LARGE,	VMW_AT_HUGE,	1),
#ifdef _PAGE_DEVMAP
	VMW_ENTRY_BIT(_PAGE_DEVMAP,	VMW_AT_ANY,	1),
#endif
#ifdef _PAGE_SAVED_DIRTY
	VMW_ENTRY_BIT(_PAGE_SAVED_DIRTY, VMW_AT_ANY,	1),
#endif
#ifdef _PAGE_NOPTISHADOW
	VMW_ENTRY_BIT(_PAGE_NOPTISHADOW, VMW_AT_PGD,	2),
#endif
	VMW_ENTRY_BIT(_PAGE_PKEY_MASK,	VMW_AT_ANY,	1),
	VMW_ENTRY_BIT(_PAGE_NX,		VMW_AT_ANY,	3),
};

static inline bool vmw_arch_pud_leaves(void)
{
	return boot_cpu_has(X86_FEATURE_GBPAGES);
}

/*
 * The base that goes with a selector is in the descriptor; only a CPU that can
 * read it back has it in the thread as well.
 */
static inline unsigned long vmw_segment_base(const struct task_struct *task,
					     unsigned int selector, unsigned long base)
{
	unsigned int i = (selector >> 3) - GDT_ENTRY_TLS_MIN;

	if (!selector || boot_cpu_has(X86_FEATURE_FSGSBASE))
		return base;
	if (selector & SEGMENT_TI_MASK || i >= GDT_ENTRY_TLS_ENTRIES)
		return 0;
	return get_desc_base(&task->thread.tls_array[i]);
}

/* 32-bit programs have theirs in GS. */
static inline unsigned long vmw_thread_pointer(const struct task_struct *task,
					       const struct pt_regs *regs)
{
	const struct thread_struct *t = &task->thread;

	if (regs->cs == __USER32_CS)
		return vmw_segment_base(task, t->gsindex, t->gsbase);
	return vmw_segment_base(task, t->fsindex, t->fsbase);
}

/* Does the gate belong to this address space, if the kernel has it at all? */
static inline bool vmw_mm_has_gate(struct mm_struct *mm)
{
	return vmw_mm_has_vsyscall(mm);
}

#endif
