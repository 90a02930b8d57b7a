// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a dump: readers that are too small, too slow or gone, targets
 * that go away under it, the module's own removal.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/child.h"
#include "lib/raw.h"
#include "lib/target.h"

#define MODULE "/lib/vmwalk/vmwalk.ko"
/* A message's worth, but far from all of the target's records. */
#define PIECE 8192

static struct vmw_msg msg;
static struct vmw_target target;
static char buf[64 << 10];

/* A process whose walk takes many messages. */
static int start(void **state)
{
	const char *const argv[] = { VMW_TARGET_DIR "/big", "alternating",
				     NULL };

	(void)state;
	return vmw_target_start(&target, argv, NULL);
}

/* After anything, the module lets go of all and answers. */
static int end(void **state)
{
	(void)state;
	vmw_target_end(&target);
	return vmw_module_idle() && vmw_raw_alive() ? 0 : -1;
}

/* Starts a dump of the target and takes its first message off the socket. */
static int begin_dump(void)
{
	int fd = vmw_raw_open();

	if (fd < 0)
		return -1;
	vmw_msg_walk(&msg, target.pid);
	if (!vmw_raw_send(fd, &msg) && vmw_raw_receive(fd, buf, PIECE) > 0)
		return fd;
	close(fd);
	return -1;
}

static void test_tiny_buffer(void **state)
{
	struct vmw_verdict v;
	char tiny[512];
	int fd = vmw_raw_open();

	(void)state;
	assert_true(fd >= 0);
	vmw_msg_walk(&msg, target.pid);
	assert_int_equal(vmw_raw_send(fd, &msg), 0);
	assert_int_equal(vmw_raw_receive(fd, tiny, sizeof(tiny)), -EMSGSIZE);
	assert_int_equal(vmw_raw_receive(fd, tiny, sizeof(tiny)), -EMSGSIZE);
	/* What was cut is lost, the dump is not. */
	vmw_raw_verdict(fd, &msg, &v, NULL);
	assert_int_equal(v.error, 0);
	assert_true(v.done && v.messages);
	close(fd);
}

static void test_reader_leaves(void **state)
{
	int fd = begin_dump();

	(void)state;
	assert_true(fd >= 0);
	close(fd);
}

static void test_reader_never_reads(void **state)
{
	int fd = vmw_raw_open();

	(void)state;
	assert_true(fd >= 0);
	vmw_msg_walk(&msg, target.pid);
	assert_int_equal(vmw_raw_send(fd, &msg), 0);
	close(fd);
}

static void test_reader_killed(void **state)
{
	int ready[2], status;
	pid_t pid;
	char c;

	(void)state;
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		if (begin_dump() < 0 || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

/* The second request is refused; the first goes on as if nothing had been. */
static void test_two_dumps(void **state)
{
	struct vmw_msg *second = test_calloc(1, sizeof(*second));
	struct vmw_verdict v;
	int fd = begin_dump();

	(void)state;
	assert_true(fd >= 0);
	vmw_msg_walk(second, 1);
	assert_int_equal(vmw_raw_send(fd, second), 0);
	vmw_raw_verdict(fd, second, &v, NULL);
	assert_int_equal(v.error, -EBUSY);
	assert_false(v.done);
	vmw_raw_verdict(fd, &msg, &v, NULL);
	assert_int_equal(v.error, 0);
	assert_true(v.done);
	close(fd);
	test_free(second);
}

/* Many at a time, each on a socket of its own, all left half-way. */
static void test_many_dumps(void **state)
{
	int fd[64];
	size_t i;

	(void)state;
	for (i = 0; i < 64; i++) {
		fd[i] = begin_dump();
		assert_true(fd[i] >= 0);
	}
	for (i = 0; i < 64; i++)
		close(fd[i]);
}

static void expect_gone(int fd)
{
	struct vmw_verdict v;

	vmw_raw_verdict(fd, &msg, &v, NULL);
	vmw_diag("after %zu messages: %s", v.messages, v.text);
	assert_int_equal(v.error, -ESRCH);
	assert_true(v.done);
	assert_true(v.text[0]);
	close(fd);
}

static void test_target_exits(void **state)
{
	int fd = begin_dump();

	(void)state;
	assert_true(fd >= 0);
	vmw_target_end(&target);
	expect_gone(fd);
}

static void test_target_execs(void **state)
{
	int fd = begin_dump();

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(vmw_target_restart(&target), 0);
	expect_gone(fd);
}

/*
 * A stalled reader does not keep a dead process's memory. Newer kernels keep
 * much of what was freed in lists of each CPU, free but not MemFree.
 */
static unsigned long sum_of(const char *file, const char *fmt)
{
	unsigned long sum = 0, value;
	FILE *f = fopen(file, "re");
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, fmt, &value) == 1)
			sum += value;
	if (f)
		fclose(f);
	return sum;
}

