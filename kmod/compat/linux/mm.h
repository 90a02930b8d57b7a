/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_COMPAT_LINUX_MM_H
#define VMW_COMPAT_LINUX_MM_H

#include_next <linux/mm.h>
#include <linux/page_idle.h>
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
struct folio {
	struct page page;
};

static inline struct folio *page_folio(struct page *page)
{
	return (struct folio *)compound_head(page);
}

static inline unsigned int folio_order(struct folio *folio)
{
	return compound_order(&folio->page);
}

static inline int folio_ref_count(struct folio *folio)
{
	return page_ref_count(&folio->page);
}

#define VMW_FOLIO_TEST(name, test)				\
static inline bool folio_test_##name(struct folio *folio)	\
{								\
	return test(&folio->page);				\
}

VMW_FOLIO_TEST(anon, PageAnon)
VMW_FOLIO_TEST(dirty, PageDirty)
VMW_FOLIO_TEST(ksm, PageKsm)
VMW_FOLIO_TEST(mlocked, PageMlocked)
VMW_FOLIO_TEST(referenced, PageReferenced)
VMW_FOLIO_TEST(swapbacked, PageSwapBacked)
VMW_FOLIO_TEST(swapcache, PageSwapCache)
VMW_FOLIO_TEST(young, page_is_young)
#endif

#ifndef VMW_HAVE_PAGE_MAPCOUNT
/* Where no page has a count of its own, an average, as smaps takes it. */
static inline int vmw_average_mapcount(struct folio *folio)
{
	int entire = folio_entire_mapcount(folio);
	int parts = folio_mapcount(folio) - entire;

	return max(entire + DIV_ROUND_CLOSEST(parts, (int)folio_nr_pages(folio)), 1);
}

/* The counts are there still, the function is not. */
static inline int page_mapcount(struct page *page)
{
	struct folio *folio = page_folio(page);
	int maps = atomic_read(&page->_mapcount) + 1;

	if (IS_ENABLED(CONFIG_NO_PAGE_MAPCOUNT) && folio_test_large(folio))
		return vmw_average_mapcount(folio);
	if (page_mapcount_is_type(maps))
		maps = 0;
	return folio_test_large(folio) ? maps + folio_entire_mapcount(folio) : maps;
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
