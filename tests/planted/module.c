// SPDX-License-Identifier: GPL-2.0
/*
 * For clang-tidy to find with the kernel's headers: a VMA used where there is none. It is
 * not built.
 */
#include <linux/mm.h>

unsigned long vmw_planted(struct vm_area_struct *vma);

unsigned long vmw_planted(struct vm_area_struct *vma)
{
	return vma ? 0 : vma->vm_start;
}
