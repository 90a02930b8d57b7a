/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs of pages of one state, in room that the sink owns: the tail of an skb,
 * a page of a debugfs reader. Pure: no locks, no allocation.
 */
#ifndef VMW_EXTENTS_H
#define VMW_EXTENTS_H

#include <linux/types.h>
#include <linux/vmwalk.h>

/* No extent yet: unlike any state. */
#define VMW_NO_STATE	(~0U)

/**
 * struct vmw_extents - room for extents, and those in it so far
 * @first: start of the room, 8-byte slots; 4-byte aligned is enough
 * @next: first free slot
 * @end: first slot past the room
 * @width: slots of one extent: 1, or 2 with its frame
 * @state: of the last extent, where they have no frames
 */
struct vmw_extents {
	u64 *first;
	u64 *next;
	u64 *end;
	unsigned int width;
	u32 state;
};

static inline void vmw_extents_init(struct vmw_extents *ext, void *room, size_t bytes)
{
	ext->first = room;
	ext->next = room;
	ext->end = ext->first + bytes / sizeof(u64);
	ext->width = 1;
	ext->state = VMW_NO_STATE;
}

static inline size_t vmw_extents_bytes(const struct vmw_extents *ext)
{
	return (ext->next - ext->first) * sizeof(u64);
}

bool vmw_extents_split(struct vmw_extents *ext, unsigned long pages, u32 state);
bool vmw_extents_add_framed(struct vmw_extents *ext, unsigned long pages, u32 state, u64 frame);

/*
 * Appends @pages > 0 of @state, at most VMWALK_EXTENT_PAGES_MAX, merging with the
 * run before. False if the room is out; nothing has been added then.
 */
static __always_inline bool vmw_extents_put(struct vmw_extents *ext, unsigned long pages,
					    u32 state)
{
	if (ext->state == state &&
	    VMWALK_EXTENT_PAGES(ext->next[-1]) + pages <= VMWALK_EXTENT_PAGES_MAX) {
		ext->next[-1] += pages;
		return true;
	}
	if (ext->next == ext->end)
		return false;
	*ext->next++ = VMWALK_EXTENT(pages, state);
	ext->state = state;
	return true;
}

/* Likewise, of any number of pages. */
static inline bool vmw_extents_add(struct vmw_extents *ext, unsigned long pages, u32 state)
{
	if (unlikely(pages > VMWALK_EXTENT_PAGES_MAX))
		return vmw_extents_split(ext, pages, state);
	return vmw_extents_put(ext, pages, state);
}

#endif
