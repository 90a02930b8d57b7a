// SPDX-License-Identifier: GPL-2.0
/*
 * A walk that asked for less. What was not asked for does not tell extents
 * apart, and the model joins equal neighbours: the runs come out as the kernel
 * would have made them.
 */
#include "snapshot.h"

#include <errno.h>
#include <string.h>

struct projection {
	const struct vmw_aspace *from;
	struct vmw_aspace *to;
	uint64_t start, end;	/* the range; @end is 0 for all of it */
	bool in_swap;		/* of the frames those alone that are in swap */
};

static const struct {
	uint32_t flag;
	const char *what, *option;
} parts[] = {
	{ VMWALK_WALK_F_EXTENTS, "page tables", NULL },
	{ VMWALK_WALK_F_ENTRY, "bits of entries", NULL },
	{ VMWALK_WALK_F_PAGES, "properties of pages", NULL },
	{ VMWALK_WALK_F_PHYS, "page frames", "--phys" },
	{ VMWALK_WALK_F_ABSENCE, "reasons for absent pages", NULL },
	{ VMWALK_WALK_F_TABLES, "sums of page tables", NULL },
	{ VMWALK_WALK_F_THREADS, "threads", NULL },
};

static int refuse(uint32_t missing, struct vmw_error *err)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!(missing & parts[i].flag))
			continue;
		if (parts[i].option)
			return vmw_error_set(err, -EOPNOTSUPP, "this snapshot "
					     "holds no %s; take it with %s",
					     parts[i].what, parts[i].option);
		return vmw_error_set(err, -EOPNOTSUPP, "this snapshot holds no "
				     "%s: it was not made by 'vmwalk snap'",
				     parts[i].what);
	}
	return vmw_error_set(err, -EOPNOTSUPP, "this snapshot does not hold "
			     "all that is asked for");
}

/* The bits of @state that a walk for @flags has. */
static uint32_t state_for(uint32_t state, uint32_t flags)
{
	const uint32_t entry = VMWALK_STATE_WRITE | VMWALK_STATE_EXEC |
			       VMWALK_STATE_DIRTY | VMWALK_STATE_ACCESSED |
			       VMWALK_STATE_SOFT_DIRTY | VMWALK_STATE_UFFD_WP |
			       VMWALK_STATE_PROTNONE | VMWALK_STATE_PKEY;
	const uint32_t absence = VMWALK_STATE_CACHED | VMWALK_STATE_BEYOND_EOF |
				 VMWALK_STATE_SWAPPED;
	const uint32_t pages = VMWALK_STATE_KSM | VMWALK_STATE_MLOCKED |
			       VMWALK_STATE_ORDER | VMWALK_STATE_MAPS;

	if (vmw_state_kind(state) == VMWALK_KIND_NONE)
		return flags & VMWALK_WALK_F_ABSENCE ? state : state & ~absence;
	if (!(flags & VMWALK_WALK_F_ENTRY))
		state &= ~entry;
	if (flags & VMWALK_WALK_F_PAGES)
		return state;
	if (!(state & VMWALK_STATE_HUGETLB))
		state &= ~VMWALK_STATE_SHARED;
	return state & ~pages;
}

/* The part of @e in the range; false if there is none. */
static bool clip(const struct projection *p, struct vmw_extent *e)
{
	const uint32_t shift = p->from->page_shift;
	uint64_t end = vmw_extent_end(p->from, e), skip = 0;

	if (e->start < p->start)
		skip = (p->start - e->start) >> shift;
	if (skip >= e->pages)
		return false;
	e->frame = vmw_extent_frame(e, skip);
	e->start += skip << shift;
	if (p->end && end > p->end)
		end = p->end;
	if (end && end <= e->start)
		return false;
	e->pages = (end - e->start) >> shift;
	return true;
}

/* What smaps would have made of a part of a VMA, as far as views show it. */
static void count_pages(const struct vmw_aspace *as, const struct vmw_extent *e,
			struct vmwalk_pages *pages)
{
	const uint64_t size = (uint64_t)1 << as->page_shift;
	const uint64_t bytes = e->pages << as->page_shift;
	const uint32_t maps = vmw_state_maps(e->state);

	if (!vmw_state_resident(e->state))
		return;
	pages->pss += (size << VMWALK_PSS_SHIFT) / (maps ? maps : 1) * e->pages;
	if (e->state & VMWALK_STATE_SHARED)
		pages->shared_clean += bytes;
	else
		pages->private_clean += bytes;
}

/* A longer extent comes in several. */
static int add_extent(struct vmw_aspace *to, const struct vmw_extent *e)
{
	uint64_t words[2], done, nr;
	const size_t size = to->flags & VMWALK_WALK_F_PHYS ? sizeof(words) :
							     sizeof(words[0]);
	int ret = 0;

	for (done = 0; !ret && done < e->pages; done += nr) {
		nr = e->pages - done;
		if (nr > VMWALK_EXTENT_PAGES_MAX)
			nr = VMWALK_EXTENT_PAGES_MAX;
		words[0] = VMWALK_EXTENT(nr, e->state);
		words[1] = vmw_extent_frame(e, done);
		ret = vmw_aspace_add_extents(to, words, size);
	}
	return ret;
}

