// SPDX-License-Identifier: GPL-2.0
/* What a page is: the only file that looks into struct page and folio. */
#include <linux/bitfield.h>
#include <linux/hugetlb.h>
#include <linux/kernel-page-flags.h>
#include <linux/ksm.h>
#include <linux/leafops.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/page_idle.h>
#include <linux/pagemap.h>

#include "pginfo.h"
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

/* Flags that /proc/kpageflags copies. */
static const struct {
	u8 kpf;
	u8 pg;
} page_flags[] = {
	{ KPF_LOCKED,		PG_locked },
	{ KPF_REFERENCED,	PG_referenced },
	{ KPF_UPTODATE,		PG_uptodate },
	{ KPF_DIRTY,		PG_dirty },
	{ KPF_LRU,		PG_lru },
	{ KPF_ACTIVE,		PG_active },
	{ KPF_WRITEBACK,	PG_writeback },
	{ KPF_RECLAIM,		PG_reclaim },
	{ KPF_SWAPBACKED,	PG_swapbacked },
	{ KPF_UNEVICTABLE,	PG_unevictable },
	{ KPF_RESERVED,		PG_reserved },
	{ KPF_MLOCKED,		PG_mlocked },
	{ KPF_PRIVATE,		PG_private },
};

/* Those that it makes up, as far as they can be of a page that is mapped. */
#define MADE_UP	(BIT_ULL(KPF_MMAP) | BIT_ULL(KPF_ANON) | BIT_ULL(KPF_KSM) |		\
		 BIT_ULL(KPF_COMPOUND_HEAD) | BIT_ULL(KPF_COMPOUND_TAIL) |		\
		 BIT_ULL(KPF_HUGE) | BIT_ULL(KPF_THP) | BIT_ULL(KPF_ZERO_PAGE) |	\
		 BIT_ULL(KPF_SWAPCACHE))

static u64 size_flags(struct page *page, bool hugetlb, bool zero)
{
	u64 flags = zero ? BIT_ULL(KPF_ZERO_PAGE) : 0;

	if (!PageCompound(page))
		return flags;
	flags |= BIT_ULL(PageTail(page) ? KPF_COMPOUND_TAIL : KPF_COMPOUND_HEAD);
	if (hugetlb)
		flags |= BIT_ULL(KPF_HUGE);
	else if (zero || vmw_kpageflags_thp(page))
		flags |= BIT_ULL(KPF_THP);
	return flags;
}

static void fill_flags(struct page *page, bool hugetlb, bool zero, struct vmwalk_page *info)
{
	unsigned long word = *vmw_page_flags(vmw_kpageflags_page(page));
	struct folio *folio = page_folio(page);
	size_t i;

	info->known = MADE_UP;
	info->flags = size_flags(page, hugetlb, zero);
	for (i = 0; i < ARRAY_SIZE(page_flags); i++) {
		info->known |= BIT_ULL(page_flags[i].kpf);
		if (word & BIT(page_flags[i].pg))
			info->flags |= BIT_ULL(page_flags[i].kpf);
	}
	if (info->mapcount > 0)
		info->flags |= BIT_ULL(KPF_MMAP);
	if (folio_test_anon(folio))
		info->flags |= BIT_ULL(KPF_ANON);
	if (folio_test_ksm(folio))
		info->flags |= BIT_ULL(KPF_KSM);
	if (folio_test_swapcache(folio))
		info->flags |= BIT_ULL(KPF_SWAPCACHE);
}

/* Of a page of a file; it stays in its mapping as long as the entry does. */
static void fill_mapping(struct page *page, struct vmwalk_page *info)
{
	const struct address_space *mapping = READ_ONCE(page_folio(page)->page.mapping);
	const struct inode *inode;

	/* Low bits make it something else. */
	if (!mapping || (unsigned long)mapping & 3 || !mapping->host)
		return;
	inode = mapping->host;
	info->ino = inode->i_ino;
	info->dev_major = MAJOR(inode->i_sb->s_dev);
	info->dev_minor = MINOR(inode->i_sb->s_dev);
}

/**
 * vmw_page_info() - all there is to tell of a page
 * @page: mapped by an entry whose page-table lock is held
 * @vma: by which VMA
 * @addr: and where
 * @kind: VMWALK_KIND_* of the entry
 * @info: filled in
 *
 * Where it is in its file is the VMA's word: kernels differ in the units of
 * page->index. The zero page is in none.
 */
void vmw_page_info(struct page *page, struct vm_area_struct *vma, unsigned long addr,
		   u32 kind, struct vmwalk_page *info)
{
	bool zero = kind == VMWALK_KIND_ZERO;
	struct folio *folio = page_folio(page);

	*info = (struct vmwalk_page){
		.pfn = page_to_pfn(page),
		.node = page_to_nid(page),
		.order = folio_order(folio),
		.refcount = folio_ref_count(folio),
		.mapcount = page_mapcount(page),
	};
	fill_flags(page, is_vm_hugetlb_page(vma), zero, info);
	if (zero)
		return;
	info->index = linear_page_index(vma, addr);
	if (!PageAnon(page))
		fill_mapping(page, info);
}

