// SPDX-License-Identifier: GPL-2.0
#include "pack.h"

#include <stdlib.h>

#include <linux/vmwalk.h>

#define FIRST_ROOM	256
#define MORE		0x80

static bool make_room(struct vmw_pack *p, size_t bytes)
{
	const size_t room = p->room ? 2 * p->room : FIRST_ROOM;
	uint8_t *data;

	if (p->failed || p->room - p->len >= bytes)
		return !p->failed;
	data = realloc(p->data, room);
	if (!data) {
		p->failed = true;
		return false;
	}
	p->data = data;
	p->room = room;
	return true;
}

void vmw_pack_number(struct vmw_pack *p, uint64_t value)
{
	if (!make_room(p, 10))
		return;
	for (; value >= MORE; value >>= 7)
		p->data[p->len++] = value | MORE;
	p->data[p->len++] = value;
}

void vmw_pack_reset(struct vmw_pack *p)
{
	p->len = 0;
}

void vmw_pack_deinit(struct vmw_pack *p)
{
	free(p->data);
	*p = (struct vmw_pack){ 0 };
}

bool vmw_unpack_number(struct vmw_unpack *u, uint64_t *value)
{
	*value = 0;
	for (unsigned int shift = 0; u->at < u->end && shift < 64; shift += 7) {
		const uint8_t byte = *u->at++;

		if (shift == 63 && byte > 1)
			return false;
		*value |= (uint64_t)(byte & ~MORE) << shift;
		if (!(byte & MORE))
			return true;
	}
	return false;
}

/*
 * No frame: 0. Else 1 + twice the distance of the number, as 2n or -2n - 1; and
 * 1 more, with the node to follow, where the node is another than before.
 */
void vmw_pack_frame(struct vmw_pack *p, uint64_t *next, uint64_t frame,
		    uint64_t pages)
{
	const uint64_t number = VMWALK_FRAME_NUMBER(frame);
	const int64_t distance = number - VMWALK_FRAME_NUMBER(*next);
	const uint64_t folded = (uint64_t)distance << 1 ^ -(uint64_t)(distance < 0);
	const bool moved = VMWALK_FRAME_NODE(frame) != VMWALK_FRAME_NODE(*next);

	if (!frame) {
		vmw_pack_number(p, 0);
		return;
	}
	vmw_pack_number(p, (folded << 1 | moved) + 1);
	if (moved)
		vmw_pack_number(p, VMWALK_FRAME_NODE(frame));
	*next = VMWALK_FRAME(VMWALK_FRAME_NUMBER(number + pages),
			     VMWALK_FRAME_NODE(frame));
}

bool vmw_unpack_frame(struct vmw_unpack *u, uint64_t *next, uint64_t *frame,
		      uint64_t pages)
{
	uint64_t code, folded, number, node = VMWALK_FRAME_NODE(*next);

	*frame = 0;
	if (!vmw_unpack_number(u, &code))
		return false;
	if (!code)
		return true;
	if (--code & 1 && !vmw_unpack_number(u, &node))
		return false;
	folded = code >> 1;
	number = VMWALK_FRAME_NUMBER(*next) + (folded >> 1 ^ -(folded & 1));
	if (node > VMWALK_FRAME_NO_NODE || number >> VMWALK_FRAME_SHIFT)
		return false;
	*frame = VMWALK_FRAME(number, node);
	*next = VMWALK_FRAME(VMWALK_FRAME_NUMBER(number + pages), node);
	return true;
}
