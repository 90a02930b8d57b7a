// SPDX-License-Identifier: GPL-2.0
/*
 * What a fuzzing process does, again and again. Netlink serves a request in the
 * sendmsg() that brings it, and goes on with a dump in each recvmsg(): what is not
 * there at once will not come.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"

#define BUFFER	(64 << 10)
#define MANY	24

static struct vmw_msg msg;
static char buf[BUFFER];

/* It must be there: the module stays. */
static int open_socket(void)
{
	int fd = vmw_raw_open();

	if (fd < 0)
		vmw_broken("no socket: %m");
	return fd;
}

static int send_it(int fd)
{
	int ret = vmw_raw_send(fd, &msg);

	atomic_fetch_add(&vmw_fuzz->messages, 1);
	return ret;
}

/* Every attribute lies whole within what is around it. */
static bool well_formed(const char *p, size_t len)
{
	while (len >= NLA_HDRLEN) {
		const struct nlattr *a = (const void *)p;
		size_t step = NLA_ALIGN(a->nla_len);

		if (a->nla_len < NLA_HDRLEN || a->nla_len > len)
			return false;
		if (a->nla_type & NLA_F_NESTED &&
		    !well_formed(p + NLA_HDRLEN, a->nla_len - NLA_HDRLEN))
			return false;
		p += step;
		len -= step < len ? step : len;
	}
	return !len;
}

/* One datagram; -1 with its verdict counted, if that was in it. */
static void take(const char *datagram, size_t len)
{
	const struct nlmsghdr *h = (const void *)datagram;
	int error;

	atomic_fetch_add(&vmw_fuzz->bytes, len);
	for (; NLMSG_OK(h, len); h = NLMSG_NEXT(h, len)) {
		const char *p = NLMSG_DATA(h);

		if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE) {
			memcpy(&error, p, sizeof(error));
			if (!vmw_fuzz_answer(error))
				vmw_broken("netlink answers %d", error);
			continue;
		}
		if (!well_formed(p + GENL_HDRLEN, h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN))
			vmw_broken("an answer is not well formed");
	}
}

/* What is there, @most datagrams of it. True if that was all. */
static bool drain(struct rng *r, int fd, unsigned int most)
{
	ssize_t len;

	for (; most; most--) {
		struct iovec iov = { buf, vmw_below(r, 32) ? BUFFER : vmw_below(r, 4096) };
		struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };

		len = recvmsg(fd, &h, MSG_DONTWAIT | (vmw_below(r, 64) ? 0 : MSG_PEEK));
		if (len < 0 && errno == EAGAIN)
			return true;
		if (len < 0 && errno != ENOBUFS) {
			if (!vmw_fuzz_answer(-errno))
				vmw_broken("recvmsg: %m");
			return true;
		}
		if (len > 0 && !(h.msg_flags & MSG_TRUNC))
			take(buf, len);
	}
	return false;
}

static void served(const struct vmw_verdict *v, const char *what)
{
	vmw_fuzz_answer(v->error);
	/* Victims come and go. */
	if (v->error && v->error != -ESRCH)
		vmw_broken("%s: error %d \"%s\"", what, v->error, v->text);
	if (!v->error && !v->messages)
		vmw_broken("%s: no answer", what);
}

/* Is served, and what is answered goes into the model. */
static void run_valid(struct rng *r)
{
	struct vmw_aspace as;
	struct fuzz_request q;
	struct vmw_verdict v;
	int fd = open_socket();
	bool walk;

	vmw_fuzz_valid(r, &q);
	walk = q.cmd == VMWALK_CMD_WALK;
	/* Without a range only, which cuts the first VMA and the last. */
	vmw_fuzz_encode(r, &q, &msg);
	vmw_aspace_init(&as, 12);
	v.error = send_it(fd);
	if (!v.error)
		vmw_raw_verdict(fd, &msg, &v, walk && !(q.attr[q.nr - 1].data[0] &
				VMWALK_WALK_F_PHYS) && q.nr == 1 ? &as : NULL);
	served(&v, "a valid request");
	vmw_aspace_deinit(&as);
	close(fd);
}

static bool expects_info(int fd)
{
	struct vmw_verdict v;

	vmw_msg_start(&msg, VMWALK_CMD_INFO, NLM_F_ACK);
	v.error = send_it(fd);
	if (!v.error)
		vmw_raw_verdict(fd, &msg, &v, NULL);
	served(&v, "INFO after what was wrong");
	return !v.error;
}

