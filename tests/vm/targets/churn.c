// SPDX-License-Identifier: GPL-2.0
/* Address spaces that never keep still. */
#include "target.h"

#define NR_VMAS 1500
#define NR_TABLES 700UL

/* Enough VMAs that no walk gets through them under one hold of the lock. */
static char *many_vmas(void)
{
	char *p = map_anon(NR_VMAS * PAGE);
	size_t i;

	write_pages(p, NR_VMAS);
	for (i = 0; i < NR_VMAS; i += 2)
		if (mprotect(p + i * PAGE, PAGE, PROT_READ))
			fail("mprotect");
	return p;
}

/*
 * Maps, fills, joins, splits, drops and unmaps, all over, until killed. What is
 * joined is split again, so that there are always as many VMAs.
 */
static void make_vmas(void)
{
	char *p = many_vmas(), *q;
	unsigned int i;

	say("ready\n");
	for (i = 0;; i++) {
		char *at = p + i * 7919UL % (NR_VMAS - 2) / 2 * 2 * PAGE;

		q = map_anon(16 * PAGE);
		write_pages(q, i % 17);
		mprotect(at + PAGE, PAGE, PROT_READ);
		mprotect(at + PAGE, PAGE, PROT_READ | PROT_WRITE);
		mprotect(at, PAGE, PROT_NONE);
		mprotect(at, PAGE, PROT_READ);
		madvise(at, PAGE, MADV_DONTNEED);
		munmap(q - PAGE, 18 * PAGE);
	}
}

/* The VMAs stay, their pages and page tables come and go. */
static void make_pages(void)
{
	char *p = map_anon(NR_TABLES * HUGE);
	unsigned int i;

	for (i = 0; i < NR_TABLES; i++)
		write_pages(p + i * HUGE, 1);
	say("ready\n");
	for (i = 0;; i++) {
		char *at = p + i % (NR_TABLES - 1) * HUGE;

		write_pages(at + i % 512 * PAGE, 512);
		madvise(at, HUGE, MADV_DONTNEED);
		write_pages(at + i % 512 * PAGE, 1);
	}
}

/* Huge pages come, are split, go, and come again. */
static void make_huge(void)
{
	char *p;
	unsigned int i;

	allow_thp(true);
	p = map_aligned(16 * HUGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (madvise(p, 16 * HUGE, MADV_HUGEPAGE))
		skip("no transparent huge pages");
	say("ready\n");
	for (i = 0;; i++) {
		char *at = p + i % 16 * HUGE;

		write_pages(at, 1);
		madvise(at + i % 512 * PAGE, PAGE, MADV_DONTNEED);
		if (i % 3 == 0)
			madvise(at, HUGE, MADV_DONTNEED);
	}
}

static const struct scenario scenarios[] = {
	{ "vmas", make_vmas },
	{ "pages", make_pages },
	{ "huge", make_huge },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
