// SPDX-License-Identifier: GPL-2.0
/* Pages in every state that the entry or the page tells, beside their kind. */
#include "target.h"

#include <linux/kernel-page-flags.h>
#include <linux/mempolicy.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#define NR_PAGES 64
#define KPF_MLOCKED 33	/* the kernel's own number */
#define SYSFS "/sys/kernel/mm/"

/* Writes @text to the file @path; false if that is not to be had. */
static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) > 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

static void read_all(void *p)
{
	read_pages(p, NR_PAGES);
}

static void write_some(void *p)
{
	write_pages(p, 8);
}

/* One, two and four processes on the same pages. */
static void make_shared(void)
{
	char *p = map_anon(NR_PAGES * PAGE);
	char *q = map(NR_PAGES * PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	write_pages(p, NR_PAGES);
	write_pages(q, NR_PAGES);
	in_child(write_some, p);
	in_child(read_all, q);
	in_child(read_all, q);
	if (kpagecount_of(p) != 3 || kpagecount_of(p + 8 * PAGE) != 4 ||
	    kpagecount_of(q) != 3)
		fail("the counts are not as meant");
	want_state(p, 8, "maps=3,shared");
	want_state(p + 8 * PAGE, NR_PAGES - 8, "maps=4,shared");
	want_state(q, NR_PAGES, "maps=3,shared,!ksm,!mlocked,order=0");
}

static void make_private(void)
{
	char *p = map_anon(NR_PAGES * PAGE);

	write_pages(p, NR_PAGES);
	if (kpagecount_of(p) != 1)
		fail("others map it");
	want_state(p, NR_PAGES, "maps=1,!shared,order=0,!uffd-wp,!protnone");
}

/* kpageflags calls other pages KSM as well, on some kernels. */
static bool are_merged(const char *p)
{
	size_t i;

	for (i = 0; i < NR_PAGES; i++)
		if (kpagecount_of(p + i * PAGE) != NR_PAGES)
			return false;
	return count_kpageflags(p, NR_PAGES, KPF_KSM) == NR_PAGES;
}

/* The kernel merges what is equal, in its own time. */
static void make_ksm(void)
{
	char *p = map_anon(NR_PAGES * PAGE);
	int ms;

	memset(p, 'k', NR_PAGES * PAGE);
	if (!put(SYSFS "ksm/run", "1") ||
	    madvise(p, NR_PAGES * PAGE, MADV_MERGEABLE))
		skip("no KSM");
	put(SYSFS "ksm/pages_to_scan", "1000");
	put(SYSFS "ksm/sleep_millisecs", "10");
	for (ms = 0; ms < 60000 && !are_merged(p); ms += 50)
		usleep(50 * 1000);
	put(SYSFS "ksm/run", "0");
	if (!are_merged(p))
		fail("they did not merge");
	want_page(p, NR_PAGES, "anon", "pte");
	want_state(p, NR_PAGES, "ksm,maps=64");
}

static void make_mlocked(void)
{
	char *p = map_anon(NR_PAGES * PAGE);

	write_pages(p, NR_PAGES);
	if (mlock(p, 16 * PAGE))
		fail("mlock");
	if (smaps_field(p, "Locked") != 16 * PAGE ||
	    count_kpageflags(p, NR_PAGES, KPF_MLOCKED) != 16)
		fail("they are not locked");
	want_state(p, 16, "mlocked");
	want_state(p + 16 * PAGE, NR_PAGES - 16, "!mlocked");
}

static void make_soft_dirty(void)
{
	char *p = map_anon(NR_PAGES * PAGE);

	write_pages(p, NR_PAGES);
	if (!put("/proc/self/clear_refs", "4") ||
	    count_pagemap(p, NR_PAGES, PAGEMAP_SOFT_DIRTY))
		skip("no soft-dirty bits");
	write_pages(p + 8 * PAGE, 8);
	if (!count_pagemap(p, NR_PAGES, PAGEMAP_SOFT_DIRTY))
		skip("no soft-dirty bits");
	if (count_pagemap(p, NR_PAGES, PAGEMAP_SOFT_DIRTY) != 8)
		fail("the bits are not as meant");
	want_state(p, 8, "!soft-dirty");
	want_state(p + 8 * PAGE, 8, "soft-dirty");
	want_state(p + 16 * PAGE, NR_PAGES - 16, "!soft-dirty");
	/* Read by now, not written: what the entries permit is back. */
	want_entry(p + 8 * PAGE, 8, "w-da");
}

static void make_uffd_wp(void)
{
	char *p = map_anon(NR_PAGES * PAGE);
	struct uffdio_api api = {
		.api = UFFD_API, .features = UFFD_FEATURE_PAGEFAULT_FLAG_WP,
	};
	struct uffdio_register reg = {
		.range = { (uintptr_t)p, NR_PAGES * PAGE },
		.mode = UFFDIO_REGISTER_MODE_WP,
	};
	struct uffdio_writeprotect wp = {
		.range = { (uintptr_t)p, 16 * PAGE },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	write_pages(p, 32);
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &reg))
		skip("userfaultfd does not protect from writing here");
	if (ioctl(fd, UFFDIO_WRITEPROTECT, &wp))
		fail("UFFDIO_WRITEPROTECT");
	want_state(p, 16, "uffd-wp");
	want_entry(p, 16, "--da");
	want_state(p + 16 * PAGE, 16, "!uffd-wp");
}

