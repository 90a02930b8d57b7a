/* SPDX-License-Identifier: GPL-2.0 */
/* Between netlink_walk.c, whose messages they are, and the walk, which fills them. */
#ifndef VMW_NETLINK_SINK_H
#define VMW_NETLINK_SINK_H

#include <linux/skbuff.h>
#include <net/netlink.h>

#include "capture.h"
#include "walk.h"

/**
 * struct vmw_skb_sink - a sink whose room is the tail of an skb
 * @base: the sink
 * @skb: the message under way, NULL if there is none yet
 * @at: where the next record goes in it; those before are put by vmw_skb_sink_commit()
 * @limit: end of its room
 * @capture: where more of them are, NULL if that is for the caller
 * @flags: VMWALK_WALK_F_*, what is asked for
 * @least: bytes that a record takes at least without its name
 * @vma: the open record's nest
 * @pages: in it, struct vmwalk_pages
 * @tables: likewise, struct vmwalk_tables
 * @extents: its array
 */
struct vmw_skb_sink {
	struct vmw_sink		base;
	struct sk_buff		*skb;
	void			*at;
	void			*limit;
	struct vmw_capture	*capture;
	u32			flags;
	size_t			least;
	struct nlattr		*vma;
	void			*pages;
	void			*tables;
	struct nlattr		*extents;
};

void vmw_skb_sink_init(struct vmw_skb_sink *sink, u32 flags, struct vmw_capture *capture);
void vmw_skb_sink_use(struct vmw_skb_sink *sink, struct sk_buff *skb);
void vmw_skb_sink_commit(struct vmw_skb_sink *sink);

#endif
