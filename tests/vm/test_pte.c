// SPDX-License-Identifier: GPL-2.0
/*
 * VMWALK_CMD_PTE. Each entry lies in the table that the one above points to,
 * and is the same when read again; what the last one maps is what /proc/PID/
 * pagemap, /proc/kpageflags and /proc/kpagecount have; the way stops where the
 * first table is missing.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "genl/genl.h"
#include "proc.h"
#include "lib/procmem.h"
#include "lib/target.h"

#define PAGE		4096UL
#define PFN_MASK	((1ULL << 55) - 1)	/* of pagemap */
#define GATE		0xffffffffff600000UL
#define TIB		(1UL << 40)
#define TRIES		20

#ifdef __x86_64__
#define TABLE_MASK	0x000ffffffffff000ULL
#else
#define TABLE_MASK	0x0000fffffffff000ULL
#endif

static struct vmw_genl *genl;
static struct vmw_info info;
static struct vmw_target target;

static int connect(void **state)
{
	struct vmw_error err;

	(void)state;
	if (!vmw_genl_open(&genl, &err) && !vmw_genl_info(genl, &info, &err))
		return 0;
	vmw_diag("%s", err.text);
	return -1;
}

static int disconnect(void **state)
{
	(void)state;
	vmw_genl_close(genl);
	return 0;
}

static int start(void **state)
{
	const char *const *argv = *state;

	return vmw_target_start(&target, argv, NULL);
}

static int end(void **state)
{
	(void)state;
	vmw_target_end(&target);
	return 0;
}

static void ask(pid_t pid, uint64_t addr, struct vmw_pte *pte)
{
	const struct vmw_pte_request req = { .pid = pid, .addr = addr };
	struct vmw_error err;

	if (vmw_genl_pte(genl, &req, pte, &err))
		fail_msg("%llx: %s", (unsigned long long)addr, err.text);
}

/* One number of an array that is a file; ~0: there is none. */
static uint64_t number_at(int fd, uint64_t i)
{
	uint64_t n;

	if (fd < 0 || pread(fd, &n, sizeof(n), i * sizeof(n)) != sizeof(n))
		n = ~0ULL;
	return n;
}

static uint64_t pagemap(pid_t pid, uint64_t addr)
{
	int fd = vmw_proc_open(pid, "pagemap");
	uint64_t n = number_at(fd, addr / PAGE);

	close(fd);
	return n;
}

static uint64_t of_frame(const char *path, uint64_t pfn)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t n = number_at(fd, pfn);

	close(fd);
	return n;
}

/* From the raw values alone: is each entry where the one above says? */
static void check_chain(const struct vmw_pte *pte)
{
	const struct vmwalk_level *level;
	const struct vmwalk_entry *e;
	uint64_t table = pte->top;
	unsigned int i;

	assert_true(pte->nr_entries > 0);
	for (i = 0; i < pte->nr_entries; i++) {
		e = &pte->entries[i];
		level = &info.levels[i];
		assert_ptr_equal(vmw_pte_level(&info, e), level);
		assert_int_equal(e->index, pte->addr >> level->shift &
				 (level->entries - 1));
		assert_int_equal(e->phys, table + 8 * e->index);
		assert_true(e->flags & VMWALK_ENTRY_F_AGAIN);
		if (vmw_pte_agreement(&info, e) > VMW_SAME_BUT_USED)
			fail_msg("%s: %llx, again %llx", level->name, e->value,
				 e->again);
		if (i + 1 < pte->nr_entries)
			assert_int_equal(e->flags & (VMWALK_ENTRY_F_PRESENT |
						     VMWALK_ENTRY_F_LEAF),
					 VMWALK_ENTRY_F_PRESENT);
		table = e->value & TABLE_MASK;
	}
}

static bool same_frame(const struct vmw_pte *pte, uint64_t seen)
{
	if (!(seen & VMW_PM_PRESENT))
		return !pte->has_page;
	return !pte->has_page || pte->page.pfn == (seen & PFN_MASK);
}

/* Do /proc's files of frames say the same of the page? */
static bool same_page(const struct vmwalk_page *page)
{
	const uint64_t flags = of_frame("/proc/kpageflags", page->pfn);
	const uint64_t count = of_frame("/proc/kpagecount", page->pfn);

	uint64_t known = page->known;

	if (!vmw_kpageflags_knows_ksm())
		known &= ~(1ULL << KPF_KSM);
	return !((flags ^ page->flags) & known) &&
	       count == (uint64_t)page->mapcount;
}

static void complain(const struct vmw_pte *pte, uint64_t seen)
{
	const uint64_t pfn = pte->page.pfn;

	vmw_diag("pagemap %llx, pfn %llx", (unsigned long long)seen,
		 (unsigned long long)pfn);
	vmw_diag("kpageflags %llx, flags %llx of %llx",
		 (unsigned long long)of_frame("/proc/kpageflags", pfn),
		 pte->page.flags, pte->page.known);
	vmw_diag("kpagecount %llu, mapcount %d",
		 (unsigned long long)of_frame("/proc/kpagecount", pfn),
		 pte->page.mapcount);
}

