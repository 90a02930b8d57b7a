// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>

#include "extents.h"

/* A hole of 16 TiB and more takes several extents. */
bool vmw_extents_split(struct vmw_extents *ext, unsigned long pages, u32 state)
{
	size_t slots = DIV_ROUND_UP(pages, VMWALK_EXTENT_PAGES_MAX);

	if (slots > ext->end - ext->next)
		return false;

	for (; pages > VMWALK_EXTENT_PAGES_MAX; pages -= VMWALK_EXTENT_PAGES_MAX)
		*ext->next++ = VMWALK_EXTENT(VMWALK_EXTENT_PAGES_MAX, state);
	*ext->next++ = VMWALK_EXTENT(pages, state);
	return true;
}
