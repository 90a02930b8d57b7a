/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_COMPAT_LINUX_MM_INLINE_H
#define VMW_COMPAT_LINUX_MM_INLINE_H

#include_next <linux/mm_inline.h>
#include <compat/config.h>

#ifndef VMW_HAVE_ANON_VMA_NAME
struct anon_vma_name {
	char name[1];
};

static inline struct anon_vma_name *anon_vma_name(struct vm_area_struct *vma)
{
	return NULL;
}
#endif

#endif
