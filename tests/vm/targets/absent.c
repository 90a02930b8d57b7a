// SPDX-License-Identifier: GPL-2.0
/* Pages that are not there, for every reason that can be brought about. */
#include "target.h"

#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

/* Newer than the headers of some hosts. */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#ifndef UFFDIO_POISON
struct uffdio_poison {
	struct uffdio_range range;
	__u64 mode;
	__s64 updated;
};

#define UFFDIO_POISON _IOWR(UFFDIO, 0x08, struct uffdio_poison)
#define UFFD_FEATURE_POISON (1 << 14)
#endif

#define NR_PAGES 64

static void want_absent(const void *at, size_t pages, const char *why)
{
	say("absent %lx %zu %s\n", (unsigned long)at, pages, why);
}

/* Of @pages from @p on, how many does mincore() find in the cache? */
static size_t count_cached(char *p, size_t pages)
{
	unsigned char in_core[NR_PAGES];
	size_t i, n = 0;

	if (mincore(p, pages * PAGE, in_core))
		fail("mincore");
	for (i = 0; i < pages; i++)
		n += in_core[i] & 1;
	return n;
}

static int open_file(const char *name)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", target_dir, name);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || unlink(path))
		fail(path);
	return fd;
}

static void write_file(int fd, size_t page, size_t pages)
{
	static const char text[PAGE] = "x";

	for (; pages; page++, pages--)
		if (pwrite(fd, text, PAGE, page * PAGE) != PAGE)
			fail("pwrite");
}

/*
 * A file of 48 pages, the last not full, with holes, mapped with 16 pages too
 * many. A read fault maps cached neighbours, up to 16 of an aligned block.
 */
