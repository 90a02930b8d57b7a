// SPDX-License-Identifier: GPL-2.0
/* It has const since it looks at the folio's flags. */
#include <linux/mm.h>

u64 (*probe(void))(const struct page *page);
u64 (*probe(void))(const struct page *page)
{
	return stable_page_flags;
}
