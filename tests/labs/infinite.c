// SPDX-License-Identifier: GPL-2.0
/*
 * A thread with a stack of 64 GiB, on a machine that has much less. It uses 16 MiB of
 * it, comes back, and then steps over its end.
 */
#include <err.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define GUARD	4096UL
#define SIZE	(64UL << 30)

static char *stack;

static void enter(void)
{
	fflush(stdout);
	getchar();
}

static int descend(int kib)
{
	volatile char frame[1024];

	frame[0] = kib;
	return kib > 1 ? descend(kib - 1) + frame[0] : frame[0];
}

/* Runs on a stack of its own: there is none left. */
static void report(int signal, siginfo_t *info, void *context)
{
	(void)context;
	printf("signal %d at %p\n", signal, info->si_addr);
	enter();
	_exit(0);
}

static void catch(void)
{
	static char other[65536];
	stack_t alternative = { .ss_sp = other, .ss_size = sizeof(other) };
	struct sigaction action = { .sa_sigaction = report,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK };

	sigaltstack(&alternative, NULL);
	sigaction(SIGSEGV, &action, NULL);
}

static void *run(void *arg)
{
	char here;

	catch();
	printf("here %p\n", (void *)&here);
	enter();
	descend(16 << 10);
	puts("was 16 MiB deeper");
	enter();
	stack[GUARD] = 1;
	puts("wrote to the last byte that is stack");
	enter();
	stack[GUARD - 1] = 1;
	return arg;
}

int main(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	stack = mmap(NULL, GUARD + SIZE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
	if (stack == MAP_FAILED || mprotect(stack, GUARD, PROT_NONE))
		err(1, "no stack");
	printf("guard %p\n", (void *)stack);
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, stack + GUARD, SIZE);
	if (pthread_create(&thread, &attr, run, NULL))
		errx(1, "no thread");
	return pthread_join(thread, NULL);
}
