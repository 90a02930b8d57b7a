// SPDX-License-Identifier: GPL-2.0
/* Churns of huge pages, transparent and not. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

#define THP "/sys/kernel/mm/transparent_hugepage/"
#define NR	8
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)

static const char *thp_allowed(void)
{
	char mode[64] = "";
	FILE *f = fopen(THP "enabled", "re");

	if (f) {
		if (!fgets(mode, sizeof(mode), f))
			mode[0] = '\0';
		fclose(f);
	}
	prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
	if (!mode[0])
		return "no transparent huge pages";
	return strstr(mode, "[never]") ? "transparent huge pages are off" : NULL;
}

/* Come by a fault; are split by a hole, a protection or a move; go. */

static char *thp;

static const char *thp_start(void)
{
	thp = vmw_map_aligned(NR * HUGE, HUGE, ANON, -1);
	madvise(thp, NR * HUGE, MADV_HUGEPAGE);
	return thp_allowed();
}

static void thp_step(struct rng *r)
{
	char *p = thp + vmw_below(r, NR) * HUGE;
	char *page = p + vmw_below(r, 512) * PAGE;

	switch (vmw_below(r, 6)) {
	case 0:
		madvise(p, HUGE, MADV_DONTNEED);
		break;
	case 1:
		madvise(page, PAGE, MADV_DONTNEED);
		break;
	case 2:
		mprotect(page, PAGE, PROT_READ);
		mprotect(p, HUGE, PROT_READ | PROT_WRITE);
		break;
	case 3:
		mprotect(p, HUGE, PROT_NONE);
		mprotect(p, HUGE, PROT_READ | PROT_WRITE);
		break;
	case 4:
		madvise(p, HUGE, MADV_DONTNEED);
		vmw_look(p, 1);
		break;
	default:
		vmw_touch(page, 1);
	}
}

/* Small pages are made one on request, in anonymous memory and in shmem. */

static struct {
	char *anon, *shmem;
	int fd;
} collapsed;

static const char *collapse_start(void)
{
	const char *why = thp_allowed();

	if (why)
		return why;
	collapsed.fd = memfd_create("collapse", MFD_CLOEXEC);
	if (ftruncate(collapsed.fd, NR * HUGE))
		return "no memfd";
	collapsed.anon = vmw_map_aligned(NR * HUGE, HUGE, ANON, -1);
	collapsed.shmem = vmw_map_aligned(NR * HUGE, HUGE, MAP_SHARED,
					  collapsed.fd);
	madvise(collapsed.anon, NR * HUGE, MADV_NOHUGEPAGE);
	madvise(collapsed.anon, NR * HUGE, MADV_HUGEPAGE);
	vmw_touch(collapsed.anon, 16);
	return madvise(collapsed.anon, HUGE, MADV_COLLAPSE) ?
	       "no MADV_COLLAPSE" : NULL;
}

static void collapse_step(struct rng *r)
{
	char *p = (vmw_below(r, 2) ? collapsed.anon : collapsed.shmem) +
		  vmw_below(r, NR) * HUGE;

	switch (vmw_below(r, 4)) {
	case 0:
		madvise(p, HUGE, MADV_DONTNEED);
		break;
	case 1:
		madvise(p + vmw_below(r, 512) * PAGE, PAGE, MADV_REMOVE);
		break;
	default:
		vmw_touch(p + vmw_below(r, 500) * PAGE, 12);
		madvise(p, HUGE, MADV_COLLAPSE);
	}
}

/* The same by the kernel's own thread, hurried. */

static char *scanned;

static const char *khugepaged_start(void)
{
	const char *why = thp_allowed();

	if (why)
		return why;
	if (!vmw_write_text(THP "khugepaged/scan_sleep_millisecs", "1"))
		return "no khugepaged";
	vmw_write_text(THP "khugepaged/alloc_sleep_millisecs", "1");
	vmw_write_text(THP "khugepaged/pages_to_scan", "8192");
	scanned = vmw_map_aligned(NR * HUGE, HUGE, ANON, -1);
	madvise(scanned, NR * HUGE, MADV_HUGEPAGE);
	return NULL;
}