/* Is it mapped @maps times by one only? Where that is an average, the folio knows better. */
static bool mapped_shared(struct page *page, int maps)
{
	if (IS_ENABLED(CONFIG_NO_PAGE_MAPCOUNT))
		return folio_maybe_mapped_shared(page_folio(page));
	return maps > 1;
}

/**
 * vmw_page_state() - what VMWALK_WALK_F_PAGES tells of a page
 * @page: mapped by an entry whose page-table lock is held
 *
 * Return: VMWALK_STATE_SHARED, KSM, MLOCKED, ORDER and MAPS.
 */
u32 vmw_page_state(struct page *page)
{
	struct folio *folio = page_folio(page);
	int maps = page_mapcount(page);
	bool shared = mapped_shared(page, maps);
	u32 state;

	if (IS_ENABLED(CONFIG_NO_PAGE_MAPCOUNT))
		maps = 1 + shared;
	state = FIELD_PREP(VMWALK_STATE_ORDER, min(folio_order(folio), 15U)) |
		FIELD_PREP(VMWALK_STATE_MAPS, clamp(maps, 0, 127));
	if (shared)
		state |= VMWALK_STATE_SHARED;
	if (folio_test_ksm(folio))
		state |= VMWALK_STATE_KSM;
	if (folio_test_mlocked(folio))
		state |= VMWALK_STATE_MLOCKED;
	return state;
}

/* What smaps divides by the number of mappings, and files under anon, file or shmem. */
static void add_share(struct vmwalk_pages *sums, struct folio *folio, unsigned long nr,
		      const struct vmw_page_use *use, u64 share, bool private)
{
	bool dirty = use->dirty || folio_test_dirty(folio);

	share *= nr;
	sums->pss += share;
	if (folio_test_anon(folio))
		sums->pss_anon += share;
	else if (folio_test_swapbacked(folio))
		sums->pss_shmem += share;
	else
		sums->pss_file += share;

	if (use->locked)
		sums->pss_locked += share;
	if (dirty)
		sums->pss_dirty += share;

	if (private)
		*(dirty ? &sums->private_dirty : &sums->private_clean) += nr * PAGE_SIZE;
	else
		*(dirty ? &sums->shared_dirty : &sums->shared_clean) += nr * PAGE_SIZE;
}

/**
 * vmw_pages_add() - add pages to the sums, as smaps does
 * @sums: the sums
 * @page: the first
 * @nr: how many: all alike, and used alike
 * @use: how the entry uses it
 *
 * smaps takes a huge leaf for one page; the sum over its pages is the same.
 *
 * Context: the lock of the entry's page table is held, so the page stays.
 */
void vmw_pages_add(struct vmwalk_pages *sums, struct page *page, unsigned long nr,
		   const struct vmw_page_use *use)
{
	const u64 whole = (u64)PAGE_SIZE << VMWALK_PSS_SHIFT;
	struct folio *folio = page_folio(page);
	int maps;

	if (folio_test_anon(folio) && !folio_test_swapbacked(folio) &&
	    !use->dirty && !folio_test_dirty(folio))
		sums->lazyfree += nr * PAGE_SIZE;
	if (folio_test_ksm(folio))
		sums->ksm += nr * PAGE_SIZE;
	if (use->young || folio_test_young(folio) || folio_test_referenced(folio))
		sums->referenced += nr * PAGE_SIZE;

	/* A single reference is that of a single mapping. */
	if (!use->counted || folio_ref_count(folio) == 1) {
		add_share(sums, folio, nr, use, whole, use->counted || VMW_UNCOUNTED_PRIVATE);
		return;
	}
	maps = page_mapcount(page);
	add_share(sums, folio, nr, use, whole / max(maps, 1), !mapped_shared(page, maps));
}

/**
 * vmw_folio_alike() - how many pages of a folio are mapped alike
 * @page: the first
 * @max: of how many
 *
 * What else there is to tell of them, the folio has for all.
 *
 * Context: the lock of the entries is held.
 */
unsigned long vmw_folio_alike(struct page *page, unsigned long max)
{
	struct folio *folio = page_folio(page);
	unsigned long n = 1;

	max = min(max, (1UL << folio_order(folio)) - (page - &folio->page));
	/* Whoever maps one of them besides would have a reference. */
	if (folio_ref_count(folio) == 1)
		return max;
	while (n < max && atomic_read(&page[n]._mapcount) == atomic_read(&page->_mapcount))
		n++;
	return n;
}

/* The VMWALK_FRAME() of a frame that has a struct page. */
u64 vmw_page_frame(unsigned long pfn)
{
	return VMWALK_FRAME(pfn, page_to_nid(pfn_to_page(pfn)));
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
