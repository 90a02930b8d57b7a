// SPDX-License-Identifier: GPL-2.0
/*
 * A program that says of some addresses where malloc() has them, and then waits:
 *
 *	brk ADDR	in the main arena's heap
 *	arena ADDR	in a thread's arena
 *	mmapped ADDR	in a chunk with a mapping of its own
 *	symbol ADDR NAME
 */
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS	4

int known_symbol[64] = { 1 };

static pthread_barrier_t barrier;

static void *take(size_t size)
{
	char *p = malloc(size);

	if (!p)
		abort();
	return memset(p, 1, size);
}

static void *run(void *arg)
{
	static pthread_mutex_t say = PTHREAD_MUTEX_INITIALIZER;
	char *small = take(100), *more = take(50000), *large = take(1 << 20);

	pthread_mutex_lock(&say);
	printf("arena %p\narena %p\nmmapped %p\n", (void *)(small + 99),
	       (void *)more, (void *)(large + 500000));
	pthread_mutex_unlock(&say);
	pthread_barrier_wait(&barrier);
	pause();
	return arg;
}

int main(void)
{
	pthread_t t;
	char *small, *large, *larger;

	mallopt(M_MMAP_THRESHOLD, 128 << 10);
	small = take(24);
	large = take(200000);
	larger = take(32 << 20);
	pthread_barrier_init(&barrier, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&t, NULL, run, NULL))
			abort();
	pthread_barrier_wait(&barrier);
	printf("brk %p\nmmapped %p\nmmapped %p\nsymbol %p known_symbol\nready\n",
	       (void *)small, (void *)large, (void *)(larger + 1),
	       (void *)&known_symbol[3]);
	fflush(stdout);
	for (;;)
		pause();
}
