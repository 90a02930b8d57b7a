// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that must be refused: with the right error, with words, with the
 * attribute at fault; and the module then answers as before.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/child.h"
#include "lib/procmem.h"
#include "lib/raw.h"
#include "lib/target.h"

#define NO_PROCESS 0x3fffffU	/* above any kernel.pid_max that Debian sets */

struct attr {
	uint16_t type, len;
	uint64_t value;
};

#define U32(a, v) { VMWALK_REQ_A_##a, 4, v }
#define U64(a, v) { VMWALK_REQ_A_##a, 8, v }

struct request {
	const char *name;
	uint8_t cmd;
	uint16_t flags;
	struct attr attr[4];	/* up to len 0 */
	int error;
	int blame;		/* attribute, or 0 */
	const char *text;	/* part of the extack text; NULL: it has none */
};

static struct vmw_msg msg;

static int open_family(void **state)
{
	int *fd = test_malloc(sizeof(*fd));

	*fd = vmw_raw_open();
	*state = fd;
	return *fd < 0 ? -1 : 0;
}

static int close_family(void **state)
{
	int *fd = *state;

	close(*fd);
	test_free(fd);
	return vmw_raw_alive() ? 0 : -1;
}

/*
 * Sends msg and checks the answer, saying what is wrong with it. NLMSG_DONE has
 * no room for the attribute; there older kernels put what a dump refuses.
 */
static bool refused(int fd, int error, int blame, const char *text)
{
	struct vmw_verdict v;

	vmw_raw_ask(fd, &msg, &v);
	if (v.error == error && (v.done || v.attr == blame) && !v.messages &&
	    (text ? !!strstr(v.text, text) : !v.text[0]))
		return true;
	vmw_diag("wanted error %d, attribute %d, \"%s\"", error, blame,
		 text ? text : "");
	vmw_diag("came   error %d, attribute %d, \"%s\", %zu messages",
		 v.error, v.attr, v.text, v.messages);
	return false;
}

