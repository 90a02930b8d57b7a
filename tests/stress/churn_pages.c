// SPDX-License-Identifier: GPL-2.0
/* Churns of base pages and their tables. */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stress.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#define MADV_GUARD_REMOVE	103
#endif

/* An area that one churn has for itself, and a run of pages within it. */
struct area {
	char *p;
	size_t pages;
};

struct run {
	char *p;
	size_t pages;
};

static struct area make_area(size_t pages)
{
	struct area a = { vmw_map(pages * PAGE), pages };

	vmw_touch(a.p, pages);
	return a;
}

static struct run choose(struct rng *r, const struct area *a)
{
	size_t first = vmw_below(r, a->pages);

	return (struct run){ a->p + first * PAGE,
			     1 + vmw_below(r, a->pages - first) };
}

/* madvise() over a run of @a, then use of another. */
static int advise(struct rng *r, const struct area *a, int advice)
{
	struct run run = choose(r, a);
	int ret = madvise(run.p, run.pages * PAGE, advice);

	run = choose(r, a);
	vmw_touch(run.p, run.pages);
	return ret;
}

/* Whole page tables lose their last page, and go where the kernel frees them. */

#define TABLES	24

static char *tables;

static const char *tables_start(void)
{
	tables = vmw_map_aligned(TABLES * HUGE, HUGE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1);
	madvise(tables, TABLES * HUGE, MADV_NOHUGEPAGE);
	return NULL;
}

static void tables_step(struct rng *r)
{
	size_t first = vmw_below(r, TABLES), i;
	size_t nr = 1 + vmw_below(r, TABLES - first);

	for (i = first; i < first + nr; i++)
		vmw_touch(tables + i * HUGE + vmw_below(r, 500) * PAGE, 12);
	first = vmw_below(r, TABLES);
	nr = 1 + vmw_below(r, TABLES - first);
	madvise(tables + first * HUGE, nr * HUGE, MADV_DONTNEED);
}

/* Zero pages become pages of one's own, and go. */

static struct area zero;

static const char *zero_start(void)
{
	zero = make_area(600);
	return NULL;
}

static void zero_step(struct rng *r)
{
	struct run run = choose(r, &zero);

	madvise(run.p, run.pages * PAGE, MADV_DONTNEED);
	vmw_look(run.p, run.pages);
	vmw_touch(run.p, vmw_below(r, run.pages));
}

/* Lazily freed, and locked. */

static struct area lazy, locked;

static const char *free_start(void)
{
	lazy = make_area(512);
	return NULL;
}

static void free_step(struct rng *r)
{
	advise(r, &lazy, MADV_FREE);
}

static const char *lock_start(void)
{
	locked = make_area(64);
	return NULL;
}

static void lock_step(struct rng *r)
{
	struct run run = choose(r, &locked);

	mlock(run.p, run.pages * PAGE);
	run = choose(r, &locked);
	munlock(run.p, run.pages * PAGE);
}

/* Guard pages, which are markers in the page tables. */

static struct area guarded;

static const char *guard_start(void)
{
	guarded = make_area(600);
	if (madvise(guarded.p, PAGE, MADV_GUARD_INSTALL))
		return "no MADV_GUARD_INSTALL";
	return NULL;
}

static void guard_step(struct rng *r)
{
	struct run run = choose(r, &guarded);

	madvise(run.p, run.pages * PAGE, MADV_GUARD_INSTALL);
	run = choose(r, &guarded);
	madvise(run.p, run.pages * PAGE, MADV_GUARD_REMOVE);
	vmw_touch(run.p, run.pages);
}

/* Out to the swap disk and in again. */

static struct area swapped;

static const char *swap_start(void)
{
	FILE *f = fopen("/proc/swaps", "re");
	int lines = 0, c;

	while (f && (c = getc(f)) != EOF)
		lines += c == '\n';
	if (f)
		fclose(f);
	if (lines < 2)
		return "no swap";
	swapped = make_area(1024);
	if (madvise(swapped.p, PAGE, MADV_PAGEOUT))
		return "no MADV_PAGEOUT";
	return NULL;
}

static void swap_step(struct rng *r)
{
	advise(r, &swapped, MADV_PAGEOUT);
}

/* From one node to the other. */

static struct area moving;

static long move_pages(void **pages, int *nodes, int *status, size_t nr)
{
	return syscall(SYS_move_pages, 0, nr, pages, nodes, status, 0);
}

static const char *migrate_start(void)
{
	if (access("/sys/devices/system/node/node1", F_OK))
		return "one memory node only";
	moving = make_area(256);
	return NULL;
}

static void migrate_step(struct rng *r)
{
	struct run run = choose(r, &moving);
	int nodes[256], status[256];
	void *pages[256];

	for (size_t i = 0; i < run.pages; i++) {
		pages[i] = run.p + i * PAGE;
		nodes[i] = vmw_below(r, 2);
	}
	move_pages(pages, nodes, status, run.pages);
}

