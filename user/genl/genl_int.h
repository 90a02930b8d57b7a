/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the netlink client share: genl.c, and one for each command.
 * Nothing else includes this, or libnl.
 */
#ifndef VMW_GENL_INT_H
#define VMW_GENL_INT_H

#include <netlink/netlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "exchange.h"
#include "genl.h"

struct vmw_genl {
	struct nl_sock *sk;
	int family;
	struct vmw_info info;
};

/* To be freed by nlmsg_free(); NULL: no memory. */
struct nl_msg *vmw_genl_request(const struct vmw_genl *genl, uint8_t cmd,
				int flags);
/*
 * Copies a struct of the interface. The kernel's may be shorter or longer than
 * ours: what it does not know is 0. Without the first @least bytes the record
 * makes no sense: -EPROTO.
 */
int vmw_genl_struct(void *dst, size_t size, size_t least,
		    const struct nlattr *attr);
/* VMWALK_WALK_A_MM, or another answer's. */
int vmw_genl_mm(struct vmwalk_mm *mm, char comm[16], struct nlattr *attr);
/* Says in @err what became of a request about process @pid; returns @error. */
int vmw_genl_walk_failed(const struct vmw_exchange *x, pid_t pid, int error,
			 struct vmw_error *err);

#endif
