/* SPDX-License-Identifier: GPL-2.0 */
/* What pginfo.c has to do for page after page: to see that one is like the other. */
#ifndef VMW_PGINFO_H
#define VMW_PGINFO_H

#include <linux/mm.h>
#include <linux/page-flags.h>

/**
 * struct vmw_page_key - all of a page that VMWALK_WALK_F_PAGES tells or sums up
 * @flags: its flags; above them the word has its zone, its node and more
 * @mapping: the low bits say whose it is
 * @mapcount: mappings but one
 */
struct vmw_page_key {
	unsigned long	flags;
	unsigned long	mapping;
	int		mapcount;
};

#define VMW_PAGE_FLAGS		(BIT(__NR_PAGEFLAGS) - 1)
#define VMW_PAGE_MAPPING	3UL

static __always_inline unsigned long vmw_page_mapping(const struct page *page)
{
	return (unsigned long)READ_ONCE(page->mapping);
}

/* False if the page has no key: it is part of a larger folio, or not mapped by now. */
static inline bool vmw_page_key(struct page *page, struct vmw_page_key *key)
{
	key->flags = READ_ONCE(*vmw_page_flags(page));
	key->mapping = vmw_page_mapping(page);
	key->mapcount = atomic_read(&page->_mapcount);
	return !PageCompound(page) && key->mapcount >= 0;
}

/*
 * Is @page, too, a page by itself, and the same to be told of it? References need
 * no look: who maps a page has one, so they say nothing that mappings do not.
 */
static __always_inline bool vmw_page_alike(struct page *page, const struct vmw_page_key *key)
{
	return !((READ_ONCE(*vmw_page_flags(page)) ^ key->flags) & VMW_PAGE_FLAGS) &&
	       !((vmw_page_mapping(page) ^ key->mapping) & VMW_PAGE_MAPPING) &&
	       atomic_read(&page->_mapcount) == key->mapcount && !PageTail(page);
}

#endif
