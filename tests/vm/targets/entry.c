// SPDX-License-Identifier: GPL-2.0
/* Pages whose entries permit and record different things. */
#include "target.h"

#define NR_PAGES 16

static void protect(char *p, int prot)
{
	if (mprotect(p, NR_PAGES * PAGE, prot))
		fail("mprotect");
}

/* Written pages, under each permission. */
static void make_permissions(void)
{
	static const struct {
		int prot;
		const char *bits;
	} rows[] = {
		{ PROT_NONE, "--da" },
		{ PROT_READ, "--da" },
		{ PROT_READ | PROT_WRITE, "w-da" },
		{ PROT_READ | PROT_EXEC, "-xda" },
		{ PROT_READ | PROT_WRITE | PROT_EXEC, "wxda" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *p = map_anon(NR_PAGES * PAGE);

		write_pages(p, NR_PAGES / 2);
		protect(p, rows[i].prot);
		/* After a change of permissions an entry may wait for a fault. */
		if (rows[i].prot & PROT_WRITE)
			write_pages(p, NR_PAGES / 2);
		want_entry(p, NR_PAGES / 2, rows[i].bits);
		want_entry(p + NR_PAGES / 2 * PAGE, NR_PAGES / 2, "----");
	}
}

static void make_zero(void)
{
	char *p = map_anon(NR_PAGES * PAGE);

	read_pages(p, NR_PAGES);
	want_page(p, NR_PAGES, "zero", "pte");
	want_entry(p, NR_PAGES, "---a");
}

static void read_some(void *p)
{
	read_pages(p, NR_PAGES);
}

/* Shared for copy on write: nobody may write as it is. */
static void make_forked(void)
{
	char *p = map_anon(NR_PAGES * PAGE);

	write_pages(p, NR_PAGES);
	in_child(read_some, p);
	want_page(p, NR_PAGES, "anon", "pte");
	want_entry(p, NR_PAGES, "--da");
}

/* Aged by the kernel's own means, and not used since. */
static void make_aged(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	char *p = map_anon(NR_PAGES * PAGE);

	write_pages(p, NR_PAGES);
	if (fd < 0 || write(fd, "1", 1) != 1)
		skip("no /proc/PID/clear_refs");
	close(fd);
	want_entry(p, NR_PAGES, "w-d-");
}

static void make_text(void)
{
	const char *code = (const char *)((uintptr_t)make_text & -PAGE);

	want_entry(code, 1, "-x-a");
}

static void make_huge(void)
{
	char *p;

	allow_thp(true);
	p = map_aligned(2 * HUGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (madvise(p, 2 * HUGE, MADV_HUGEPAGE))
		skip("no transparent huge pages");
	write_pages(p, 1);
	if (smaps_field(p, "AnonHugePages") != HUGE)
		fail("no huge page came");
	want_page(p, HUGE / PAGE, "anon", "pmd");
	want_entry(p, HUGE / PAGE, "w-da");
	want_entry(p + HUGE, HUGE / PAGE, "----");
}

static const struct scenario scenarios[] = {
	{ "permissions", make_permissions },
	{ "zero", make_zero },
	{ "forked", make_forked },
	{ "aged", make_aged },
	{ "text", make_text },
	{ "huge", make_huge },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
