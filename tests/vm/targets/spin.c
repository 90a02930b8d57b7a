// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that count without end, each in a cell of its own of a page that a
 * file backs: the reader maps it and sees whether they run.
 */
#include <poll.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>

#include "target.h"

#define NR_THREADS 3

static volatile unsigned long *cells;

static void *count(void *cell)
{
	volatile unsigned long *n = cell;

	for (;;) {
		++*n;
		/* Not only in user mode, and not for ever on one processor. */
		if (!(*n & 0xfff))
			syscall(SYS_sched_yield);
	}
	return NULL;
}

static void start(void *(*run)(void *arg), volatile unsigned long *cell)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, (void *)cell))
		fail("pthread_create");
	pthread_detach(thread);
}

static void map_cells(void)
{
	int fd = open(target_dir, O_RDWR | O_CLOEXEC);

	if (fd < 0 || ftruncate(fd, PAGE))
		fail(target_dir);
	cells = (void *)map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

static void make_threads(void)
{
	map_cells();
	for (size_t i = 0; i < NR_THREADS; i++)
		start(count, &cells[i]);
}

static void *live_shortly(void *cell)
{
	++*(volatile unsigned long *)cell;
	return NULL;
}

static void *beget(void *cell)
{
	for (;;) {
		start(live_shortly, cell);
		++*(volatile unsigned long *)cell;
		usleep(100);
	}
	return NULL;
}

/* New threads all the time. */
static void make_births(void)
{
	map_cells();
	for (size_t i = 0; i < NR_THREADS; i++)
		start(beget, &cells[i]);
}

/*
 * Blocked in a system call that takes a timeout: it is to go on where it was,
 * and says by the cell if it did not.
 */
static void *sleep_long(void *cell)
{
	const struct timespec day = { .tv_sec = 86400 };
	struct timespec left;

	nanosleep(&day, &left);
	++*(volatile unsigned long *)cell;
	return NULL;
}

static void *read_nothing(void *cell)
{
	int fds[2];
	char c;

	if (pipe(fds))
		fail("pipe");
	if (read(fds[0], &c, 1))
		++*(volatile unsigned long *)cell;
	return NULL;
}

static void *poll_nothing(void *cell)
{
	poll(NULL, 0, 86400 * 1000);
	++*(volatile unsigned long *)cell;
	return NULL;
}

static void make_sleepers(void)
{
	map_cells();
	start(sleep_long, &cells[0]);
	start(read_nothing, &cells[1]);
	start(poll_nothing, &cells[2]);
}

static const struct scenario scenarios[] = {
	{ "threads", make_threads },
	{ "births", make_births },
	{ "sleepers", make_sleepers },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
