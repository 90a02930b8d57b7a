// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink front's walk. One dump is one walk: prepared in start() with
 * the credentials and in the pid namespace of the caller, driven by dumpit() in
 * the context of whoever reads, ended by done().
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "capture.h"
#include "netlink.h"
#include "netlink_sink.h"
#include "pgwalk.h"
#include "walk.h"

/* What a thread's record takes. */
#define THREAD_ROOM	(nla_total_size(0) + nla_total_size(sizeof(struct vmwalk_thread)) + \
			 nla_total_size(TASK_COMM_LEN))

const struct nla_policy vmw_genl_walk_policy[VMWALK_REQ_A_MAX + 1] = {
	[VMWALK_REQ_A_PID]		= NLA_POLICY_MIN(NLA_U32, 1),
	[VMWALK_REQ_A_START]		= { .type = NLA_U64 },
	[VMWALK_REQ_A_END]		= { .type = NLA_U64 },
	[VMWALK_REQ_A_FLAGS]		= NLA_POLICY_MASK(NLA_U32, VMW_WALK_FLAGS),
	[VMWALK_REQ_A_START_TIME]	= { .type = NLA_U64 },
};

/**
 * struct dump - one dump, from start() to done()
 * @walk: the walk, NULL if it was refused
 * @why: the refusal, for the first dumpit() to tell
 * @capture: what an atomic walk has found, and is not out yet
 * @captured: it is over
 * @mm_sent: the MM record is out
 * @threads_sent: so are all threads
 * @walked: all VMAs are out, END is not
 * @finished: END is out too
 */
struct dump {
	struct vmw_walk		*walk;
	struct vmw_refusal	why;
	struct vmw_capture	capture;
	bool			captured;
	bool			mm_sent;
	bool			threads_sent;
	bool			walked;
	bool			finished;
};

/* What netlink keeps for us between the callbacks. */
struct dump_ctx {
	struct dump *dump;
};

static struct dump_ctx *dump_ctx(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct dump_ctx) > sizeof(cb->ctx));
	return (struct dump_ctx *)cb->ctx;
}

/* Page-aligned, or the default if the attribute is not there. */
static int get_address(struct nlattr **attrs, int attr, unsigned long *address,
		       struct vmw_refusal *why)
{
	u64 value;

	if (!attrs[attr])
		return 0;
	value = nla_get_u64(attrs[attr]);
	if (!PAGE_ALIGNED(value))
		return vmw_refuse(why, -EINVAL, attr, "addresses must be page-aligned");
	*address = value;
	return 0;
}

/* What the policy cannot check. */
static int parse_request(struct nlattr **attrs, struct vmw_request *req, struct vmw_refusal *why)
{
	*req = (struct vmw_request){ .end = PAGE_MASK };

	if (!attrs[VMWALK_REQ_A_PID])
		return vmw_refuse(why, -EINVAL, 0, "VMWALK_REQ_A_PID is missing");
	req->pid = nla_get_u32(attrs[VMWALK_REQ_A_PID]);

	if (get_address(attrs, VMWALK_REQ_A_START, &req->start, why) ||
	    get_address(attrs, VMWALK_REQ_A_END, &req->end, why))
		return why->err;
	if (req->start >= req->end)
		return vmw_refuse(why, -EINVAL, VMWALK_REQ_A_END,
				  "the range is empty: end <= start");

	if (attrs[VMWALK_REQ_A_FLAGS])
		req->flags = nla_get_u32(attrs[VMWALK_REQ_A_FLAGS]);
	if ((req->flags & VMW_EXTENTS_FLAGS) && !(req->flags & VMWALK_WALK_F_EXTENTS))
		return vmw_refuse(why, -EINVAL, VMWALK_REQ_A_FLAGS,
				  "what is asked of extents needs VMWALK_WALK_F_EXTENTS");

	if (attrs[VMWALK_REQ_A_START_TIME])
		req->start_time = nla_get_u64(attrs[VMWALK_REQ_A_START_TIME]);
	return 0;
}

static struct vmw_walk *start_walk(struct sk_buff *skb, struct nlattr **attrs,
				   struct vmw_refusal *why)
{
	struct vmw_request req;

	if (vmw_genl_check_caller(skb, why) || parse_request(attrs, &req, why))
		return NULL;
	if ((req.flags & VMWALK_WALK_F_PHYS) && vmw_genl_check_raw(skb, why))
		return NULL;
	return vmw_walk_start(&req, why);
}

int vmw_genl_walk_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct dump *dump = kzalloc(sizeof(*dump), GFP_KERNEL);
	int err;

	if (!dump)
		return -ENOMEM;
	vmw_capture_init(&dump->capture);

	atomic64_inc(&vmw_stats.requests);
	dump->walk = start_walk(cb->skb, attrs, &dump->why);
	if (!dump->walk) {
		err = vmw_genl_refuse_start(cb, &dump->why, attrs);
		if (err) {
			kfree(dump);
			return err;
		}
	}
	dump_ctx(cb)->dump = dump;
	cb->min_dump_alloc = VMW_MESSAGE_MIN;
	return 0;
}

