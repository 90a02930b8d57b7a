// SPDX-License-Identifier: GPL-2.0
/* A statically linked C program: no loader, no libraries. */
#include "target.h"

static char data[64 * PAGE] = { 1 };
static char bss[256 * PAGE];

static void make_sections(void)
{
	char *p = malloc(100000);

	if (!p)
		fail("malloc");
	memset(p, 1, 100000);
	write_pages(data, 32);
	write_pages(bss, 16);
	p = (char *)(((uintptr_t)bss + PAGE - 1) & -PAGE);
	want_page(p, 15, "anon", "pte");
	want_page(p + 16 * PAGE, 200, "none", "pte");
}

static const struct scenario scenarios[] = {
	{ "sections", make_sections },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