/*
 * Asks until /proc agrees: a stopped process's pages still come and go on the
 * kernel's lists. Once is enough, for all that is compared.
 */
static void check_page(pid_t pid, uint64_t addr, struct vmw_pte *pte)
{
	uint64_t seen = 0;
	int i;

	for (i = 0; i < TRIES; i++) {
		if (i) {
			vmw_pte_deinit(pte);
			usleep(50000);
		}
		ask(pid, addr, pte);
		check_chain(pte);
		seen = pagemap(pid, addr);
		if (same_frame(pte, seen) &&
		    (!pte->has_page || same_page(&pte->page)))
			return;
	}
	complain(pte, seen);
	fail_msg("%llx is not what /proc says", (unsigned long long)addr);
}

/* "page ADDR PAGES KIND LEVEL": does the way end so? */
static void check_claim(const char *line)
{
	static const char *const levels[] = { "pte", "pmd", "pud" };
	const struct vmwalk_entry *last;
	unsigned long addr, pages, at;
	char kind[16], level[32];
	struct vmw_pte pte;
	int i;

	if (sscanf(line, "page %lx %lu %15s %31s", &addr, &pages, kind,
		   level) != 4)
		return;
	for (i = 0; i < 3; i++) {
		at = addr + (i == 1 ? pages / 2 : i == 2 ? pages - 1 : 0) * PAGE;
		check_page(target.pid, at + 8 * i, &pte);
		assert_true(pte.has_vma);
		last = vmw_pte_last(&pte);
		if (!strcmp(kind, "anon") || !strcmp(kind, "file") ||
		    !strcmp(kind, "shmem") || !strcmp(kind, "zero")) {
			assert_true(last->flags & VMWALK_ENTRY_F_LEAF);
			assert_true(pte.has_page);
			assert_memory_equal(level, levels[last->level], 3);
		} else if (!strcmp(kind, "pfn")) {
			assert_true(last->flags & VMWALK_ENTRY_F_LEAF);
			assert_false(pte.has_page);
		} else {
			assert_false(last->flags & VMWALK_ENTRY_F_PRESENT);
			assert_false(pte.has_page);
		}
		vmw_pte_deinit(&pte);
	}
}

static void test_target(void **state)
{
	char *line, *rest;

	(void)state;
	if (target.skip) {
		vmw_diag("skipped: %s", target.skip);
		skip();
	}
	assert_int_equal(vmw_target_stop(&target), 0);
	assert_non_null(strstr(target.said, "page "));
	for (rest = target.said; (line = strsep(&rest, "\n"));)
		check_claim(line);
}

/* The way to @addr, which ends at @level without an entry. */
static void stops_at(const void *addr, unsigned int level)
{
	const struct vmwalk_entry *last;
	struct vmw_pte pte;

	check_page(getpid(), (uintptr_t)addr, &pte);
	last = vmw_pte_last(&pte);
	assert_int_equal(last->level, level);
	assert_int_equal(last->value, 0);
	assert_int_equal(last->flags, VMWALK_ENTRY_F_AGAIN);
	vmw_pte_deinit(&pte);
}

