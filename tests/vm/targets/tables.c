// SPDX-License-Identifier: GPL-2.0
/* Page tables of known number, empty ones, and some of the kernel's own. */
#include <sys/syscall.h>

#include "target.h"

#ifdef __x86_64__
#include <asm/ldt.h>
#endif

#define TABLES	600		/* more than a chunk of the walk */

/* A page in each aligned block that one PTE table spans. */
static char *map_sparse(void)
{
	char *p = map_aligned(TABLES * HUGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			      0);

	for (int i = 0; i < TABLES; i++)
		write_pages(p + i * HUGE + i % 512 * PAGE, 1);
	say("tables %lx %d\n", (unsigned long)p, TABLES);
	return p;
}

static void make_sparse(void)
{
	map_sparse();
}

/* In 7 of 8 blocks nothing is left but, on most kernels, the table. */
static void make_emptied(void)
{
	char *p = map_sparse();

	for (int i = 0; i < TABLES; i++)
		if (i % 8 && madvise(p + i * HUGE, HUGE, MADV_DONTNEED))
			fail("MADV_DONTNEED");
}

/* With page-table isolation, the kernel maps the LDT in tables it counts. */
static void make_ldt(void)
{
#ifdef __x86_64__
	const struct user_desc desc = {
		.base_addr = 1, .limit = 1, .seg_32bit = 1,
	};

	if (syscall(SYS_modify_ldt, 1, &desc, sizeof(desc)))
		skip("no LDTs");
#else
	skip("not x86");
#endif
}

static const struct scenario scenarios[] = {
	{ "sparse", make_sparse },
	{ "emptied", make_emptied },
	{ "ldt", make_ldt },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
