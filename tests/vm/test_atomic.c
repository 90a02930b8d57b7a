// SPDX-License-Identifier: GPL-2.0
/*
 * Walks under one hold of the lock: consistent whatever the target does, whole
 * or refused, and gone from memory when nobody reads them.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "genl/genl.h"
#include "lib/child.h"
#include "lib/oracle.h"
#include "lib/raw.h"
#include "lib/target.h"

#define WALKS 40
#define KILLS 20
#define PIECE 8192	/* a reader of messages no larger than need be */
#define STATS "/sys/kernel/debug/vmwalk/stats"
#define ATOMIC_MAX "/sys/module/vmwalk/parameters/atomic_max"
#define ATOMIC_FLAGS (VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ATOMIC)

static struct vmw_msg msg;
static struct vmw_target target;
static char buf[64 << 10];

/* Bytes that answers take in the kernel now, -1 if it does not tell. */
static long captured(void)
{
	FILE *f = fopen(STATS, "re");
	char line[128];
	long bytes = -1;

	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "captured %ld", &bytes);
	if (f)
		fclose(f);
	return bytes;
}

static long get_max(void)
{
	FILE *f = fopen(ATOMIC_MAX, "re");
	long bytes = -1;

	if (f) {
		if (fscanf(f, "%ld", &bytes) != 1)
			bytes = -1;
		fclose(f);
	}
	return bytes;
}

static void set_max(long bytes)
{
	FILE *f = fopen(ATOMIC_MAX, "we");

	assert_non_null(f);
	fprintf(f, "%ld\n", bytes);
	assert_int_equal(fclose(f), 0);
}

static int start(void **state)
{
	const char *const *argv = *state;

	return vmw_target_start(&target, argv, NULL);
}

/* The end of a socket reaches the module some time after close(). */
static int end(void **state)
{
	(void)state;
	vmw_target_end(&target);
	return vmw_module_idle() && !captured() && vmw_raw_alive() ? 0 : -1;
}

static void ask(uint32_t flags)
{
	vmw_msg_start(&msg, VMWALK_CMD_WALK, NLM_F_DUMP);
	vmw_msg_u32(&msg, VMWALK_REQ_A_PID, target.pid);
	vmw_msg_u32(&msg, VMWALK_REQ_A_FLAGS, flags);
}

static void walk(uint32_t flags, struct vmw_verdict *v, struct vmw_aspace *as)
{
	int fd = vmw_raw_open();

	assert_true(fd >= 0);
	vmw_aspace_init(as, 12);
	ask(flags);
	assert_int_equal(vmw_raw_send(fd, &msg), 0);
	vmw_raw_verdict(fd, &msg, v, as);
	close(fd);
	vmw_aspace_finish(as);
}

/*
 * Of one moment: no VMA had to be cut short for the next, all of each is
 * covered, none is missing.
 */
static void check_whole(const struct vmw_aspace *as)
{
	uint64_t above = 0;

	assert_true(as->complete);
	assert_int_equal(as->end.consistency, VMWALK_CONSISTENT);
	assert_int_equal(as->end.locks, 1);
	assert_int_equal(as->end.vmas, as->nr_vmas);
	for (size_t i = 0; i < as->nr_vmas; i++) {
		const struct vmw_vma *vma = &as->vmas[i];
		uint64_t at = vma->info.start;

		assert_true(vma->info.start >= above);
		assert_int_equal(vma->info.from, vma->info.start);
		for (size_t k = 0; k < vma->nr_extents; k++) {
			const struct vmw_extent *e =
				&as->extents[vma->first_extent + k];

			assert_int_equal(e->start, at);
			at = vmw_extent_end(as, e);
		}
		assert_int_equal(at, vma->info.end);
		above = vma->info.end;
	}
}

static void test_changing(void **state)
{
	unsigned int changed = 0, i;
	struct vmw_aspace as;
	struct vmw_verdict v;

	(void)state;
	for (i = 0; i < WALKS; i++) {
		walk(VMWALK_WALK_F_EXTENTS, &v, &as);
		assert_int_equal(v.error, 0);
		changed += as.end.consistency == VMWALK_CHANGED;
		vmw_aspace_deinit(&as);

		walk(ATOMIC_FLAGS, &v, &as);
		assert_int_equal(v.error, 0);
		assert_true(v.messages > 1);
		check_whole(&as);
		vmw_aspace_deinit(&as);
	}
	vmw_diag("of %u plain walks, %u say changed", i, changed);
	assert_true(changed > 0);
}

/* Of a process that keeps still, both tell the same. */
static void test_equal(void **state)
{
	struct vmw_aspace plain, atomic;
	struct vmw_verdict v;

	(void)state;
	assert_int_equal(vmw_target_stop(&target), 0);
	walk(VMWALK_WALK_F_EXTENTS, &v, &plain);
	assert_int_equal(v.error, 0);
	assert_true(plain.end.locks > 1);
	walk(ATOMIC_FLAGS, &v, &atomic);
	assert_int_equal(v.error, 0);
	check_whole(&atomic);
	assert_int_equal(vmw_aspace_differences(&plain, &atomic, 0,
						UINT64_MAX), 0);
	vmw_aspace_deinit(&plain);
	vmw_aspace_deinit(&atomic);
}

