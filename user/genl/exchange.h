/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One netlink request and its answer, up to and with the kernel's verdict.
 * Private to genl.c, which alone includes libnl's headers beside it.
 */
#ifndef VMW_EXCHANGE_H
#define VMW_EXCHANGE_H

#include <stdbool.h>

#include <netlink/netlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

struct vmw_exchange {
	/* Filled by the caller. */
	struct nl_msg *request;
	int (*record)(struct nlattr *attrs, int len, void *arg);
	void *arg;		/* for @record, called for each message */

	/* What came of it. */
	bool interrupted;	/* NLM_F_DUMP_INTR was seen */
	char text[256];		/* the kernel's extack text, or empty */
	unsigned int attr;	/* type of the attribute it blames, or 0 */

	/* Private to exchange.c. */
	bool finished;
	int record_error, verdict;
};

/* Has the kernel send extack texts, and not our own request back with them. */
int vmw_exchange_setup(struct nl_sock *sk);
/*
 * Sends and receives to the end of the answer. Returns 0, the error of the
 * transport or of @x->record, or the kernel's verdict: a negative errno.
 */
int vmw_exchange_run(struct nl_sock *sk, struct vmw_exchange *x);

/* The negative errno for a negative NLE_*. */
int vmw_errno_of_libnl(int nle);

#endif
