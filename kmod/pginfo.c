// SPDX-License-Identifier: GPL-2.0
/* What a page is: the only file that looks into struct page and folio. */
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/shmem_fs.h>

#include "walk.h"

/**
 * vmw_page_kind() - anonymous, or of the mapping's own object?
 * @page: mapped by an entry whose page-table lock is held
 * @object_kind: VMWALK_KIND_* of the object's own pages
 */
u32 vmw_page_kind(struct page *page, u32 object_kind)
{
	return PageAnon(page) ? VMWALK_KIND_ANON : object_kind;
}

/**
 * vmw_hugetlb_shared() - do others map this hugetlb page as well?
 * @page: its head, mapped by @entry
 * @entry: the leaf; its whole table may be shared
 *
 * As smaps decides between Shared_Hugetlb and Private_Hugetlb.
 */
bool vmw_hugetlb_shared(struct page *page, pte_t *entry)
{
	return folio_maybe_mapped_shared(page_folio(page)) || hugetlb_pmd_shared(entry);
}

/* Swapped pages of a shmem object within [@first, @last]; given up on a fatal signal. */
static unsigned long count_swapped(struct address_space *mapping, pgoff_t first, pgoff_t last)
{
	XA_STATE(xas, &mapping->i_pages, first);
	unsigned long swapped = 0;
	void *entry;

	rcu_read_lock();
	xas_for_each(&xas, entry, last) {
		if (xas_retry(&xas, entry))
			continue;
		if (xa_is_value(entry))
			swapped += 1UL << xas_get_order(&xas);
		if (need_resched()) {
			xas_pause(&xas);
			cond_resched_rcu();
			if (fatal_signal_pending(current))
				break;
		}
	}
	rcu_read_unlock();
	return swapped;
}

/**
 * vmw_shmem_swapped() - bytes of a VMA's shmem object that are in swap
 * @vma: any VMA
 *
 * A swapped shmem page leaves no trace in the page tables, only in the object.
 * smaps adds these bytes to a VMA's "Swap", by the same shortcuts: nothing
 * swapped, or the VMA maps the object whole. A private writable mapping is left
 * out, since its own copies would be counted twice.
 *
 * Context: mmap_lock held for reading; may reschedule.
 */
unsigned long vmw_shmem_swapped(struct vm_area_struct *vma)
{
	struct inode *inode = file_inode(vma->vm_file);
	unsigned long swapped;

	if ((vma->vm_flags & (VM_SHARED | VM_WRITE)) == VM_WRITE)
		return 0;

	swapped = READ_ONCE(SHMEM_I(inode)->swapped);
	if (!swapped)
		return 0;
	if (vma->vm_pgoff || vma->vm_end - vma->vm_start < i_size_read(inode))
		swapped = count_swapped(inode->i_mapping, vma->vm_pgoff,
					vma->vm_pgoff + vma_pages(vma) - 1);
	return swapped << PAGE_SHIFT;
}
