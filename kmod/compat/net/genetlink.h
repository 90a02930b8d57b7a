/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_COMPAT_NET_GENETLINK_H
#define VMW_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>
#include <compat/config.h>

#ifndef VMW_HAVE_GENL_INFO_DUMP
static inline const struct genl_dumpit_info *genl_info_dump(struct netlink_callback *cb)
{
	return genl_dumpit_info(cb);
}
#endif

#endif
