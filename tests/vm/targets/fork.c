// SPDX-License-Identifier: GPL-2.0
/* A process and its fork: what either writes to is its own from then on. */
#include "target.h"

#define NR_PAGES 64

static char *area;

/* "child PID", so that the reader finds it. */
static void write_some(void *arg)
{
	(void)arg;
	write_pages(area + 8 * PAGE, 8);
	if (madvise(area + 40 * PAGE, PAGE, MADV_DONTNEED))
		fail("madvise");
	say("child %d\n", getpid());
}

/* Of 64 pages, 8 to 15 and 32, 33 are copied, 40 is given back by the child. */
static void make_cow(void)
{
	area = map_aligned(NR_PAGES * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	write_pages(area, NR_PAGES);
	say("area %lx\n", (unsigned long)area);
	in_child(write_some, NULL);
	write_pages(area + 32 * PAGE, 2);
}

static void move(void *arg)
{
	char *to = map(NR_PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	(void)arg;
	if (mremap(area, NR_PAGES * PAGE, NR_PAGES * PAGE,
		   MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
		fail("mremap");
	read_pages(to, NR_PAGES);
	say("moved %lx\n", (unsigned long)to);
	say("child %d\n", getpid());
}

/* A shared mapping that the child has at another address. */
static void make_moved(void)
{
	area = map(NR_PAGES * PAGE, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	write_pages(area, NR_PAGES);
	say("area %lx\n", (unsigned long)area);
	in_child(move, NULL);
}

static const struct scenario scenarios[] = {
	{ "cow", make_cow },
	{ "moved", make_moved },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
