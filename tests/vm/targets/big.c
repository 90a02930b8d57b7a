// SPDX-License-Identifier: GPL-2.0
/* More than fits into one message or one hold of a lock. */
#include "target.h"

#define SPARSE (64UL << 30)
#define NR_SPARSE (SPARSE / HUGE)

/* A kernel that checks all it does takes 10 ms and more to split a VMA. */
static size_t nr_vmas(void)
{
	return access("/proc/lockdep_stats", F_OK) ? 10000 : 2000;
}

/* Neighbours that differ in their permissions cannot merge. */
static void make_vmas(void)
{
	size_t i, nr = nr_vmas();
	char *p = map_anon(nr * PAGE);

	for (i = 0; i < nr; i += 2) {
		write_pages(p + i * PAGE, i % 3 == 0);
		if (mprotect(p + i * PAGE, PAGE, PROT_READ))
			fail("mprotect");
	}
	say("vmas %zu %zu\n", nr, nr + 100);
}

/* One page in every 2 MiB: as many page tables as pages. */
static void make_sparse(void)
{
	char *p = map_anon(SPARSE);
	size_t i;

	for (i = 0; i < NR_SPARSE; i++)
		write_pages(p + i * HUGE + i % 512 * PAGE, 1);
	want_usage(p, "anon", NR_SPARSE * PAGE);
	want_page(p, 1, "anon", "pte");
	want_page(p + PAGE, HUGE / PAGE, "none", "pte");
	want_page(p + HUGE + PAGE, 1, "anon", "pte");
}

/* Every other page: no two neighbours alike. */
static void make_alternating(void)
{
	char *p = map_anon(16 * HUGE);
	size_t i;

	for (i = 0; i < 16 * HUGE / PAGE; i += 2)
		write_pages(p + i * PAGE, 1);
	want_usage(p, "anon", 8 * HUGE);
	want_page(p + 100 * PAGE, 1, "anon", "pte");
	want_page(p + 101 * PAGE, 1, "none", "pte");
}

/* One extent over many page tables. */
static void make_dense(void)
{
	char *p = map_anon(32 * HUGE);

	write_pages(p, 32 * HUGE / PAGE);
	want_page(p, 32 * HUGE / PAGE, "anon", "pte");
}

static const struct scenario scenarios[] = {
	{ "vmas", make_vmas },
	{ "sparse", make_sparse },
	{ "alternating", make_alternating },
	{ "dense", make_dense },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
