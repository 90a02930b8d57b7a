/* SPDX-License-Identifier: GPL-2.0 */
/* Between netlink.c, which sends a captured answer, and capture.c, which holds it. */
#ifndef VMW_CAPTURE_H
#define VMW_CAPTURE_H

#include <linux/skbuff.h>

#include "walk.h"

/*
 * The least that a dump needs in one piece: a VMA's record with the longest
 * name. Asked for even if the reader's buffer is smaller: it then sees
 * MSG_TRUNC rather than a dump that never gets ahead.
 */
#define VMW_MESSAGE_MIN	SKB_WITH_OVERHEAD(2 * PATH_MAX)

/**
 * struct vmw_capture - room for a whole answer
 * @pieces: the room; once the walk is over, the records, in their order
 * @next: the piece that is filled next, NULL if none is left
 */
struct vmw_capture {
	struct sk_buff_head	pieces;
	struct sk_buff		*next;
};

void vmw_capture_init(struct vmw_capture *capture);
int vmw_capture_walk(struct vmw_capture *capture, struct vmw_walk *walk, struct vmw_sink *sink);
struct sk_buff *vmw_capture_next(struct vmw_capture *capture);
int vmw_capture_send(struct vmw_capture *capture, struct sk_buff *skb);
void vmw_capture_free(struct vmw_capture *capture);
size_t vmw_capture_max(void);

#endif
