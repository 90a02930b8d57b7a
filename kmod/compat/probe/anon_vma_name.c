// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/mm_inline.h>

const char *probe(struct vm_area_struct *vma);
const char *probe(struct vm_area_struct *vma)
{
	return anon_vma_name(vma)->name;
}
