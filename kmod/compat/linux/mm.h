/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_COMPAT_LINUX_MM_H
#define VMW_COMPAT_LINUX_MM_H

#include_next <linux/mm.h>
#include <compat/config.h>

#ifndef VMA_ITERATOR
/* VMAs were a list before they were a maple tree. */
struct vma_iterator {
	struct mm_struct *mm;
	unsigned long addr;
};

#define VMA_ITERATOR(name, __mm, __addr) \
	struct vma_iterator name = { .mm = (__mm), .addr = (__addr) }

#define for_each_vma_range(__vmi, __vma, __end)				\
	for ((__vma) = (__vmi).addr < (__end) ? find_vma((__vmi).mm, (__vmi).addr) : NULL; \
	     (__vma) && (__vma)->vm_start < (__end);			\
	     (__vma) = (__vma)->vm_next)
#endif

#ifndef VMW_HAVE_GET_MM_COUNTER_SUM
/* The counters were exact, or could not be summed up from here. */
#define get_mm_counter_sum(mm, member)	get_mm_counter(mm, member)
#endif

#ifndef VMW_HAVE_VMA_IS_INITIAL
/* What /proc/PID/maps of these kernels called the heap: ends included. */
static inline bool vma_is_initial_heap(const struct vm_area_struct *vma)
{
	return vma->vm_start <= vma->vm_mm->brk && vma->vm_end >= vma->vm_mm->start_brk;
}

static inline bool vma_is_initial_stack(const struct vm_area_struct *vma)
{
	return vma->vm_start <= vma->vm_mm->start_stack &&
	       vma->vm_end >= vma->vm_mm->start_stack;
}
#endif

/* The bits of enum pageflags. */
static inline const unsigned long *vmw_page_flags(const struct page *page)
{
#ifdef VMW_HAVE_MEMDESC_FLAGS
	return &page->flags.f;
#else
	return &page->flags;
#endif
}

#ifndef VMW_HAVE_FOLIO
/* A folio was a head page before it had a name of its own. */
static inline struct page *page_folio(struct page *page)
{
	return compound_head(page);
}

static inline bool folio_maybe_mapped_shared(struct page *head)
{
	return page_mapcount(head) >= 2;
}
#elif !defined(VMW_HAVE_MAPPED_SHARED_MAYBE)
static inline bool folio_maybe_mapped_shared(struct folio *folio)
{
#ifdef VMW_HAVE_MAPPED_SHARED_LIKELY
	return folio_likely_mapped_shared(folio);
#else
	return page_mapcount(&folio->page) >= 2;
#endif
}
#endif

#endif
