// SPDX-License-Identifier: GPL-2.0
/*
 * Reading /proc: the parsers on hostile lines, the rest on children that go by
 * hostile names. The source is included for its static parsers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "proc.c"

static void test_stat_line(void **state)
{
	static const char rest[] = " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 "
				   "18 123456789012 20 21\n";
	static const struct {
		const char *head, *comm;
		char state;
	} good[] = {
		{ "1 (init) S", "init", 'S' },
		{ "12 (a b) R", "a b", 'R' },
		{ "12 (a) R 1) Z", "a) R 1", 'Z' },
		{ "12 ()) D", ")", 'D' },
		{ "12 () S", "", 'S' },
		{ "12 (a\nb) S", "a\nb", 'S' },
		{ "12 ((((((((((((((((() S", "(((((((((((((((", 'S' },
		{ "12 (kworker/0:1-longer-than-it) I", "kworker/0:1-lon", 'I' },
	};
	char line[512];
	struct stat_line out;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		snprintf(line, sizeof(line), "%s%s", good[i].head, rest);
		assert_int_equal(parse_stat(line, &out), 0);
		assert_string_equal(out.comm, good[i].comm);
		assert_int_equal(out.state, good[i].state);
		assert_int_equal(out.start_time, 123456789012);
	}
	assert_int_equal(parse_stat("", &out), -EPROTO);
	assert_int_equal(parse_stat("1 (a", &out), -EPROTO);
	assert_int_equal(parse_stat("1 )a(", &out), -EPROTO);
	assert_int_equal(parse_stat("1 (a) S 1 2 3", &out), -EPROTO);
}

static void test_pids(void **state)
{
	(void)state;
	assert_int_equal(parse_pid("1"), 1);
	assert_int_equal(parse_pid("2147483647"), 2147483647);
	assert_int_equal(parse_pid("2147483648"), 0);
	assert_int_equal(parse_pid("99999999999999999999"), 0);
	assert_int_equal(parse_pid("0"), 0);
	assert_int_equal(parse_pid("-1"), 0);
	assert_int_equal(parse_pid("+1"), 0);
	assert_int_equal(parse_pid("1x"), 0);
	assert_int_equal(parse_pid(""), 0);
}

/* A child that waits, blocked, under the name @comm. */
static pid_t start(const char *comm)
{
	struct stat_line stat = { 0 };
	int ready[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, comm);
		close(ready[0]);
		close(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 0);
	close(ready[0]);
	while (!read_stat(pid, "stat", &stat) && stat.state != 'S')
		usleep(1000);
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void test_hostile_name(void **state)
{
	const char *name = "x) S 1 (y\n";
	struct vmw_process p;
	struct vmw_error err = { "" };
	char target[16];
	pid_t pid = start(name);

	(void)state;
	snprintf(target, sizeof(target), "%d", pid);
	assert_int_equal(vmw_proc_resolve(target, &p, &err), 0);
	assert_int_equal(p.pid, pid);
	assert_string_equal(p.comm, name);
	assert_true(p.start_time > 0);
	assert_int_equal(vmw_proc_resolve(name, &p, &err), 0);
	assert_int_equal(p.pid, pid);
	stop(pid);
	assert_int_equal(vmw_proc_resolve(target, &p, &err), -ESRCH);
	assert_non_null(strstr(err.text, target));
	assert_int_equal(vmw_proc_resolve(name, &p, &err), -ESRCH);
	assert_null(strchr(err.text, '\n'));
}

static void test_ambiguous_name(void **state)
{
	struct vmw_process p;
	struct vmw_error err = { "" };
	char number[16];
	pid_t pid[12];

	(void)state;
	for (int i = 0; i < 12; i++)
		pid[i] = start("vmw-twin");
	assert_int_equal(vmw_proc_resolve("vmw-twin", &p, &err), -EEXIST);
	assert_non_null(strstr(err.text, "12 processes"));
	snprintf(number, sizeof(number), "%d", pid[0]);
	assert_non_null(strstr(err.text, number));
	for (int i = 1; i < 12; i++)
		stop(pid[i]);
	assert_int_equal(vmw_proc_resolve("vmw-twin", &p, &err), 0);
	assert_int_equal(p.pid, pid[0]);
	stop(pid[0]);
}

/* A zombie has a name, but nothing to look at. */
static void test_zombie_has_no_name(void **state)
{
	struct vmw_process p;
	struct vmw_error err = { "" };
	siginfo_t info;
	pid_t pid = start("vmw-zombie");

	(void)state;
	kill(pid, SIGKILL);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	assert_int_equal(vmw_proc_resolve("vmw-zombie", &p, &err), -ESRCH);
	waitpid(pid, NULL, 0);
}

static void test_long_error(void **state)
{
	struct vmw_error err;
	char name[2048];

	(void)state;
	memset(name, '\t', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(vmw_error_set(&err, -EIO, "%s", name), -EIO);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_null(strchr(err.text, '\t'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat_line),
		cmocka_unit_test(test_pids),
		cmocka_unit_test(test_hostile_name),
		cmocka_unit_test(test_ambiguous_name),
		cmocka_unit_test(test_zombie_has_no_name),
		cmocka_unit_test(test_long_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
