// SPDX-License-Identifier: GPL-2.0
/* PAGEMAP_SCAN, where the kernel has it: the categories of every page. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "oracle.h"
#include "procmem.h"
#include "report.h"
#include "target.h"

/* Newer than the headers of some hosts. */
struct scan_region {
	uint64_t start, end, categories;
};

struct scan_request {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t category_inverted, category_mask, category_anyof_mask;
	uint64_t return_mask;
};

#define SCAN		_IOWR('f', 16, struct scan_request)
/* IS_WPALLOWED, bit 0, is of the VMA: userfaultfd watches it asynchronously. */
#define IS_WRITTEN	(1U << 1)
#define IS_FILE		(1U << 2)
#define IS_PRESENT	(1U << 3)
#define IS_SWAPPED	(1U << 4)
#define IS_PFNZERO	(1U << 5)
#define IS_HUGE		(1U << 6)
#define IS_SOFT_DIRTY	(1U << 7)
#define IS_GUARD	(1U << 8)

#define REGIONS 1024

struct scan {
	struct vmw_report report;
	int fd;
	uint64_t asked;		/* categories that this kernel knows */
	struct scan_region region[REGIONS];
	size_t nr, at;
	uint64_t next, end;	/* not scanned yet */
	bool sd;		/* the VMA has VM_SOFTDIRTY */
	bool watched;		/* likewise VM_UFFD_WP */
};

/* Gets the next regions of [.next, .end); a negative errno or their number. */
static int scan_more(struct scan *s)
{
	struct scan_request req = {
		.size = sizeof(req),
		.start = s->next,
		.end = s->end,
		.vec = (uintptr_t)s->region,
		.vec_len = REGIONS,
		.category_anyof_mask = s->asked,
		.return_mask = s->asked,
	};
	int nr = ioctl(s->fd, SCAN, &req);

	if (nr < 0)
		return -errno;
	s->nr = nr;
	s->at = 0;
	s->next = req.walk_end;
	return nr;
}

/* The categories of the page at @addr; *@end gets where they may change. */
static uint64_t categories_at(struct scan *s, uint64_t addr, uint64_t *end)
{
	const struct scan_region *r;

	for (;;) {
		for (; s->at < s->nr; s->at++) {
			r = &s->region[s->at];
			if (addr >= r->end)
				continue;
			*end = addr < r->start ? r->start : r->end;
			return addr < r->start ? 0 : r->categories;
		}
		*end = s->end;
		if (s->next >= s->end)
			return 0;
		if (scan_more(s) < 0) {
			vmw_differ(&s->report, "PAGEMAP_SCAN failed");
			s->next = s->end;
		}
	}
}

static uint64_t expected(uint32_t state)
{
	enum vmwalk_kind kind = vmw_state_kind(state);
	uint64_t is = 0;

	if (kind == VMWALK_KIND_NONE)
		return 0;
	is |= vmw_state_present(state) ? IS_PRESENT : IS_SWAPPED;
	if (kind == VMWALK_KIND_FILE || kind == VMWALK_KIND_SHMEM)
		is |= IS_FILE;
	if (kind == VMWALK_KIND_ZERO)
		is |= IS_PFNZERO;
	if (kind == VMWALK_KIND_GUARD)
		is |= IS_GUARD;
	if (state & (VMWALK_STATE_LEVEL | VMWALK_STATE_HUGETLB))
		is |= IS_HUGE;
	if (state & VMWALK_STATE_SOFT_DIRTY)
		is |= IS_SOFT_DIRTY;
	if (!(state & VMWALK_STATE_UFFD_WP))
		is |= IS_WRITTEN;
	return is;
}

/*
 * Written is, for newer kernels, what userfaultfd watches and saw written, or where
 * nothing is; for older ones also all that it does not watch.
 * Where the VMA has VM_SOFTDIRTY newer kernels call every page so, be there one
 * or not; older ones go by the entry, as vmwalk does. Of the huge zero page it
 * depends on the kernel whether it is a file's. Of hugetlb, what is none is huge
 * as well.
 */
