/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A target is a process in a known state. It brings about one scenario of its
 * table, checks by its own /proc files that it did, and says on stdout what a
 * reader ought to find, a line each:
 *
 *    page ADDR PAGES KIND LEVEL   these pages are of this kind, mapped by a
 *                                 leaf of this level: "pte", "pmd", "pud", with
 *                                 "-hugetlb" and "-shared" behind it
 *    entry ADDR PAGES BITS        their entries have these bits and no others of
 *                                 "wxda": writable, executable, dirty, accessed
 *    state ADDR PAGES WORD,...    they have this in their state: "soft-dirty",
 *                                 "uffd-wp", "protnone", "ksm", "mlocked",
 *                                 "shared", or not, with a "!" before it; "pkey=",
 *                                 "order=", "maps=", "node=" a number
 *    absent ADDR PAGES WHY        they have no entry, and the file's object says of
 *                                 them "cached", "swapped", "beyond-eof" or "none";
 *                                 beyond its end it may hold them, too
 *    usage ADDR FIELD BYTES       the VMA at ADDR has this much of that
 *    thread TID FS_BASE           this thread has that thread pointer
 *    tables ADDR NR               the VMA at ADDR has had that many PTE tables
 *    vmas MIN MAX                 the process has that many VMAs
 *    skip REASON                  this kernel or machine cannot do it
 *    fail REASON                  it could and did not
 *    ready                        the last line; nothing changes from here on
 *
 * A byte on stdin then has it run its program anew, from the start.
 */
#ifndef VMW_TEST_TARGET_H
#define VMW_TEST_TARGET_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096UL
#define HUGE (2UL << 20)
#define PAGEMAP_PRESENT (1ULL << 63)
#define PAGEMAP_SWAP (1ULL << 62)
#define PAGEMAP_UFFD_WP (1ULL << 57)
#define PAGEMAP_SOFT_DIRTY (1ULL << 55)
#define PAGEMAP_PFN ((1ULL << 55) - 1)

struct scenario {
	const char *name;
	void (*make)(void);
};

/* An empty directory for files. */
static const char *target_dir;

/* Written at once: the reader of the pipe must not wait for a flush. */
static inline void say(const char *fmt, ...)
{
	char line[512];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (write(STDOUT_FILENO, line, len) != len)
		_exit(1);
}

static inline _Noreturn void fail(const char *what)
{
	say("fail %s (last error: %s)\n", what, strerror(errno));
	exit(1);
}

static inline _Noreturn void skip(const char *reason)
{
	say("skip %s\n", reason);
	exit(0);
}

static inline void want_page(const void *at, size_t pages, const char *kind,
			     const char *level)
{
	say("page %lx %zu %s %s\n", (unsigned long)at, pages, kind, level);
}

static inline void want_entry(const void *at, size_t pages, const char *bits)
{
	say("entry %lx %zu %s\n", (unsigned long)at, pages, bits);
}

static inline void want_state(const void *at, size_t pages, const char *words)
{
	say("state %lx %zu %s\n", (unsigned long)at, pages, words);
}

static inline void want_usage(const void *at, const char *field, size_t bytes)
{
	say("usage %lx %s %zu\n", (unsigned long)at, field, bytes);
}

/* mmap() that succeeds. */
static inline char *map(size_t len, int prot, int flags, int fd, off_t offset)
{
	void *p = mmap(NULL, len, prot, flags, fd, offset);

	if (p == MAP_FAILED)
		fail("mmap");
	return p;
}

/*
 * map() at a multiple of HUGE, so that what the kernel does by aligned blocks
 * of addresses (huge pages, faults that map the neighbours too) is foreseeable.
 */
static inline char *map_aligned(size_t len, int prot, int flags, int fd,
				off_t offset)
{
	char *room = map(len + HUGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
			 MAP_NORESERVE, -1, 0);
	char *p = (char *)(((uintptr_t)room + HUGE - 1) & -HUGE);

	if (mmap(p, len, prot, flags | MAP_FIXED, fd, offset) != p)
		fail("mmap");
	return p;
}