static const struct request requests[] = {
	{ "no pid", VMWALK_CMD_WALK, NLM_F_DUMP, { U32(FLAGS, 1) },
	  -EINVAL, 0, "PID" },
	{ "pid 0", VMWALK_CMD_WALK, NLM_F_DUMP, { U32(PID, 0) },
	  -ERANGE, VMWALK_REQ_A_PID, "range" },
	{ "pid -1", VMWALK_CMD_WALK, NLM_F_DUMP, { U32(PID, 0xffffffff) },
	  -ESRCH, VMWALK_REQ_A_PID, "no such process" },
	{ "pid too large", VMWALK_CMD_WALK, NLM_F_DUMP, { U32(PID, NO_PROCESS) },
	  -ESRCH, VMWALK_REQ_A_PID, "no such process" },
	{ "kernel thread", VMWALK_CMD_WALK, NLM_F_DUMP, { U32(PID, 2) },
	  -EINVAL, VMWALK_REQ_A_PID, "kernel thread" },
	{ "unknown flag", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), U32(FLAGS, 0x80000001) },
	  -EINVAL, VMWALK_REQ_A_FLAGS, "reserved" },
	{ "F_TABLES alone", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), U32(FLAGS, VMWALK_WALK_F_TABLES) },
	  -EINVAL, VMWALK_REQ_A_FLAGS, "F_EXTENTS" },
	{ "F_ENTRY alone", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), U32(FLAGS, VMWALK_WALK_F_ENTRY) },
	  -EINVAL, VMWALK_REQ_A_FLAGS, "F_EXTENTS" },
	{ "F_PAGES alone", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), U32(FLAGS, VMWALK_WALK_F_PAGES) },
	  -EINVAL, VMWALK_REQ_A_FLAGS, "F_EXTENTS" },
	{ "F_PHYS alone", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), U32(FLAGS, VMWALK_WALK_F_PHYS) },
	  -EINVAL, VMWALK_REQ_A_FLAGS, "F_EXTENTS" },
	{ "unaligned start", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), U64(START, 0x1001) },
	  -EINVAL, VMWALK_REQ_A_START, "page-aligned" },
	{ "unaligned end", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), U64(END, 0x7fffffff) },
	  -EINVAL, VMWALK_REQ_A_END, "page-aligned" },
	{ "inverted range", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), U64(START, 0x8000), U64(END, 0x4000) },
	  -EINVAL, VMWALK_REQ_A_END, "range" },
	{ "empty range", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), U64(START, 0x8000), U64(END, 0x8000) },
	  -EINVAL, VMWALK_REQ_A_END, "range" },
	{ "end 0", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), U64(END, 0) },
	  -EINVAL, VMWALK_REQ_A_END, "range" },
	{ "wrong start time", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), U64(START_TIME, 0xffffffffffffULL) },
	  -ESRCH, VMWALK_REQ_A_START_TIME, "another process" },
	{ "short pid", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { { VMWALK_REQ_A_PID, 2, 1 } },
	  -EINVAL, VMWALK_REQ_A_PID, "invalid attribute length" },
	{ "long pid", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { { VMWALK_REQ_A_PID, 8, 1 } },
	  -EINVAL, VMWALK_REQ_A_PID, "invalid attribute length" },
	{ "short start", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), { VMWALK_REQ_A_START, 4, 0 } },
	  -EINVAL, VMWALK_REQ_A_START, "invalid attribute length" },
	{ "nested pid", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { { VMWALK_REQ_A_PID | NLA_F_NESTED, 4, 1 } },
	  -EINVAL, VMWALK_REQ_A_PID, "NLA_F_NESTED" },
	{ "padding", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), { VMWALK_REQ_A_PAD, 4, 0 } },
	  -EINVAL, VMWALK_REQ_A_PAD, "attribute" },
	{ "unknown attribute", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), { VMWALK_REQ_A_MAX + 1, 4, 0 } },
	  -EINVAL, VMWALK_REQ_A_MAX + 1, "Unknown attribute" },
	{ "far unknown attribute", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), { 0x3fff, 4, 0 } },
	  -EINVAL, 0x3fff, "Unknown attribute" },
	{ "attribute 0", VMWALK_CMD_WALK, NLM_F_DUMP,
	  { U32(PID, 1), { 0, 4, 0 } },
	  -EINVAL, 0, "attribute" },
	{ "INFO with attribute", VMWALK_CMD_INFO, NLM_F_ACK, { U32(PID, 1) },
	  -EINVAL, VMWALK_REQ_A_PID, "policy validation" },
	{ "PTE, no pid", VMWALK_CMD_PTE, NLM_F_ACK, { U64(START, 0) },
	  -EINVAL, 0, "PID" },
	{ "PTE, no address", VMWALK_CMD_PTE, NLM_F_ACK, { U32(PID, 1) },
	  -EINVAL, 0, "START" },
	{ "PTE, pid 0", VMWALK_CMD_PTE, NLM_F_ACK,
	  { U32(PID, 0), U64(START, 0) },
	  -ERANGE, VMWALK_REQ_A_PID, "range" },
	{ "PTE, pid too large", VMWALK_CMD_PTE, NLM_F_ACK,
	  { U32(PID, NO_PROCESS), U64(START, 0) },
	  -ESRCH, VMWALK_REQ_A_PID, "no such process" },
	{ "PTE, kernel thread", VMWALK_CMD_PTE, NLM_F_ACK,
	  { U32(PID, 2), U64(START, 0) },
	  -EINVAL, VMWALK_REQ_A_PID, "kernel thread" },
	{ "PTE, wrong start time", VMWALK_CMD_PTE, NLM_F_ACK,
	  { U32(PID, 1), U64(START, 0), U64(START_TIME, 0xffffffffffffULL) },
	  -ESRCH, VMWALK_REQ_A_START_TIME, "another process" },
	{ "PTE, short address", VMWALK_CMD_PTE, NLM_F_ACK,
	  { U32(PID, 1), { VMWALK_REQ_A_START, 4, 0 } },
	  -EINVAL, VMWALK_REQ_A_START, "invalid attribute length" },
	{ "PTE with an end", VMWALK_CMD_PTE, NLM_F_ACK,
	  { U32(PID, 1), U64(START, 0), U64(END, 4096) },
	  -EINVAL, VMWALK_REQ_A_END, "attribute" },
	{ "PTE with flags", VMWALK_CMD_PTE, NLM_F_ACK,
	  { U32(PID, 1), U64(START, 0), U32(FLAGS, 1) },
	  -EINVAL, VMWALK_REQ_A_FLAGS, "attribute" },
	{ "dump of PTE", VMWALK_CMD_PTE, NLM_F_DUMP,
	  { U32(PID, 1), U64(START, 0) }, -EOPNOTSUPP, 0, NULL },
	/* What the family does not do is refused by genl, which says no more. */
	{ "walk without dump", VMWALK_CMD_WALK, NLM_F_ACK, { U32(PID, 1) },
	  -EOPNOTSUPP, 0, NULL },
	{ "dump of INFO", VMWALK_CMD_INFO, NLM_F_DUMP, { { 0 } },
	  -EOPNOTSUPP, 0, NULL },
	{ "command 0", VMWALK_CMD_UNSPEC, NLM_F_ACK, { { 0 } },
	  -EOPNOTSUPP, 0, NULL },
	{ "unknown command", VMWALK_CMD_MAX + 1, NLM_F_ACK, { { 0 } },
	  -EOPNOTSUPP, 0, NULL },
	{ "unknown dump", 255, NLM_F_DUMP, { { 0 } }, -EOPNOTSUPP, 0, NULL },
};

