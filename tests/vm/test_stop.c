// SPDX-License-Identifier: GPL-2.0
/*
 * Holding a process still: no thread of it runs meanwhile, all do afterwards,
 * however the reader ends.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/child.h"
#include "lib/oracle.h"
#include "lib/target.h"
#include "stop.h"

#define CELLS "/tmp/test_stop.cells"
#define NR_CELLS 3
#define HOLD_MS 300
#define PATIENCE_MS 20000

static struct vmw_target target;
static volatile unsigned long *cells;

static int start(void **state)
{
	const char *const argv[] = { VMW_TARGET_DIR "/spin", *state, CELLS,
				     NULL };
	int fd = open(CELLS, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || vmw_target_start(&target, argv, NULL))
		return -1;
	cells = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	return cells == MAP_FAILED ? -1 : 0;
}

static int end(void **state)
{
	(void)state;
	vmw_target_end(&target);
	munmap((void *)cells, 4096);
	return 0;
}

static void note(unsigned long seen[NR_CELLS])
{
	for (size_t i = 0; i < NR_CELLS; i++)
		seen[i] = cells[i];
}

static bool moved(const unsigned long seen[NR_CELLS], size_t i)
{
	return cells[i] != seen[i];
}

/* Waits until each has counted on. */
static bool all_run(void)
{
	unsigned long seen[NR_CELLS];
	unsigned int ms = 0;

	note(seen);
	for (size_t i = 0; i < NR_CELLS; i++)
		for (; !moved(seen, i); ms++) {
			if (ms == PATIENCE_MS)
				return false;
			poll(NULL, 0, 1);
		}
	return true;
}

static bool none_runs(unsigned int ms)
{
	unsigned long seen[NR_CELLS];

	note(seen);
	poll(NULL, 0, ms);
	for (size_t i = 0; i < NR_CELLS; i++)
		if (moved(seen, i))
			return false;
	return true;
}

/* The first thread's field @key of its status. */
static bool status_is(pid_t pid, const char *key, const char *want)
{
	char path[64], line[256];
	bool is = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)))
			is = strstr(line + strlen(key), want);
	if (f)
		fclose(f);
	return is;
}

static bool becomes(pid_t pid, const char *key, const char *want)
{
	for (unsigned int ms = 0; ms < PATIENCE_MS; ms += 10) {
		if (status_is(pid, key, want))
			return true;
		poll(NULL, 0, 10);
	}
	return false;
}

static struct vmw_stop *hold(void)
{
	struct vmw_error err = { "" };
	struct vmw_stop *stop = NULL;

	if (vmw_stop_begin(&stop, target.pid, &err))
		fail_msg("%s", err.text);
	return stop;
}

static void test_frozen(void **state)
{
	struct vmw_stop *stop;
	struct vmw_aspace as;
	size_t differences;

	(void)state;
	assert_true(all_run());
	for (unsigned int i = 0; i < 5; i++) {
		stop = hold();
		assert_true(none_runs(HOLD_MS));
		assert_int_equal(vmw_read(target.pid, VMWALK_WALK_F_EXTENTS,
					  &as), 0);
		differences = vmw_oracle_compare(target.pid, &as, false);
		vmw_aspace_deinit(&as);
		assert_true(none_runs(0));
		vmw_stop_end(stop);
		assert_int_equal(differences, 0);
		assert_true(all_run());
	}
	assert_true(becomes(target.pid, "TracerPid:", "\t0\n"));
}

/* Threads that come to life meanwhile are caught. */
static void test_births(void **state)
{
	struct vmw_stop *stop;

	(void)state;
	for (unsigned int i = 0; i < 20; i++) {
		assert_true(all_run());
		stop = hold();
		assert_true(none_runs(20));
		vmw_stop_end(stop);
	}
	assert_true(all_run());
}

/* What they wait for, they go on waiting for. */
static void test_system_calls(void **state)
{
	unsigned long seen[NR_CELLS];

	(void)state;
	poll(NULL, 0, 100);
	note(seen);
	for (unsigned int i = 0; i < 20; i++)
		vmw_stop_end(hold());
	assert_true(becomes(target.pid, "State:", "S (sleeping)"));
	poll(NULL, 0, 100);
	for (size_t i = 0; i < NR_CELLS; i++)
		assert_false(moved(seen, i));
}

/* Stopped before: read as it is, and stopped afterwards until it is let go. */
static void test_stopped_before(void **state)
{
	(void)state;
	assert_int_equal(vmw_target_stop(&target), 0);
	vmw_stop_end(hold());
	assert_true(becomes(target.pid, "State:", "T (stopped)"));
	assert_true(none_runs(HOLD_MS));
	vmw_target_continue(&target);
	assert_true(all_run());
}

/*
 * Gets @signal while it is held, by one who is not its parent: of threads that
 * end then, a tracer that is their parent, too, would learn for both.
 */
