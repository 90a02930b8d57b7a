/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers packed into bytes, seven bits each, the lowest first, the eighth set
 * in all but the last (LEB128). docs/collection-schema.md tells what is made of
 * them. Pure.
 */
#ifndef VMW_PACK_H
#define VMW_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Grows; want of memory sticks. Zero is empty. */
struct vmw_pack {
	uint8_t *data;
	size_t len, room;
	bool failed;
};

/* What is left to be read. */
struct vmw_unpack {
	const uint8_t *at, *end;
};

void vmw_pack_number(struct vmw_pack *p, uint64_t value);
/* Forgets what is in it, not the room. */
void vmw_pack_reset(struct vmw_pack *p);
void vmw_pack_deinit(struct vmw_pack *p);

/* False: it ends too early, or the number is larger than 64 bits. */
bool vmw_unpack_number(struct vmw_unpack *u, uint64_t *value);

/*
 * Frames, one after the other: each by its distance from where the one before
 * it would have gone on. @next is that, 0 at first, and moves on by @pages.
 */
void vmw_pack_frame(struct vmw_pack *p, uint64_t *next, uint64_t frame,
		    uint64_t pages);
bool vmw_unpack_frame(struct vmw_unpack *u, uint64_t *next, uint64_t *frame,
		      uint64_t pages);

#endif
