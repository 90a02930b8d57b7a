// SPDX-License-Identifier: GPL-2.0
/* A walk's records, written to the tail of an skb. */
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/netlink.h>

#include "netlink_sink.h"

void vmw_skb_sink_use(struct vmw_skb_sink *sink, struct sk_buff *skb)
{
	sink->skb = skb;
	sink->at = skb ? skb_tail_pointer(skb) : NULL;
	sink->limit = skb ? skb_end_pointer(skb) : NULL;
}

void vmw_skb_sink_commit(struct vmw_skb_sink *sink)
{
	if (sink->skb)
		skb_put(sink->skb, sink->at - (void *)skb_tail_pointer(sink->skb));
}

/*
 * The record is written past the tail of the skb, and put with the others in the end:
 * there is nothing to take back, and the room is looked at once. Returns where the
 * attribute goes that comes after.
 */
static void *lay(struct nlattr *nla, int type, size_t len)
{
	nla->nla_type = type;
	nla->nla_len = nla_attr_size(len);
	return (void *)nla + nla_total_size(len);
}

static void *lay_name(struct nlattr *nla, const char *name, size_t len)
{
	void *next = lay(nla, VMWALK_VMA_A_NAME, len);

	memset(next - NLA_ALIGNTO, 0, NLA_ALIGNTO);
	memcpy(nla_data(nla), name, len);
	return next;
}

static size_t least_bytes(u32 flags)
{
	size_t bytes = nla_total_size(nla_total_size(sizeof(struct vmwalk_vma)));

	if (flags & VMWALK_WALK_F_PAGES)
		bytes += nla_total_size(sizeof(struct vmwalk_pages));
	if (flags & VMWALK_WALK_F_TABLES)
		bytes += nla_total_size(sizeof(struct vmwalk_tables));
	if (flags & VMWALK_WALK_F_EXTENTS)
		bytes += nla_total_size(0) + VMW_ROOM_MIN * sizeof(u64);
	return bytes;
}

/* There is the room. @name_len: with its NUL, 0 if there is none. */
static void lay_record(struct vmw_skb_sink *sink, const char *name, size_t name_len)
{
	void *at = sink->at;

	sink->vma = at;
	at = lay(at, VMWALK_WALK_A_VMA | NLA_F_NESTED, 0);
	sink->base.info = nla_data(at);
	at = lay(at, VMWALK_VMA_A_INFO, sizeof(*sink->base.info));
	if (name_len)
		at = lay_name(at, name, name_len);
	if (sink->flags & VMWALK_WALK_F_PAGES) {
		sink->pages = nla_data(at);
		at = lay(at, VMWALK_VMA_A_PAGES, sizeof(struct vmwalk_pages));
	}
	if (sink->flags & VMWALK_WALK_F_TABLES) {
		sink->tables = nla_data(at);
		at = lay(at, VMWALK_VMA_A_TABLES, sizeof(struct vmwalk_tables));
	}
	/* As long as the skb has room, to be cut to size in the end. */
	if (sink->flags & VMWALK_WALK_F_EXTENTS) {
		sink->extents = at;
		at = lay(at, VMWALK_VMA_A_EXTENTS, 0);
	}
	vmw_extents_init(&sink->base.ext, at, sink->limit - at);
}

/* Goes on in the next message of an atomic walk. */
static int next_piece(struct vmw_skb_sink *sink, size_t bytes)
{
	if (!sink->capture)
		return -EMSGSIZE;
	vmw_skb_sink_commit(sink);
	vmw_skb_sink_use(sink, vmw_capture_next(sink->capture));
	if (!sink->skb)
		return -E2BIG;
	return sink->limit - sink->at < bytes ? -EMSGSIZE : 0;
}

static int sink_begin(struct vmw_sink *base, const char *name)
{
	struct vmw_skb_sink *sink = container_of(base, struct vmw_skb_sink, base);
	size_t name_len = name ? strlen(name) + 1 : 0;
	size_t bytes = sink->least + (name ? nla_total_size(name_len) : 0);
	int ret;

	if (sink->limit - sink->at < bytes) {
		ret = next_piece(sink, bytes);
		if (ret)
			return ret;
	}
	lay_record(sink, name, name_len);
	return 0;
}

/* Attributes are aligned to 4 bytes only: what is large is copied. */
static void sink_end(struct vmw_sink *base, const struct vmw_sums *sums)
{
	struct vmw_skb_sink *sink = container_of(base, struct vmw_skb_sink, base);
	void *end = base->ext.next;

	base->info->shmem_swapped = sums->shmem_swapped;
	if (sink->flags & VMWALK_WALK_F_PAGES)
		memcpy(sink->pages, &sums->pages, sizeof(sums->pages));
	if (sink->flags & VMWALK_WALK_F_TABLES)
		memcpy(sink->tables, &sums->tables, sizeof(sums->tables));
	if (sink->flags & VMWALK_WALK_F_EXTENTS)
		sink->extents->nla_len = end - (void *)sink->extents;
	sink->vma->nla_len = end - (void *)sink->vma;
	sink->at = end;
}

void vmw_skb_sink_init(struct vmw_skb_sink *sink, u32 flags, struct vmw_capture *capture)
{
	*sink = (struct vmw_skb_sink){
		.base = { .begin = sink_begin, .end = sink_end },
		.capture = capture,
		.flags = flags,
		.least = least_bytes(flags),
	};
}
