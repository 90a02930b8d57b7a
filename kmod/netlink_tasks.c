// SPDX-License-Identifier: GPL-2.0
/* The generic netlink front's command for all processes: a dump of equal records. */
#include <linux/sched/signal.h>
#include <linux/skbuff.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "capture.h"
#include "netlink.h"
#include "tasks.h"
#include "walk.h"

/* What netlink keeps for us between the callbacks. */
struct tasks_ctx {
	struct vmw_tasks	tasks;
	struct vmw_refusal	why;	/* .err is 0 if the dump was not refused */
};

static struct tasks_ctx *tasks_ctx(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct tasks_ctx) > sizeof(cb->ctx));
	return (struct tasks_ctx *)cb->ctx;
}

int vmw_genl_tasks_start(struct netlink_callback *cb)
{
	struct tasks_ctx *ctx = tasks_ctx(cb);

	atomic64_inc(&vmw_stats.requests);
	ctx->why.err = 0;
	if (vmw_genl_check_caller(cb->skb, &ctx->why))
		return vmw_genl_refuse_start(cb, &ctx->why, NULL);
	vmw_tasks_start(&ctx->tasks);
	cb->min_dump_alloc = VMW_MESSAGE_MIN;
	return 0;
}

/* As many as fit. 0 if there are no more, -EMSGSIZE, or what went wrong. */
static int put_tasks(struct sk_buff *skb, struct vmw_tasks *tasks)
{
	struct vmwalk_task info;
	int ret;

	for (;;) {
		if (skb_tailroom(skb) < nla_total_size(sizeof(info)))
			return -EMSGSIZE;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
		ret = vmw_tasks_next(tasks, &info);
		if (ret <= 0)
			return ret;
		nla_put(skb, VMWALK_TASKS_A_TASK, sizeof(info), &info);
	}
}

int vmw_genl_tasks_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct tasks_ctx *ctx = tasks_ctx(cb);
	unsigned int empty;
	void *hdr;
	int ret;

	if (ctx->why.err) {
		vmw_genl_set_extack(cb->extack, &ctx->why, NULL);
		return ctx->why.err;
	}
	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &vmw_genl_family, NLM_F_MULTI, VMWALK_CMD_TASKS);
	if (!hdr)
		return -EMSGSIZE;
	empty = skb->len;
	ret = put_tasks(skb, &ctx->tasks);
	if (ret == -EINTR || skb->len == empty) {
		/* With 0, the dump is over. */
		genlmsg_cancel(skb, hdr);
		return ret;
	}
	genlmsg_end(skb, hdr);
	return skb->len;
}

int vmw_genl_tasks_done(struct netlink_callback *cb)
{
	struct tasks_ctx *ctx = tasks_ctx(cb);

	if (!ctx->why.err)
		vmw_tasks_finish(&ctx->tasks);
	return 0;
}
