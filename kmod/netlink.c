// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink front: the family and its commands, of which each has a file
 * and a policy of its own. What they have in common is in netlink_common.c.
 */
#include <linux/module.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "netlink.h"
#include "walk.h"

/* INFO and TASKS take no attributes: refuse them all. */
static const struct nla_policy no_policy[] = {
	[VMWALK_INFO_A_UNSPEC + 1] = { .type = NLA_REJECT },
};

static const struct genl_ops ops[] = {
	{
		.cmd = VMWALK_CMD_INFO,
		.doit = vmw_genl_info_doit,
		.policy = no_policy,
		.maxattr = ARRAY_SIZE(no_policy) - 1,
	},
	{
		.cmd = VMWALK_CMD_WALK,
		.start = vmw_genl_walk_start,
		.dumpit = vmw_genl_walk_dumpit,
		.done = vmw_genl_walk_done,
		.policy = vmw_genl_walk_policy,
		.maxattr = VMWALK_REQ_A_MAX,
	},
	{
		.cmd = VMWALK_CMD_PTE,
		.doit = vmw_genl_pte_doit,
		.policy = vmw_genl_pte_policy,
		.maxattr = VMWALK_REQ_A_MAX,
	},
	{
		.cmd = VMWALK_CMD_TASKS,
		.start = vmw_genl_tasks_start,
		.dumpit = vmw_genl_tasks_dumpit,
		.done = vmw_genl_tasks_done,
		.policy = no_policy,
		.maxattr = ARRAY_SIZE(no_policy) - 1,
	},
};

struct genl_family vmw_genl_family __ro_after_init = {
	.name = VMWALK_GENL_NAME,
	.version = VMWALK_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
};

int __init vmw_netlink_init(void)
{
	return genl_register_family(&vmw_genl_family);
}

void vmw_netlink_uninit(void)
{
	genl_unregister_family(&vmw_genl_family);
}
