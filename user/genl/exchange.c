// SPDX-License-Identifier: GPL-2.0
/*
 * Messages are received by a loop of our own rather than by nl_recvmsgs():
 * libnl keeps the errno of a refusal, but neither the kernel's extack text nor
 * which attribute it is about.
 */
#include "exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <netlink/errno.h>
#include <netlink/socket.h>
#include <netlink/genl/genl.h>

int vmw_errno_of_libnl(int nle)
{
	switch (-nle) {
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_MSG_TRUNC:
		return -EMSGSIZE;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	default:
		return -EIO;
	}
}

static int set_option(struct nl_sock *sk, int option)
{
	int on = 1;

	if (setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, option, &on,
		       sizeof(on)))
		return -errno;
	return 0;
}

int vmw_exchange_setup(struct nl_sock *sk)
{
	int ret = set_option(sk, NETLINK_EXT_ACK);

	return ret ? ret : set_option(sk, NETLINK_CAP_ACK);
}

/* Type of the request's attribute @offset bytes from its header, 0: none. */
static unsigned int attr_at(struct nlmsghdr *request, uint32_t offset)
{
	struct nlattr *pos;
	int rem;

	nlmsg_for_each_attr(pos, request, GENL_HDRLEN, rem)
		if ((char *)pos - (char *)request == offset)
			return nla_type(pos);
	return 0;
}

static void read_extack(struct vmw_exchange *x, struct nlmsghdr *nlh,
			size_t skip)
{
	static struct nla_policy policy[NLMSGERR_ATTR_MAX + 1] = {
		[NLMSGERR_ATTR_MSG] = { .type = NLA_STRING },
		[NLMSGERR_ATTR_OFFS] = { .type = NLA_U32 },
	};
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];

	if (nlmsg_parse(nlh, skip, tb, NLMSGERR_ATTR_MAX, policy))
		return;
	if (tb[NLMSGERR_ATTR_MSG])
		nla_strlcpy(x->text, tb[NLMSGERR_ATTR_MSG], sizeof(x->text));
	if (tb[NLMSGERR_ATTR_OFFS])
		x->attr = attr_at(nlmsg_hdr(x->request),
				  nla_get_u32(tb[NLMSGERR_ATTR_OFFS]));
}

/*
 * NLMSG_ERROR carries an errno and the request, its header only if so capped;
 * NLMSG_DONE an errno. Extack attributes may follow either.
 */
static void read_verdict(struct vmw_exchange *x, struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = nlmsg_data(nlh);
	bool is_error = nlh->nlmsg_type == NLMSG_ERROR;
	size_t skip = is_error ? sizeof(*e) : sizeof(e->error);

	x->finished = true;
	if (nlmsg_datalen(nlh) < (int)skip) {
		x->verdict = -EPROTO;
		return;
	}
	x->verdict = e->error;
	if (is_error && !(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += e->msg.nlmsg_len - NLMSG_HDRLEN;
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		read_extack(x, nlh, skip);
}

static void read_message(struct vmw_exchange *x, struct nlmsghdr *nlh)
{
	const struct nlmsghdr *request = nlmsg_hdr(x->request);
	struct genlmsghdr *g = nlmsg_data(nlh);

	if (nlh->nlmsg_seq != request->nlmsg_seq)
		return;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		x->interrupted = true;
	if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
		read_verdict(x, nlh);
	else if (nlh->nlmsg_type != request->nlmsg_type || x->record_error)
		return;
	else if (!genlmsg_valid_hdr(nlh, 0))
		x->record_error = -EPROTO;
	else
		x->record_error = x->record(genlmsg_attrdata(g, 0),
					    genlmsg_attrlen(g, 0), x->arg);
}

/* To the end, whatever becomes of the records: it frees the socket. */
static int receive(struct nl_sock *sk, struct vmw_exchange *x)
{
	struct sockaddr_nl from;
	struct nlmsghdr *nlh;
	unsigned char *buf;
	int len;

	while (!x->finished) {
		len = nl_recv(sk, &from, &buf, NULL);
		if (len <= 0)
			return len ? vmw_errno_of_libnl(len) : -EIO;
		nlh = (struct nlmsghdr *)buf;
		if (from.nl_pid)	/* not from the kernel */
			len = 0;
		for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len))
			read_message(x, nlh);
		free(buf);
	}
	return x->record_error ? x->record_error : x->verdict;
}

int vmw_exchange_run(struct nl_sock *sk, struct vmw_exchange *x)
{
	int ret = nl_send_auto(sk, x->request);

	if (ret < 0)
		return vmw_errno_of_libnl(ret);
	return receive(sk, x);
}
