// SPDX-License-Identifier: GPL-2.0
/* vmwalk: see how a process's memory is mapped. Init and exit, in order. */
#include <linux/init.h>
#include <linux/module.h>
#include <net/genetlink.h>

#include "version.h"
#include "walk.h"

static int __init vmw_init(void)
{
	int ret = vmw_netlink_init();

	if (ret)
		return ret;
	vmw_debugfs_init();
	return 0;
}

static void __exit vmw_exit(void)
{
	vmw_debugfs_uninit();
	vmw_netlink_uninit();
}

module_init(vmw_init);
module_exit(vmw_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("The vmwalk developers");
MODULE_DESCRIPTION("Walks a process's VMAs and page tables, changing nothing");
MODULE_VERSION(VMW_VERSION);
MODULE_ALIAS_GENL_FAMILY(VMWALK_GENL_NAME);
