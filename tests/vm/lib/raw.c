// SPDX-License-Identifier: GPL-2.0
/* Sends and receives generic netlink without a library. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "raw.h"
#include "target.h"

#define PATIENCE 30000	/* milliseconds without an answer */
#define BUFFER (64 << 10)

static uint16_t family;

static struct nlattr *next_attr(struct nlattr *a)
{
	return (struct nlattr *)((char *)a + NLA_ALIGN(a->nla_len));
}

static void *attr_data(struct nlattr *a)
{
	return (char *)a + NLA_HDRLEN;
}

static size_t attr_len(const struct nlattr *a)
{
	return a->nla_len - NLA_HDRLEN;
}

/* @a lies whole within the @len bytes left. */
static bool attr_ok(const struct nlattr *a, size_t len)
{
	return len >= NLA_HDRLEN && a->nla_len >= NLA_HDRLEN &&
	       a->nla_len <= len;
}

#define for_each_attr(a, first, len)					\
	for (char *end_ = (char *)(first) + (len), *once_ = end_; once_;	\
	     once_ = NULL)						\
		for (a = (struct nlattr *)(first);			\
		     end_ > (char *)a && attr_ok(a, end_ - (char *)a);	\
		     a = next_attr(a))

/* Messages */

static void start_message(struct vmw_msg *m, uint16_t type, uint8_t cmd,
			  uint16_t flags)
{
	static uint32_t seq;
	struct genlmsghdr *g;

	memset(&m->h, 0, NLMSG_HDRLEN + GENL_HDRLEN);
	m->h.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
	m->h.nlmsg_type = type;
	m->h.nlmsg_flags = NLM_F_REQUEST | flags;
	m->h.nlmsg_seq = ++seq;
	g = NLMSG_DATA(&m->h);
	g->cmd = cmd;
	g->version = 1;
}

void vmw_msg_start(struct vmw_msg *m, uint8_t cmd, uint16_t flags)
{
	start_message(m, family, cmd, flags);
}

void vmw_msg_attr(struct vmw_msg *m, uint16_t type, const void *data,
		  size_t len)
{
	struct nlattr *a = (void *)(m->bytes + NLMSG_ALIGN(m->h.nlmsg_len));

	if (m->h.nlmsg_len + NLA_HDRLEN + len + 8 > sizeof(*m))
		abort();
	memset(a, 0, NLA_HDRLEN + NLA_ALIGN(len));
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memcpy(attr_data(a), data, len);
	m->h.nlmsg_len = NLMSG_ALIGN(m->h.nlmsg_len) + NLA_HDRLEN +
			 NLA_ALIGN(len);
}

void vmw_msg_u32(struct vmw_msg *m, uint16_t type, uint32_t v)
{
	vmw_msg_attr(m, type, &v, sizeof(v));
}

void vmw_msg_u64(struct vmw_msg *m, uint16_t type, uint64_t v)
{
	vmw_msg_attr(m, type, &v, sizeof(v));
}

void vmw_msg_walk(struct vmw_msg *m, uint32_t pid)
{
	vmw_msg_start(m, VMWALK_CMD_WALK, NLM_F_DUMP);
	vmw_msg_u32(m, VMWALK_REQ_A_PID, pid);
	vmw_msg_u32(m, VMWALK_REQ_A_FLAGS, VMWALK_WALK_F_EXTENTS);
}

/* Transport */

int vmw_raw_socket(void)
{
	return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
}

/*
 * Without an address: with one, the kernel takes it that who sends knows what
 * he does, and asks less of who opened the socket.
 */
int vmw_raw_send(int fd, const struct vmw_msg *m)
{
	return send(fd, m->bytes, m->h.nlmsg_len, 0) < 0 ? -errno : 0;
}

ssize_t vmw_raw_receive(int fd, void *buf, size_t size)
{
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t len;

	if (poll(&p, 1, PATIENCE) <= 0)
		return -ETIMEDOUT;
	len = recvmsg(fd, &h, 0);
	if (len < 0)
		return -errno;
	return h.msg_flags & MSG_TRUNC ? -EMSGSIZE : len;
}

/* The type of the attribute of @request at byte @offset. */
static int attr_at(const struct vmw_msg *request, uint32_t offset)
{
	const struct nlattr *a = (const void *)(request->bytes + offset);

	if (offset < NLMSG_HDRLEN || offset + NLA_HDRLEN > request->h.nlmsg_len)
		return 0;
	return a->nla_type & NLA_TYPE_MASK;
}

static void take_extack(struct vmw_verdict *v, const struct vmw_msg *request,
			void *attrs, size_t len)
{
	struct nlattr *a;

	for_each_attr(a, attrs, len) {
		switch (a->nla_type) {
		case NLMSGERR_ATTR_MSG:
			snprintf(v->text, sizeof(v->text), "%.*s",
				 (int)attr_len(a), (char *)attr_data(a));
			break;
		case NLMSGERR_ATTR_OFFS:
			v->attr = attr_at(request, *(uint32_t *)attr_data(a));
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			v->attr = *(uint32_t *)attr_data(a);
			break;
		}
	}
}