static void make_file(void)
{
	int fd = open_file("absent");
	char *p;

	write_file(fd, 0, 16);
	write_file(fd, 32, 1);
	if (ftruncate(fd, 48 * PAGE - 100))
		fail("ftruncate");
	p = map_aligned(NR_PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	if (count_cached(p, 16) != 16 || count_cached(p + 16 * PAGE, 16) ||
	    count_cached(p + 33 * PAGE, 31))
		fail("the cache is not as meant");
	read_pages(p + 32 * PAGE, 1);
	want_absent(p, 16, "cached");
	want_absent(p + 16 * PAGE, 16, "none");
	want_absent(p + 33 * PAGE, 15, "none");
	want_absent(p + 48 * PAGE, 16, "beyond-eof");
}

/*
 * Holes wider than page tables: every other page of the first in the cache, and
 * two pages in the middle.
 */
static void make_wide(void)
{
	const size_t half = 3UL << 30;
	int fd = open_file("wide");
	size_t i;
	char *p;

	if (ftruncate(fd, 2 * half))
		fail("ftruncate");
	for (i = 0; i < 2 * HUGE / PAGE; i += 2)
		write_file(fd, i, 1);
	write_file(fd, half / PAGE - 1, 2);
	p = map(2 * half + HUGE, PROT_READ, MAP_SHARED | MAP_NORESERVE, fd, 0);
	for (i = 0; i < 8; i++)
		want_absent(p + i * PAGE, 1, i % 2 ? "none" : "cached");
	want_absent(p + 2 * HUGE, (half - 2 * HUGE) / PAGE - 1, "none");
	want_absent(p + half - PAGE, 2, "cached");
	want_absent(p + half + PAGE, half / PAGE - 1, "none");
	want_absent(p + 2 * half, HUGE / PAGE, "beyond-eof");
}

/* Pages behind the end that the cache holds all the same: fallocate() can. */
static void make_kept_size(void)
{
	int fd = memfd_create("absent", MFD_CLOEXEC);
	char *p;

	if (fd < 0 || ftruncate(fd, 8 * PAGE) ||
	    fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 16 * PAGE))
		fail("fallocate");
	write_file(fd, 0, 4);
	p = map_aligned(NR_PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	want_absent(p, 4, "cached");
	/* Allocated, but nothing has been put in. */
	want_absent(p + 4 * PAGE, 4, "none");
	want_absent(p + 8 * PAGE, NR_PAGES - 8, "beyond-eof");
}

/* The page cache of a disk, some of it read, and dropped again. */
static void make_dropped(void)
{
	static const char *const disks[] = { "/dev/nvme0n1", "/dev/ram0" };
	int fd = open(disks[0], O_RDONLY | O_CLOEXEC);
	char buf[16 * PAGE], *p;

	if (fd < 0)
		fd = open(disks[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		skip("no disk");
	p = map_aligned(NR_PAGES * PAGE, PROT_READ, MAP_SHARED, fd,
			64UL << 20);
	posix_fadvise(fd, 64UL << 20, NR_PAGES * PAGE, POSIX_FADV_RANDOM);
	posix_fadvise(fd, 64UL << 20, NR_PAGES * PAGE, POSIX_FADV_DONTNEED);
	if (pread(fd, buf, sizeof(buf), 64UL << 20) != sizeof(buf))
		fail("pread");
	posix_fadvise(fd, 64UL << 20, 8 * PAGE, POSIX_FADV_DONTNEED);
	if (count_cached(p, 16) != 8 || count_cached(p + 8 * PAGE, 8) != 8)
		fail("the cache is not as meant");
	want_absent(p, 8, "none");
	want_absent(p + 8 * PAGE, 8, "cached");
}

/* A shmem object in swap leaves no entry. */
static void make_swapped(void)
{
	int i, fd = memfd_create("absent", MFD_CLOEXEC);
	char *p;

	if (fd < 0 || ftruncate(fd, NR_PAGES * PAGE))
		fail("memfd_create");
	p = map_aligned(NR_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
			fd, 0);
	for (i = 0; i < 100 && smaps_field(p, "Swap") < 32 * PAGE; i++) {
		write_pages(p, 32);
		if (madvise(p, 32 * PAGE, MADV_PAGEOUT))
			skip("no MADV_PAGEOUT");
	}
	if (smaps_field(p, "Swap") != 32 * PAGE)
		skip("no swap took it");
	want_absent(p, 32, "swapped");
	want_absent(p + 32 * PAGE, 32, "none");
	want_usage(p, "swapped", 32 * PAGE);
}

/* Copied from the file, and of the rest a part reserved. */
static void make_private(void)
{
	int fd = open_file("absent");
	char *p;

	write_file(fd, 0, NR_PAGES);
	p = map_aligned(NR_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE,
			fd, 0);
	write_pages(p, 8);
	if (mprotect(p + 32 * PAGE, 32 * PAGE, PROT_NONE))
		fail("mprotect");
	want_page(p, 8, "anon", "pte");
	want_absent(p + 16 * PAGE, 48, "cached");
	want_usage(p + 32 * PAGE, "reserved", 32 * PAGE);
}

static void make_guard(void)
{
	char *p = map_anon(NR_PAGES * PAGE);

	write_pages(p, 16);
	if (madvise(p + 8 * PAGE, 8 * PAGE, MADV_GUARD_INSTALL))
		skip("no MADV_GUARD_INSTALL");
	if (count_pagemap(p, 16, PAGEMAP_PRESENT) != 8)
		fail("the guarded pages are still there");
	want_page(p, 8, "anon", "pte");
	want_page(p + 8 * PAGE, 8, "guard", "pte");
	want_absent(p + 16 * PAGE, NR_PAGES - 16, "none");
}

/* A userfaultfd with @features over [@p, @p + NR_PAGES); stays open. */
static int watch(char *p, uint64_t features, uint64_t mode)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	struct uffdio_register reg = {
		.range = { (uintptr_t)p, NR_PAGES * PAGE }, .mode = mode,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api))
		skip("no such userfaultfd in this kernel");
	if (ioctl(fd, UFFDIO_REGISTER, &reg))
		skip("userfaultfd does not take this memory");
	return fd;
}

static void make_uffd_poison(void)
{
	char *p = map_anon(NR_PAGES * PAGE);
	struct uffdio_poison poison = {
		.range = { (uintptr_t)(p + 8 * PAGE), 8 * PAGE },
	};

	write_pages(p, 8);
	if (ioctl(watch(p, UFFD_FEATURE_POISON, UFFDIO_REGISTER_MODE_MISSING),
		  UFFDIO_POISON, &poison))
		skip("no UFFDIO_POISON");
	want_page(p, 8, "anon", "pte");
	want_page(p + 8 * PAGE, 8, "hwpoison", "pte");
	want_page(p + 16 * PAGE, NR_PAGES - 16, "none", "pte");
}

/* Protected before there is a page: a marker remembers it. */
static void make_uffd_marker(void)
{
	char *p = map_aligned(NR_PAGES * PAGE, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct uffdio_writeprotect wp = {
		.range = { (uintptr_t)p, 16 * PAGE },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};

	write_pages(p, 8);
	if (ioctl(watch(p, UFFD_FEATURE_PAGEFAULT_FLAG_WP |
			UFFD_FEATURE_WP_HUGETLBFS_SHMEM,
			UFFDIO_REGISTER_MODE_WP), UFFDIO_WRITEPROTECT, &wp))
		fail("UFFDIO_WRITEPROTECT");
	if (count_pagemap(p, 16, PAGEMAP_UFFD_WP) != 16)
		fail("the pages are not protected");
	want_page(p, 8, "shmem", "pte");
	want_page(p + 8 * PAGE, 8, "marker", "pte");
	want_page(p + 16 * PAGE, NR_PAGES - 16, "none", "pte");
}

static void ignore(int signal)
{
	(void)signal;
}

/* The kernel tells us with a signal. */
static void make_hwpoison(void)
{
	char *p = map_anon(NR_PAGES * PAGE);

	write_pages(p, 16);
	signal(SIGBUS, ignore);
	if (madvise(p + 8 * PAGE, PAGE, MADV_HWPOISON))
		skip("no MADV_HWPOISON");
	if (count_pagemap(p, 16, PAGEMAP_PRESENT) != 15)
		fail("the page is still there");
	want_page(p, 8, "anon", "pte");
	want_page(p + 8 * PAGE, 1, "hwpoison", "pte");
	want_page(p + 9 * PAGE, 7, "anon", "pte");
}

static const struct scenario scenarios[] = {
	{ "file", make_file },
	{ "wide", make_wide },
	{ "kept_size", make_kept_size },
	{ "dropped", make_dropped },
	{ "swapped", make_swapped },
	{ "private", make_private },
	{ "guard", make_guard },
	{ "uffd_poison", make_uffd_poison },
	{ "uffd_marker", make_uffd_marker },
	{ "hwpoison", make_hwpoison },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
