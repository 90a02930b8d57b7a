// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int probe(struct page *page);
int probe(struct page *page)
{
	return page_mapcount(page);
}
