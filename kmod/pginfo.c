// SPDX-License-Identifier: GPL-2.0
/* What a page is: the only file that looks into struct page and folio. */
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/pagemap.h>

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

/**
 * vmw_page_uptodate() - may a fault map this page of the cache as it is?
 * @page: found there under RCU, without a reference: it may be anything by now
 *
 * The plain bit: the kernel's own test insists that a page does not change from
 * head to tail meanwhile.
 */
bool vmw_page_uptodate(const struct page *page)
{
	return test_bit(PG_uptodate, vmw_page_flags(page));
}
