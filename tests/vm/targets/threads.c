// SPDX-License-Identifier: GPL-2.0
/*
 * Threads: blocked in system calls, very many, coming and going, without a
 * leader, in 32-bit code.
 */
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>

#include "target.h"

#ifdef __x86_64__
#include <asm/ldt.h>
#include <asm/prctl.h>
#endif

#define SMALL_STACK	(64 << 10)

static sem_t started;

static unsigned long fs_base(void)
{
#ifdef __x86_64__
	unsigned long base;

	if (syscall(SYS_arch_prctl, ARCH_GET_FS, &base))
		fail("ARCH_GET_FS");
	return base;
#else
	return (unsigned long)__builtin_thread_pointer();
#endif
}

static void tell_of_thread(void)
{
	say("thread %ld %lx\n", syscall(SYS_gettid), fs_base());
}

static pthread_t start(void *(*run)(void *), void *arg)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, SMALL_STACK);
	if (pthread_create(&thread, &attr, run, arg))
		fail("pthread_create");
	pthread_attr_destroy(&attr);
	return thread;
}

static _Noreturn void *block(void *claim)
{
	if (claim)
		tell_of_thread();
	sem_post(&started);
	for (;;)
		pause();
}

static void start_blocked(int nr, void *claim)
{
	int i;

	sem_init(&started, 0, 0);
	for (i = 0; i < nr; i++)
		start(block, claim);
	for (i = 0; i < nr; i++)
		while (sem_wait(&started))
			;
}

static void make_blocked(void)
{
	tell_of_thread();
	start_blocked(20, "claim");
}

static void make_many(void)
{
	start_blocked(2000, NULL);
}

static void *exit_at_once(void *unused)
{
	return unused;
}

static _Noreturn void *come_and_go(void *unused)
{
	(void)unused;
	for (;;)
		pthread_join(start(exit_at_once, NULL), NULL);
}

/* The lasting ones are born between others. */
static void make_churn(void)
{
	int i;

	start(come_and_go, NULL);
	for (i = 0; i < 400; i++)
		start_blocked(1, i % 20 ? NULL : "claim");
	start(come_and_go, NULL);
}

static _Noreturn void *outlive(void *leader)
{
	pthread_join(*(pthread_t *)leader, NULL);
	tell_of_thread();
	say("ready\n");
	for (;;)
		pause();
}

static void make_leaderless(void)
{
	static pthread_t leader;

	leader = pthread_self();
	start(outlive, &leader);
	/* Not pthread_exit(), which would load libgcc_s. */
	syscall(SYS_exit, 0);
}

#ifdef __x86_64__
#define THREAD_AREA	0x12345000

/* set_thread_area(&desc), GS to it, pause() for ever. */
static const unsigned char code32[] = {
	0xb8, 0x2b, 0x00, 0x00, 0x00,	/* mov eax, 0x2b: __USER_DS */
	0x8e, 0xd8,			/* mov ds, eax */
	0xb8, 0xf3, 0x00, 0x00, 0x00,	/* mov eax, 243 */
	0xcd, 0x80,			/* int 0x80 */
	0x8b, 0x03,			/* mov eax, [ebx] */
	0xc1, 0xe0, 0x03,		/* shl eax, 3 */
	0x83, 0xc8, 0x03,		/* or eax, 3 */
	0x8e, 0xe8,			/* mov gs, eax */
	0xb8, 0x1d, 0x00, 0x00, 0x00,	/* mov eax, 29 */
	0xcd, 0x80,			/* int 0x80 */
	0xeb, 0xf7,			/* the last two again */
};

static void *run_32bit(void *unused)
{
	const struct user_desc desc = {
		.entry_number = -1, .base_addr = THREAD_AREA, .limit = 0xfffff,
		.seg_32bit = 1, .limit_in_pages = 1,
	};
	struct {
		unsigned int offset;
		unsigned short selector;
	} far = { .selector = 0x23 };	/* __USER32_CS */
	char *low = map(2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	(void)unused;
	memcpy(low, code32, sizeof(code32));
	memcpy(low + PAGE, &desc, sizeof(desc));
	say("thread %ld %lx\n", syscall(SYS_gettid), (long)THREAD_AREA);
	sem_post(&started);
	far.offset = (uintptr_t)low;
	asm volatile("mov %0, %%rsp\n\tljmp *(%1)"
		     : : "r" (low + 2 * PAGE), "r" (&far), "b" (low + PAGE)
		     : "memory");
	return NULL;
}

static void make_32bit(void)
{
	char path[64], line[16] = "";
	pthread_t thread;
	FILE *f;

	if (access("/proc/sys/abi/vsyscall32", F_OK))
		skip("a kernel without 32-bit system calls");
	sem_init(&started, 0, 0);
	thread = start(run_32bit, NULL);
	(void)thread;
	while (sem_wait(&started))
		;
	/* Until it waits in pause(). */
	do {
		usleep(10000);
		snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall",
			 getpid(), getpid() + 1);
		f = fopen(path, "re");
		if (!f || !fgets(line, sizeof(line), f))
			fail(path);
		fclose(f);
	} while (strncmp(line, "29 ", 3));
}
#else
static void make_32bit(void)
{
	skip("not x86");
}
#endif

static const struct scenario scenarios[] = {
	{ "blocked", make_blocked },
	{ "many", make_many },
	{ "churn", make_churn },
	{ "leaderless", make_leaderless },
	{ "32bit", make_32bit },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
