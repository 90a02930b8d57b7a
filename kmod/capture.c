// SPDX-License-Identifier: GPL-2.0
/*
 * Room for a whole answer, for VMWALK_WALK_F_ATOMIC: allocated before the
 * target's mmap_lock is taken, filled under one hold of it, sent after that.
 *
 * The room comes in skbs, which netlink's own sink can fill, and in pieces that
 * fit the smallest message of a dump: each is sent as it is.
 */
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>
#include <net/genetlink.h>

#include "capture.h"

/* What is left of a message for its records. */
#define PIECE	(VMW_MESSAGE_MIN - NLMSG_HDRLEN - GENL_HDRLEN)

#define ROOM_MIN	(16 * PIECE)
/* A walk that ran out of room has told nothing but that: be generous. */
#define ROOM_GROWTH	4

static unsigned long atomic_max = SZ_64M;
module_param(atomic_max, ulong, 0644);
MODULE_PARM_DESC(atomic_max, "bytes of records that an atomic walk holds at most");

size_t vmw_capture_max(void)
{
	return READ_ONCE(atomic_max);
}

void vmw_capture_init(struct vmw_capture *capture)
{
	__skb_queue_head_init(&capture->pieces);
	capture->next = NULL;
}

static int add_piece(struct vmw_capture *capture)
{
	struct sk_buff *piece;

	if (fatal_signal_pending(current))
		return -EINTR;
	piece = alloc_skb(PIECE, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!piece)
		return -ENOMEM;
	/* Rounded up by the allocator: no larger than a message can take. */
	skb_reserve(piece, skb_tailroom(piece) - PIECE);
	__skb_queue_tail(&capture->pieces, piece);
	atomic64_add(PIECE, &vmw_stats.captured);
	return 0;
}

static void free_piece(struct vmw_capture *capture, struct sk_buff *piece)
{
	__skb_unlink(piece, &capture->pieces);
	consume_skb(piece);
	atomic64_sub(PIECE, &vmw_stats.captured);
}

/* Empty room for @bytes. What there is already is kept on failure as well. */
static int make_room(struct vmw_capture *capture, size_t bytes)
{
	struct sk_buff *piece;
	int ret;

	skb_queue_walk(&capture->pieces, piece)
		skb_trim(piece, 0);
	while (skb_queue_len(&capture->pieces) < bytes / PIECE) {
		ret = add_piece(capture);
		if (ret)
			return ret;
	}
	capture->next = skb_peek(&capture->pieces);
	return 0;
}

/**
 * vmw_capture_next() - the next piece to fill
 * @capture: from where
 *
 * Context: the target's mmap_lock is held; allocates nothing.
 * Return: an empty piece, or NULL.
 */
struct sk_buff *vmw_capture_next(struct vmw_capture *capture)
{
	struct sk_buff *piece = capture->next;

	if (piece)
		capture->next = skb_peek_next(piece, &capture->pieces);
	return piece;
}

/*
 * Every VMA takes a record, every entry of a table an extent at most: far fewer
 * as a rule, since most equal their neighbours.
 */
static size_t estimate(struct mm_struct *mm)
{
	return ROOM_MIN + READ_ONCE(mm->map_count) * 256UL + mm_pgtables_bytes(mm) / 16;
}

/**
 * vmw_capture_walk() - all of a walk, under one hold of the lock
 * @capture: where the records stay
 * @walk: the walk, VMWALK_WALK_F_ATOMIC
 * @sink: fills what vmw_capture_next() gives it; -E2BIG when that is NULL
 *
 * The lock is let go before there is more room: the walk starts anew then.
 *
 * Context: process context, may sleep.
 * Return: 0, -E2BIG if vmw_capture_max() does not suffice, -ENOMEM, or as
 * vmw_walk_next().
 */
int vmw_capture_walk(struct vmw_capture *capture, struct vmw_walk *walk, struct vmw_sink *sink)
{
	size_t max = vmw_capture_max(), room = min(estimate(walk->target.mm), max);
	int ret;

	for (;;) {
		ret = make_room(capture, room);
		if (ret)
			return ret;
		vmw_walk_rewind(walk);
		ret = vmw_walk_next(walk, sink);
		if (ret != -E2BIG || room == max)
			return ret;
		room = room < max / ROOM_GROWTH ? room * ROOM_GROWTH : max;
	}
}

/**
 * vmw_capture_send() - moves records to a message
 * @capture: from where
 * @skb: the message
 *
 * Return: 0 if that was the last, -EMSGSIZE if there are more than fit.
 */
int vmw_capture_send(struct vmw_capture *capture, struct sk_buff *skb)
{
	struct sk_buff *piece;

	while ((piece = skb_peek(&capture->pieces))) {
		if (piece->len > skb_tailroom(skb))
			return -EMSGSIZE;
		skb_put_data(skb, piece->data, piece->len);
		free_piece(capture, piece);
	}
	return 0;
}

void vmw_capture_free(struct vmw_capture *capture)
{
	struct sk_buff *piece;

	while ((piece = skb_peek(&capture->pieces)))
		free_piece(capture, piece);
}
