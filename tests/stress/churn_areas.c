// SPDX-License-Identifier: GPL-2.0
/* Churns of VMAs. */
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "stress.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA		0x53564d41
#define PR_SET_VMA_ANON_NAME	0
#endif

static const int prots[] = {
	PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC,
};

/* Maps and unmaps. */

static struct {
	char *p;
	size_t len;
} slots[32];

static const char *map_start(void)
{
	return NULL;
}

static void map_step(struct rng *r)
{
	size_t i = vmw_below(r, 32), pages = 1 + vmw_below(r, 64);

	if (slots[i].p)
		munmap(slots[i].p, slots[i].len);
	slots[i].len = pages * PAGE;
	slots[i].p = vmw_map_aligned(slots[i].len, PAGE, MAP_ANONYMOUS |
				     (i % 2 ? MAP_SHARED : MAP_PRIVATE), -1);
	vmw_touch(slots[i].p, vmw_below(r, pages));
}

/* Protects, and so splits and joins. */

#define AREA	256

static char *protected;

static const char *protect_start(void)
{
	protected = vmw_map(AREA * PAGE);
	vmw_touch(protected, AREA);
	return NULL;
}

static void protect_step(struct rng *r)
{
	size_t first = vmw_below(r, AREA), nr = 1 + vmw_below(r, AREA - first);

	mprotect(protected + first * PAGE, nr * PAGE, prots[vmw_below(r, 4)]);
}

/* Grows, shrinks and moves by mremap(). */

#define REMAP_MAX	1100

static struct {
	char *p;
	size_t pages;
} moved;

static const char *remap_start(void)
{
	moved.pages = 16;
	moved.p = vmw_map(moved.pages * PAGE);
	return NULL;
}

static void remap_step(struct rng *r)
{
	size_t pages = 1 + vmw_below(r, REMAP_MAX);
	char *p = mremap(moved.p, moved.pages * PAGE, pages * PAGE,
			 MREMAP_MAYMOVE);

	if (p == MAP_FAILED)
		return;
	moved.p = p;
	moved.pages = pages;
	vmw_touch(p + vmw_below(r, pages) * PAGE, 1);
	/* To where there is room: whole tables move if they can. */
	if (vmw_below(r, 4) == 0) {
		char *to = vmw_map_aligned(pages * PAGE, HUGE, MAP_PRIVATE |
					   MAP_ANONYMOUS, -1);

		p = mremap(moved.p, pages * PAGE, pages * PAGE,
			   MREMAP_MAYMOVE | MREMAP_FIXED, to);
		if (p == to)
			moved.p = to;
		else
			munmap(to, pages * PAGE);
	}
}

/* The heap. Nobody else here allocates. */

static char *heap;

static const char *brk_start(void)
{
	heap = sbrk(0);
	return NULL;
}

static void brk_step(struct rng *r)
{
	size_t pages = vmw_below(r, 200);

	if (!brk(heap + (pages + 1) * PAGE) && pages)
		vmw_touch(heap, pages);
}

/* A stack, which the kernel grows downwards: where it puts nothing else. */

#define STACK_TOP	((char *)(16UL << 40))
#define STACK_MAX	256

static size_t stack_pages;

static const char *stack_start(void)
{
	return NULL;
}

static void stack_step(struct rng *r)
{
	if (stack_pages && stack_pages < STACK_MAX) {
		stack_pages += 1 + vmw_below(r, 8);
		vmw_touch(STACK_TOP - stack_pages * PAGE, 1);
		return;
	}
	munmap(STACK_TOP - 2 * STACK_MAX * PAGE, 2 * STACK_MAX * PAGE);
	stack_pages = mmap(STACK_TOP - PAGE, PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN |
			   MAP_FIXED, -1, 0) != MAP_FAILED;
}

/* Names. */

static char *named;

static int name_it(size_t page, const char *name)
{
	return prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, named + page * PAGE,
		     PAGE, name);
}

static const char *name_start(void)
{
	named = vmw_map(64 * PAGE);
	return name_it(0, "first") ? "no names for anonymous memory" : NULL;
}

static void name_step(struct rng *r)
{
	static const char *const names[] = { "one", "another", NULL };

	name_it(vmw_below(r, 64), names[vmw_below(r, 3)]);
}

const struct churn vmw_churn_areas[] = {
	{ "map", map_start, map_step },
	{ "protect", protect_start, protect_step },
	{ "remap", remap_start, remap_step },
	{ "brk", brk_start, brk_step },
	{ "stack", stack_start, stack_step },
	{ "name", name_start, name_step },
	{ NULL },
};