static void build(const struct request *r)
{
	const struct attr *a;

	vmw_msg_start(&msg, r->cmd, r->flags);
	for (a = r->attr; a->len; a++)
		vmw_msg_attr(&msg, a->type, &a->value, a->len);
}

/* Every one by itself, so that the list of what fails is whole. */
static void test_requests(void **state)
{
	size_t i, wrong = 0;

	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		const struct request *r = &requests[i];

		build(r);
		if (refused(*(int *)*state, r->error, r->blame, r->text) &&
		    vmw_raw_alive())
			continue;
		vmw_diag("that was: %s", r->name);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void test_exited_process(void **state)
{
	pid_t pid = vmw_fork_idle();

	vmw_end_idle(pid);
	vmw_msg_walk(&msg, pid);
	assert_true(refused(*(int *)*state, -ESRCH, VMWALK_REQ_A_PID,
			    "no such process"));
}

static void test_zombie(void **state)
{
	pid_t pid = vmw_fork_idle();
	siginfo_t si;

	kill(pid, SIGKILL);
	assert_int_equal(waitid(P_PID, pid, &si, WEXITED | WNOWAIT), 0);
	vmw_msg_walk(&msg, pid);
	assert_true(refused(*(int *)*state, -ESRCH, VMWALK_REQ_A_PID,
			    "exited"));
	vmw_end_idle(pid);
}

/* The guard against a reused pid lets the right process through. */
static void test_right_start_time(void **state)
{
	struct vmw_verdict v;

	vmw_msg_walk(&msg, getpid());
	vmw_msg_u64(&msg, VMWALK_REQ_A_START_TIME, vmw_proc_stat(getpid(), 22));
	vmw_raw_ask(*(int *)*state, &msg, &v);
	assert_int_equal(v.error, 0);
	vmw_msg_walk(&msg, getpid());
	vmw_msg_u64(&msg, VMWALK_REQ_A_START_TIME,
		    vmw_proc_stat(getpid(), 22) + 1);
	assert_true(refused(*(int *)*state, -ESRCH, VMWALK_REQ_A_START_TIME,
			    "another process"));
}

/* Messages that lie about their own size */

static void test_attribute_past_end(void **state)
{
	struct nlattr *a;

	vmw_msg_walk(&msg, 1);
	a = (void *)(msg.bytes + NLMSG_HDRLEN + GENL_HDRLEN);
	a->nla_len = 4000;
	assert_true(refused(*(int *)*state, -EINVAL, 0, "leftover"));
}

static void test_attribute_too_short(void **state)
{
	struct nlattr *a;

	vmw_msg_walk(&msg, 1);
	a = (void *)(msg.bytes + NLMSG_HDRLEN + GENL_HDRLEN);
	a->nla_len = 3;
	assert_true(refused(*(int *)*state, -EINVAL, 0, "leftover"));
}

static void test_trailing_bytes(void **state)
{
	vmw_msg_walk(&msg, 1);
	memset(msg.bytes + msg.h.nlmsg_len, 0xff, 3);
	msg.h.nlmsg_len += 3;
	assert_true(refused(*(int *)*state, -EINVAL, 0, "leftover"));
}

static void test_cut_genl_header(void **state)
{
	vmw_msg_walk(&msg, 1);
	msg.h.nlmsg_len = NLMSG_HDRLEN + 2;
	assert_true(refused(*(int *)*state, -EINVAL, 0, NULL));
}

/* Netlink drops what is no message at all without a word. */
static void test_no_message(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 15, 4000, 0xffffffff };
	int fd = *(int *)*state;
	char buf[64];
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		vmw_msg_walk(&msg, 1);
		msg.h.nlmsg_len = lengths[i];
		assert_true(send(fd, msg.bytes, 36, 0) == 36);
		assert_true(recv(fd, buf, sizeof(buf), MSG_DONTWAIT) < 0);
		assert_int_equal(errno, EAGAIN);
	}
}

static void test_oversized(void **state)
{
	static char junk[60000];

	vmw_msg_walk(&msg, 1);
	vmw_msg_attr(&msg, VMWALK_REQ_A_START_TIME, junk, sizeof(junk));
	assert_true(refused(*(int *)*state, -EINVAL, VMWALK_REQ_A_START_TIME,
			    "invalid attribute length"));
	vmw_msg_walk(&msg, 1);
	memset(msg.bytes + msg.h.nlmsg_len, 0, 100000);
	msg.h.nlmsg_len += 100000;
	assert_true(refused(*(int *)*state, -EINVAL, 0, "leftover"));
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, open_family, close_family)
	const struct CMUnitTest tests[] = {
		CASE(test_requests),
		CASE(test_exited_process),
		CASE(test_zombie),
		CASE(test_right_start_time),
		CASE(test_attribute_past_end),
		CASE(test_attribute_too_short),
		CASE(test_trailing_bytes),
		CASE(test_cut_genl_header),
		CASE(test_no_message),
		CASE(test_oversized),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
