// SPDX-License-Identifier: GPL-2.0
/* What a page is: the only file that looks into struct page and folio. */
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/pagemap.h>
#include <linux/rcupdate_wait.h>
#include <linux/sched.h>
#include <linux/shmem_fs.h>
#include <linux/xarray.h>

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
 * @page: in it, mapped by the leaf
 * @pmdp: the leaf, if it is a PMD: its whole table may be shared
 *
 * As smaps decides between Shared_Hugetlb and Private_Hugetlb.
 */
bool vmw_hugetlb_shared(struct page *page, pte_t *pmdp)
{
	return folio_maybe_mapped_shared(page_folio(page)) ||
	       (pmdp && hugetlb_pmd_shared(pmdp));
}

/* How many of the pages that the entry at @xas stands for are in [@first, @last]. */
static unsigned long entry_pages(struct xa_state *xas, pgoff_t first, pgoff_t last)
{
	unsigned long pages = 1UL << xas_get_order(xas);
	pgoff_t start = xas->xa_index & ~(pages - 1);

	return min(start + pages - 1, last) - max(start, first) + 1;
}

/* Swapped pages of a shmem object, of @pages from @first on. */
static unsigned long count_swapped(struct address_space *mapping, pgoff_t first,
				   unsigned long pages)
{
	XA_STATE(xas, &mapping->i_pages, first);
	pgoff_t last = first + pages - 1;
	unsigned long swapped = 0;
	void *entry;

	rcu_read_lock();
	xas_for_each(&xas, entry, last) {
		if (xas_retry(&xas, entry))
			continue;
		if (xa_is_value(entry))
			swapped += entry_pages(&xas, first, last);
		if (need_resched()) {
			xas_pause(&xas);
			cond_resched_rcu();
		}
	}
	rcu_read_unlock();
	return swapped;
}

/**
 * vmw_shmem_swapped() - swapped pages of a shmem object that have no entry
 * @vma: maps the object
 * @from: address of the first extent
 * @ext: the extents of one record: of a chunk at most, which bounds the count
 *
 * A swapped shmem page leaves no trace in the page tables, only in the object.
 * Where a private mapping has its own copy, the object's page does not count.
 *
 * Context: mmap_lock held for reading; may reschedule.
 * Return: bytes.
 */
u64 vmw_shmem_swapped(struct vm_area_struct *vma, unsigned long from,
		      const struct vmw_extents *ext)
{
	struct inode *inode = file_inode(vma->vm_file);
	u64 swapped = 0;
	const u64 *e;

	if (!READ_ONCE(SHMEM_I(inode)->swapped))
		return 0;

	for (e = ext->first; e < ext->next; e++) {
		if (VMWALK_EXTENT_STATE(*e) == VMWALK_KIND_NONE)
			swapped += count_swapped(inode->i_mapping, linear_page_index(vma, from),
						 VMWALK_EXTENT_PAGES(*e));
		from += (unsigned long)VMWALK_EXTENT_PAGES(*e) << PAGE_SHIFT;
	}
	return swapped << PAGE_SHIFT;
}