/* The kernel moves pages together, to get a free huge page. */

#define COMPACT "/proc/sys/vm/compact_memory"

static struct area holes;

static const char *compact_start(void)
{
	if (access(COMPACT, W_OK))
		return "no " COMPACT;
	holes = make_area(2048);
	return NULL;
}

static void compact_step(struct rng *r)
{
	for (size_t i = vmw_below(r, 8); i < holes.pages; i += 8)
		madvise(holes.p + i * PAGE, PAGE, MADV_DONTNEED);
	vmw_write_text(COMPACT, "1");
	vmw_touch(holes.p, holes.pages);
}

/* userfaultfd: missing pages supplied, others protected; to and fro. */

#define UFFD_PAGES	128

static struct {
	int fd;
	char *p, *source;
	bool on;
	uint64_t mode;
} uffd;

static int uffd_register(void)
{
	struct uffdio_register reg = {
		.range = { (uintptr_t)uffd.p, UFFD_PAGES * PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING | uffd.mode,
	};

	return ioctl(uffd.fd, UFFDIO_REGISTER, &reg);
}

static const char *uffd_start(void)
{
	struct uffdio_api api = {
		.api = UFFD_API,
		.features = UFFD_FEATURE_PAGEFAULT_FLAG_WP,
	};

	uffd.fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (uffd.fd < 0)
		return "no userfaultfd";
	if (ioctl(uffd.fd, UFFDIO_API, &api))
		return "userfaultfd cannot protect";
	uffd.mode = UFFDIO_REGISTER_MODE_WP;
	uffd.p = vmw_map(UFFD_PAGES * PAGE);
	uffd.source = vmw_map(PAGE);
	vmw_touch(uffd.source, 1);
	uffd.on = !uffd_register();
	return uffd.on ? NULL : "userfaultfd does not register";
}

static void uffd_copy(char *p)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t)p,
		.src = (uintptr_t)uffd.source,
		.len = PAGE,
	};

	ioctl(uffd.fd, UFFDIO_COPY, &copy);
}

static void uffd_protect(const struct run *run, bool on)
{
	struct uffdio_writeprotect wp = {
		.range = { (uintptr_t)run->p, run->pages * PAGE },
		.mode = on ? UFFDIO_WRITEPROTECT_MODE_WP : 0,
	};

	ioctl(uffd.fd, UFFDIO_WRITEPROTECT, &wp);
}

static void uffd_unregister(void)
{
	struct uffdio_range range = { (uintptr_t)uffd.p, UFFD_PAGES * PAGE };

	ioctl(uffd.fd, UFFDIO_UNREGISTER, &range);
}

/* Nobody answers faults: what is registered is not touched. */
static void uffd_step(struct rng *r)
{
	const struct area a = { uffd.p, UFFD_PAGES };
	struct run run = choose(r, &a);

	switch (vmw_below(r, 8)) {
	case 0:
		uffd_unregister();
		vmw_touch(run.p, run.pages);
		uffd_register();
		break;
	case 1:
		madvise(run.p, run.pages * PAGE, MADV_DONTNEED);
		break;
	case 2:
		madvise(run.p, run.pages * PAGE, MADV_PAGEOUT);
		break;
	case 3:
	case 4:
		uffd_protect(&run, vmw_below(r, 2));
		break;
	default:
		uffd_copy(run.p);
	}
}

/* Equal pages become one, and are written to. */

#define KSM "/sys/kernel/mm/ksm/"

static struct area equal;

static const char *ksm_start(void)
{
	if (!vmw_write_text(KSM "run", "1"))
		return "no " KSM "run";
	vmw_write_text(KSM "sleep_millisecs", "5");
	vmw_write_text(KSM "pages_to_scan", "500");
	equal = make_area(300);
	return madvise(equal.p, equal.pages * PAGE, MADV_MERGEABLE) ?
	       "no MADV_MERGEABLE" : NULL;
}

static void ksm_step(struct rng *r)
{
	struct run run = choose(r, &equal);

	if (vmw_below(r, 16) == 0) {
		madvise(run.p, run.pages * PAGE, MADV_UNMERGEABLE);
		madvise(equal.p, equal.pages * PAGE, MADV_MERGEABLE);
	}
	memset(run.p, vmw_below(r, 2), PAGE);
	usleep(1000);
}

const struct churn vmw_churn_pages[] = {
	{ "tables", tables_start, tables_step },
	{ "zero", zero_start, zero_step },
	{ "free", free_start, free_step },
	{ "lock", lock_start, lock_step },
	{ "guard", guard_start, guard_step },
	{ "swap", swap_start, swap_step },
	{ "migrate", migrate_start, migrate_step },
	{ "compact", compact_start, compact_step },
	{ "userfaultfd", uffd_start, uffd_step },
	{ "ksm", ksm_start, ksm_step },
	{ NULL },
};
