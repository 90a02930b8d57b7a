// SPDX-License-Identifier: GPL-2.0
/*
 * Which swap area has which number. The kernel lists the areas that are on by
 * ascending number and tells none; an area that was switched off leaves a hole.
 * But an area that has entries is on: the numbers seen in entries bound the place
 * that each of them can have in the list.
 */
#include "aspace.h"

static unsigned int count(uint32_t bits)
{
	return __builtin_popcount(bits);
}

const char *vmw_aspace_swap(const struct vmw_aspace *as, uint32_t area)
{
	unsigned int used, below, above, last;

	if (area >= VMW_SWAPS_MAX)
		return NULL;
	used = as->swaps_used | 1U << area;
	if (count(used) > as->nr_swaps)
		return NULL;
	below = count(used & ((1U << area) - 1));
	above = count(used) - below - 1;
	/* At least so many come before it, and no more than there are numbers. */
	last = as->nr_swaps - 1 - above;
	if (last > area)
		last = area;
	return below == last ? as->swaps[below] : NULL;
}
