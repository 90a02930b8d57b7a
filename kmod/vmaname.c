// SPDX-License-Identifier: GPL-2.0
/* What /proc/PID/maps calls a VMA, from the same sources in the same order. */
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>

#include "walk.h"

static const char *anon_name(struct vm_area_struct *vma, char *buf)
{
	struct anon_vma_name *name = anon_vma_name(vma);

	if (!name)
		return NULL;
	snprintf(buf, PATH_MAX, vma->vm_file ? "[anon_shmem:%s]" : "[anon:%s]", name->name);
	return buf;
}

/**
 * vmw_vma_name() - the name of a VMA
 * @vma: the VMA
 * @buf: scratch, PATH_MAX bytes
 *
 * d_path() appends " (deleted)" itself, and escapes nothing: the name can hold
 * any byte but NUL.
 *
 * Context: mmap_lock held for reading.
 * Return: the name, NULL if it has none, ERR_PTR(-ENAMETOOLONG).
 */
const char *vmw_vma_name(struct vm_area_struct *vma, char *buf)
{
	const char *name;

	if (vma->vm_file) {
		name = anon_name(vma, buf);
		return name ?: d_path(file_user_path(vma->vm_file), buf, PATH_MAX);
	}

	if (vma->vm_ops && vma->vm_ops->name) {
		name = vma->vm_ops->name(vma);
		if (name)
			return name;
	}
	if (vma_is_initial_heap(vma))
		return "[heap]";
	if (vma_is_initial_stack(vma))
		return "[stack]";
	return anon_name(vma, buf);
}