/* A small page first: else the fault would bring a huge one at once. */
static void khugepaged_step(struct rng *r)
{
	char *p = scanned + vmw_below(r, NR) * HUGE;

	madvise(p, HUGE, MADV_NOHUGEPAGE);
	if (vmw_below(r, 2))
		madvise(p, HUGE, MADV_DONTNEED);
	vmw_touch(p + vmw_below(r, 400) * PAGE, 100);
	madvise(p, HUGE, MADV_HUGEPAGE);
	usleep(2000);
}

/* Huge pages of hugetlbfs, our own. */

#define POOL	4

static int hugetlb_file(const char *name, size_t len)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_HUGETLB);

	if (fd >= 0 && ftruncate(fd, len)) {
		close(fd);
		return -1;
	}
	return fd;
}

static const char *hugetlb_start(void)
{
	int fd = hugetlb_file("probe", HUGE);

	if (fd < 0)
		return "no hugetlb memfd";
	close(fd);
	if (vmw_read_number("/proc/sys/vm/nr_hugepages") < 2 * POOL)
		return "too few huge pages in the pool";
	return NULL;
}

static void hugetlb_step(struct rng *r)
{
	int flags = vmw_below(r, 2) ? MAP_SHARED : MAP_PRIVATE;
	int fd = hugetlb_file("hugetlb", POOL * HUGE);
	char *p = mmap(NULL, POOL * HUGE, PROT_READ | PROT_WRITE, flags, fd, 0);

	/* A shared pool: who comes late gets none, and does without. */
	if (p != MAP_FAILED) {
		vmw_touch(p, 1);
		vmw_touch(p + vmw_below(r, POOL) * HUGE, 1);
		mprotect(p + HUGE, HUGE, PROT_NONE);
		madvise(p, HUGE, MADV_DONTNEED);
		fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			  vmw_below(r, POOL) * HUGE, HUGE);
		munmap(p + vmw_below(r, POOL) * HUGE, HUGE);
		munmap(p, POOL * HUGE);
	}
	close(fd);
}

/*
 * Shared between processes over a whole top-level span of a PMD table, so that
 * the table is shared too, until one of them protects or unmaps a part.
 */
#define SPAN	(1UL << 30)

static struct {
	char *p;
	int fd;
} span;

static const char *hugetlb_share_start(void)
{
	const char *why = hugetlb_start();

	if (why)
		return why;
	span.fd = hugetlb_file("span", SPAN);
	if (span.fd < 0)
		return "no hugetlb file of 1 GiB";
	span.p = vmw_map_aligned(SPAN, SPAN, MAP_SHARED | MAP_NORESERVE,
				 span.fd);
	/* Pages by fallocate(): without one, a touch would be SIGBUS. */
	if (fallocate(span.fd, 0, 0, 2 * HUGE))
		return "too few huge pages free";
	vmw_touch(span.p, 1);
	return NULL;
}

static void unshare(struct rng *r)
{
	vmw_touch(span.p + HUGE, 1);
	usleep(vmw_below(r, 4000));
	if (vmw_below(r, 2))
		mprotect(span.p + HUGE, HUGE, PROT_READ);
	else
		munmap(span.p, HUGE);
	usleep(vmw_below(r, 4000));
	_exit(0);
}

static void hugetlb_share_step(struct rng *r)
{
	pid_t pid = fork();

	if (!pid)
		unshare(r);
	if (pid < 0)
		return;
	vmw_victim(r, pid);
	vmw_touch(span.p, 1);
	if (vmw_below(r, 2))
		madvise(span.p, SPAN, MADV_DONTNEED);
	waitpid(pid, NULL, 0);
}

const struct churn vmw_churn_huge[] = {
	{ "thp", thp_start, thp_step },
	{ "collapse", collapse_start, collapse_step },
	{ "khugepaged", khugepaged_start, khugepaged_step },
	{ "hugetlb", hugetlb_start, hugetlb_step },
	{ "hugetlb_share", hugetlb_share_start, hugetlb_share_step },
	{ NULL },
};
