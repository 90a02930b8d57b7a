// SPDX-License-Identifier: GPL-2.0
/* The processes that are asked about: each large in one respect. */
#include "target.h"

#define GIB	(1UL << 30)
#define TIB	(1UL << 40)

static char *reserve(size_t len)
{
	return map(len, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

static void make_dense(void)
{
	write_pages(map_anon(GIB), GIB / PAGE);
}

static void make_thp(void)
{
	char *p = map_aligned(GIB, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	allow_thp(true);
	if (madvise(p, GIB, MADV_HUGEPAGE))
		fail("madvise");
	for (i = 0; i < GIB; i += HUGE)
		write_pages(p + i, 1);
}

/* A page in every 2 MiB: a table for each. */
static void make_tables(size_t nr)
{
	char *p = map_aligned(nr * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE |
			      MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	size_t i;

	for (i = 0; i < nr; i++)
		write_pages(p + i * HUGE + i % 512 * PAGE, 1);
}

static void make_tables_512(void)
{
	make_tables(512);
}

static void make_tables_4096(void)
{
	make_tables(4096);
}

static void make_tables_32768(void)
{
	make_tables(32768);
}

static void make_untouched_1g(void)
{
	reserve(GIB);
}

static void make_untouched_64g(void)
{
	reserve(64 * GIB);
}

static void make_untouched_1t(void)
{
	reserve(TIB);
}

static void make_alternating(void)
{
	char *p = map_anon(GIB);
	size_t i;

	for (i = 0; i < GIB / PAGE; i += 2)
		write_pages(p + i * PAGE, 1);
}

/* Each page by chance, the same chance every time. */
static void make_random(void)
{
	char *p = map_anon(GIB);
	uint64_t state = 1;
	size_t i;

	for (i = 0; i < GIB / PAGE; i++) {
		state = state * 6364136223846793005 + 1442695040888963407;
		write_pages(p + i * PAGE, state >> 63);
	}
}

/* Of a page each, every third touched; neighbours differ in what they permit. */
static void make_vmas(size_t nr)
{
	char *p = map_anon(nr * PAGE);
	size_t i;

	for (i = 0; i < nr; i += 3)
		write_pages(p + i * PAGE, 1);
	for (i = 0; i < nr; i += 2)
		if (mprotect(p + i * PAGE, PAGE, PROT_READ))
			fail("mprotect");
}

static void make_vmas_10k(void)
{
	make_vmas(10000);
}

static void make_vmas_60k(void)
{
	make_vmas(60000);
}

#define NR_FILES	16
#define FILE_SIZE	(GIB / NR_FILES)

/* As libraries are: private, read. */
static void make_files(void)
{
	char name[256], *p;
	int i, fd;

	for (i = 0; i < NR_FILES; i++) {
		snprintf(name, sizeof(name), "%s/%d", target_dir, i);
		fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0 || ftruncate(fd, FILE_SIZE))
			fail(name);
		p = map(FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		write_pages(p, FILE_SIZE / PAGE);
		munmap(p, FILE_SIZE);
		p = map(FILE_SIZE, PROT_READ, MAP_PRIVATE, fd, 0);
		read_pages(p, FILE_SIZE / PAGE);
		unlink(name);
		close(fd);
	}
}

static void make_processes(void)
{
	int i;

	for (i = 0; i < 500; i++) {
		switch (fork()) {
		case -1:
			fail("fork");
		case 0:
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
	}
}

static const struct scenario scenarios[] = {
	{ "dense", make_dense },
	{ "thp", make_thp },
	{ "tables-512", make_tables_512 },
	{ "tables-4096", make_tables_4096 },
	{ "tables-32768", make_tables_32768 },
	{ "untouched-1G", make_untouched_1g },
	{ "untouched-64G", make_untouched_64g },
	{ "untouched-1T", make_untouched_1t },
	{ "alternating", make_alternating },
	{ "random", make_random },
	{ "vmas-10000", make_vmas_10k },
	{ "vmas-60000", make_vmas_60k },
	{ "files", make_files },
	{ "processes", make_processes },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