/* What is wrong goes to a socket of its own, which then serves as before. */
static void run_near(struct rng *r)
{
	struct fuzz_request q;
	int fd = open_socket();

	for (unsigned int n = 1 + vmw_below(r, 64); n; n--) {
		vmw_fuzz_valid(r, &q);
		for (unsigned int m = 1 + vmw_below(r, 3); m; m--)
			vmw_fuzz_mutate(r, &q);
		vmw_fuzz_encode(r, &q, &msg);
		msg.h.nlmsg_len += q.claim;
		if (send(fd, msg.bytes, msg.h.nlmsg_len - q.claim, 0) < 0 &&
		    !vmw_fuzz_answer(-errno))
			vmw_broken("send: %m");
		atomic_fetch_add(&vmw_fuzz->messages, 1);
		while (!drain(r, fd, 1000))
			;
	}
	while (!drain(r, fd, 1000))
		;
	expects_info(fd);
	close(fd);
}

/* Several messages in one datagram, or noise. */
static void run_hostile(struct rng *r)
{
	static struct vmw_msg all;
	struct fuzz_request q;
	size_t len = 0;
	int fd = vmw_below(r, 4) ? open_socket() :
		 vmw_fuzz->sockets[vmw_below(r, VMW_FUZZ_SHARED)];

	for (unsigned int n = vmw_below(r, 6) + 1; n; n--) {
		if (vmw_below(r, 2)) {
			vmw_fuzz_noise(r, &msg);
		} else {
			vmw_fuzz_valid(r, &q);
			vmw_fuzz_mutate(r, &q);
			vmw_fuzz_encode(r, &q, &msg);
		}
		if (len + msg.h.nlmsg_len > sizeof(all))
			break;
		memcpy(all.bytes + len, msg.bytes, msg.h.nlmsg_len);
		len += NLMSG_ALIGN(msg.h.nlmsg_len);
		atomic_fetch_add(&vmw_fuzz->messages, 1);
	}
	if (send(fd, all.bytes, len, MSG_DONTWAIT) < 0 && !vmw_fuzz_answer(-errno))
		vmw_broken("send: %m");
	drain(r, fd, vmw_below(r, 64));
	for (unsigned int i = 0; i < VMW_FUZZ_SHARED; i++)
		if (fd == vmw_fuzz->sockets[i])
			return;
	close(fd);
}

static void start_dump(struct rng *r, int fd)
{
	vmw_msg_start(&msg, VMWALK_CMD_WALK, NLM_F_DUMP);
	vmw_msg_u32(&msg, VMWALK_REQ_A_PID, vmw_fuzz_pid(r));
	vmw_msg_u32(&msg, VMWALK_REQ_A_FLAGS, VMWALK_WALK_F_EXTENTS |
		    (vmw_rng(r) & (VMWALK_WALK_F_ATOMIC | VMWALK_WALK_F_ENTRY |
				   VMWALK_WALK_F_PAGES | VMWALK_WALK_F_THREADS)));
	send_it(fd);
}

/* A dump read half-way, asked for twice, or by a socket that goes away. */
static void run_interrupted(struct rng *r)
{
	int fd = open_socket(), small = 1;

	if (!vmw_below(r, 4))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	start_dump(r, fd);
	drain(r, fd, vmw_below(r, 3));
	if (vmw_below(r, 2)) {
		start_dump(r, fd);
		drain(r, fd, vmw_below(r, 3));
	}
	if (!vmw_below(r, 4))
		shutdown(fd, vmw_below(r, 3));
	atomic_fetch_add(&vmw_fuzz->left, 1);
	close(fd);
}

/* All under way at once; they end in another order. */
static void run_many(struct rng *r)
{
	int fds[MANY];

	for (unsigned int i = 0; i < MANY; i++) {
		fds[i] = open_socket();
		start_dump(r, fds[i]);
	}
	for (unsigned int i = MANY - 1; i; i--) {
		unsigned int other = vmw_below(r, i + 1);
		int fd = fds[i];

		fds[i] = fds[other];
		fds[other] = fd;
	}
	for (unsigned int i = 0; i < MANY; i++) {
		drain(r, fds[i], vmw_below(r, 4));
		close(fds[i]);
	}
	atomic_fetch_add(&vmw_fuzz->left, MANY);
}

const struct fuzz_round vmw_fuzz_rounds[] = {
	{ "valid", run_valid, 6 },
	{ "nearly valid", run_near, 12 },
	{ "hostile", run_hostile, 6 },
	{ "interrupted", run_interrupted, 6 },
	{ "many sockets", run_many, 1 },
	{ "debugfs", vmw_fuzz_file, 6 },
};

const unsigned int vmw_fuzz_nr_rounds =
	sizeof(vmw_fuzz_rounds) / sizeof(vmw_fuzz_rounds[0]);