/* Without extents, too. */
static void test_vmas_alone(void **state)
{
	struct vmw_aspace as;
	struct vmw_verdict v;

	(void)state;
	walk(VMWALK_WALK_F_ATOMIC, &v, &as);
	assert_int_equal(v.error, 0);
	assert_int_equal(as.nr_extents, 0);
	assert_int_equal(as.end.locks, 1);
	assert_int_equal(as.end.vmas, as.nr_vmas);
	vmw_aspace_deinit(&as);
}

static void expect_too_big(void)
{
	struct vmw_aspace as;
	struct vmw_verdict v;

	walk(ATOMIC_FLAGS, &v, &as);
	assert_int_equal(v.error, -E2BIG);
	assert_true(v.done);
	assert_non_null(strstr(v.text, "atomic_max"));
	assert_int_equal(as.nr_vmas, 0);
	assert_false(as.complete);
	vmw_aspace_deinit(&as);
}

static void test_too_big(void **state)
{
	long max = get_max(), is_enough;
	struct vmw_aspace as;
	struct vmw_verdict v;

	(void)state;
	assert_int_equal(max, 64 << 20);
	set_max(0);
	expect_too_big();
	/* To within a piece, and it must be found out by trying. */
	for (is_enough = 8192; is_enough < max; is_enough *= 2) {
		set_max(is_enough);
		walk(ATOMIC_FLAGS, &v, &as);
		if (!v.error)
			break;
		vmw_aspace_deinit(&as);
		expect_too_big();
	}
	set_max(max);
	assert_int_equal(v.error, 0);
	check_whole(&as);
	vmw_diag("%zu extents need less than %ld bytes", as.nr_extents,
		 is_enough);
	assert_true(is_enough >= (long)(as.nr_extents * sizeof(uint64_t)));
	assert_true(is_enough <= (long)(4 * as.nr_extents * sizeof(uint64_t)));
	vmw_aspace_deinit(&as);
}

static void test_limit_is_told(void **state)
{
	struct vmw_error err = { "" };
	struct vmw_genl *genl;
	struct vmw_info info;

	(void)state;
	assert_int_equal(vmw_genl_open(&genl, &err), 0);
	assert_int_equal(vmw_genl_info(genl, &info, &err), 0);
	vmw_genl_close(genl);
	assert_int_equal(info.atomic_max, get_max());
	assert_true(info.walk_flags & VMWALK_WALK_F_ATOMIC);
}

/* The first message is out, the others wait in memory. */
static int begin_dump(void)
{
	int fd = vmw_raw_open();

	if (fd < 0)
		return -1;
	ask(ATOMIC_FLAGS);
	if (!vmw_raw_send(fd, &msg) && vmw_raw_receive(fd, buf, PIECE) > 0)
		return fd;
	close(fd);
	return -1;
}

/* end() sees that all of it is gone. */
static void test_reader_leaves(void **state)
{
	int fd = begin_dump();

	(void)state;
	assert_true(fd >= 0);
	assert_true(captured() > 0);
	close(fd);
}

static void test_freed_as_read(void **state)
{
	struct vmw_verdict v;
	int fd = begin_dump();
	long before = captured();

	(void)state;
	assert_true(fd >= 0);
	assert_true(vmw_raw_receive(fd, buf, PIECE) > 0);
	assert_true(captured() < before);
	vmw_raw_verdict(fd, &msg, &v, NULL);
	assert_int_equal(v.error, 0);
	assert_int_equal(captured(), 0);
	close(fd);
}

/* What was walked can be read when there is nothing left to walk. */
static void test_target_exits(void **state)
{
	struct vmw_verdict v;
	int fd = begin_dump();

	(void)state;
	assert_true(fd >= 0);
	vmw_target_end(&target);
	vmw_raw_verdict(fd, &msg, &v, NULL);
	assert_int_equal(v.error, 0);
	assert_true(v.messages > 0);
	close(fd);
}

/* At whatever point of walking, sending and receiving that hits it. */
static void test_reader_killed(void **state)
{
	struct vmw_aspace as;
	struct vmw_verdict v;
	int status;
	pid_t pid;

	(void)state;
	for (unsigned int i = 0; i < KILLS; i++) {
		pid = fork();
		assert_true(pid >= 0);
		if (!pid) {
			for (;;) {
				walk(ATOMIC_FLAGS, &v, &as);
				vmw_aspace_deinit(&as);
			}
		}
		poll(NULL, 0, 10 + 7 * i);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
	}
}

#define TARGET(...) ((void *)(const char *const[]){ __VA_ARGS__, NULL })
#define CASE(f, ...) { #f, f, start, end, TARGET(__VA_ARGS__) }
#define BIG VMW_TARGET_DIR "/big"

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_changing, VMW_TARGET_DIR "/churn", "vmas"),
		CASE(test_equal, BIG, "vmas"),
		CASE(test_equal, BIG, "alternating"),
		CASE(test_equal, BIG, "sparse"),
		CASE(test_vmas_alone, BIG, "vmas"),
		CASE(test_too_big, BIG, "alternating"),
		cmocka_unit_test(test_limit_is_told),
		CASE(test_reader_leaves, BIG, "alternating"),
		CASE(test_freed_as_read, BIG, "alternating"),
		CASE(test_target_exits, BIG, "alternating"),
		CASE(test_reader_killed, BIG, "sparse"),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
