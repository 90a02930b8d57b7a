/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_COMPAT_LINUX_MM_H
#define VMW_COMPAT_LINUX_MM_H

#include_next <linux/mm.h>
#include <compat/config.h>

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

#ifndef VMW_HAVE_MAPPED_SHARED_MAYBE
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
