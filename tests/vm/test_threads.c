// SPDX-License-Identifier: GPL-2.0
/*
 * Threads as the walk tells them, against /proc/PID/task and what the threads
 * know of themselves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/oracle.h"
#include "lib/procmem.h"
#include "lib/raw.h"
#include "lib/target.h"

static struct vmw_target target;

static int end_target(void **state)
{
	(void)state;
	vmw_target_end(&target);
	return 0;
}

/* Starts the scenario; does not return if this machine cannot do it. */
static void start(const char *program, const char *scenario)
{
	const char *const argv[] = { program, scenario, NULL };

	assert_int_equal(vmw_target_start(&target, argv, NULL), 0);
	if (!target.skip)
		return;
	vmw_diag("skipped: %s", target.skip);
	skip();
}

/* Reads /proc/@pid/task/@tid/@file into @line. */
static void read_task(pid_t pid, pid_t tid, const char *file, char line[256])
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "task/%d/%s", tid, file);
	f = fdopen(vmw_proc_open(pid, path), "r");
	assert_non_null(f);
	assert_non_null(fgets(line, 256, f));
	fclose(f);
}

static void check_stat(pid_t pid, const struct vmw_thread *t)
{
	char line[256], name[32];
	char *end;

	read_task(pid, t->tid, "stat", line);
	end = strrchr(line, ')');
	assert_int_equal(end[2], t->state);
	snprintf(name, sizeof(name), "(%s)", t->comm);
	assert_non_null(strstr(line, name));
}

/* "-1 SP PC", or "NR ARG... SP PC"; all in one for a thread that runs. */
static void check_registers(pid_t pid, const struct vmw_thread *t)
{
	unsigned long long sp, pc;
	char line[256];

	read_task(pid, t->tid, "syscall", line);
	if (sscanf(line, "-1 %llx %llx", &sp, &pc) != 2 &&
	    sscanf(line, "%*d %*x %*x %*x %*x %*x %*x %llx %llx", &sp,
		   &pc) != 2)
		fail_msg("thread %d: %s", t->tid, line);
	assert_true(t->has_regs);
	assert_false(t->running);
	assert_int_equal(t->sp, sp);
	assert_int_equal(t->pc, pc);
}

static size_t count_tasks(pid_t pid)
{
	return vmw_proc_status(pid, "Threads");
}

static bool any_running(const struct vmw_aspace *as)
{
	for (size_t i = 0; i < as->nr_threads; i++)
		if (as->threads[i].running)
			return true;
	return false;
}

/* The last to stop tells of it, and is then on its way off its CPU. */
static void read_stopped(struct vmw_aspace *as)
{
	assert_int_equal(vmw_read(target.pid, VMWALK_WALK_F_THREADS, as), 0);
	for (int i = 0; i < 100 && any_running(as); i++) {
		vmw_aspace_deinit(as);
		usleep(10000);
		assert_int_equal(vmw_read(target.pid, VMWALK_WALK_F_THREADS,
					  as), 0);
	}
}

static void check_stopped(struct vmw_aspace *as)
{
	size_t i;

	assert_int_equal(vmw_target_stop(&target), 0);
	read_stopped(as);
	assert_int_equal(as->nr_threads, count_tasks(target.pid));
	assert_int_equal(as->threads[0].tid, target.pid);
	for (i = 0; i < as->nr_threads; i++) {
		check_stat(target.pid, &as->threads[i]);
		check_registers(target.pid, &as->threads[i]);
		if (i)
			assert_true(as->threads[i].tid !=
				    as->threads[i - 1].tid);
	}
	assert_int_equal(vmw_target_check(&target, as), 0);
	vmw_aspace_deinit(as);
}

/* Walks anew until thread @i sleeps, as it is about to. */
static void await_sleep(struct vmw_aspace *as, size_t i)
{
	while (as->threads[i].state != 'S') {
		vmw_aspace_deinit(as);
		usleep(10000);
		assert_int_equal(vmw_read(target.pid, VMWALK_WALK_F_THREADS,
					  as), 0);
		assert_true(i < as->nr_threads);
	}
}

static void test_blocked(void **state)
{
	struct vmw_aspace as;

	(void)state;
	start(VMW_TARGET_DIR "/threads", "blocked");
	/* Each as it waits, before a signal has it do anything else. */
	assert_int_equal(vmw_read(target.pid, VMWALK_WALK_F_THREADS, &as), 0);
	assert_int_equal(as.nr_threads, 21);
	for (size_t i = 0; i < as.nr_threads; i++) {
		await_sleep(&as, i);
		check_stat(target.pid, &as.threads[i]);
		check_registers(target.pid, &as.threads[i]);
	}
	assert_int_equal(vmw_target_check(&target, &as), 0);
	vmw_aspace_deinit(&as);
	check_stopped(&as);
}

