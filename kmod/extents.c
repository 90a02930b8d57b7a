// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>

#include "extents.h"

static void put(struct vmw_extents *ext, unsigned long pages, u32 state, u64 frame)
{
	*ext->next++ = VMWALK_EXTENT(pages, state);
	if (ext->width > 1)
		*ext->next++ = frame;
}

/* A hole of 16 TiB and more takes several extents. No frame is that long. */
bool vmw_extents_split(struct vmw_extents *ext, unsigned long pages, u32 state)
{
	size_t slots = DIV_ROUND_UP(pages, VMWALK_EXTENT_PAGES_MAX) * ext->width;

	if (slots > ext->end - ext->next)
		return false;

	for (; pages > VMWALK_EXTENT_PAGES_MAX; pages -= VMWALK_EXTENT_PAGES_MAX)
		put(ext, VMWALK_EXTENT_PAGES_MAX, state, 0);
	put(ext, pages, state, 0);
	ext->state = state;
	return true;
}

/* Is @frame where @pages pages from @from on end? No frame goes with no frame. */
static bool follows(u64 from, u64 pages, u64 frame)
{
	return frame == (from ? from + pages : 0);
}

/*
 * As vmw_extents_add(), where extents have frames: those of one state merge
 * only if the one's frame follows the other's.
 */
bool vmw_extents_add_framed(struct vmw_extents *ext, unsigned long pages, u32 state, u64 frame)
{
	u64 *last = ext->next - 2;
	u64 before;

	if (unlikely(pages > VMWALK_EXTENT_PAGES_MAX))
		return vmw_extents_split(ext, pages, state);

	if (ext->next > ext->first && VMWALK_EXTENT_STATE(*last) == state) {
		before = VMWALK_EXTENT_PAGES(*last);
		if (before + pages <= VMWALK_EXTENT_PAGES_MAX && follows(last[1], before, frame)) {
			*last = VMWALK_EXTENT(before + pages, state);
			return true;
		}
	}
	if (ext->end - ext->next < 2)
		return false;
	put(ext, pages, state, frame);
	return true;
}
