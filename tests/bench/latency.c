// SPDX-License-Identifier: GPL-2.0
/*
 * What a process notices of being walked: how long its own mmap() and munmap() of
 * a page take, while somebody asks about it without a pause. Both want mmap_lock.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define GIB	(1UL << 30)
#define ROUNDS	100
#define PAUSE	1000	/* microseconds between two rounds */

/* Shared with the process that is walked. */
struct rounds {
	volatile bool ready, done;
	uint64_t sum, max;
};

static void one_round(struct rounds *r)
{
	uint64_t start, took;
	void *p;

	usleep(PAUSE);
	start = now();
	p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(p, 4096);
	took = now() - start;
	r->sum += took;
	if (took > r->max)
		r->max = took;
}

static void be_walked(struct rounds *r)
{
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	if (mmap(NULL, GIB, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		 MAP_ANONYMOUS | MAP_POPULATE, -1, 0) == MAP_FAILED)
		_exit(1);
	r->ready = true;
	for (i = 0; i < ROUNDS; i++)
		one_round(r);
	r->done = true;
	_exit(0);
}

int vmw_latency(int (*ask)(pid_t pid), uint64_t *mean, uint64_t *max)
{
	struct rounds *r = mmap(NULL, sizeof(*r), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status, ret = 0;
	pid_t pid = fork();

	if (!pid)
		be_walked(r);
	while (!r->ready && !waitpid(pid, &status, WNOHANG))
		usleep(PAUSE);
	while (r->ready && !r->done && !ret)
		ret = ask ? ask(pid) : usleep(PAUSE);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	*mean = r->sum / ROUNDS;
	*max = r->max;
	if (!r->done && !ret)
		ret = -1;
	munmap(r, sizeof(*r));
	return ret;
}