static unsigned long free_kib(void)
{
	return sum_of("/proc/meminfo", "MemFree: %lu") +
	       sum_of("/proc/zoneinfo", " count: %lu") * 4;
}

static void test_memory_is_freed(void **state)
{
	const char *const argv[] = { VMW_TARGET_DIR "/big", "sparse", NULL };
	unsigned long before, after = 0;
	int fd, ms;

	(void)state;
	vmw_target_end(&target);
	assert_int_equal(vmw_target_start(&target, argv, NULL), 0);
	fd = begin_dump();
	assert_true(fd >= 0);
	before = free_kib();
	vmw_target_end(&target);
	/* 128 MiB of pages and as much of tables; counters lag a little. */
	for (ms = 0; ms < 10000 && after < before + (200 << 10); ms += 10) {
		poll(NULL, 0, 10);
		after = free_kib();
	}
	assert_true(after >= before + (200 << 10));
	expect_gone(fd);
}

/* Removal */

static int remove_module(void)
{
	return syscall(SYS_delete_module, "vmwalk", O_NONBLOCK) ? -errno : 0;
}

static int insert_module(void)
{
	int ret, fd = open(MODULE, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	ret = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return ret;
}

static void test_removal(void **state)
{
	struct vmw_verdict v;
	int fd = begin_dump();

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(remove_module(), -EWOULDBLOCK);
	vmw_raw_verdict(fd, &msg, &v, NULL);
	assert_int_equal(v.error, 0);
	close(fd);

	assert_true(vmw_module_idle());
	assert_int_equal(remove_module(), 0);
	assert_int_equal(vmw_raw_open(), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(access("/sys/kernel/debug/vmwalk", F_OK), -1);
	assert_int_equal(insert_module(), 0);
	assert_true(vmw_raw_alive());
}

/* Each open file of debugfs holds it as well. */
static void test_removal_with_debugfs(void **state)
{
	int fd = open("/sys/kernel/debug/vmwalk/walk", O_RDWR | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(remove_module(), -EWOULDBLOCK);
	close(fd);
	assert_int_equal(remove_module(), 0);
	assert_int_equal(insert_module(), 0);
}

static void test_removal_often(void **state)
{
	int i, ret;

	(void)state;
	for (i = 0; i < 20; i++) {
		assert_true(vmw_module_idle());
		ret = remove_module();
		assert_int_equal(ret, 0);
		assert_int_equal(insert_module(), 0);
		assert_true(vmw_raw_alive());
	}
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, start, end)
	const struct CMUnitTest tests[] = {
		CASE(test_tiny_buffer),
		CASE(test_reader_leaves),
		CASE(test_reader_never_reads),
		CASE(test_reader_killed),
		CASE(test_two_dumps),
		CASE(test_many_dumps),
		CASE(test_target_exits),
		CASE(test_target_execs),
		CASE(test_memory_is_freed),
		CASE(test_removal),
		CASE(test_removal_with_debugfs),
		CASE(test_removal_often),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