/* NLMSG_ERROR (which is the acknowledgment too) and NLMSG_DONE */
static void take_verdict(struct vmw_verdict *v, const struct vmw_msg *request,
			 struct nlmsghdr *h)
{
	char *p = NLMSG_DATA(h), *end = (char *)h + h->nlmsg_len;

	v->done = h->nlmsg_type == NLMSG_DONE;
	memcpy(&v->error, p, sizeof(v->error));
	p += v->done ? sizeof(int) : sizeof(struct nlmsgerr);
	if (!v->done && !(h->nlmsg_flags & NLM_F_CAPPED))
		p += NLMSG_ALIGN(((struct nlmsgerr *)NLMSG_DATA(h))
				 ->msg.nlmsg_len) - NLMSG_HDRLEN;
	if (h->nlmsg_flags & NLM_F_ACK_TLVS && p < end)
		take_extack(v, request, p, end - p);
}

/* The stream of a walk */

static void copy_struct(void *dst, size_t size, struct nlattr *a)
{
	memset(dst, 0, size);
	memcpy(dst, attr_data(a), attr_len(a) < size ? attr_len(a) : size);
}

static int take_vma(struct vmw_verdict *got, struct vmw_aspace *as,
		    struct nlattr *vma)
{
	struct nlattr *a, *info = NULL, *name = NULL, *extents = NULL;
	struct nlattr *pages = NULL;
	struct vmwalk_pages p;
	struct vmwalk_vma v;
	int ret;

	for_each_attr(a, attr_data(vma), attr_len(vma)) {
		if (a->nla_type == VMWALK_VMA_A_INFO)
			info = a;
		else if (a->nla_type == VMWALK_VMA_A_NAME)
			name = a;
		else if (a->nla_type == VMWALK_VMA_A_EXTENTS)
			extents = a;
		else if (a->nla_type == VMWALK_VMA_A_PAGES)
			pages = a;
	}
	if (!info)
		return -EPROTO;
	copy_struct(&v, sizeof(v), info);
	got->continued += !!(v.flags & VMWALK_VMA_F_CONTINUED);
	ret = vmw_aspace_add_vma(as, &v, name ? attr_data(name) : NULL);
	if (!ret && extents)
		ret = vmw_aspace_add_extents(as, attr_data(extents),
					     attr_len(extents));
	if (!ret && pages) {
		copy_struct(&p, sizeof(p), pages);
		ret = vmw_aspace_add_pages(as, &p);
	}
	return ret;
}

static int take_thread(struct vmw_aspace *as, struct nlattr *thread)
{
	struct vmwalk_thread info = { 0 };
	struct vmw_thread t;
	struct nlattr *a;

	for_each_attr(a, attr_data(thread), attr_len(thread))
		if (a->nla_type == VMWALK_THREAD_A_INFO)
			copy_struct(&info, sizeof(info), a);
	t = (struct vmw_thread){ .tid = info.tid, .state = info.state };
	return vmw_aspace_add_thread(as, &t);
}

static int take_record(struct vmw_verdict *got, struct vmw_aspace *as,
		       struct nlattr *record)
{
	struct nlattr *a;

	switch (record->nla_type & NLA_TYPE_MASK) {
	case VMWALK_WALK_A_MM:
		for_each_attr(a, attr_data(record), attr_len(record))
			if (a->nla_type == VMWALK_MM_A_INFO)
				copy_struct(&as->mm, sizeof(as->mm), a);
		return 0;
	case VMWALK_WALK_A_THREAD:
		return take_thread(as, record);
	case VMWALK_WALK_A_VMA:
		return take_vma(got, as, record);
	case VMWALK_WALK_A_END:
		copy_struct(&as->end, sizeof(as->end), record);
		as->complete = true;
		return 0;
	}
	return -EPROTO;
}

static int take_data(struct vmw_verdict *got, struct vmw_aspace *as,
		     struct nlmsghdr *h)
{
	char *p = (char *)NLMSG_DATA(h) + GENL_HDRLEN;
	struct nlattr *a;
	int ret = 0;

	for_each_attr(a, p, (char *)h + h->nlmsg_len - p)
		if (!ret && as)
			ret = take_record(got, as, a);
	return ret;
}

/* Goes through one datagram; true when the verdict was in it. */
static bool take_datagram(char *buf, size_t len, const struct vmw_msg *request,
			  struct vmw_verdict *v, struct vmw_aspace *as)
{
	struct nlmsghdr *h = (struct nlmsghdr *)buf;
	bool final = false;

