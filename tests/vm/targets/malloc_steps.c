// SPDX-License-Identifier: GPL-2.0
/*
 * A program that takes memory of malloc() and gives it back, a step for each line
 * of standard input; after each, and once before, it says "ready":
 *
 *	1	100 chunks of 10 KiB more: brk() is moved, with a pad on top
 *	2	all but the last freed: nothing goes back to the kernel
 *	3	malloc_trim(): pages in the middle go back
 *	4	the last freed: with it the top grows, and is cut off
 *	5	malloc_trim(): what was left of the top goes, too
 *	6	500 KiB in a second thread's arena: that grows
 *	7	freed: it shrinks
 */
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIB	1024
#define CHUNKS	100
#define SIZE	(10 * KIB)

static char *chunks[CHUNKS];

/* Until there is a line to read. */
static void ready(void)
{
	puts("ready");
	fflush(stdout);
	if (getchar() == EOF)
		exit(0);
}

static void take(void)
{
	for (int i = 0; i < CHUNKS; i++) {
		chunks[i] = malloc(SIZE);
		if (!chunks[i])
			abort();
		memset(chunks[i], 1, SIZE);
	}
}

static void give_back(int nr)
{
	for (int i = 0; i < nr; i++)
		free(chunks[i]);
}

static void *in_thread(void *arg)
{
	char *volatile first = malloc(100);

	ready();
	take();
	ready();
	give_back(CHUNKS);
	ready();
	free(first);
	return arg;
}

int main(void)
{
	pthread_t thread;
	char *volatile first = malloc(100);

	/* Those of this size do not get a mapping of their own. */
	setvbuf(stdin, NULL, _IONBF, 0);
	mallopt(M_MMAP_THRESHOLD, 1024 * KIB);
	mallopt(M_TRIM_THRESHOLD, 256 * KIB);
	mallopt(M_TOP_PAD, 128 * KIB);
	ready();
	take();
	ready();
	give_back(CHUNKS - 1);
	ready();
	malloc_trim(0);
	ready();
	free(chunks[CHUNKS - 1]);
	ready();
	malloc_trim(0);
	free(first);
	if (pthread_create(&thread, NULL, in_thread, NULL) ||
	    pthread_join(thread, NULL))
		abort();
	return 0;
}