/* As many VMAs as fit; all of them are walked first if the walk is atomic. */
static int put_vmas(struct sk_buff *skb, struct dump *dump)
{
	struct vmw_walk *walk = dump->walk;
	bool atomic = vmw_walk_is_atomic(walk);
	struct vmw_skb_sink sink;
	int ret;

	vmw_skb_sink_init(&sink, walk->req.flags, atomic ? &dump->capture : NULL);
	if (!atomic) {
		vmw_skb_sink_use(&sink, skb);
		ret = vmw_walk_next(walk, &sink.base);
		vmw_skb_sink_commit(&sink);
		return ret == VMW_FULL ? -EMSGSIZE : ret;
	}
	if (!dump->captured) {
		ret = vmw_capture_walk(&dump->capture, walk, &sink.base);
		vmw_skb_sink_commit(&sink);
		if (ret)
			return ret;
		dump->captured = true;
	}
	return vmw_capture_send(&dump->capture, skb);
}

static void put_thread(struct sk_buff *skb, const struct vmw_thread *thread)
{
	struct nlattr *nest = nla_nest_start(skb, VMWALK_WALK_A_THREAD);

	nla_put(skb, VMWALK_THREAD_A_INFO, sizeof(thread->info), &thread->info);
	nla_put_string(skb, VMWALK_THREAD_A_COMM, thread->comm);
	nla_nest_end(skb, nest);
}

/* As many as fit. */
static int put_threads(struct sk_buff *skb, struct vmw_walk *walk)
{
	struct vmw_thread thread;

	if (!(walk->req.flags & VMWALK_WALK_F_THREADS))
		return 0;
	for (;;) {
		if (skb_tailroom(skb) < THREAD_ROOM)
			return -EMSGSIZE;
		if (!vmw_threads_next(walk, &thread))
			return 0;
		put_thread(skb, &thread);
	}
}

/* One message's worth. 0, or -EMSGSIZE if there is more than fits, or what went wrong. */
static int fill_message(struct sk_buff *skb, struct dump *dump)
{
	struct vmw_walk *walk = dump->walk;
	int ret;

	if (!dump->mm_sent) {
		ret = vmw_genl_put_mm(skb, &walk->target);
		if (ret)
			return ret;
		dump->mm_sent = true;
	}
	if (!dump->threads_sent) {
		ret = put_threads(skb, walk);
		if (ret)
			return ret;
		dump->threads_sent = true;
	}
	if (!dump->walked) {
		ret = put_vmas(skb, dump);
		if (ret)
			return ret;
		dump->walked = true;
	}
	ret = nla_put(skb, VMWALK_WALK_A_END, sizeof(walk->end), &walk->end);
	if (!ret)
		dump->finished = true;
	return ret;
}

static const char *walk_error_text(int err)
{
	switch (err) {
	case -ESRCH:
		return "the process exited, or runs another program by now";
	case -EINTR:
		return "killed while waiting for the target's mmap_lock";
	case -E2BIG:
		return "larger than atomic_max permits: raise it, walk a range, or not atomically";
	case -ENOMEM:
		return "no memory for the answer: walk a range, or not atomically";
	default:
		return NULL;
	}
}

int vmw_genl_walk_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump *dump = dump_ctx(cb)->dump;
	void *hdr;
	int ret;

	if (!dump->walk) {
		vmw_genl_set_extack(cb->extack, &dump->why, NULL);
		return dump->why.err;
	}
	if (dump->finished)
		return 0;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &vmw_genl_family,
			  NLM_F_MULTI, VMWALK_CMD_WALK);
	if (!hdr)
		return -EMSGSIZE;

	ret = fill_message(skb, dump);
	if (ret && ret != -EMSGSIZE) {
		genlmsg_cancel(skb, hdr);
		vmw_genl_set_extack(cb->extack,
				    &(struct vmw_refusal){ .text = walk_error_text(ret) }, NULL);
		return ret;
	}

	/* Sets NLM_F_DUMP_INTR once the VMAs have been seen changed. */
	cb->seq = dump->walk->changes + 1;
	genl_dump_check_consistent(cb, hdr);
	genlmsg_end(skb, hdr);
	return skb->len;
}

int vmw_genl_walk_done(struct netlink_callback *cb)
{
	struct dump *dump = dump_ctx(cb)->dump;

	if (dump->walk)
		vmw_walk_finish(dump->walk);
	vmw_capture_free(&dump->capture);
	kfree(dump);
	return 0;
}
