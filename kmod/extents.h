/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs of pages of one state, in room that the sink owns: the tail of an skb,
 * a page of a debugfs reader. Pure: no locks, no allocation.
 */
#ifndef VMW_EXTENTS_H
#define VMW_EXTENTS_H

#include <linux/types.h>
#include <linux/vmwalk.h>

/**
 * struct vmw_extents - room for extents, and those in it so far
 * @first: start of the room, 8-byte slots; 4-byte aligned is enough
 * @next: first free slot
 * @end: first slot past the room
 * @width: slots of one extent: 1, or 2 with its frame
 */
struct vmw_extents {
	u64 *first;
	u64 *next;
	u64 *end;
	unsigned int width;
};

static inline void vmw_extents_init(struct vmw_extents *ext, void *room, size_t bytes)
{
	ext->first = room;
	ext->next = room;
	ext->end = ext->first + bytes / sizeof(u64);
	ext->width = 1;
}

static inline size_t vmw_extents_bytes(const struct vmw_extents *ext)
{
	return (ext->next - ext->first) * sizeof(u64);
}

bool vmw_extents_split(struct vmw_extents *ext, unsigned long pages, u32 state);
bool vmw_extents_add_framed(struct vmw_extents *ext, unsigned long pages, u32 state, u64 frame);

/*
 * Appends @pages > 0 of @state, merging with the run before. False if the room
 * is out; nothing has been added then.
 */
static inline bool vmw_extents_add(struct vmw_extents *ext, unsigned long pages, u32 state)
{
	u64 *last = ext->next - 1;
	u64 merged;

	if (unlikely(pages > VMWALK_EXTENT_PAGES_MAX))
		return vmw_extents_split(ext, pages, state);

	if (ext->next > ext->first && VMWALK_EXTENT_STATE(*last) == state) {
		merged = VMWALK_EXTENT_PAGES(*last) + (u64)pages;
		if (merged <= VMWALK_EXTENT_PAGES_MAX) {
			*last = VMWALK_EXTENT(merged, state);
			return true;
		}
	}
	if (ext->next == ext->end)
		return false;
	*ext->next++ = VMWALK_EXTENT(pages, state);
	return true;
}

#endif
