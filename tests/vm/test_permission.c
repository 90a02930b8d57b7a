// SPDX-License-Identifier: GPL-2.0
/*
 * Who may walk: CAP_SYS_PTRACE in the initial user namespace, of the one who
 * opened the socket and of the one who sends; frames take CAP_SYS_ADMIN too.
 * Whose pid a number means: the sender's.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include <cmocka.h>

#include "lib/child.h"
#include "lib/raw.h"
#include "lib/target.h"

#define DEBUGFS "/sys/kernel/debug/vmwalk/"

static struct vmw_msg msg;

static int check_alive(void **state)
{
	(void)state;
	return vmw_raw_alive() ? 0 : -1;
}

/* Asks for what is in @msg, for want of the capability @name in vain. */
static bool is_in_vain(int fd, const char *name)
{
	struct vmw_verdict v;

	vmw_raw_ask(fd, &msg, &v);
	if (v.error == -EPERM && !v.messages && strstr(v.text, name))
		return true;
	vmw_diag("error %d, %zu messages, \"%s\"", v.error, v.messages,
		 v.text);
	return false;
}

static void put_pte_request(pid_t pid)
{
	vmw_msg_start(&msg, VMWALK_CMD_PTE, NLM_F_ACK);
	vmw_msg_u32(&msg, VMWALK_REQ_A_PID, pid);
	vmw_msg_u64(&msg, VMWALK_REQ_A_START, 0);
}

static bool is_refused(int fd, pid_t pid)
{
	vmw_msg_walk(&msg, pid);
	if (!is_in_vain(fd, "CAP_SYS_PTRACE"))
		return false;
	put_pte_request(pid);
	return is_in_vain(fd, "CAP_SYS_PTRACE");
}

static bool refused_here(void *arg)
{
	int fd = vmw_raw_open();

	(void)arg;
	/* Not even ourselves, and no hint of who exists. */
	return fd >= 0 && is_refused(fd, 1) && is_refused(fd, getpid()) &&
	       is_refused(fd, 0x3fffff);
}

static bool as_nobody(void *arg)
{
	return vmw_become_nobody() && refused_here(arg);
}

static bool in_userns(void *flags)
{
	return !unshare(CLONE_NEWUSER | *(int *)flags) && refused_here(NULL);
}

static bool nobody_in_userns(void *arg)
{
	int flags = CLONE_NEWNET;

	(void)arg;
	return vmw_become_nobody() && in_userns(&flags);
}

static void test_uid_1000(void **state)
{
	(void)state;
	assert_true(vmw_in_child(as_nobody, NULL));
}

static void test_userns_root(void **state)
{
	int none = 0, net = CLONE_NEWNET;

	(void)state;
	assert_true(vmw_in_child(in_userns, &none));
	assert_true(vmw_in_child(in_userns, &net));
	assert_true(vmw_in_child(nobody_in_userns, NULL));
}

/* A socket opened by one and used by the other, both ways. */
static bool mixed_socket(void *root_opens)
{
	bool first = *(bool *)root_opens;
	int fd;

	if (!first && setresuid(-1, VMW_NOBODY, -1))
		return false;
	fd = vmw_raw_open();
	if (setresuid(-1, first ? VMW_NOBODY : 0, -1))
		return false;
	return fd >= 0 && is_refused(fd, 1);
}

static void test_mixed_socket(void **state)
{
	bool root = true, nobody = false;

	(void)state;
	assert_true(vmw_in_child(mixed_socket, &root));
	assert_true(vmw_in_child(mixed_socket, &nobody));
}

/* Keeps or drops that one capability and all others, without libcap. */
static bool set_capabilities(bool keep_ptrace, bool keep_others)
{
	struct __user_cap_header_struct h = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct d[2] = { { 0 } };
	uint32_t set = 0;

	if (syscall(SYS_capget, &h, d))
		return false;
	if (keep_others)
		set = d[0].permitted & ~(1U << CAP_SYS_PTRACE);
	else
		d[1] = (struct __user_cap_data_struct){ 0 };
	if (keep_ptrace)
		set |= 1U << CAP_SYS_PTRACE;
	d[0].permitted = set;
	d[0].effective = set;
	return !syscall(SYS_capset, &h, d);
}

/* Permitted it stays: another set_ptrace() brings it back. */
static bool set_ptrace(bool effective)
{
	struct __user_cap_header_struct h = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct d[2];

	if (syscall(SYS_capget, &h, d))
		return false;
	d[0].effective &= ~(1U << CAP_SYS_PTRACE);
	if (effective)
		d[0].effective |= 1U << CAP_SYS_PTRACE;
	return !syscall(SYS_capset, &h, d);
}

/* The error of a request to @file, opened and written to with the capability or without. */
static int error_of_file(const char *file, bool opener, bool writer)
{
	ssize_t len;
	int fd;

	if (!set_ptrace(opener))
		return 1;
	fd = open(file, O_RDWR | O_CLOEXEC);
	if (fd < 0 || !set_ptrace(writer))
		return 1;
	len = write(fd, "1 0-1000", strlen("1 0-1000"));
	return len < 0 ? -errno : 0;
}

static bool mixed_files(void *arg)
{
	(void)arg;
	return error_of_file(DEBUGFS "walk", true, true) == 0 &&
	       error_of_file(DEBUGFS "walk", true, false) == -EPERM &&
	       error_of_file(DEBUGFS "walk", false, true) == -EPERM &&
	       error_of_file(DEBUGFS "pte", true, false) == -EPERM &&
	       error_of_file(DEBUGFS "pte", false, true) == -EPERM;
}

