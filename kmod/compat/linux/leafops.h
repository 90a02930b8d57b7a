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

/* Some stable kernels took this one name over, and no more. */
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

#endif
#endif