/* Anonymous memory between two guards, so that it stays a VMA of its own. */
static inline char *map_anon(size_t len)
{
	char *room = map(len + 2 * PAGE, PROT_NONE, MAP_PRIVATE |
			 MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (mprotect(room + PAGE, len, PROT_READ | PROT_WRITE))
		fail("mprotect");
	return room + PAGE;
}

static inline void write_pages(char *p, size_t pages)
{
	size_t i;

	for (i = 0; i < pages; i++)
		*(volatile char *)(p + i * PAGE) = 1;
}

static inline void read_pages(const char *p, size_t pages)
{
	size_t i;

	for (i = 0; i < pages; i++)
		(void)*(const volatile char *)(p + i * PAGE);
}

/* The 64-bit number @i of a file of such numbers. */
static inline uint64_t number_of(const char *file, uint64_t i)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	uint64_t n;

	if (fd < 0 || pread(fd, &n, sizeof(n), i * sizeof(n)) != sizeof(n))
		fail(file);
	close(fd);
	return n;
}

static inline uint64_t pagemap_of(const char *p)
{
	return number_of("/proc/self/pagemap", (uintptr_t)p / PAGE);
}

/* Of @pages from @p, how many have all of @bits in /proc/self/pagemap. */
static inline size_t count_pagemap(const char *p, size_t pages, uint64_t bits)
{
	size_t i, n = 0;

	for (i = 0; i < pages; i++)
		n += (pagemap_of(p + i * PAGE) & bits) == bits;
	return n;
}

/* Of @pages from @p, how many have @bit in /proc/kpageflags. */
static inline size_t count_kpageflags(const char *p, size_t pages, int bit)
{
	size_t i, n = 0;

	for (i = 0; i < pages; i++)
		n += number_of("/proc/kpageflags", pagemap_of(p + i * PAGE) &
			       PAGEMAP_PFN) >> bit & 1;
	return n;
}

/* How often is the page at @p mapped? */
static inline uint64_t kpagecount_of(const char *p)
{
	return number_of("/proc/kpagecount", pagemap_of(p) & PAGEMAP_PFN);
}

/* The bytes of @field ("Swap") of the VMA that starts at @p, from smaps. */
static inline size_t smaps_field(const char *p, const char *field)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	char line[512];
	size_t kib = 0, len = strlen(field);
	unsigned long start;
	bool here = false;
	char dash;

	if (!f)
		fail("/proc/self/smaps");
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx%c", &start, &dash) == 2 && dash == '-')
			here = start == (unsigned long)p;
		if (here && !strncmp(line, field, len) && line[len] == ':')
			kib = strtoul(line + len + 1, NULL, 10);
	}
	fclose(f);
	return kib << 10;
}

static inline void allow_thp(bool allow)
{
	if (prctl(PR_SET_THP_DISABLE, !allow, 0, 0, 0))
		fail("PR_SET_THP_DISABLE");
}

/*
 * Runs the scenario argv[1] with files in argv[2]. Huge pages come only where
 * and while a scenario allows them: not later, by khugepaged, when it has told
 * what it looks like.
 */
static inline int target_main(int argc, char **argv,
			      const struct scenario *table, size_t nr)
{
	size_t i;
	char c;

	if (argc < 2)
		fail("usage: target SCENARIO [DIR]");
	target_dir = argc > 2 ? argv[2] : "/tmp";
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	allow_thp(false);
	for (i = 0; i < nr; i++) {
		if (strcmp(table[i].name, argv[1]))
			continue;
		table[i].make();
		allow_thp(false);
		say("ready\n");
		if (read(STDIN_FILENO, &c, 1) == 1)
			execv("/proc/self/exe", argv);
		for (;;)
			pause();
	}
	fail("no such scenario");
}

/*
 * Forks a child that does @work and stays until the target ends. Returns when
 * the work is done.
 */
static inline void in_child(void (*work)(void *arg), void *arg)
{
	int pipefd[2];
	char c;

	if (pipe2(pipefd, O_CLOEXEC))
		fail("pipe");
	switch (fork()) {
	case -1:
		fail("fork");
	case 0:
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		work(arg);
		if (write(pipefd[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(pipefd[1]);
	if (read(pipefd[0], &c, 1) != 1)
		fail("the child did not do its work");
	close(pipefd[0]);
}

#endif
