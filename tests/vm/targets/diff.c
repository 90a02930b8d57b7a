// SPDX-License-Identifier: GPL-2.0
/*
 * diff [DIR]: a process of two moments. "ready" says that it is at the first; a byte
 * on stdin lets it go on to the second, of which it says what became of what, and
 * "ready" again:
 *
 *    vma ADDR CHANGE          of the VMA that begins, or began, there
 *    page ADDR PAGES CHANGE   of these pages
 *    skip CHANGE REASON       this kernel or machine cannot do it
 */
#include "target.h"

#include <linux/mman.h>

#define NR	8	/* pages of an area */
#define PER_HUGE (HUGE / PAGE)
#define TRIES	100

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

/**
 * struct change - what becomes of an area
 * @name: as vmwalk calls it
 * @page: of its pages, else of its VMA
 * @before: makes the area, up to the first moment
 * @after: does it; returns where to look; or NULL, and then @why
 */
struct change {
	const char	*name;
	bool		page;
	char		*(*before)(void);
	char		*(*after)(char *p);
};

static const char *why;

static char *cannot(const char *reason)
{
	why = reason;
	return NULL;
}

static char *written(void)
{
	char *p = map_anon(NR * PAGE);

	write_pages(p, NR);
	return p;
}

static char *untouched(void)
{
	return map_anon(NR * PAGE);
}

static char *nothing(void)
{
	return NULL;
}

static char *come(char *p)
{
	(void)p;
	return written();
}

static char *go(char *p)
{
	return munmap(p, NR * PAGE) ? cannot("munmap") : p;
}

static char *move(char *p)
{
	char *to = map_anon(NR * PAGE);

	return mremap(p, NR * PAGE, NR * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		      to) == to ? to : cannot("mremap");
}

/* With two pages of room behind it: too few for anybody else to take them. */
static char *with_room(void)
{
	char *p = map((NR + 4) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mprotect(p + PAGE, NR * PAGE, PROT_READ | PROT_WRITE) ||
	    munmap(p + (NR + 1) * PAGE, 2 * PAGE))
		fail("mprotect, munmap");
	write_pages(p + PAGE, NR);
	return p + PAGE;
}

static char *grow(char *p)
{
	return mremap(p, NR * PAGE, (NR + 2) * PAGE, 0) == p ? p : cannot("mremap");
}

static char *shrink(char *p)
{
	return munmap(p + NR / 2 * PAGE, NR / 2 * PAGE) ? cannot("munmap") : p;
}

static char *split(char *p)
{
	return munmap(p + 2 * PAGE, 2 * PAGE) ? cannot("munmap") : p;
}

static char *in_three(void)
{
	char *p = untouched();

	if (mprotect(p + 2 * PAGE, 2 * PAGE, PROT_READ))
		fail("mprotect");
	return p;
}

static char *allow(char *p)
{
	return mprotect(p, NR * PAGE, PROT_READ | PROT_WRITE) ?
	       cannot("mprotect") : p;
}

static char *forbid(char *p)
{
	return mprotect(p, NR * PAGE, PROT_READ) ? cannot("mprotect") : p;
}

static char old_name[256], new_name[256];

static char *of_file(int flags)
{
	char *p;
	int fd;

	snprintf(old_name, sizeof(old_name), "%s/old", target_dir);
	snprintf(new_name, sizeof(new_name), "%s/new", target_dir);
	fd = open(old_name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, NR * PAGE))
		fail(old_name);
	p = map(NR * PAGE, PROT_READ | PROT_WRITE, flags, fd, 0);
	read_pages(p, NR);
	close(fd);
	return p;
}

static char *private_file(void)
{
	return of_file(MAP_PRIVATE);
}

static char *shared_file(void)
{
	return of_file(MAP_SHARED);
}

static char *give_name(char *p)
{
	return rename(old_name, new_name) ? cannot("rename") : p;
}

static char *write_all(char *p)
{
	write_pages(p, NR);
	return p;
}

static char *read_all(char *p)
{
	read_pages(p, NR);
	return p;
}

static char *drop(char *p)
{
	return madvise(p, NR * PAGE, MADV_DONTNEED) ? cannot("madvise") : p;
}

