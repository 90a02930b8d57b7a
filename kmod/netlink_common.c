// SPDX-License-Identifier: GPL-2.0
/* What commands of the netlink front share: who may, why not, and the MM record. */
#include <linux/capability.h>
#include <linux/security.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "netlink.h"
#include "walk.h"

void vmw_genl_set_extack(struct netlink_ext_ack *extack, const struct vmw_refusal *why,
			 struct nlattr **attrs)
{
	if (!extack)
		return;
	extack->_msg = why->text;
	if (attrs && why->attr)
		NL_SET_BAD_ATTR(extack, attrs[why->attr]);
}

/*
 * Kernels differ in whether start() has an extack to explain itself with. Where
 * it has none, the first dumpit() does, which still runs in the request's own
 * sendmsg(): the refusal waits until then, and comes in NLMSG_DONE.
 */
int vmw_genl_refuse_start(struct netlink_callback *cb, const struct vmw_refusal *why,
			  struct nlattr **attrs)
{
	atomic64_inc(&vmw_stats.refusals);
	if (!cb->extack)
		return 0;
	vmw_genl_set_extack(cb->extack, why, attrs);
	return why->err;
}

/* Who sends must have it, in the initial user namespace; netlink may ask the opener as well. */
int vmw_genl_check_caller(struct sk_buff *skb, struct vmw_refusal *why)
{
	if (netlink_ns_capable(skb, &init_user_ns, CAP_SYS_PTRACE))
		return 0;
	return vmw_refuse(why, -EPERM, 0, "CAP_SYS_PTRACE in the initial user namespace is needed");
}

/* What shows where memory is: as /proc/PID/pagemap and /proc/kcore. */
int vmw_genl_check_raw(struct sk_buff *skb, struct vmw_refusal *why)
{
	if (!netlink_ns_capable(skb, &init_user_ns, CAP_SYS_ADMIN))
		return vmw_refuse(why, -EPERM, 0,
				  "CAP_SYS_ADMIN in the initial user namespace is needed");
	if (security_locked_down(LOCKDOWN_KCORE))
		return vmw_refuse(why, -EPERM, 0, "the kernel is locked down");
	return 0;
}

int vmw_genl_put_mm(struct sk_buff *skb, const struct vmw_target *target)
{
	struct nlattr *nest = nla_nest_start(skb, VMWALK_WALK_A_MM);
	struct vmwalk_mm info;

	if (!nest)
		return -EMSGSIZE;
	vmw_target_info(target, &info);
	if (nla_put(skb, VMWALK_MM_A_INFO, sizeof(info), &info) ||
	    nla_put_string(skb, VMWALK_MM_A_COMM, target->comm)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}
