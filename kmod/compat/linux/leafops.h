/* SPDX-License-Identifier: GPL-2.0 */
/* softleaf_t succeeded swp_entry_t's is_*_entry(). */
#ifndef VMW_COMPAT_LINUX_LEAFOPS_H
#define VMW_COMPAT_LINUX_LEAFOPS_H

#include <compat/config.h>

#ifdef VMW_HAVE_LEAFOPS
#include_next <linux/leafops.h>
#else

#include <linux/swap.h>
#include <linux/swapops.h>

typedef swp_entry_t softleaf_t;

/* Some stable kernels took this name over, and softleaf_to_pfn(), and no more. */
#ifndef softleaf_from_pte
static inline softleaf_t softleaf_from_pte(pte_t pte)
{
	return pte_to_swp_entry(pte);
}
#endif

static inline bool softleaf_is_swap(softleaf_t entry)
{
	return !non_swap_entry(entry);
}

static inline bool softleaf_is_migration(softleaf_t entry)
{
	return is_migration_entry(entry);
}

static inline bool softleaf_is_hwpoison(softleaf_t entry)
{
	return is_hwpoison_entry(entry);
}

static inline bool softleaf_is_device_private(softleaf_t entry)
{
	return is_device_private_entry(entry);
}

static inline bool softleaf_is_device_exclusive(softleaf_t entry)
{
#ifdef VMW_HAVE_DEVICE_EXCLUSIVE
	return is_device_exclusive_entry(entry);
#else
	return false;
#endif
}

static inline bool softleaf_is_marker(softleaf_t entry)
{
#ifdef VMW_HAVE_PTE_MARKER
	return is_pte_marker_entry(entry);
#else
	return false;
#endif
}

#ifdef VMW_HAVE_PTE_MARKER
#define vmw_is_marker(entry, marker) \
	(is_pte_marker_entry(entry) && (pte_marker_get(entry) & (marker)))
#endif

/* A failed swap-in was an entry of its own before there was a marker for it. */
static inline bool softleaf_is_poison_marker(softleaf_t entry)
{
#if defined(PTE_MARKER_POISONED)
	return vmw_is_marker(entry, PTE_MARKER_POISONED);
#elif defined(SWP_SWAPIN_ERROR)
	return is_swapin_error_entry(entry);
#else
	return false;
#endif
}

static inline bool softleaf_is_guard_marker(softleaf_t entry)
{
#ifdef PTE_MARKER_GUARD
	return vmw_is_marker(entry, PTE_MARKER_GUARD);
#else
	return false;
#endif
}

static inline bool softleaf_is_uffd_wp_marker(softleaf_t entry)
{
#ifdef PTE_MARKER_UFFD_WP
	return vmw_is_marker(entry, PTE_MARKER_UFFD_WP);
#else
	return false;
#endif
}

#ifdef VMW_HAVE_PFN_SWAP_ENTRY
static inline bool softleaf_has_pfn(softleaf_t entry)
{
	return is_pfn_swap_entry(entry);
}

#ifndef softleaf_to_pfn
static inline unsigned long softleaf_to_pfn(softleaf_t entry)
{
	return swp_offset_pfn(entry);
}
#endif
#else
static inline bool softleaf_has_pfn(softleaf_t entry)
{
	return is_migration_entry(entry) || softleaf_is_device_private(entry) ||
	       softleaf_is_device_exclusive(entry);
}

static inline unsigned long softleaf_to_pfn(softleaf_t entry)
{
	return swp_offset(entry);
}
#endif

#endif

/*
 * Which entries without a mapping does smaps take for one, and is the page of
 * any other private or shared? The answers changed when page_mapcount() went.
 */
#ifdef VMW_HAVE_PAGE_MAPCOUNT
#define VMW_UNCOUNTED_PRIVATE	true
#else
#define VMW_UNCOUNTED_PRIVATE	false
#endif

static inline bool vmw_softleaf_counted(softleaf_t entry)
{
	if (VMW_UNCOUNTED_PRIVATE)
		return !softleaf_is_migration(entry);
	return softleaf_is_device_private(entry);
}

#endif
