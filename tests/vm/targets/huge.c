// SPDX-License-Identifier: GPL-2.0
/* Leaves above the PTE level: transparent huge pages and hugetlb. */
#include "target.h"

#include <linux/mman.h>

#define PER_HUGE (HUGE / PAGE)
#define SYSFS "/sys/kernel/mm/"
#define SHMEM_ENABLED SYSFS "transparent_hugepage/shmem_enabled"
#define POOL(kib) SYSFS "hugepages/hugepages-" #kib "kB/nr_hugepages"

/* Writes @text to the file @path of sysfs; false where there is none. */
static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) > 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

static unsigned long get(const char *path)
{
	FILE *f = fopen(path, "re");
	unsigned long n = 0;

	if (f) {
		if (fscanf(f, "%lu", &n) != 1)
			n = 0;
		fclose(f);
	}
	return n;
}

/* Room for @nr huge pages, which are advised. */
static char *map_thp(size_t nr, int flags, int fd)
{
	char *p;

	allow_thp(true);
	p = map_aligned(nr * HUGE, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (madvise(p, nr * HUGE, MADV_HUGEPAGE))
		skip("no transparent huge pages");
	return p;
}

static void make_thp(void)
{
	char *p = map_thp(4, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	write_pages(p, 1);
	write_pages(p + 2 * HUGE, 1);
	if (smaps_field(p, "AnonHugePages") != 2 * HUGE)
		fail("no huge pages came");
	want_page(p, PER_HUGE, "anon", "pmd");
	want_page(p + HUGE, PER_HUGE, "none", "pte");
	want_page(p + 2 * HUGE, PER_HUGE, "anon", "pmd");
	want_usage(p, "anon_huge", 2 * HUGE);
}

/* Huge pages that are mapped by a table again, or only in part. */
static void make_thp_split(void)
{
	char *p = map_thp(4, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	write_pages(p, 4 * PER_HUGE);
	if (smaps_field(p, "AnonHugePages") != 4 * HUGE)
		fail("no huge pages came");
	if (mprotect(p + HUGE + 100 * PAGE, PAGE, PROT_READ) ||
	    madvise(p + 2 * HUGE, HUGE / 2, MADV_DONTNEED))
		fail("mprotect, madvise");
	want_page(p, PER_HUGE, "anon", "pmd");
	want_page(p + HUGE, PER_HUGE, "anon", "pte");
	want_page(p + 2 * HUGE, PER_HUGE / 2, "none", "pte");
	want_page(p + 2 * HUGE + HUGE / 2, PER_HUGE / 2, "anon", "pte");
	want_page(p + 3 * HUGE, PER_HUGE, "anon", "pmd");
}

static void make_thp_zero(void)
{
	char *p = map_thp(2, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	read_pages(p, 1);
	if (count_pagemap(p, PER_HUGE, PAGEMAP_PRESENT) != PER_HUGE)
		skip("no huge zero page");
	want_page(p, PER_HUGE, "zero", "pmd");
	want_page(p + HUGE, PER_HUGE, "none", "pte");
}

static void make_thp_shmem(void)
{
	int fd = memfd_create("huge", MFD_CLOEXEC);
	char *p;

	if (fd < 0 || ftruncate(fd, 2 * HUGE))
		fail("memfd_create");
	if (!put(SHMEM_ENABLED, "advise"))
		skip("no huge pages in shmem");
	p = map_thp(2, MAP_SHARED, fd);
	write_pages(p, 1);
	put(SHMEM_ENABLED, "never");
	if (smaps_field(p, "ShmemPmdMapped") != HUGE)
		fail("no huge page came");
	want_page(p, PER_HUGE, "shmem", "pmd");
	want_page(p + HUGE, PER_HUGE, "none", "pte");
}

/* A kernel may write it out whole: its object then has one entry for all. */
static void make_thp_shmem_swapped(void)
{
	size_t swapped = 0;
	int i, fd = memfd_create("huge", MFD_CLOEXEC);
	char *p;

	if (fd < 0 || ftruncate(fd, 2 * HUGE))
		fail("memfd_create");
	if (!put(SHMEM_ENABLED, "advise"))
		skip("no huge pages in shmem");
	p = map_thp(2, MAP_SHARED, fd);
	write_pages(p, 2 * PER_HUGE);
	put(SHMEM_ENABLED, "never");
	for (i = 0; i < 100 && swapped < 2 * HUGE; i++) {
		if (madvise(p, 2 * HUGE, MADV_PAGEOUT))
			skip("no MADV_PAGEOUT");
		swapped = smaps_field(p, "Swap");
	}
	if (!swapped)
		skip("no swap took it");
	want_usage(p, "swapped", swapped);
}

/* The pool grows by @nr pages; the reader's side empties it at its end. */
static char *map_hugetlb(size_t nr, int flags)
{
	unsigned long had = get(POOL(2048));
	char text[24];

	snprintf(text, sizeof(text), "%lu", had + nr);
	if (!put(POOL(2048), text))
		skip("no hugetlb pages of 2 MiB");
	if (get(POOL(2048)) < had + nr)
		fail("the hugetlb pool did not grow");
	return map(nr * HUGE, PROT_READ | PROT_WRITE,
		   flags | MAP_ANONYMOUS | MAP_HUGETLB | MAP_HUGE_2MB, -1, 0);
}

static void make_hugetlb_private(void)
{
	char *p = map_hugetlb(3, MAP_PRIVATE);

	write_pages(p, 1);
	write_pages(p + 2 * HUGE, 1);
	want_page(p, PER_HUGE, "anon", "pmd-hugetlb");
	want_page(p + HUGE, PER_HUGE, "none", "pte");
	want_page(p + 2 * HUGE, PER_HUGE, "anon", "pmd-hugetlb");
	want_usage(p, "hugetlb", 2 * HUGE);
}

static void read_two(void *p)
{
	read_pages(p, 1);
	read_pages((char *)p + HUGE, 1);
}

static void make_hugetlb_shared(void)
{
	char *p = map_hugetlb(4, MAP_SHARED);

	/* Forked first: older kernels give a child all that is mapped by then. */
	in_child(read_two, p);
	write_pages(p, 3 * PER_HUGE);
	if (smaps_field(p, "Shared_Hugetlb") != 2 * HUGE)
		fail("Shared_Hugetlb is not as meant");
	want_page(p, 2 * PER_HUGE, "file", "pmd-hugetlb-shared");
	want_page(p + 2 * HUGE, PER_HUGE, "file", "pmd-hugetlb");
	want_page(p + 3 * HUGE, PER_HUGE, "none", "pte");
	want_usage(p, "hugetlb_shared", 2 * HUGE);
}

static void make_hugetlb_1g(void)
{
	unsigned long had = get(POOL(1048576));
	char *p;

	if (!had)
		skip("no hugetlb page of 1 GiB reserved: boot with hugepagesz=1G hugepages=1");
	p = map(1UL << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS |
		MAP_HUGETLB | MAP_HUGE_1GB, -1, 0);
	write_pages(p, 1);
	want_page(p, (1UL << 30) / PAGE, "anon", "pud-hugetlb");
}

/* Present to the kernel alone. */
static void make_hugetlb_1g_none(void)
{
	char *p;

	if (!get(POOL(1048576)))
		skip("no hugetlb page of 1 GiB reserved: boot with hugepagesz=1G hugepages=1");
	p = map(1UL << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS |
		MAP_HUGETLB | MAP_HUGE_1GB, -1, 0);
	write_pages(p, 1);
	if (mprotect(p, 1UL << 30, PROT_NONE))
		fail("mprotect");
	want_page(p, (1UL << 30) / PAGE, "anon", "pud-hugetlb");
}

/*
 * Sizes between those of the levels, which are runs of leaves. The pool may
 * shrink at once: what is reserved stays until it is given back.
 */
static void make_run(const char *pool, int flag, size_t size, const char *level)
{
	char *p;

	if (!put(pool, "2"))
		skip("no hugetlb pages of this size");
	p = map(2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS |
		MAP_HUGETLB | flag, -1, 0);
	put(pool, "0");
	write_pages(p, 1);
	want_page(p, size / PAGE, "anon", level);
	want_page(p + size, size / PAGE, "none", "pte");
	want_usage(p, "hugetlb", size);
}

static void make_hugetlb_64k(void)
{
	make_run(POOL(64), MAP_HUGE_64KB, 64 << 10, "pte-hugetlb");
}

static void make_hugetlb_32m(void)
{
	make_run(POOL(32768), MAP_HUGE_32MB, 32 << 20, "pmd-hugetlb");
}

/*
 * All of an aligned GiB that parent and child have in common: they share the
 * PMD table of it, which the kernel counts for each.
 */
static void make_hugetlb_one_table(void)
{
	const size_t size = 1UL << 30;
	char *p;

	if (!put(POOL(2048), "16"))
		skip("no hugetlb pages of 2 MiB");
	p = map(2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
		MAP_NORESERVE, -1, 0);
	p = (char *)(((uintptr_t)p + size - 1) & -size);
	if (mmap(p, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS |
		 MAP_HUGETLB | MAP_HUGE_2MB | MAP_NORESERVE | MAP_FIXED, -1,
		 0) != p)
		fail("mmap");
	write_pages(p, 2 * PER_HUGE);
	in_child(read_two, p);
	if (smaps_field(p, "Shared_Hugetlb") != 2 * HUGE)
		fail("Shared_Hugetlb is not as meant");
	want_page(p, 2 * PER_HUGE, "file", "pmd-hugetlb-shared");
}

static const struct scenario scenarios[] = {
	{ "thp", make_thp },
	{ "thp_split", make_thp_split },
	{ "thp_zero", make_thp_zero },
	{ "thp_shmem", make_thp_shmem },
	{ "thp_shmem_swapped", make_thp_shmem_swapped },
	{ "hugetlb_private", make_hugetlb_private },
	{ "hugetlb_shared", make_hugetlb_shared },
	{ "hugetlb_one_table", make_hugetlb_one_table },
	{ "hugetlb_1g", make_hugetlb_1g },
	{ "hugetlb_1g_none", make_hugetlb_1g_none },
	{ "hugetlb_64k", make_hugetlb_64k },
	{ "hugetlb_32m", make_hugetlb_32m },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