static int add_extents(const struct projection *p, const struct vmw_vma *vma,
		       struct vmwalk_pages *pages, uint64_t *swapped)
{
	struct vmw_extent e;
	int ret = 0;

	for (size_t i = 0; !ret && i < vma->nr_extents; i++) {
		e = p->from->extents[vma->first_extent + i];
		if (!clip(p, &e))
			continue;
		count_pages(p->from, &e, pages);
		if (vmw_state_kind(e.state) == VMWALK_KIND_NONE &&
		    e.state & VMWALK_STATE_SWAPPED)
			*swapped += e.pages << p->from->page_shift;
		e.state = state_for(e.state, p->to->flags);
		if (p->in_swap && vmw_state_kind(e.state) != VMWALK_KIND_SWAP)
			e.frame = 0;
		ret = add_extent(p->to, &e);
	}
	return ret;
}

static int add_vma(const struct projection *p, const struct vmw_vma *vma)
{
	const bool extents = p->to->flags & VMWALK_WALK_F_EXTENTS;
	struct vmwalk_vma info = vma->info;
	struct vmwalk_pages pages = { 0 };
	uint64_t swapped = 0;
	struct vmw_vma *added;
	bool whole;
	int ret;

	if (info.end <= p->start || (p->end && info.start >= p->end))
		return 0;
	if (info.from < p->start)
		info.from = p->start;
	whole = info.from == vma->info.from && (!p->end || info.end <= p->end);
	ret = vmw_aspace_add_vma(p->to, &info, vma->name);
	if (!ret && extents)
		ret = add_extents(p, vma, &pages, &swapped);
	if (ret)
		return ret;
	added = &p->to->vmas[p->to->nr_vmas - 1];
	if (p->to->sums_only)
		added->usage = vma->usage;
	if (!extents || !whole)
		added->info.shmem_swapped = swapped;
	if (p->to->flags & VMWALK_WALK_F_PAGES)
		ret = vmw_aspace_add_pages(p->to, whole ?
					   vmw_vma_pages(p->from, vma) : &pages);
	if (!ret && p->to->flags & VMWALK_WALK_F_TABLES)
		ret = vmw_aspace_add_tables(p->to, vmw_vma_tables(p->from, vma));
	return ret;
}

/* All but VMAs, extents and threads. */
static void take_head(const struct projection *p, uint32_t flags)
{
	const struct vmw_aspace *from = p->from;
	struct vmw_aspace *to = p->to;

	vmw_aspace_init(to, from->page_shift);
	to->mm = from->mm;
	to->end = from->end;
	to->complete = from->complete;
	to->retries = from->retries;
	to->stopped = from->stopped;
	to->flags = flags | (from->flags & VMWALK_WALK_F_ATOMIC);
	to->can = from->can;
	memcpy(to->levels, from->levels, sizeof(to->levels));
	to->nr_levels = from->nr_levels;
	memcpy(to->comm, from->comm, sizeof(to->comm));
	memcpy(to->kernel, from->kernel, sizeof(to->kernel));
	memcpy(to->machine, from->machine, sizeof(to->machine));
	to->vsyscall = from->vsyscall;
	if (!(flags & VMWALK_WALK_F_EXTENTS))
		to->end.tables = 0;
}

int vmw_project(const struct vmw_aspace *from, const struct vmw_part *part,
		struct vmw_aspace *to, struct vmw_error *err)
{
	const bool sums = part->sums && from->sums_only;
	const struct projection p = {
		.from = from, .to = to, .start = part->start, .end = part->end,
		.in_swap = part->in_swap && ~part->flags & from->flags &
			   VMWALK_WALK_F_PHYS,
	};
	const uint32_t missing = part->flags & ~from->flags &
				 ~VMWALK_WALK_F_ATOMIC;
	uint32_t flags = part->flags & ~missing;
	int ret = 0;

	if (missing && !sums)
		return refuse(missing, err);
	if (p.in_swap)
		flags |= VMWALK_WALK_F_PHYS;
	take_head(&p, flags);
	to->sums_only = sums;
	for (size_t i = 0; !ret && i < from->nr_swaps; i++)
		ret = vmw_aspace_add_swap(to, from->swaps[i]);
	if (!ret && flags & VMWALK_WALK_F_THREADS)
		for (size_t i = 0; !ret && i < from->nr_threads; i++)
			ret = vmw_aspace_add_thread(to, &from->threads[i]);
	for (size_t i = 0; !ret && i < from->nr_vmas; i++)
		ret = add_vma(&p, &from->vmas[i]);
	if (ret) {
		vmw_aspace_deinit(to);
		return vmw_error_set(err, ret, "no memory for the snapshot");
	}
	vmw_aspace_finish(to);
	return 0;
}
