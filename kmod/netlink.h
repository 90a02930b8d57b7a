/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands of the netlink front share. netlink.c registers them. */
#ifndef VMW_NETLINK_H
#define VMW_NETLINK_H

#include <linux/skbuff.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "walk.h"

extern struct genl_family vmw_genl_family;

/* netlink_common.c: who may, why not, and records that several answers have */
int vmw_genl_check_caller(struct sk_buff *skb, struct vmw_refusal *why);
int vmw_genl_check_raw(struct sk_buff *skb, struct vmw_refusal *why);
void vmw_genl_set_extack(struct netlink_ext_ack *extack, const struct vmw_refusal *why,
			 struct nlattr **attrs);
int vmw_genl_refuse_start(struct netlink_callback *cb, const struct vmw_refusal *why,
			  struct nlattr **attrs);
int vmw_genl_put_mm(struct sk_buff *skb, const struct vmw_target *target);

/* netlink_info.c */
int vmw_genl_info_doit(struct sk_buff *request, struct genl_info *info);

/* netlink_walk.c */
extern const struct nla_policy vmw_genl_walk_policy[VMWALK_REQ_A_MAX + 1];
int vmw_genl_walk_start(struct netlink_callback *cb);
int vmw_genl_walk_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vmw_genl_walk_done(struct netlink_callback *cb);

/* netlink_pte.c */
extern const struct nla_policy vmw_genl_pte_policy[VMWALK_REQ_A_MAX + 1];
int vmw_genl_pte_doit(struct sk_buff *request, struct genl_info *info);

/* netlink_tasks.c */
int vmw_genl_tasks_start(struct netlink_callback *cb);
int vmw_genl_tasks_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vmw_genl_tasks_done(struct netlink_callback *cb);

#endif
