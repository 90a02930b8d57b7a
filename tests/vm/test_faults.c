// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation fails once: the first of a request, then in another request
 * the second, and so on until a request gets by with fewer. All that may come of
 * it is an honest error, and the next request is served.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/child.h"
#include "lib/raw.h"
#include "lib/target.h"

#define DEBUGFS "/sys/kernel/debug/"
#define MODULE "/lib/vmwalk/vmwalk.ko"
#define CONSOLE "/proc/sys/kernel/printk"
#define FAULTS_MAX 5000

static int fail_nth = -1;

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = strlen(text);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, len) == len;
	close(fd);
	return ok;
}

/* Sleeping allocations fail as well, of any order, and no word of it. */
static bool set_up_faults(void)
{
	fail_nth = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	return fail_nth >= 0 &&
	       write_text(DEBUGFS "failslab/ignore-gfp-wait", "0") &&
	       write_text(DEBUGFS "failslab/verbose", "0") &&
	       write_text(DEBUGFS "fail_page_alloc/ignore-gfp-wait", "0") &&
	       write_text(DEBUGFS "fail_page_alloc/ignore-gfp-highmem", "0") &&
	       write_text(DEBUGFS "fail_page_alloc/min-order", "0") &&
	       write_text(DEBUGFS "fail_page_alloc/verbose", "0");
}

/* From now on, the @n'th allocation of this process fails; 0: none. */
static void arm(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fail_nth, text, len, 0) != len)
		abort();
}

/* True if there have been that many. */
static bool disarm(void)
{
	char left[16] = "";

	if (pread(fail_nth, left, sizeof(left) - 1, 0) <= 0)
		abort();
	arm(0);
	return !atoi(left);
}

static bool no_memory(int ret)
{
	return ret == -ENOMEM || ret == -ENOBUFS;
}

/**
 * struct operation - what is to meet with failures
 * @name: what it is
 * @run: does it; 0 or a negative errno. @fd is an open socket of its own, as an
 *       error in a dump leaves the dump open
 * @sound: all is well after it returned @ret, and ready for the next
 */
struct operation {
	const char *name;
	int (*run)(int fd);
	bool (*sound)(int ret);
};

/* True if it came to the @n'th allocation. */
static bool fail_one(const struct operation *op, unsigned int n, int *ret)
{
	int fd = vmw_raw_open();
	bool failed;

	arm(n);
	*ret = op->run(fd);
	failed = disarm();
	close(fd);
	if (failed ? *ret && !no_memory(*ret) : *ret)
		fail_msg("%s: allocation %u failed: %s", op->name, n,
			 strerror(-*ret));
	if (!op->sound(*ret))
		fail_msg("%s: unsound after allocation %u", op->name, n);
	return failed;
}

/* The first time nothing fails, but for page faults that come only once. */
static void fail_each(const struct operation *op)
{
	unsigned int n, refused = 0;
	int ret;

	fail_one(op, 0, &ret);
	for (n = 1; fail_one(op, n, &ret); n++) {
		refused += no_memory(ret);
		assert_true(n < FAULTS_MAX);
	}
	vmw_diag("%s: %u allocations failed, %u times with an error", op->name,
		 n - 1, refused);
	assert_true(refused > 0);
}

static bool alive(int ret)
{
	(void)ret;
	return vmw_raw_alive();
}

static struct vmw_msg message;

static int ask(int fd)
{
	struct vmw_verdict v;

	vmw_raw_ask(fd, &message, &v);
	return v.error;
}

static int run_info(int fd)
{
	vmw_msg_start(&message, VMWALK_CMD_INFO, NLM_F_ACK);
	return ask(fd);
}

static int run_walk(int fd)
{
	vmw_msg_walk(&message, 1);
	return ask(fd);
}

static int run_atomic_walk(int fd)
{
	vmw_msg_start(&message, VMWALK_CMD_WALK, NLM_F_DUMP);
	vmw_msg_u32(&message, VMWALK_REQ_A_PID, 1);
	vmw_msg_u32(&message, VMWALK_REQ_A_FLAGS,
		    VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ATOMIC);
	return ask(fd);
}

static int run_text(int fd)
{
	static char text[4096];
	ssize_t len;

	(void)fd;
	fd = open(DEBUGFS "vmwalk/walk", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = write(fd, "1 extents", 9);
	while (len > 0)
		len = read(fd, text, sizeof(text));
	len = len < 0 ? -errno : 0;
	close(fd);
	return len;
}

static int load(void)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return ret;
}

static int run_load(int fd)
{
	(void)fd;
	return load();
}

static bool unload(int ret)
{
	if (!ret && (!vmw_module_idle() ||
		     syscall(SYS_delete_module, "vmwalk", O_NONBLOCK)))
		return false;
	return access("/sys/module/vmwalk", F_OK);
}

static void need_faults(void)
{
	if (fail_nth >= 0)
		return;
	vmw_diag("skipped: this kernel makes no allocation fail");
	skip();
}

static void test_request(void **state)
{
	need_faults();
	fail_each(*state);
}

/*
 * Most of what fails there is the kernel's own loader, which warns of memory it
 * did not get. A kernel that finds a bug says so louder than that.
 */
static void test_load(void **state)
{
	static const struct operation op = { "insmod", run_load, unload };

	(void)state;
	need_faults();
	assert_true(unload(0));
	assert_true(write_text(CONSOLE, "4"));
	fail_each(&op);
	assert_int_equal(load(), 0);
	assert_true(vmw_raw_alive());
}

static int loud_and_loaded(void **state)
{
	(void)state;
	write_text(CONSOLE, "7");
	return vmw_raw_alive() || !load() ? 0 : -1;
}

static int prepare(void **state)
{
	(void)state;
	if (access(DEBUGFS "failslab", F_OK))
		return 0;
	return set_up_faults() ? 0 : -1;
}

#define OPERATION(...) ((void *)&(const struct operation){ __VA_ARGS__ })

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "INFO", test_request, NULL, NULL,
		  OPERATION("INFO", run_info, alive) },
		{ "WALK", test_request, NULL, NULL,
		  OPERATION("WALK", run_walk, alive) },
		{ "atomic WALK", test_request, NULL, NULL,
		  OPERATION("atomic WALK", run_atomic_walk, alive) },
		{ "debugfs", test_request, NULL, NULL,
		  OPERATION("debugfs", run_text, alive) },
		{ "insmod", test_load, NULL, loud_and_loaded, NULL },
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
