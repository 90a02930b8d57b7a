// SPDX-License-Identifier: GPL-2.0
/* Anonymous memory, 4 KiB pages: heap, permissions, zero page, stacks. */
#include "target.h"

#include <alloca.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <time.h>

#define NR_THREADS 16

static void make_heap(void)
{
	char *p = sbrk(0);

	if (sbrk((PAGE - (uintptr_t)p % PAGE) % PAGE + 256 * PAGE) == (void *)-1)
		fail("sbrk");
	p = (char *)(((uintptr_t)p + PAGE - 1) & -PAGE);
	write_pages(p, 16);
	write_pages(p + 100 * PAGE, 1);
	want_page(p, 16, "anon", "pte");
	want_page(p + 16 * PAGE, 84, "none", "pte");
	want_page(p + 100 * PAGE, 1, "anon", "pte");
	want_page(p + 101 * PAGE, 155, "none", "pte");
}

/* Every permission, private and shared, two pages of four used. */
static void make_permissions(void)
{
	int prot, shared;

	for (shared = 0; shared < 2; shared++) {
		int flags = shared ? MAP_SHARED : MAP_PRIVATE;

		for (prot = 0; prot < 8; prot++) {
			char *p = map(4 * PAGE, prot | PROT_READ | PROT_WRITE,
				      flags | MAP_ANONYMOUS, -1, 0);

			write_pages(p, 2);
			if (mprotect(p, 4 * PAGE, prot))
				fail("mprotect");
			want_page(p, 2, shared ? "shmem" : "anon", "pte");
			want_page(p + 2 * PAGE, 2, "none", "pte");
		}
	}
}

/* Read before ever written: the zero page stands in. */
static void make_zero(void)
{
	char *p = map_anon(64 * PAGE);

	read_pages(p, 32);
	write_pages(p + 8 * PAGE, 4);
	want_page(p, 8, "zero", "pte");
	want_page(p + 8 * PAGE, 4, "anon", "pte");
	want_page(p + 12 * PAGE, 20, "zero", "pte");
	want_page(p + 32 * PAGE, 32, "none", "pte");
}

/* 8 GiB of PROT_NONE, and memory that lost its permissions after use. */
static void make_reserved(void)
{
	const size_t len = 2UL << 30;
	char *p = map(len + 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS |
		      MAP_NORESERVE, -1, 0) + PAGE;
	char *q = map_anon(1024 * PAGE);

	write_pages(q + 512 * PAGE, 100);
	if (mprotect(p, len, PROT_NONE) || mprotect(q, 1024 * PAGE, PROT_NONE))
		fail("mprotect");
	want_page(p, len / PAGE, "none", "pte");
	want_usage(p, "reserved", len);
	want_page(q + 512 * PAGE, 100, "anon", "pte");
}

static void make_growsdown(void)
{
	char *room = map_anon(1024 * PAGE), *p = room + 512 * PAGE;

	if (munmap(room, 1024 * PAGE))
		fail("munmap");
	p = mmap(p, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		 MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_GROWSDOWN, -1, 0);
	if (p == MAP_FAILED)
		fail("mmap of a stack");
	/* Each write is a page below the one before: the VMA follows. */
	for (p += 3 * PAGE; p >= room + 480 * PAGE; p -= PAGE)
		write_pages(p, 1);
	want_page(room + 480 * PAGE, 36, "anon", "pte");
}

static void make_stack(void)
{
	char *p = alloca(300 * PAGE);

	write_pages(p, 300);
	p = (char *)(((uintptr_t)p + PAGE - 1) & -PAGE);
	want_page(p, 299, "anon", "pte");
}

static void *thread_main(void *barrier)
{
	char *p = alloca(4 * PAGE);

	write_pages(p, 4);
	pthread_barrier_wait(barrier);
	for (;;)
		pause();
	return NULL;
}

static void make_threads(void)
{
	static pthread_barrier_t barrier;
	pthread_attr_t attr;
	pthread_t t;
	int i;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 * PAGE);
	pthread_barrier_init(&barrier, NULL, NR_THREADS);
	for (i = 1; i < NR_THREADS; i++)
		if (pthread_create(&t, &attr, thread_main, &barrier))
			fail("pthread_create");
	pthread_barrier_wait(&barrier);
	say("vmas %d 1000\n", 2 * NR_THREADS);
}

static void read_some(void *p)
{
	read_pages(p, 64);
	write_pages(p, 16);
}

/* Shared with a child after fork: 16 pages were copied by it, 48 were not. */
static void make_forked(void)
{
	char *p = map_anon(64 * PAGE);

	write_pages(p, 64);
	in_child(read_some, p);
	want_page(p, 64, "anon", "pte");
}

/* Dropped again, some of it in a way that leaves the pages until needed. */
static void make_dropped(void)
{
	char *p = map_anon(64 * PAGE);

	write_pages(p, 64);
	if (madvise(p, 16 * PAGE, MADV_DONTNEED) ||
	    madvise(p + 16 * PAGE, 16 * PAGE, MADV_FREE))
		fail("madvise");
	want_page(p, 16, "none", "pte");
	want_page(p + 16 * PAGE, 48, "anon", "pte");
}

/* What the kernel maps by itself. */
static void make_vdso(void)
{
	const char *vdso = (const char *)getauxval(AT_SYSINFO_EHDR);
	struct timespec ts;

	if (!vdso)
		skip("no vdso");
	clock_gettime(CLOCK_MONOTONIC, &ts);
	read_pages(vdso, 1);
	want_page(vdso, 1, "file", "pte");
}

static const struct scenario scenarios[] = {
	{ "heap", make_heap },
	{ "permissions", make_permissions },
	{ "zero", make_zero },
	{ "reserved", make_reserved },
	{ "growsdown", make_growsdown },
	{ "stack", make_stack },
	{ "threads", make_threads },
	{ "forked", make_forked },
	{ "dropped", make_dropped },
	{ "vdso", make_vdso },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
