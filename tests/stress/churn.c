// SPDX-License-Identifier: GPL-2.0
/* The process that never keeps still: its churns, dealt out to its threads. */
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stress.h"

/* More than the machine has CPUs, so that they interrupt each other. */
#define THREADS	3

static const struct churn *const tables[] = {
	vmw_churn_areas, vmw_churn_pages, vmw_churn_huge, vmw_churn_files,
	vmw_churn_tasks,
};

const struct churn *vmw_churn(size_t i)
{
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct churn *c = tables[t]; c->name; c++)
			if (!i--)
				return c;
	return NULL;
}

size_t vmw_churn_count(void)
{
	size_t n = 0;

	while (vmw_churn(n))
		n++;
	return n;
}

struct thread {
	const struct churning *what;
	size_t number;
};

/* Those of the churns whose turn it is with this thread. */
static size_t choose(const struct thread *t, size_t mine[VMW_CHURNS_MAX])
{
	size_t nr = 0, seen = 0;

	for (size_t i = 0; i < vmw_churn_count(); i++)
		if (t->what->mask >> i & 1 && seen++ % THREADS == t->number)
			mine[nr++] = i;
	return nr;
}

static void *run_thread(void *arg)
{
	const struct thread *t = arg;
	size_t mine[VMW_CHURNS_MAX], nr = choose(t, mine);
	struct rng r;

	vmw_rng_seed(&r, t->what->seed, 100 + t->number);
	while (nr) {
		size_t i = mine[vmw_below(&r, nr)];

		vmw_churn(i)->step(&r);
		atomic_fetch_add(&vmw_stress->steps[i], 1);
	}
	return NULL;
}

/* Enough VMAs that no walk gets through them under one hold of the lock. */
static void make_background(void)
{
	const size_t pages = 300;
	char *p = vmw_map(pages * PAGE);

	for (size_t i = 0; i < pages; i += 2)
		mprotect(p + i * PAGE, PAGE, PROT_READ);
	for (size_t i = 1; i < pages; i += 2)
		vmw_touch(p + i * PAGE, 1);
}

void vmw_churn_run(void *arg)
{
	const struct churning *what = arg;
	struct thread threads[THREADS];
	pthread_t id;

	make_background();
	for (size_t i = 0; i < vmw_churn_count(); i++)
		if (what->mask >> i & 1 && vmw_churn(i)->start())
			_exit(1);
	for (size_t i = 0; i < THREADS; i++) {
		threads[i] = (struct thread){ what, i };
		if (pthread_create(&id, NULL, run_thread, &threads[i]))
			_exit(1);
	}
	atomic_store(&vmw_stress->victims[0], getpid());
	atomic_store(&vmw_stress->ready, true);
	for (;;)
		pause();
}

int vmw_churn_brief(void)
{
	vmw_touch(vmw_map(64 * PAGE), 64);
	usleep(5000);
	return 0;
}