/* Where nothing else is, one page that is used: around it, a table less each. */
static void test_stops(void **state)
{
	char *room = mmap(NULL, 4 * TIB, PROT_NONE, MAP_PRIVATE |
			  MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char *p = (char *)(((uintptr_t)room + 2 * TIB) & -TIB);
	struct vmw_pte pte;

	(void)state;
	assert_true(room != MAP_FAILED);
	assert_int_equal(mprotect(p, PAGE, PROT_READ | PROT_WRITE), 0);
	*p = 1;
	check_page(getpid(), (uintptr_t)p, &pte);
	assert_int_equal(vmw_pte_last(&pte)->level, 0);
	vmw_pte_deinit(&pte);
	stops_at(p + PAGE, 0);
	stops_at(p + (2 << 20), 1);
	stops_at(p + (1 << 30), 2);
	stops_at(p + TIB / 2, info.nr_levels == 5 ? 3 : 4);
	assert_int_equal(munmap(room, 4 * TIB), 0);
}

/* Above what four levels reach, the top-level entry is missing. */
static void test_stops_at_the_top(void **state)
{
	void *p;

	(void)state;
	if (info.nr_levels < 5)
		skip();
	p = mmap((void *)(1UL << 54), PAGE, PROT_NONE, MAP_PRIVATE |
		 MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	assert_true(p != MAP_FAILED);
	stops_at(p, 4);
	munmap(p, PAGE);
}

/* In no VMA there is nothing, whatever tables may be there. */
static void test_no_vma(void **state)
{
	static const uint64_t nowhere[] = {
		0, 0xfff, 0x7fffffffffffffffULL, 0x8000000000000000ULL,
		0xffff888000000000ULL, GATE - 1, GATE + PAGE, UINT64_MAX - PAGE,
		UINT64_MAX,
	};
	struct vmw_pte pte;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
		ask(getpid(), nowhere[i], &pte);
		assert_false(pte.has_vma);
		assert_int_equal(pte.nr_entries, 0);
		assert_int_equal(pte.mm.pid, getpid());
		vmw_pte_deinit(&pte);
	}
}

/* The levels down to the PTE are the kernel's own, and user mode may pass. */
static void test_gate(void **state)
{
	const struct vmwalk_entry *last;
	struct vmw_permission p;
	struct vmw_pte pte;

	(void)state;
	ask(getpid(), GATE + 0x400, &pte);
	if (!pte.has_vma)
		skip();
	assert_true(pte.vma.info.flags & VMWALK_VMA_F_GATE);
	check_chain(&pte);
	last = vmw_pte_last(&pte);
	assert_int_equal(last->level, 0);
	assert_false(pte.has_page);
	p = vmw_pte_permission(&pte, pte.nr_entries - 1);
	if (vmw_proc_vsyscall() == VMW_VSYSCALL_EMULATE) {
		assert_true(last->flags & VMWALK_ENTRY_F_LEAF);
		assert_true(p.user);
		assert_false(p.exec || p.write || p.isolated);
	} else {
		assert_int_equal(last->value, 0);
	}
	vmw_pte_deinit(&pte);
}

/* Code, and data: the NX at the top of a table that is isolated does not count. */
static void test_permission(void **state)
{
	static char data[2 * PAGE];
	struct vmw_permission p;
	struct vmw_pte pte;

	(void)state;
	check_page(getpid(), (uintptr_t)test_permission, &pte);
	p = vmw_pte_permission(&pte, pte.nr_entries - 1);
	assert_true(p.user && p.exec);
	assert_false(p.write);
	vmw_pte_deinit(&pte);

	data[PAGE] = 1;
	check_page(getpid(), (uintptr_t)&data[PAGE], &pte);
	p = vmw_pte_permission(&pte, pte.nr_entries - 1);
	assert_true(p.user && p.write);
	assert_false(p.exec);
	vmw_pte_deinit(&pte);
}

/* As with /proc/cpuinfo's flag: the machine is isolated, or it is not. */
static void test_isolation(void **state)
{
	char cpuinfo[16384];
	struct vmw_pte pte;
	bool pti;

	(void)state;
	assert_true(vmw_proc_read("/proc/cpuinfo", cpuinfo, sizeof(cpuinfo)) >
		    0);
	pti = strstr(cpuinfo, " pti ") || strstr(cpuinfo, " pti\n");
	ask(getpid(), (uintptr_t)test_isolation, &pte);
	assert_int_equal(vmw_pte_permission(&pte, 0).isolated, pti);
	vmw_pte_deinit(&pte);
}

/* A file's page tells its file. */
static void test_file(void **state)
{
	uint64_t addr = (uintptr_t)test_file;
	struct vmw_pte pte;

	(void)state;
	check_page(getpid(), addr, &pte);
	assert_true(pte.has_page);
	assert_int_equal(pte.page.ino, pte.vma.info.ino);
	assert_int_equal(pte.page.dev_major, pte.vma.info.dev_major);
	assert_int_equal(pte.page.dev_minor, pte.vma.info.dev_minor);
	assert_int_equal(pte.page.index, (pte.vma.info.offset + addr -
					  pte.vma.info.start) / PAGE);
	vmw_pte_deinit(&pte);
}

#define TARGET(program, scenario)					\
	{ program ": " scenario, test_target, start, end,		\
	  (void *)(const char *const[]){				\
		VMW_TARGET_DIR "/" program, scenario, NULL } }

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_vma),
		cmocka_unit_test(test_stops),
		cmocka_unit_test(test_stops_at_the_top),
		cmocka_unit_test(test_gate),
		cmocka_unit_test(test_permission),
		cmocka_unit_test(test_isolation),
		cmocka_unit_test(test_file),
		TARGET("anon", "heap"),
		TARGET("anon", "permissions"),
		TARGET("anon", "zero"),
		TARGET("anon", "reserved"),
		TARGET("anon", "forked"),
		TARGET("anon", "vdso"),
		TARGET("shm", "memfd"),
		TARGET("file", "cow"),
		TARGET("swap", "anon"),
		TARGET("pfn", "devmem"),
		TARGET("huge", "thp"),
		TARGET("huge", "thp_split"),
		TARGET("huge", "thp_zero"),
		TARGET("huge", "thp_shmem"),
		TARGET("huge", "hugetlb_private"),
		TARGET("huge", "hugetlb_shared"),
		TARGET("huge", "hugetlb_1g"),
		TARGET("huge", "hugetlb_1g_none"),
		TARGET("huge", "hugetlb_64k"),
		TARGET("huge", "hugetlb_32m"),
	};

	return cmocka_run_group_tests(tests, connect, disconnect);
}
