// SPDX-License-Identifier: GPL-2.0
/*
 * A way is a distance from the end of the one before, in pages; for how many pages
 * it holds; how many entries from the top down are those of the one before; how
 * many more there are, and these; then state, frame, and a page if there is one.
 */
#include "ways.h"

#include <errno.h>
#include <string.h>

static bool same_entry(const struct vmwalk_entry *a,
		       const struct vmwalk_entry *b)
{
	return a->level == b->level && a->index == b->index &&
	       a->phys == b->phys && a->value == b->value &&
	       a->again == b->again && a->flags == b->flags;
}

static void pack_entry(struct vmw_pack *p, const struct vmwalk_entry *e)
{
	vmw_pack_number(p, e->level);
	vmw_pack_number(p, e->index);
	vmw_pack_number(p, e->phys);
	vmw_pack_number(p, e->value);
	vmw_pack_number(p, e->again ^ e->value);
	vmw_pack_number(p, e->flags);
}

static bool unpack_small(struct vmw_unpack *u, uint32_t *value)
{
	uint64_t n;

	if (!vmw_unpack_number(u, &n) || n > UINT32_MAX)
		return false;
	*value = n;
	return true;
}

static bool unpack_big(struct vmw_unpack *u, __u64 *value)
{
	uint64_t n;
	bool good = vmw_unpack_number(u, &n);

	*value = n;
	return good;
}

static bool unpack_entry(struct vmw_unpack *u, struct vmwalk_entry *e)
{
	*e = (struct vmwalk_entry){ 0 };
	if (!unpack_small(u, &e->level) || !unpack_small(u, &e->index) ||
	    !unpack_big(u, &e->phys) || !unpack_big(u, &e->value) ||
	    !unpack_big(u, &e->again) || !unpack_small(u, &e->flags))
		return false;
	e->again ^= e->value;
	return true;
}

static void pack_page(struct vmw_pack *p, const struct vmwalk_page *page)
{
	vmw_pack_number(p, page->pfn);
	vmw_pack_number(p, page->flags);
	vmw_pack_number(p, page->known);
	vmw_pack_number(p, page->index);
	vmw_pack_number(p, page->ino);
	vmw_pack_number(p, page->dev_major);
	vmw_pack_number(p, page->dev_minor);
	vmw_pack_number(p, page->node);
	vmw_pack_number(p, page->order);
	vmw_pack_number(p, (uint32_t)page->refcount);
	vmw_pack_number(p, (uint32_t)page->mapcount);
}

static bool unpack_page(struct vmw_unpack *u, struct vmwalk_page *page)
{
	uint32_t refcount, mapcount;

	if (!unpack_big(u, &page->pfn) || !unpack_big(u, &page->flags) ||
	    !unpack_big(u, &page->known) || !unpack_big(u, &page->index) ||
	    !unpack_big(u, &page->ino) || !unpack_small(u, &page->dev_major) ||
	    !unpack_small(u, &page->dev_minor) ||
	    !unpack_small(u, &page->node) || !unpack_small(u, &page->order) ||
	    !unpack_small(u, &refcount) || !unpack_small(u, &mapcount))
		return false;
	page->refcount = refcount;
	page->mapcount = mapcount;
	return true;
}

uint64_t vmw_ways_span(const struct vmw_aspace *as, const struct vmw_info *info,
		       const struct vmw_pte *pte)
{
	const struct vmwalk_entry *last = vmw_pte_last(pte);
	const struct vmwalk_level *level = last ? vmw_pte_level(info, last) :
						  NULL;
	uint64_t end;

	if (!level || last->flags & VMWALK_ENTRY_F_LEAF || pte->has_page ||
	    level->shift <= as->page_shift)
		return 1;
	end = ((pte->addr >> level->shift) + 1) << level->shift;
	return (end - pte->addr) >> as->page_shift;
}

int vmw_ways_add(struct vmw_ways *w, const struct vmw_aspace *as,
		 const struct vmw_pte *pte, uint64_t pages)
{
	const uint64_t nr = pte->addr >> as->page_shift;
	struct vmw_pack *p = &w->packed;
	unsigned int same = 0;

	while (same < w->nr_last && same < pte->nr_entries &&
	       same_entry(&w->last[same], &pte->entries[same]))
		same++;
	vmw_pack_number(p, nr - w->next);
	vmw_pack_number(p, pages);
	vmw_pack_number(p, same);
	vmw_pack_number(p, pte->nr_entries - same);
	for (unsigned int i = same; i < pte->nr_entries; i++)
		pack_entry(p, &pte->entries[i]);
	vmw_pack_number(p, pte->state);
	vmw_pack_number(p, pte->frame);
	vmw_pack_number(p, pte->has_page);
	if (pte->has_page)
		pack_page(p, &pte->page);
	w->top = pte->top;
	w->next = nr + pages;
	memcpy(w->last, pte->entries, sizeof(w->last));
	w->nr_last = pte->nr_entries;
	return p->failed ? -ENOMEM : 0;
}

/* The next way, over the one before in @pte; @start and @pages are its own. */
static int next_way(struct vmw_unpack *u, const struct vmw_info *info,
		    struct vmw_pte *pte, uint64_t *start, uint64_t *pages)
{
	const uint64_t end = *start + *pages;
	uint64_t skip, same, more, has_page;
	struct vmwalk_entry e;

	if (!vmw_unpack_number(u, &skip) || !vmw_unpack_number(u, pages) ||
	    !vmw_unpack_number(u, &same) || !vmw_unpack_number(u, &more) ||
	    skip > UINT64_MAX / 2 - end || !*pages ||
	    *pages > UINT64_MAX / 4 || same > pte->nr_entries ||
	    more > VMW_MAX_LEVELS)
		return -EPROTO;
	*start = end + skip;
	pte->nr_entries = same;
	while (more--)
		if (!unpack_entry(u, &e) || vmw_pte_add_entry(pte, info, &e))
			return -EPROTO;
	if (!unpack_small(u, &pte->state) ||
	    !vmw_unpack_number(u, &pte->frame) ||
	    !vmw_unpack_number(u, &has_page) || has_page > 1)
		return -EPROTO;
	pte->has_page = has_page;
	return has_page && !unpack_page(u, &pte->page) ? -EPROTO : 0;
}

int vmw_ways_find(const struct vmw_ways *w, const struct vmw_aspace *as,
		  const struct vmw_info *info, struct vmw_pte *pte)
{
	struct vmw_unpack u = { w->packed.data, w->packed.data + w->packed.len };
	const uint64_t nr = pte->addr >> as->page_shift;
	uint64_t start = 0, pages = 0;
	int ret;

	pte->top = w->top;
	while (u.at < u.end) {
		ret = next_way(&u, info, pte, &start, &pages);
		if (ret)
			return ret;
		if (start > nr)
			break;
		if (nr - start < pages)
			return 0;
	}
	return -ENOENT;
}

void vmw_ways_deinit(struct vmw_ways *w)
{
	vmw_pack_deinit(&w->packed);
	*w = (struct vmw_ways){ 0 };
}
