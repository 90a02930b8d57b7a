// SPDX-License-Identifier: GPL-2.0
/* Memory that the kernel was asked to write out to the swap device. */
#include "target.h"

#define NR_PAGES 64
/* Reclaim may pass over a page that something holds for the moment. */
#define TRIES 100

static void need_swap(void)
{
	FILE *f = fopen("/proc/swaps", "re");
	char line[256];
	int lines = 0;

	if (!f)
		skip("no swap in this kernel");
	while (fgets(line, sizeof(line), f))
		lines++;
	fclose(f);
	if (lines < 2)
		skip("no swap device is on");
}

static void page_out_anon(char *p)
{
	int i;

	for (i = 0; i < TRIES; i++) {
		write_pages(p, NR_PAGES);
		if (madvise(p, NR_PAGES * PAGE, MADV_PAGEOUT))
			fail("MADV_PAGEOUT");
		if (count_pagemap(p, NR_PAGES, PAGEMAP_SWAP) == NR_PAGES)
			return;
	}
	fail("the pages would not leave");
}

/* @p: shared, of a shmem object; a page written out leaves no entry. */
static void page_out_shmem(char *p)
{
	int i;

	for (i = 0; i < TRIES; i++) {
		write_pages(p, NR_PAGES);
		if (madvise(p, NR_PAGES * PAGE, MADV_PAGEOUT))
			fail("MADV_PAGEOUT");
		if (smaps_field(p, "Swap") == NR_PAGES * PAGE)
			return;
	}
	fail("the pages would not leave");
}

static int make_memfd(void)
{
	int fd = memfd_create("swap", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, NR_PAGES * PAGE))
		fail("memfd_create");
	return fd;
}

static void make_anon(void)
{
	char *p;

	need_swap();
	p = map_anon(NR_PAGES * PAGE);
	page_out_anon(p);
	/* Some return, some of them to be written. */
	read_pages(p + 16 * PAGE, 4);
	write_pages(p + 20 * PAGE, 4);
	want_page(p, 16, "swap", "pte");
	want_page(p + 16 * PAGE, 8, "anon", "pte");
	want_page(p + 24 * PAGE, NR_PAGES - 24, "swap", "pte");
	want_usage(p, "swapped", (NR_PAGES - 8) * PAGE);
}

static void make_shmem(void)
{
	char *p;

	need_swap();
	p = map(NR_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
		make_memfd(), 0);
	page_out_shmem(p);
	want_page(p, NR_PAGES, "none", "pte");
	want_usage(p, "swapped", NR_PAGES * PAGE);
}

/*
 * A private view of an object in swap: what was copied has an entry and is
 * not looked for in the object. All within one page table: smaps of Linux 5.10
 * looks at the wrong part of the object where there is none.
 */
static void make_shmem_private(void)
{
	char *shared, *private;
	int fd;

	need_swap();
	fd = make_memfd();
	shared = map(NR_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		     0);
	private = map_aligned(NR_PAGES * PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE, fd, 0);
	write_pages(private + 8 * PAGE, 8);
	page_out_shmem(shared);
	want_page(private, 8, "none", "pte");
	want_page(private + 8 * PAGE, 8, "anon", "pte");
	want_usage(private, "swapped", (NR_PAGES - 8) * PAGE);
}

static const struct scenario scenarios[] = {
	{ "anon", make_anon },
	{ "shmem", make_shmem },
	{ "shmem_private", make_shmem_private },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