static void expect_end_by(int signal)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (!pid) {
		struct vmw_stop *stop = hold();

		kill(target.pid, signal);
		poll(NULL, 0, 20);
		vmw_stop_end(stop);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(waitpid(target.pid, &status, 0), target.pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), signal);
}

/* Signals that arrive meanwhile are not lost. */
static void test_signal_meanwhile(void **state)
{
	(void)state;
	expect_end_by(SIGTERM);
}

/* It may end at any moment, and be held no more. */
static _Noreturn void hold_thrice(void)
{
	for (unsigned int i = 0; i < 3; i++) {
		struct vmw_error err = { "" };
		struct vmw_stop *stop;

		if (!vmw_stop_begin(&stop, target.pid, &err))
			vmw_stop_end(stop);
	}
	_exit(0);
}

/*
 * Signals that are on their way when the hold begins neither. Who holds is not
 * the parent here either: its end is to be seen by both.
 */
static void test_signal_before(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(vmw_target_stop(&target), 0);
	assert_int_equal(kill(target.pid, SIGTERM), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		kill(target.pid, SIGCONT);
		hold_thrice();
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(waitpid(target.pid, &status, 0), target.pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

static void test_killed_meanwhile(void **state)
{
	(void)state;
	expect_end_by(SIGKILL);
}

/* A reader that holds the target, and waits to be killed. */
static pid_t fork_holder(void)
{
	int ready[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		hold();
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	return pid;
}

static void test_reader_dies(void **state)
{
	static const int signals[] = { SIGKILL, SIGINT, SIGTERM, SIGHUP,
				       SIGPIPE };
	int status;
	pid_t pid;

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		pid = fork_holder();
		assert_true(none_runs(50));
		assert_int_equal(kill(pid, signals[i]), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(WTERMSIG(status), signals[i]);
		assert_true(all_run());
		assert_true(becomes(target.pid, "TracerPid:", "\t0\n"));
	}
}

/* From the terminal it cannot be stopped together with what it holds. */
static void test_reader_is_not_suspended(void **state)
{
	pid_t pid = fork_holder();
	int status;

	(void)state;
	assert_int_equal(kill(pid, SIGTSTP), 0);
	poll(NULL, 0, 50);
	assert_int_equal(waitpid(pid, &status, WNOHANG | WUNTRACED), 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_true(all_run());
}

/* Refusals */

static void expect_refusal(pid_t pid, int error, const char *text)
{
	struct vmw_error err = { "" };
	struct vmw_stop *stop;

	assert_int_equal(vmw_stop_begin(&stop, pid, &err), error);
	vmw_diag("%s", err.text);
	assert_non_null(strstr(err.text, text));
}

static void test_traced(void **state)
{
	pid_t pid = fork_holder();
	char text[64];

	(void)state;
	snprintf(text, sizeof(text), "traced by PID %d", pid);
	expect_refusal(target.pid, -EBUSY, text);
	assert_true(none_runs(50));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_true(all_run());
}

/*
 * One thread cannot be had: those that were stopped by then go on. The other
 * debugger has seized the last thread alone.
 */
static void test_one_traced(void **state)
{
	pid_t pid, last = 0;
	struct dirent *entry;
	char path[64];
	int ready[2];
	DIR *dir;
	char c;

	(void)state;
	snprintf(path, sizeof(path), "/proc/%d/task", target.pid);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)))
		if (atoi(entry->d_name) > last)
			last = atoi(entry->d_name);
	closedir(dir);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		if (ptrace(PTRACE_SEIZE, last, NULL, NULL) ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	close(ready[1]);
	expect_refusal(target.pid, -EBUSY, "is being traced by PID");
	assert_true(all_run());
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void test_gone(void **state)
{
	pid_t pid = vmw_fork_idle();

	(void)state;
	expect_refusal(getpid(), -EINVAL, "itself");
	kill(pid, SIGKILL);
	assert_true(becomes(pid, "State:", "Z"));
	expect_refusal(pid, -ESRCH, "exited");
	vmw_end_idle(pid);
	expect_refusal(pid, -ESRCH, "exited");
}

static bool refused_as_nobody(void *arg)
{
	struct vmw_error err = { "" };
	struct vmw_stop *stop;

	(void)arg;
	return vmw_become_nobody() &&
	       vmw_stop_begin(&stop, 1, &err) == -EPERM &&
	       strstr(err.text, "CAP_SYS_PTRACE");
}

static void test_permission(void **state)
{
	(void)state;
	assert_true(vmw_in_child(refused_as_nobody, NULL));
}

#define CASE(f, scenario) { #f, f, start, end, scenario }

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_frozen, "threads"),
		CASE(test_births, "births"),
		CASE(test_system_calls, "sleepers"),
		CASE(test_stopped_before, "threads"),
		CASE(test_signal_meanwhile, "threads"),
		CASE(test_signal_before, "threads"),
		CASE(test_killed_meanwhile, "threads"),
		CASE(test_reader_dies, "threads"),
		CASE(test_reader_is_not_suspended, "threads"),
		CASE(test_traced, "threads"),
		CASE(test_one_traced, "threads"),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_permission),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