static void make_protnone(void)
{
	char *p = map_anon(NR_PAGES * PAGE);

	write_pages(p, 16);
	if (mprotect(p, NR_PAGES * PAGE, PROT_NONE))
		fail("mprotect");
	if (count_pagemap(p, 16, PAGEMAP_PRESENT) != 16)
		fail("they are gone");
	want_page(p, 16, "anon", "pte");
	want_state(p, 16, "protnone");
}

static void make_pkey(void)
{
	char *p = map_anon(NR_PAGES * PAGE), words[32];
	int key = pkey_alloc(0, 0);

	if (key < 0)
		skip("no protection keys");
	write_pages(p, 16);
	if (pkey_mprotect(p, 8 * PAGE, PROT_READ | PROT_WRITE, key))
		fail("pkey_mprotect");
	if (smaps_field(p, "ProtectionKey") >> 10 != (size_t)key)
		fail("smaps has another key");
	snprintf(words, sizeof(words), "pkey=%d", key);
	want_state(p, 8, words);
	want_state(p + 8 * PAGE, 8, "pkey=0");
}

/* A page table for each node, so that the runs of frames differ. */
static void make_nodes(void)
{
	unsigned long node;
	char words[16], *p;

	for (node = 0; node < 2; node++) {
		unsigned long mask = 1UL << node;

		p = map_anon(NR_PAGES * PAGE);
		if (syscall(SYS_mbind, p, NR_PAGES * PAGE, MPOL_BIND, &mask,
			    8 * sizeof(mask), 0))
			skip("no second memory node: boot with NODES=2");
		write_pages(p, NR_PAGES);
		snprintf(words, sizeof(words), "node=%lu", node);
		want_state(p, NR_PAGES, words);
	}
}

