// SPDX-License-Identifier: GPL-2.0
/*
 * What a file's object has where no entry maps it: the page cache, by the
 * object's xarray, under RCU and without a reference on any page.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rcupdate_wait.h>
#include <linux/sched.h>
#include <linux/shmem_fs.h>
#include <linux/xarray.h>

#include "walk.h"

/* Entries of an object looked at in one go, at most: as many as a page table has. */
#define LOOKS_MAX	512

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

	for (e = ext->first; e < ext->next; e += ext->width) {
		if ((VMWALK_EXTENT_STATE(*e) & VMWALK_STATE_KIND) == VMWALK_KIND_NONE)
			swapped += count_swapped(inode->i_mapping, linear_page_index(vma, from),
						 VMWALK_EXTENT_PAGES(*e));
		from += (unsigned long)VMWALK_EXTENT_PAGES(*e) << PAGE_SHIFT;
	}
	return swapped << PAGE_SHIFT;
}

/**
 * vmw_vma_has_object() - would a fault look for what is absent in a file's object?
 * @vma: the VMA
 *
 * Devices have faults of their own, and no size.
 */
bool vmw_vma_has_object(struct vm_area_struct *vma)
{
	const struct inode *host;

	if (!vma->vm_file || vma_is_anonymous(vma) || vma->vm_flags & (VM_PFNMAP | VM_IO))
		return false;
	host = vma->vm_file->f_mapping->host;
	return S_ISREG(host->i_mode) || S_ISBLK(host->i_mode);
}

/**
 * struct run - pages of an object in the same state
 * @first: of them
 * @next: first page past them
 * @state: VMWALK_STATE_CACHED or SWAPPED or neither; void while there are none
 */
struct run {
	pgoff_t	first;
	pgoff_t	next;
	u32	state;
};

/* The pages from @run->next to before @next are in @state: false if that ends the run. */
static bool extend(struct run *run, pgoff_t next, u32 state)
{
	if (next == run->next)
		return true;
	if (run->next > run->first && run->state != state)
		return false;
	run->next = next;
	run->state = state;
	return true;
}

/* What is evicted leaves a value, too, but in shmem alone it says where the page is. */
static u32 cache_state(const void *entry, bool shmem)
{
	if (xa_is_value(entry))
		return shmem ? VMWALK_STATE_SWAPPED : 0;
	return vmw_page_uptodate(entry) ? VMWALK_STATE_CACHED : 0;
}

/* The state of page @first; *@pages is cut to those behind it that share it. */
static u32 cached_run(struct address_space *mapping, bool shmem, pgoff_t first,
		      unsigned long *pages)
{
	XA_STATE(xas, &mapping->i_pages, first);
	struct run run = { first, first };
	pgoff_t last = first + *pages - 1;
	int looks = LOOKS_MAX;
	pgoff_t start;
	void *entry;

	rcu_read_lock();
	xas_for_each(&xas, entry, last) {
		if (xas_retry(&xas, entry))
			continue;
		start = xas.xa_index & -(1UL << xas_get_order(&xas));
		if (!extend(&run, max(start, run.next), 0) ||
		    !extend(&run, run.next + entry_pages(&xas, run.next, last),
			    cache_state(entry, shmem)) || !--looks)
			break;
	}
	rcu_read_unlock();
	if (!entry)
		extend(&run, last + 1, 0);
	*pages = run.next - first;
	return run.state;
}

/**
 * vmw_absence() - why a page of a file is not mapped
 * @vma: has no entry at @addr; vmw_vma_has_object()
 * @shmem: is the object of shmem?
 * @addr: address of the first page
 * @pages: how many pages without an entry, at least one; is cut to those of one
 *         state, or to what may be looked at in one go
 *
 * Of hugetlb, which indexes by other units on older kernels, the size alone.
 *
 * Context: mmap_lock held for reading. Does not sleep.
 * Return: VMWALK_KIND_NONE and VMWALK_STATE_CACHED, SWAPPED, BEYOND_EOF.
 */
u32 vmw_absence(struct vm_area_struct *vma, bool shmem, unsigned long addr,
		unsigned long *pages)
{
	struct address_space *mapping = vma->vm_file->f_mapping;
	pgoff_t index = vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);
	pgoff_t size = DIV_ROUND_UP_ULL(i_size_read(mapping->host), PAGE_SIZE);
	u32 state = VMWALK_KIND_NONE;

	if (index >= size)
		state |= VMWALK_STATE_BEYOND_EOF;
	else
		*pages = min(*pages, size - index);
	if (!is_vm_hugetlb_page(vma))
		state |= cached_run(mapping, shmem, index, pages);
	return state;
}
