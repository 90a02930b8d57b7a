// SPDX-License-Identifier: GPL-2.0
/* The generic netlink front's command about the module and the kernel themselves. */
#include <linux/mm.h>
#include <linux/utsname.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "arch/arch.h"
#include "capture.h"
#include "netlink.h"
#include "version.h"
#include "walk.h"

/* The largest skb that netlink offers a reader with a large enough buffer. */
#define MESSAGE_MAX	32768

/* Top first. */
static int put_levels(struct sk_buff *skb)
{
	struct vmwalk_level level;
	unsigned int i = VMW_LEVELS;
	int ret;

	while (i-- > 0) {
		level = vmw_level(i);
		if (level.entries == 1)
			continue;
		ret = nla_put(skb, VMWALK_INFO_A_LEVEL, sizeof(level), &level);
		if (ret)
			return ret;
	}
	return 0;
}

static int put_entry_bits(struct sk_buff *skb)
{
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(vmw_entry_bits); i++) {
		/* A bit that this kernel has not been built with. */
		if (!vmw_entry_bits[i].width)
			continue;
		ret = nla_put(skb, VMWALK_INFO_A_ENTRY_BIT, sizeof(vmw_entry_bits[i]),
			      &vmw_entry_bits[i]);
		if (ret)
			return ret;
	}
	return 0;
}

static int put_hugepages(struct sk_buff *skb)
{
	int ret = nla_put_u64_64bit(skb, VMWALK_INFO_A_HUGEPAGE, PMD_SIZE, VMWALK_INFO_A_PAD);

	if (!ret && vmw_arch_pud_leaves())
		ret = nla_put_u64_64bit(skb, VMWALK_INFO_A_HUGEPAGE, PUD_SIZE, VMWALK_INFO_A_PAD);
	return ret;
}

static int put_info(struct sk_buff *skb)
{
	if (nla_put_u32(skb, VMWALK_INFO_A_ABI, VMWALK_ABI_REVISION) ||
	    nla_put_string(skb, VMWALK_INFO_A_VERSION, VMW_VERSION) ||
	    nla_put_string(skb, VMWALK_INFO_A_ARCH, utsname()->machine) ||
	    nla_put_u32(skb, VMWALK_INFO_A_PAGE_SHIFT, PAGE_SHIFT) ||
	    put_levels(skb) || put_hugepages(skb) ||
	    nla_put_u32(skb, VMWALK_INFO_A_CAN, vmw_walk_can()) ||
	    nla_put_u32(skb, VMWALK_INFO_A_WALK_FLAGS, VMW_WALK_FLAGS) ||
	    nla_put_u32(skb, VMWALK_INFO_A_CHUNK, VMW_CHUNK) ||
	    nla_put_u32(skb, VMWALK_INFO_A_MESSAGE_MAX, MESSAGE_MAX) ||
	    nla_put_u64_64bit(skb, VMWALK_INFO_A_ATOMIC_MAX, vmw_capture_max(),
			      VMWALK_INFO_A_PAD) ||
	    put_entry_bits(skb))
		return -EMSGSIZE;
	return 0;
}

int vmw_genl_info_doit(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *hdr;

	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &vmw_genl_family, 0, VMWALK_CMD_INFO);
	if (!hdr || put_info(skb)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}