static void test_mixed_files(void **state)
{
	(void)state;
	assert_true(vmw_in_child(mixed_files, NULL));
}

#define MANY	2000	/* VMAs: several messages */

/* Most of it is made after its reader has become nobody. */
static bool dump_goes_on(void *arg)
{
	static char buf[64 << 10];
	size_t messages = 0;
	bool last = false;
	char *at;
	int fd;

	(void)arg;
	at = mmap(NULL, MANY * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (size_t i = 0; at != MAP_FAILED && i < MANY; i += 2)
		mprotect(at + i * 4096, 4096, PROT_READ);
	fd = vmw_raw_open();
	vmw_msg_walk(&msg, getpid());
	if (fd < 0 || vmw_raw_send(fd, &msg) || !vmw_become_nobody())
		return false;
	for (; !last; messages++) {
		const int len = vmw_raw_receive(fd, buf, sizeof(buf));
		const struct nlmsghdr *h = (const void *)buf;

		if (len <= 0 || h->nlmsg_type == NLMSG_ERROR)
			return false;
		last = vmw_raw_is_last(buf, len);
	}
	vmw_diag("%zu messages", messages);
	return messages > 3 && refused_here(NULL);
}

static void test_dump_goes_on(void **state)
{
	(void)state;
	assert_true(vmw_in_child(dump_goes_on, NULL));
}

/* The error of a walk of ours with @flags besides F_EXTENTS. */
static int error_with(uint32_t flags, const char *text)
{
	struct vmw_verdict v;
	int fd = vmw_raw_open();

	vmw_msg_start(&msg, VMWALK_CMD_WALK, NLM_F_DUMP);
	vmw_msg_u32(&msg, VMWALK_REQ_A_PID, getpid());
	vmw_msg_u32(&msg, VMWALK_REQ_A_FLAGS, VMWALK_WALK_F_EXTENTS | flags);
	vmw_raw_ask(fd, &msg, &v);
	close(fd);
	if (!strstr(v.text, text))
		vmw_diag("error %d, \"%s\"", v.error, v.text);
	return strstr(v.text, text) ? v.error : 1;
}

static bool with_ptrace_only(void *arg)
{
	struct vmw_aspace as;
	size_t messages;
	int fd;

	(void)arg;
	if (!set_capabilities(true, false))
		return false;
	fd = vmw_raw_open();
	put_pte_request(1);
	/* A walk, pages too, but no frames and no raw entries. */
	return !vmw_raw_walk(1, false, &as, &messages) && as.mm.pid == 1 &&
	       !error_with(VMWALK_WALK_F_PAGES, "") &&
	       error_with(VMWALK_WALK_F_PHYS, "CAP_SYS_ADMIN") == -EPERM &&
	       fd >= 0 && is_in_vain(fd, "CAP_SYS_ADMIN");
}

static bool frames_with_all(void *arg)
{
	(void)arg;
	return !error_with(VMWALK_WALK_F_PHYS, "");
}

static bool with_all_but_ptrace(void *arg)
{
	return set_capabilities(false, true) && refused_here(arg);
}

static void test_one_capability(void **state)
{
	(void)state;
	assert_true(vmw_in_child(frames_with_all, NULL));
	assert_true(vmw_in_child(with_ptrace_only, NULL));
	assert_true(vmw_in_child(with_all_but_ptrace, NULL));
}

static bool walks_itself_as(pid_t pid)
{
	struct vmw_aspace as;
	size_t messages;
	int ret = vmw_raw_walk(pid, false, &as, &messages);

	if (ret || as.mm.pid != (uint32_t)pid ||
	    as.mm.brk != (uintptr_t)sbrk(0)) {
		vmw_diag("error %d, pid %u", ret, as.mm.pid);
		return false;
	}
	vmw_aspace_deinit(&as);
	return true;
}

static bool as_pid_1(void *outer)
{
	struct vmw_verdict v;
	int fd = vmw_raw_open();

	vmw_msg_walk(&msg, *(pid_t *)outer);
	vmw_raw_ask(fd, &msg, &v);
	close(fd);
	return getpid() == 1 && walks_itself_as(1) && v.error == -ESRCH;
}

static bool in_pidns(void *outer)
{
	return !unshare(CLONE_NEWPID) && vmw_in_child(as_pid_1, outer);
}

static void test_pid_namespace(void **state)
{
	pid_t outer = getpid();

	(void)state;
	assert_true(vmw_in_child(in_pidns, &outer));
}

static bool in_netns(void *arg)
{
	(void)arg;
	return !unshare(CLONE_NEWNET) && walks_itself_as(getpid());
}

static void test_net_namespace(void **state)
{
	(void)state;
	assert_true(vmw_in_child(in_netns, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_uid_1000, check_alive),
		cmocka_unit_test_teardown(test_userns_root, check_alive),
		cmocka_unit_test_teardown(test_mixed_socket, check_alive),
		cmocka_unit_test_teardown(test_mixed_files, check_alive),
		cmocka_unit_test_teardown(test_dump_goes_on, check_alive),
		cmocka_unit_test_teardown(test_one_capability, check_alive),
		cmocka_unit_test_teardown(test_pid_namespace, check_alive),
		cmocka_unit_test_teardown(test_net_namespace, check_alive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