	for (; NLMSG_OK(h, len); h = NLMSG_NEXT(h, len)) {
		if (h->nlmsg_type == NLMSG_ERROR ||
		    h->nlmsg_type == NLMSG_DONE) {
			int error = v->error;

			take_verdict(v, request, h);
			v->error = v->error ? v->error : error;
			final = true;
			continue;
		}
		v->messages++;
		if (!v->error)
			v->error = take_data(v, as, h);
		/* A single answer without an acknowledgment asked for. */
		final |= !(h->nlmsg_flags & NLM_F_MULTI) &&
			 !(request->h.nlmsg_flags & NLM_F_ACK);
	}
	return final;
}

bool vmw_raw_is_last(const void *datagram, size_t len)
{
	const struct nlmsghdr *h = datagram;

	for (; NLMSG_OK(h, len); h = NLMSG_NEXT(h, len))
		if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE)
			return true;
	return false;
}

void vmw_raw_take(void *stream, size_t len, const struct vmw_msg *request,
		  struct vmw_verdict *v, struct vmw_aspace *as)
{
	*v = (struct vmw_verdict){ 0 };
	take_datagram(stream, len, request, v, as);
}

void vmw_raw_verdict(int fd, const struct vmw_msg *request,
		     struct vmw_verdict *v, struct vmw_aspace *as)
{
	static char buf[BUFFER];
	ssize_t len;

	*v = (struct vmw_verdict){ 0 };
	do {
		len = vmw_raw_receive(fd, buf, sizeof(buf));
		if (len < 0) {
			v->error = len;
			return;
		}
	} while (!take_datagram(buf, len, request, v, as));
}

void vmw_raw_ask(int fd, const struct vmw_msg *m, struct vmw_verdict *v)
{
	int ret = vmw_raw_send(fd, m);

	*v = (struct vmw_verdict){ .error = ret };
	if (!ret)
		vmw_raw_verdict(fd, m, v, NULL);
}

/* The family's number, from the controller; 0 if it is not there. */
static uint16_t find_family(int fd)
{
	static struct vmw_msg m;
	char buf[8192];
	struct nlmsghdr *h = (struct nlmsghdr *)buf;
	struct nlattr *a;
	ssize_t len;

	start_message(&m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	vmw_msg_attr(&m, CTRL_ATTR_FAMILY_NAME, VMWALK_GENL_NAME,
		     sizeof(VMWALK_GENL_NAME));
	if (vmw_raw_send(fd, &m))
		return 0;
	len = vmw_raw_receive(fd, buf, sizeof(buf));
	if (len < 0 || !NLMSG_OK(h, len) || h->nlmsg_type == NLMSG_ERROR)
		return 0;
	for_each_attr(a, (char *)NLMSG_DATA(h) + GENL_HDRLEN,
		      h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN)
		if (a->nla_type == CTRL_ATTR_FAMILY_ID)
			return *(uint16_t *)attr_data(a);
	return 0;
}

int vmw_raw_open(void)
{
	int on = 1, fd = vmw_raw_socket();

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	family = find_family(fd);
	if (family)
		return fd;
	close(fd);
	errno = ENOENT;
	return -1;
}

/*
 * The kernel makes messages as large as the largest buffer it has seen offered,
 * so a reader of small ones first asks how much the next will be.
 */
static ssize_t receive_small(int fd, void *buf, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t len;

	if (poll(&p, 1, PATIENCE) <= 0)
		return -ETIMEDOUT;
	len = recv(fd, buf, 1, MSG_PEEK | MSG_TRUNC);
	if (len < 0 || (size_t)len > size)
		return len < 0 ? -errno : -EMSGSIZE;
	return vmw_raw_receive(fd, buf, len);
}

int vmw_raw_walk(pid_t pid, bool small, struct vmw_aspace *as, size_t *messages)
{
	static struct vmw_msg m;
	static char buf[BUFFER];
	struct vmw_verdict v = { 0 };
	int fd = vmw_raw_open();
	ssize_t len = 0;

	vmw_aspace_init(as, 12);
	if (fd < 0)
		return -errno;
	vmw_msg_walk(&m, pid);
	v.error = vmw_raw_send(fd, &m);
	while (!v.error && len >= 0) {
		len = small ? receive_small(fd, buf, sizeof(buf)) :
			      vmw_raw_receive(fd, buf, 32 << 10);
		if (len >= 0 && take_datagram(buf, len, &m, &v, as))
			break;
	}
	close(fd);
	vmw_aspace_finish(as);
	*messages = v.messages;
	if (len < 0)
		return len;
	return v.error ? v.error : as->complete ? 0 : -EPROTO;
}

bool vmw_raw_alive(void)
{
	static struct vmw_msg m;
	struct vmw_verdict info, walk;
	int fd = vmw_raw_open();

	if (fd < 0)
		return false;
	vmw_msg_start(&m, VMWALK_CMD_INFO, NLM_F_ACK);
	vmw_raw_ask(fd, &m, &info);
	vmw_msg_walk(&m, getpid());
	vmw_raw_ask(fd, &m, &walk);
	close(fd);
	if (!info.error && info.messages && !walk.error && walk.messages)
		return true;
	vmw_diag("INFO says %d, WALK says %d", info.error, walk.error);
	return false;
}
