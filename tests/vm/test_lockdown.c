// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel that is locked down tells nobody where memory is. There is no way
 * back but a new boot: the lab runs this test last.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/child.h"
#include "lib/raw.h"
#include "lib/target.h"

#define MODULE "/lib/vmwalk/vmwalk.ko"
#define SECURITY "/sys/kernel/security"
#define LEVEL SECURITY "/lockdown"
#define DEBUGFS "/sys/kernel/debug/vmwalk/"

static struct vmw_msg msg;
static int nl, debugfs_pte = -1, debugfs_walk = -1;

static void ask_walk(uint32_t flags, struct vmw_verdict *v)
{
	vmw_msg_start(&msg, VMWALK_CMD_WALK, NLM_F_DUMP);
	vmw_msg_u32(&msg, VMWALK_REQ_A_PID, (uint32_t)getpid());
	vmw_msg_u32(&msg, VMWALK_REQ_A_FLAGS, flags);
	vmw_raw_ask(nl, &msg, v);
}

static void ask_pte(struct vmw_verdict *v)
{
	vmw_msg_start(&msg, VMWALK_CMD_PTE, NLM_F_ACK);
	vmw_msg_u32(&msg, VMWALK_REQ_A_PID, (uint32_t)getpid());
	vmw_msg_u64(&msg, VMWALK_REQ_A_START, (uintptr_t)&msg);
	vmw_raw_ask(nl, &msg, v);
}

/* 0 or a negative errno. */
static int write_request(int fd, const char *request)
{
	return write(fd, request, strlen(request)) < 0 ? -errno : 0;
}

static void need_lockdown(void)
{
	if (access(LEVEL, W_OK)) {
		vmw_diag("skipped: no lockdown in this kernel");
		skip();
	}
}

static void lock_down(void)
{
	const int fd = open(LEVEL, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "confidentiality", 15), 15);
	close(fd);
}

static void test_open(void **state)
{
	struct vmw_verdict v;

	(void)state;
	ask_walk(VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_PHYS, &v);
	assert_int_equal(v.error, 0);
	ask_pte(&v);
	assert_int_equal(v.error, 0);
}

static void assert_locked(const struct vmw_verdict *v)
{
	assert_int_equal(v->error, -EPERM);
	assert_int_equal(v->messages, 0);
	assert_string_equal(v->text, "the kernel is locked down");
}

static void test_locked(void **state)
{
	struct vmw_verdict v;

	(void)state;
	need_lockdown();
	lock_down();
	ask_walk(VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_PHYS, &v);
	assert_locked(&v);
	ask_pte(&v);
	assert_locked(&v);
	/* What maps and smaps tell as well is no secret. */
	ask_walk(VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_PAGES, &v);
	assert_int_equal(v.error, 0);
	assert_true(v.messages);
}

/* Files that were open before, and those that are opened now. */
static void test_debugfs(void **state)
{
	(void)state;
	need_lockdown();
	assert_int_equal(write_request(debugfs_pte, "1 0"), -EPERM);
	assert_int_equal(write_request(debugfs_walk, "1 phys"), -EPERM);
	assert_int_equal(open(DEBUGFS "pte", O_RDWR | O_CLOEXEC), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(open(DEBUGFS "walk", O_RDWR | O_CLOEXEC), -1);
	assert_int_equal(errno, EPERM);
}

/* All that holds it is closed first: it is the last test. */
static bool unload(void)
{
	close(nl);
	close(debugfs_pte);
	close(debugfs_walk);
	return vmw_module_idle() && !syscall(SYS_delete_module, "vmwalk", O_NONBLOCK);
}

/* Does `vmwalk doctor` say it? */
static bool doctor_says(const char *text)
{
	FILE *f = popen("vmwalk doctor 2>&1", "re");
	char line[512];
	bool said = false;

	while (f && fgets(line, sizeof(line), f))
		said |= !!strstr(line, text);
	if (f)
		pclose(f);
	return said;
}

static void test_unsigned_module(void **state)
{
	int fd;

	(void)state;
	need_lockdown();
	assert_true(unload());
	fd = open(MODULE, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(syscall(SYS_finit_module, fd, "", 0), -1);
	assert_int_equal(errno, EPERM);
	close(fd);
	assert_true(doctor_says("boot without lockdown"));
}

static int setup(void **state)
{
	(void)state;
	if (access(LEVEL, F_OK))
		mount("securityfs", SECURITY, "securityfs", 0, NULL);
	nl = vmw_raw_open();
	debugfs_pte = open(DEBUGFS "pte", O_RDWR | O_CLOEXEC);
	debugfs_walk = open(DEBUGFS "walk", O_RDWR | O_CLOEXEC);
	return nl < 0 || debugfs_pte < 0 || debugfs_walk < 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_locked),
		cmocka_unit_test(test_debugfs),
		cmocka_unit_test(test_unsigned_module),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
