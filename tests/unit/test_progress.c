// SPDX-License-Identifier: GPL-2.0
/* LINK: user/progress.c */
/* The line that tells how far it is: on a terminal, after a while, gone at the end. */
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "progress.h"

/* Whose standard error is @fds[1]: a child, since progress.c asks but once. */
static pid_t start(int fds[2], void (*work)(void))
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		work();
		_exit(0);
	}
	close(fds[1]);
	return child;
}

/* All that it writes until it has ended. */
static void finish(pid_t child, int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t got;
	int status;

	while (len + 1 < size && (got = read(fd, text + len, size - 1 - len)) > 0)
		len += got;
	text[len] = '\0';
	close(fd);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void wait_a_bit(void)
{
	const struct timespec t = { .tv_nsec = 10000000 };

	nanosleep(&t, NULL);
}

/* Steps for two seconds: long enough that there would be a line. */
static void step_on(void)
{
	struct timespec from, t;

	clock_gettime(CLOCK_MONOTONIC, &from);
	do {
		vmw_progress_step(3, 4);
		wait_a_bit();
		clock_gettime(CLOCK_MONOTONIC, &t);
	} while (t.tv_sec < from.tv_sec + 2);
}

static void work(void)
{
	vmw_progress_begin("walking");
	step_on();
	vmw_progress_end();
	fputs("after", stderr);
}

static void work_of_unknown_size(void)
{
	vmw_progress_begin("importing");
	for (int i = 0; i < 250; i++) {
		vmw_progress_step(7, 0);
		wait_a_bit();
	}
	vmw_progress_end();
}

static void work_within_work(void)
{
	vmw_progress_begin("recording");
	vmw_progress_begin("walking");
	step_on();
	vmw_progress_end();
	vmw_progress_end();
}

static void work_in_silence(void)
{
	vmw_progress_off();
	work();
}

static void on_terminal(void (*what)(void), const char *term, char *text,
			size_t size)
{
	int fds[2];

	setenv("TERM", term, 1);
	assert_int_equal(openpty(&fds[0], &fds[1], NULL, NULL, NULL), 0);
	finish(start(fds, what), fds[0], text, size);
}

static void line_comes_and_goes(void **state)
{
	char text[65536], *gone;

	(void)state;
	on_terminal(work, "xterm", text, sizeof(text));
	assert_non_null(strstr(text, "\r\033[Kvmwalk: walking: 3 of 4, 75%"));
	gone = strstr(text, "\r\033[Kafter");
	assert_non_null(gone);
	assert_null(strchr(text, '\n'));
}

static void size_unknown(void **state)
{
	char text[65536];

	(void)state;
	on_terminal(work_of_unknown_size, "xterm", text, sizeof(text));
	assert_non_null(strstr(text, "vmwalk: importing: 7"));
	assert_null(strchr(text, '%'));
}

static void only_the_outermost(void **state)
{
	char text[65536];

	(void)state;
	on_terminal(work_within_work, "xterm", text, sizeof(text));
	assert_string_equal(text, "");
}

static void none_where_it_cannot_be_erased(void **state)
{
	char text[65536];

	(void)state;
	on_terminal(work, "dumb", text, sizeof(text));
	assert_string_equal(text, "after");
}

static void none_where_it_is_off(void **state)
{
	char text[65536];

	(void)state;
	on_terminal(work_in_silence, "xterm", text, sizeof(text));
	assert_string_equal(text, "after");
}

static void none_in_a_pipe(void **state)
{
	char text[65536];
	int fds[2];

	(void)state;
	setenv("TERM", "xterm", 1);
	assert_int_equal(pipe(fds), 0);
	finish(start(fds, work), fds[0], text, sizeof(text));
	assert_string_equal(text, "after");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_comes_and_goes),
		cmocka_unit_test(size_unknown),
		cmocka_unit_test(only_the_outermost),
		cmocka_unit_test(none_where_it_cannot_be_erased),
		cmocka_unit_test(none_where_it_is_off),
		cmocka_unit_test(none_in_a_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