static uint64_t comparable(const struct scan *s, const struct vmw_vma *vma,
			   uint32_t state)
{
	uint64_t mask = s->asked;

	if (s->sd)
		mask &= ~IS_SOFT_DIRTY;
	if (!s->watched || vmw_state_kind(state) == VMWALK_KIND_NONE)
		mask &= ~IS_WRITTEN;
	if (!vmw_state_present(state) ||
	    vmw_state_kind(state) == VMWALK_KIND_ZERO)
		mask &= ~IS_FILE;
	if (vma->info.flags & VMWALK_VMA_F_HUGETLB &&
	    !vmw_state_present(state))
		mask &= ~IS_HUGE;
	return mask;
}

static void compare_extent(struct scan *s, const struct vmw_aspace *as,
			   const struct vmw_vma *vma,
			   const struct vmw_extent *e)
{
	const uint64_t mask = comparable(s, vma, e->state);
	uint64_t addr, next, theirs;

	for (addr = e->start; addr < vmw_extent_end(as, e); addr = next) {
		theirs = categories_at(s, addr, &next);
		if ((theirs & mask) != (expected(e->state) & mask))
			vmw_differ(&s->report, "%" PRIx64 ": state %x, "
				   "PAGEMAP_SCAN says %" PRIx64, addr,
				   e->state, theirs);
	}
}

static void compare_vma(struct scan *s, const struct vmw_aspace *as,
			const struct vmw_vma *vma)
{
	const struct vmw_extent *e = &as->extents[vma->first_extent];
	size_t i;

	/* Neither is it scanned. */
	if (vma->info.flags & (VMWALK_VMA_F_PFNMAP | VMWALK_VMA_F_GATE))
		return;
	s->next = vma->info.start;
	s->end = vma->info.end;
	s->nr = 0;
	s->at = 0;
	for (i = 0; i < vma->nr_extents; i++, e++)
		compare_extent(s, as, vma, e);
}

static void compare_vmas(struct scan *s, const struct vmw_aspace *as,
			 const struct vmw_procmem *pm, uint32_t can)
{
	size_t i;

	if (!(can & VMWALK_CAN_SOFT_DIRTY))
		s->asked &= ~IS_SOFT_DIRTY;
	if (!(can & VMWALK_CAN_UFFD_WP))
		s->asked &= ~IS_WRITTEN;
	for (i = 0; i < as->nr_vmas && i < pm->nr; i++) {
		s->sd = strstr(pm->vma[i].flags, " sd");
		s->watched = strstr(pm->vma[i].flags, " uw");
		compare_vma(s, as, &as->vmas[i]);
	}
}

/* Does this kernel know the ioctl, and which categories? */
static bool probe(struct scan *s)
{
	s->next = 0;
	s->end = 4096;
	s->asked = IS_WRITTEN | IS_FILE | IS_PRESENT | IS_SWAPPED | IS_PFNZERO | IS_HUGE |
		   IS_SOFT_DIRTY | IS_GUARD;
	if (scan_more(s) >= 0)
		return true;
	s->asked &= ~IS_GUARD;
	return scan_more(s) >= 0;
}

size_t vmw_pagescan_compare(pid_t pid, const struct vmw_aspace *as,
			    uint32_t can, bool quiet)
{
	struct scan *s = calloc(1, sizeof(*s));
	struct vmw_procmem pm = { 0 };
	size_t wrong;

	if (!s)
		abort();
	s->report.quiet = quiet;
	s->fd = vmw_proc_open(pid, "pagemap");
	if (s->fd < 0 || vmw_procmem_read(&pm, pid))
		vmw_differ(&s->report, "/proc/%d cannot be read", pid);
	else if (probe(s))
		compare_vmas(s, as, &pm, can);
	else if (!quiet)
		vmw_diag("no PAGEMAP_SCAN in this kernel");
	vmw_procmem_free(&pm);
	if (s->fd >= 0)
		close(s->fd);
	wrong = s->report.wrong;
	free(s);
	return wrong;
}
