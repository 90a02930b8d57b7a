/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_COMPAT_LINUX_MM_INLINE_H
#define VMW_COMPAT_LINUX_MM_INLINE_H

#include_next <linux/mm_inline.h>
#include <compat/config.h>

#ifndef VMW_HAVE_ANON_VMA_NAME
struct anon_vma_name {
	char name[1];
};
#endif

/*
 * Not exported, where names can be given at all. Before shmem could have them,
 * the field was in a union with what VMAs of files have in its place.
 */
static inline struct anon_vma_name *vmw_anon_vma_name(struct vm_area_struct *vma)
{
#ifdef CONFIG_ANON_VMA_NAME
	const bool files_too = offsetof(struct vm_area_struct, anon_name) !=
			       offsetof(struct vm_area_struct, shared);

	return files_too || !vma->vm_file ? vma->anon_name : NULL;
#else
	return NULL;
#endif
}

#define anon_vma_name(vma) vmw_anon_vma_name(vma)

#endif
