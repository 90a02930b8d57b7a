/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Generic netlink by hand, so that a test can say what no decent client says.
 * A message is a buffer that may be bent at will before it is sent.
 */
#ifndef VMW_TEST_RAW_H
#define VMW_TEST_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/vmwalk.h>

#include "model/aspace.h"

#define VMW_MSG_ROOM (128 << 10)

struct vmw_msg {
	union {
		struct nlmsghdr h;
		char bytes[VMW_MSG_ROOM];
	};
};

/* What the kernel answered to a request, up to its verdict. */
struct vmw_verdict {
	int error;		/* 0 or a negative errno */
	bool done;		/* it stood in NLMSG_DONE: the dump had begun */
	size_t messages;	/* of data, before it */
	size_t continued;	/* records that go on with the one before */
	char text[256];		/* extack, or "" */
	int attr;		/* type of the attribute that is blamed, or 0 */
};

/* A socket of the family; -1 with errno: ENOENT, the module is not loaded. */
int vmw_raw_open(void);
/* An unbound, unconfigured one. */
int vmw_raw_socket(void);

void vmw_msg_start(struct vmw_msg *m, uint8_t cmd, uint16_t flags);
void vmw_msg_attr(struct vmw_msg *m, uint16_t type, const void *data,
		  size_t len);
void vmw_msg_u32(struct vmw_msg *m, uint16_t type, uint32_t v);
void vmw_msg_u64(struct vmw_msg *m, uint16_t type, uint64_t v);
/* A walk of @pid with all its extents. */
void vmw_msg_walk(struct vmw_msg *m, uint32_t pid);

/* 0 or a negative errno. */
int vmw_raw_send(int fd, const struct vmw_msg *m);
/* Receives up to the verdict; @as, unless NULL, takes in the stream. */
void vmw_raw_verdict(int fd, const struct vmw_msg *request,
		     struct vmw_verdict *v, struct vmw_aspace *as);
/* Both. */
void vmw_raw_ask(int fd, const struct vmw_msg *m, struct vmw_verdict *v);
/* One datagram; its length or a negative errno, -EMSGSIZE if cut. */
ssize_t vmw_raw_receive(int fd, void *buf, size_t size);

/*
 * For those who receive by themselves: is the verdict among the messages of this
 * datagram? And a whole stream, of one datagram after the other.
 */
bool vmw_raw_is_last(const void *datagram, size_t len);
void vmw_raw_take(void *stream, size_t len, const struct vmw_msg *request,
		  struct vmw_verdict *v, struct vmw_aspace *as);

/*
 * Walks all of @pid with messages no larger than the kernel cares to make them
 * for a reader that asks for little (@small), or for one of 32 KiB. 0, or a
 * negative errno.
 */
int vmw_raw_walk(pid_t pid, bool small, struct vmw_aspace *as,
		 size_t *messages);

/* The module answers INFO and walks us: it has survived. */
bool vmw_raw_alive(void);

#endif
