// SPDX-License-Identifier: GPL-2.0
/*
 * What an entry says that ends the descent, present or not, on whatever level; and
 * how it is told: as a run of pages, with what there is to sum up of them.
 */
#include <linux/bitfield.h>
#include <linux/hugetlb.h>
#include <linux/leafops.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "pgscan.h"
#include "pgwalk.h"

/* The state of @addr, which has no entry; *@pages is cut to those that share it. */
u32 vmw_none_state(const struct vmw_pgwalk *pw, unsigned long addr, unsigned long *pages)
{
	if (!pw->absence)
		return VMWALK_KIND_NONE;
	return vmw_absence(pw->vma, pw->object_kind == VMWALK_KIND_SHMEM, addr, pages);
}

static u32 absent_kind(softleaf_t leaf)
{
	if (softleaf_is_swap(leaf))
		return VMWALK_KIND_SWAP;
	if (softleaf_is_migration(leaf))
		return VMWALK_KIND_MIGRATION;
	if (softleaf_is_hwpoison(leaf) || softleaf_is_poison_marker(leaf))
		return VMWALK_KIND_HWPOISON;
	if (softleaf_is_device_private(leaf) || softleaf_is_device_exclusive(leaf))
		return VMWALK_KIND_DEVICE;
	if (softleaf_is_guard_marker(leaf))
		return VMWALK_KIND_GUARD;
	if (softleaf_is_marker(leaf))
		return VMWALK_KIND_MARKER;
	return VMWALK_KIND_BAD;
}

u32 vmw_absent_state(const struct vmw_pgwalk *pw, pte_t pte)
{
	softleaf_t leaf = softleaf_from_pte(pte);
	u32 state = absent_kind(leaf);

	if (!(pw->flags & VMWALK_WALK_F_ENTRY))
		return state;
	if (pte_swp_soft_dirty(pte))
		state |= VMWALK_STATE_SOFT_DIRTY;
	if (pte_swp_uffd(pte) || softleaf_is_uffd_wp_marker(leaf))
		state |= VMWALK_STATE_UFFD_WP;
	return state;
}

u32 vmw_entry_state(const struct vmw_pgwalk *pw, pte_t pte)
{
	u32 state;

	if (!(pw->flags & VMWALK_WALK_F_ENTRY))
		return 0;
	state = FIELD_PREP(VMWALK_STATE_PKEY, vmw_pte_pkey(pte));
	if (pte_write(pte))
		state |= VMWALK_STATE_WRITE;
	if (vmw_pte_exec(pte))
		state |= VMWALK_STATE_EXEC;
	if (pte_dirty(pte))
		state |= VMWALK_STATE_DIRTY;
	if (pte_young(pte))
		state |= VMWALK_STATE_ACCESSED;
	if (pte_soft_dirty(pte))
		state |= VMWALK_STATE_SOFT_DIRTY;
	if (pte_uffd(pte))
		state |= VMWALK_STATE_UFFD_WP;
	if (vmw_pte_hidden(pte))
		state |= VMWALK_STATE_PROTNONE;
	return state;
}

/*
 * @pte: the leaf in a PTE's clothes. @pmdp: where it is, for a PMD.
 * Context: the leaf's lock is held.
 */
u32 vmw_leaf_state(const struct vmw_pgwalk *pw, void *pmdp, pte_t pte, unsigned long pfn,
		   u32 level)
{
	struct vm_area_struct *vma = pw->vma;
	u32 state = level | vmw_entry_state(pw, pte);
	struct page *page;
	u32 kind;

	if (vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP))
		return state | VMWALK_KIND_PFN;

	page = pfn_to_page(pfn);
	kind = vmw_page_kind(page, pw->object_kind == VMWALK_KIND_ANON ?
			     VMWALK_KIND_ZERO : pw->object_kind);
	if (pw->hugetlb) {
		state |= VMWALK_STATE_HUGETLB;
		if (vmw_hugetlb_shared(page, pmdp))
			state |= VMWALK_STATE_SHARED;
	}
	return state | kind;
}

static u32 present_state(const struct vmw_pgwalk *pw, pte_t pte, u64 *care)
{
	u32 kind;

	if (pw->hugetlb)
		return vmw_leaf_state(pw, NULL, pte, pte_pfn(pte), 0);

	if (pte_special(pte)) {
		kind = is_zero_pfn(pte_pfn(pte)) ? VMWALK_KIND_ZERO : VMWALK_KIND_PFN;
	} else if (vmw_kind_needs_page(pw)) {
		kind = vmw_page_kind(pfn_to_page(pte_pfn(pte)), pw->object_kind);
	} else {
		kind = pw->object_kind;
		*care = pw->care;
	}
	return kind | vmw_entry_state(pw, pte);
}

