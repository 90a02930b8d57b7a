// SPDX-License-Identifier: GPL-2.0
/* Where malloc() takes its memory from: by size, by thread, and after free(). */
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define KIB	1024
#define CHUNKS	1024

static void *in_thread(void *arg)
{
	(void)arg;
	printf("in a thread: 100 B at %p\n", malloc(100));
	return NULL;
}

static void enter(void)
{
	fflush(stdout);
	getchar();
}

int main(void)
{
	static char *chunks[CHUNKS];
	pthread_t thread;
	char *large;

	setvbuf(stdin, NULL, _IONBF, 0);
	printf("100 B at %p\n", malloc(100));
	printf("100 KiB at %p\n", malloc(100 * KIB));
	large = malloc(200 * KIB);
	printf("200 KiB at %p\n", large);
	pthread_create(&thread, NULL, in_thread, NULL);
	pthread_join(thread, NULL);
	enter();

	for (int i = 0; i < CHUNKS; i++) {
		chunks[i] = malloc(KIB);
		chunks[i][0] = 1;
	}
	puts("1024 times 1 KiB more");
	enter();

	for (int i = 0; i < CHUNKS - 1; i++)
		free(chunks[i]);
	puts("all but the last freed");
	enter();

	free(chunks[CHUNKS - 1]);
	puts("the last one, too");
	enter();

	free(large);
	printf("200 KiB freed, then again at %p\n", malloc(200 * KIB));
	enter();
	return 0;
}