/* Reclaim may pass over a page that something holds for the moment. */
static char *page_out(char *p)
{
	for (int i = 0; i < TRIES; i++) {
		if (madvise(p, NR * PAGE, MADV_PAGEOUT))
			break;
		if (count_pagemap(p, NR, PAGEMAP_SWAP) == NR)
			return p;
		write_pages(p, NR);
	}
	return cannot("the pages would not leave: no swap?");
}

static char *paged_out(void)
{
	char *p = written();

	return page_out(p) ? p : NULL;
}

static char *page_in(char *p)
{
	return p ? read_all(p) : NULL;
}

static void stay(void *arg)
{
	(void)arg;
}

static char *forked(void)
{
	char *p = written();

	in_child(stay, NULL);
	return p;
}

static char *zero(void)
{
	return read_all(untouched());
}

/* Refused to khugepaged, whom the first huge_page() wakes: else it is often faster. */
static char *huge_area(void)
{
	char *p = map_aligned(HUGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(p, HUGE, MADV_NOHUGEPAGE);
	write_pages(p, PER_HUGE);
	return p;
}

static char *collapse(char *p)
{
	allow_thp(true);
	madvise(p, HUGE, MADV_HUGEPAGE);
	for (int i = 0; i < TRIES; i++)
		if (!madvise(p, HUGE, MADV_COLLAPSE) || errno == EINVAL)
			break;
	allow_thp(false);
	return smaps_field(p, "AnonHugePages") ? p : cannot("no MADV_COLLAPSE");
}

static char *huge_page(void)
{
	char *p = map_aligned(HUGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	allow_thp(true);
	if (!madvise(p, HUGE, MADV_HUGEPAGE))
		write_pages(p, 1);
	allow_thp(false);
	return smaps_field(p, "AnonHugePages") ? p : cannot("no huge page came");
}

/* Its pages but the last, which goes. */
static char *split_page(char *p)
{
	if (p && madvise(p + HUGE - PAGE, PAGE, MADV_DONTNEED))
		return cannot("madvise");
	return p;
}

static const struct change changes[] = {
	{ "new", false, nothing, come },
	{ "gone", false, written, go },
	{ "moved", false, written, move },
	{ "grew", false, with_room, grow },
	{ "shrank", false, written, shrink },
	{ "split", false, written, split },
	{ "merged", false, in_three, allow },
	{ "permission", false, written, forbid },
	{ "renamed", false, private_file, give_name },
	{ "faulted in", true, untouched, write_all },
	{ "dropped", true, written, drop },
	{ "swapped out", true, written, page_out },
	{ "swapped in", true, paged_out, page_in },
	{ "copied on write", true, forked, write_all },
	{ "copied on write", true, zero, write_all },
	{ "copied on write", true, private_file, write_all },
	{ "collapsed to huge", true, huge_area, collapse },
	{ "split", true, huge_page, split_page },
	{ "became dirty", true, shared_file, write_all },
	{ "permission changed", true, written, forbid },
};

#define NR_CHANGES (sizeof(changes) / sizeof(changes[0]))

/* What a segment is told of is the heap: it has so much more each time. */
static void grow_heap(void)
{
	if (sbrk(NR * PAGE) == (void *)-1)
		fail("sbrk");
}

int main(int argc, char **argv)
{
	char *at[NR_CHANGES], c;

	target_dir = argc > 1 ? argv[1] : "/tmp";
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	allow_thp(false);
	for (size_t i = 0; i < NR_CHANGES; i++)
		at[i] = changes[i].before();
	grow_heap();
	say("ready\n");
	if (read(STDIN_FILENO, &c, 1) != 1)
		return 1;
	for (size_t i = 0; i < NR_CHANGES; i++) {
		const struct change *is = &changes[i];

		at[i] = is->after(at[i]);
		if (!at[i])
			say("skip %s: %s\n", is->name, why);
		else if (is->page)
			say("page %lx %d %s\n", (unsigned long)at[i], NR, is->name);
		else
			say("vma %lx %s\n", (unsigned long)at[i], is->name);
	}
	grow_heap();
	say("ready\n");
	for (;;)
		pause();
}