/* What @raw says, an entry of a PTE table, and which others say the same. */
void vmw_key_of(const struct vmw_pgwalk *pw, u64 raw, struct vmw_key *key)
{
	pte_t pte = vmw_raw_pte(raw);

	key->raw = raw;
	key->care = ~0ULL;
	if (pte_none(pte))
		key->state = VMWALK_KIND_NONE;
	else if (pte_present(pte))
		key->state = present_state(pw, pte, &key->care);
	else
		key->state = vmw_absent_state(pw, pte);
}

/* The page that @leaf maps, or would if it were there; NULL if none. */
struct page *vmw_leaf_page(const struct vmw_leaf *leaf)
{
	switch (leaf->state & VMWALK_STATE_KIND) {
	case VMWALK_KIND_ANON:
	case VMWALK_KIND_FILE:
	case VMWALK_KIND_SHMEM:
		return pfn_to_page(leaf->pfn);
	case VMWALK_KIND_MIGRATION:
	case VMWALK_KIND_HWPOISON:
	case VMWALK_KIND_DEVICE:
		return leaf->pfn ? pfn_to_page(leaf->pfn) : NULL;
	default:
		return NULL;
	}
}

static u64 leaf_frame(const struct vmw_leaf *leaf)
{
	softleaf_t swap;

	switch (leaf->state & VMWALK_STATE_KIND) {
	case VMWALK_KIND_ANON:
	case VMWALK_KIND_FILE:
	case VMWALK_KIND_SHMEM:
	case VMWALK_KIND_ZERO:
	case VMWALK_KIND_MIGRATION:
		return vmw_page_frame(leaf->pfn);
	case VMWALK_KIND_PFN:
		return VMWALK_FRAME(leaf->pfn, VMWALK_FRAME_NO_NODE);
	case VMWALK_KIND_SWAP:
		swap = softleaf_from_pte(leaf->pte);
		return VMWALK_FRAME(swp_offset(swap), swp_type(swap));
	default:
		return 0;
	}
}

/* The frame that an absent entry holds, if it does. */
unsigned long vmw_absent_pfn(pte_t pte)
{
	softleaf_t leaf = softleaf_from_pte(pte);

	return softleaf_has_pfn(leaf) ? softleaf_to_pfn(leaf) : 0;
}

int vmw_emit_framed(struct vmw_pgwalk *pw, unsigned long next, u32 state, u64 frame)
{
	unsigned long pages = (next - pw->walk->cursor) >> PAGE_SHIFT;
	bool added;

	if (unlikely(pw->walk->trace))
		vmw_trace_end(pw->walk->trace, pw->vma, state);
	if (pw->flags & VMWALK_WALK_F_PHYS)
		added = vmw_extents_add_framed(pw->ext, pages, state, frame);
	else
		added = vmw_extents_add(pw->ext, pages, state);
	if (!added)
		return VMW_FULL;
	if (pw->tables && state & VMWALK_STATE_LEVEL)
		vmw_tables_leaf(pw->tables, pw->vma, FIELD_GET(VMWALK_STATE_LEVEL, state),
				pw->walk->cursor);
	pw->walk->cursor = next;
	return 0;
}

/* @nr pages, all like @page, whose entry is @leaf. */
void vmw_add_to_sums(struct vmw_pgwalk *pw, const struct vmw_leaf *leaf, struct page *page,
		     unsigned long nr)
{
	struct vmw_page_use use = { .locked = pw->vma->vm_flags & VM_LOCKED };

	if (pte_present(leaf->pte)) {
		use.young = pte_young(leaf->pte);
		use.dirty = pte_dirty(leaf->pte);
		use.counted = true;
	} else {
		use.counted = vmw_softleaf_counted(softleaf_from_pte(leaf->pte));
	}
	vmw_pages_add(&pw->walk->sums.pages, page, nr, &use);
}

/*
 * The page at the cursor, or @run pages that are like it. smaps, and so we, sums
 * up hugetlb pages elsewhere.
 */
int vmw_emit_leaf(struct vmw_pgwalk *pw, const struct vmw_leaf *leaf, unsigned long run)
{
	unsigned long next = pw->walk->cursor + (run << PAGE_SHIFT);
	struct page *page = pw->flags & VMWALK_WALK_F_PAGES ? vmw_leaf_page(leaf) : NULL;
	u64 frame = pw->flags & VMWALK_WALK_F_PHYS ? leaf_frame(leaf) : 0;
	u32 state = leaf->state;
	int ret;

	if (page && pte_present(leaf->pte))
		state |= vmw_page_state(page);
	if (leaf->state & VMWALK_STATE_HUGETLB)
		state = (state & ~VMWALK_STATE_SHARED) | (leaf->state & VMWALK_STATE_SHARED);
	ret = vmw_emit_framed(pw, next, state, frame);
	if (!ret && page && !pw->hugetlb)
		vmw_add_to_sums(pw, leaf, page, run);
	return ret;
}
