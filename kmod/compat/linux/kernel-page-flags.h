/* SPDX-License-Identifier: GPL-2.0 */
/* Whose flags /proc/kpageflags shows for a page: its own, or those of its folio. */
#ifndef VMW_COMPAT_LINUX_KERNEL_PAGE_FLAGS_H
#define VMW_COMPAT_LINUX_KERNEL_PAGE_FLAGS_H

#include_next <linux/kernel-page-flags.h>
#include <linux/mm.h>
#include <compat/config.h>

#ifdef VMW_HAVE_KPAGEFLAGS_OF_FOLIO
static inline struct page *vmw_kpageflags_page(struct page *page)
{
	return &page_folio(page)->page;
}

static inline bool vmw_kpageflags_thp(struct page *page)
{
	return folio_test_large_rmappable(page_folio(page));
}
#else
static inline struct page *vmw_kpageflags_page(struct page *page)
{
	return page;
}

static inline bool vmw_kpageflags_thp(struct page *page)
{
	return PageLRU(page) || PageAnon(page);
}
#endif

#endif
