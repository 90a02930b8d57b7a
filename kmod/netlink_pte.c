// SPDX-License-Identifier: GPL-2.0
/* The generic netlink front's command for one address: one request, one reply. */
#include <linux/skbuff.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "capture.h"
#include "netlink.h"
#include "pte.h"
#include "walk.h"

const struct nla_policy vmw_genl_pte_policy[VMWALK_REQ_A_MAX + 1] = {
	[VMWALK_REQ_A_PID]		= NLA_POLICY_MIN(NLA_U32, 1),
	[VMWALK_REQ_A_START]		= { .type = NLA_U64 },
	[VMWALK_REQ_A_START_TIME]	= { .type = NLA_U64 },
};

static int put_vma(struct sk_buff *skb, const struct vmw_pte *pte)
{
	struct nlattr *nest;

	if (!pte->has_vma)
		return 0;
	nest = nla_nest_start(skb, VMWALK_PTE_A_VMA);
	if (!nest || nla_put(skb, VMWALK_VMA_A_INFO, sizeof(pte->vma), &pte->vma) ||
	    (pte->name[0] && nla_put_string(skb, VMWALK_VMA_A_NAME, pte->name)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_entries(struct sk_buff *skb, const struct vmw_pte *pte)
{
	const struct vmwalk_entry *e;
	u32 level = VMW_LEVELS;
	int ret;

	while (level-- > 0) {
		e = vmw_pte_entry(pte, level);
		if (!e)
			continue;
		ret = nla_put(skb, VMWALK_PTE_A_ENTRY, sizeof(*e), e);
		if (ret)
			return ret;
	}
	return 0;
}

static int put_answer(struct sk_buff *skb, const struct vmw_pte *pte)
{
	const struct vmw_trace *trace = &pte->trace;

	if (vmw_genl_put_mm(skb, &pte->walk->target) || put_vma(skb, pte))
		return -EMSGSIZE;
	if (!pte->has_vma)
		return 0;
	if (nla_put_u64_64bit(skb, VMWALK_PTE_A_TOP, vmw_pte_top(pte), VMWALK_PTE_A_PAD) ||
	    put_entries(skb, pte) ||
	    nla_put_u64_64bit(skb, VMWALK_PTE_A_EXTENT, pte->slots[0], VMWALK_PTE_A_PAD) ||
	    (pte->slots[1] &&
	     nla_put_u64_64bit(skb, VMWALK_PTE_A_FRAME, pte->slots[1], VMWALK_PTE_A_PAD)) ||
	    (trace->has_page &&
	     nla_put(skb, VMWALK_PTE_A_PAGE, sizeof(trace->page), &trace->page)))
		return -EMSGSIZE;
	return 0;
}

static struct vmw_pte *get_pte(struct sk_buff *skb, struct nlattr **attrs,
			       struct vmw_refusal *why)
{
	struct vmw_request req = { 0 };

	if (vmw_genl_check_caller(skb, why) || vmw_genl_check_raw(skb, why))
		return NULL;
	if (!attrs[VMWALK_REQ_A_PID] || !attrs[VMWALK_REQ_A_START]) {
		vmw_refuse(why, -EINVAL, 0, attrs[VMWALK_REQ_A_PID] ?
			   "VMWALK_REQ_A_START is missing" : "VMWALK_REQ_A_PID is missing");
		return NULL;
	}
	req.pid = nla_get_u32(attrs[VMWALK_REQ_A_PID]);
	req.start = nla_get_u64(attrs[VMWALK_REQ_A_START]);
	if (attrs[VMWALK_REQ_A_START_TIME])
		req.start_time = nla_get_u64(attrs[VMWALK_REQ_A_START_TIME]);
	return vmw_pte_get(&req, why);
}

static int reply_pte(struct genl_info *info, const struct vmw_pte *pte)
{
	struct sk_buff *skb = genlmsg_new(VMW_MESSAGE_MIN, GFP_KERNEL);
	void *hdr;

	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &vmw_genl_family, 0, VMWALK_CMD_PTE);
	if (!hdr || put_answer(skb, pte)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

int vmw_genl_pte_doit(struct sk_buff *request, struct genl_info *info)
{
	struct vmw_refusal why;
	struct vmw_pte *pte;
	int ret;

	atomic64_inc(&vmw_stats.requests);
	pte = get_pte(request, info->attrs, &why);
	if (!pte) {
		atomic64_inc(&vmw_stats.refusals);
		vmw_genl_set_extack(info->extack, &why, info->attrs);
		return why.err;
	}
	ret = reply_pte(info, pte);
	vmw_pte_put(pte);
	return ret;
}