static char *map_huge(size_t len)
{
	char *p;

	allow_thp(true);
	p = map_aligned(len, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (madvise(p, len, MADV_HUGEPAGE))
		skip("no transparent huge pages");
	return p;
}

/* The same folio, mapped by one entry, by many, and by fewer than it has. */
static void make_thp(void)
{
	const size_t pages = HUGE / PAGE;
	char *p = map_huge(3 * HUGE);

	write_pages(p, 3 * pages);
	if (smaps_field(p, "AnonHugePages") != 3 * HUGE)
		fail("no huge pages came");
	if (mprotect(p + HUGE, PAGE, PROT_READ) ||
	    madvise(p + 2 * HUGE, HUGE / 2, MADV_DONTNEED))
		fail("mprotect, madvise");
	want_page(p, pages, "anon", "pmd");
	want_state(p, pages, "order=9,maps=1,!shared");
	want_page(p + HUGE, pages, "anon", "pte");
	want_state(p + HUGE, pages, "order=9,maps=1,!shared");
	want_page(p + 2 * HUGE, pages / 2, "none", "pte");
	want_page(p + 2 * HUGE + HUGE / 2, pages / 2, "anon", "pte");
}

#define MTHP SYSFS "transparent_hugepage/hugepages-64kB/enabled"

/* Folios between a page and a PMD. */
static void make_mthp(void)
{
	char *p;

	if (!put(MTHP, "madvise"))
		skip("no large folios but THP");
	p = map_huge(HUGE);
	madvise(p, HUGE, MADV_NOHUGEPAGE);
	write_pages(p, 1);
	madvise(p, HUGE, MADV_HUGEPAGE);
	/* The one page keeps a huge one from coming. */
	write_pages(p + 16 * PAGE, 1);
	put(MTHP, "never");
	if (count_kpageflags(p + 16 * PAGE, 16, KPF_THP) != 16)
		fail("no large folio came");
	want_page(p + 16 * PAGE, 16, "anon", "pte");
	want_state(p, 1, "order=0");
	want_state(p + 16 * PAGE, 16, "order=4,maps=1,!shared");
}

#define MOVED 8	/* huge pages */

/* To and fro between two nodes, for ever: now and then they are on the way. */
static void *move_forever(void *p)
{
	void *pages[MOVED];
	int nodes[MOVED], status[MOVED], i, round;

	for (i = 0; i < MOVED; i++)
		pages[i] = (char *)p + i * HUGE;
	for (round = 0;; round++) {
		for (i = 0; i < MOVED; i++)
			nodes[i] = round % 2;
		syscall(SYS_move_pages, 0, MOVED, pages, nodes, status,
			MPOL_MF_MOVE);
	}
	return NULL;
}

static void make_migrating(void)
{
	char *p = map_huge(MOVED * HUGE);
	int node = 1, status;
	void *page = p;
	pthread_t t;

	write_pages(p, MOVED * HUGE / PAGE);
	if (syscall(SYS_move_pages, 0, 1, &page, &node, &status,
		    MPOL_MF_MOVE) || status != 1)
		skip("no second memory node: boot with NODES=2");
	if (pthread_create(&t, NULL, move_forever, p))
		fail("pthread_create");
}

static void make_lazyfree(void)
{
	char *p = map_anon(NR_PAGES * PAGE);

	write_pages(p, NR_PAGES);
	/* The kernel does it by the dozen, so that the last may not be yet. */
	if (madvise(p, NR_PAGES * PAGE, MADV_FREE))
		skip("no MADV_FREE");
	if (!smaps_field(p, "LazyFree"))
		fail("smaps knows of none");
	want_page(p, NR_PAGES, "anon", "pte");
}

/* Of a disk, so that some are clean: nobody has ever written them. */
static void make_clean(void)
{
	int fd = open("/dev/nvme0n1", O_RDONLY | O_CLOEXEC);
	char *p;

	if (fd < 0)
		fd = open("/dev/ram0", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		skip("no disk");
	p = map_aligned(NR_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE,
			fd, 128UL << 20);
	read_pages(p, 16);
	write_pages(p, 4);
	if (!smaps_field(p, "Private_Clean") ||
	    smaps_field(p, "Private_Dirty") != 4 * PAGE)
		fail("smaps has them otherwise");
	want_page(p, 4, "anon", "pte");
	want_page(p + 4 * PAGE, 12, "file", "pte");
	want_entry(p + 4 * PAGE, 12, "---a");
}

static const struct scenario scenarios[] = {
	{ "shared", make_shared },
	{ "private", make_private },
	{ "ksm", make_ksm },
	{ "mlocked", make_mlocked },
	{ "soft_dirty", make_soft_dirty },
	{ "uffd_wp", make_uffd_wp },
	{ "protnone", make_protnone },
	{ "pkey", make_pkey },
	{ "nodes", make_nodes },
	{ "thp", make_thp },
	{ "mthp", make_mthp },
	{ "migrating", make_migrating },
	{ "lazyfree", make_lazyfree },
	{ "clean", make_clean },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