static void test_32bit(void **state)
{
	struct vmw_aspace as;

	(void)state;
	start(VMW_TARGET_DIR "/threads", "32bit");
	check_stopped(&as);
}

static void test_go(void **state)
{
	struct vmw_aspace as;

	(void)state;
	start(VMW_TARGET_DIR "/go_static", NULL);
	assert_true(count_tasks(target.pid) > 1);
	check_stopped(&as);
}

/* More than a message holds, in the order of their birth. */
static void test_many(void **state)
{
	static struct vmw_msg request;
	struct vmw_verdict v;
	struct vmw_aspace as;
	int fd;

	(void)state;
	start(VMW_TARGET_DIR "/threads", "many");
	check_stopped(&as);

	fd = vmw_raw_open();
	vmw_msg_start(&request, VMWALK_CMD_WALK, NLM_F_DUMP);
	vmw_msg_u32(&request, VMWALK_REQ_A_PID, target.pid);
	vmw_msg_u32(&request, VMWALK_REQ_A_FLAGS, VMWALK_WALK_F_THREADS);
	vmw_aspace_init(&as, 12);
	assert_int_equal(vmw_raw_send(fd, &request), 0);
	vmw_raw_verdict(fd, &request, &v, &as);
	close(fd);
	assert_int_equal(v.error, 0);
	vmw_diag("%zu threads in %zu messages", as.nr_threads, v.messages);
	assert_true(v.messages > 4);
	assert_int_equal(as.nr_threads, 2001);
	for (size_t i = 1; i < as.nr_threads; i++)
		assert_true(as.threads[i].tid > as.threads[i - 1].tid);
	vmw_aspace_deinit(&as);
}

static int compare_tids(const void *a, const void *b)
{
	const struct vmw_thread *x = a, *y = b;

	return (x->tid > y->tid) - (x->tid < y->tid);
}

/* None twice, and of those that are there all along, none missed. */
static void test_churn(void **state)
{
	struct vmw_aspace as;
	size_t seen = 0;

	(void)state;
	start(VMW_TARGET_DIR "/threads", "churn");
	for (int i = 0; i < 200; i++) {
		assert_int_equal(vmw_read(target.pid, VMWALK_WALK_F_THREADS,
					  &as), 0);
		assert_true(as.nr_threads >= 403);
		assert_int_equal(vmw_target_check(&target, &as), 0);
		seen += as.nr_threads;
		qsort(as.threads, as.nr_threads, sizeof(*as.threads),
		      compare_tids);
		for (size_t k = 1; k < as.nr_threads; k++)
			assert_true(as.threads[k].tid !=
				    as.threads[k - 1].tid);
		vmw_aspace_deinit(&as);
	}
	vmw_diag("%zu of those that come and go", seen - 200 * 403);
	assert_true(seen > 200 * 403);
}

/* The leader is a zombie, which has no registers any more. */
static void test_leaderless(void **state)
{
	struct vmw_aspace as;

	(void)state;
	start(VMW_TARGET_DIR "/threads", "leaderless");
	assert_int_equal(vmw_read(target.pid, VMWALK_WALK_F_THREADS, &as), 0);
	assert_int_equal(as.nr_threads, 2);
	assert_int_equal(as.threads[0].tid, target.pid);
	assert_int_equal(as.threads[0].state, 'Z');
	assert_false(as.threads[0].has_regs);
	await_sleep(&as, 1);
	check_registers(target.pid, &as.threads[1]);
	assert_int_equal(vmw_target_check(&target, &as), 0);
	vmw_aspace_deinit(&as);
}

/* Who walks itself runs. */
static void test_running(void **state)
{
	struct vmw_aspace as;

	(void)state;
	assert_int_equal(vmw_read(getpid(), VMWALK_WALK_F_THREADS, &as), 0);
	assert_int_equal(as.nr_threads, 1);
	assert_int_equal(as.threads[0].state, 'R');
	assert_true(as.threads[0].running);
	vmw_aspace_deinit(&as);
}

/* Not asked for: none told. */
static void test_unasked(void **state)
{
	struct vmw_aspace as;

	(void)state;
	assert_int_equal(vmw_read(getpid(), VMWALK_WALK_F_EXTENTS, &as), 0);
	assert_int_equal(as.nr_threads, 0);
	vmw_aspace_deinit(&as);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_blocked, end_target),
		cmocka_unit_test_teardown(test_32bit, end_target),
		cmocka_unit_test_teardown(test_go, end_target),
		cmocka_unit_test_teardown(test_many, end_target),
		cmocka_unit_test_teardown(test_churn, end_target),
		cmocka_unit_test_teardown(test_leaderless, end_target),
		cmocka_unit_test(test_running),
		cmocka_unit_test(test_unasked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
