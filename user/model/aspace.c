// SPDX-License-Identifier: GPL-2.0
#include "aspace.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM	64

void vmw_aspace_init(struct vmw_aspace *as, uint32_t page_shift)
{
	*as = (struct vmw_aspace){ .page_shift = page_shift };
}

void vmw_aspace_deinit(struct vmw_aspace *as)
{
	free(as->vmas);
	free(as->extents);
	free(as->threads);
	free(as->pages);
	free(as->tables);
	vmw_runtime_deinit(&as->runtime);
	tdestroy(as->names, free);
	*as = (struct vmw_aspace){ 0 };
}

/*
 * Returns @array with room for one element more, moved perhaps; NULL for want
 * of memory, and @array stays. Grows by half, so that even a realloc() that
 * copies holds no more than two and a half times the elements.
 */
static void *make_room(void *array, size_t nr, size_t *room, size_t size)
{
	size_t want = *room ? *room + *room / 2 : FIRST_ROOM;
	void *p;

	if (nr < *room)
		return array;
	p = reallocarray(array, want, size);
	if (p)
		*room = want;
	return p;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Returns the one copy of @name, NULL for want of memory. */
static const char *intern(struct vmw_aspace *as, const char *name)
{
	char *const *node, *copy;

	node = tfind(name, &as->names, compare_names);
	if (node)
		return *node;
	copy = strdup(name);
	if (!copy)
		return NULL;
	node = tsearch(copy, &as->names, compare_names);
	if (!node) {
		free(copy);
		return NULL;
	}
	return *node;
}

static struct vmw_vma *last_vma(const struct vmw_aspace *as)
{
	return as->nr_vmas ? &as->vmas[as->nr_vmas - 1] : NULL;
}

uint64_t vmw_extent_end(const struct vmw_aspace *as, const struct vmw_extent *e)
{
	return e->start + (e->pages << as->page_shift);
}

uint64_t vmw_extent_frame(const struct vmw_extent *e, uint64_t nr)
{
	return e->frame ? e->frame + nr : 0;
}

/* Where the next extent of @vma, the VMA added last, starts. */
static uint64_t vma_cursor(const struct vmw_aspace *as,
			   const struct vmw_vma *vma)
{
	if (!vma->nr_extents)
		return vma->info.from;
	return vmw_extent_end(as, &as->extents[as->nr_extents - 1]);
}

static bool vma_is_sane(const struct vmw_aspace *as,
			const struct vmwalk_vma *v)
{
	uint64_t in_page = ((uint64_t)1 << as->page_shift) - 1;

	return !((v->start | v->end | v->from) & in_page) &&
	       v->start < v->end && v->start <= v->from && v->from < v->end &&
	       v->page_shift >= as->page_shift && v->page_shift < 64;
}

static int continue_vma(struct vmw_aspace *as, const struct vmwalk_vma *info)
{
	struct vmw_vma *last = last_vma(as);

	if (!last || info->end != last->info.end ||
	    info->from != vma_cursor(as, last))
		return -EPROTO;
	last->info.shmem_swapped += info->shmem_swapped;
	return 0;
}

/*
 * The target changed its map since @last was sent, and @info overlaps it: the
 * old one ends, and the new one begins, where the walk went on.
 */
static int cut_overlap(const struct vmw_aspace *as, struct vmw_vma *last,
		       struct vmwalk_vma *info)
{
	if (info->from <= last->info.start ||
	    info->from < vma_cursor(as, last))
		return -EPROTO;
	if (last->info.end > info->from)
		last->info.end = info->from;
	if (info->flags & VMWALK_VMA_F_FILE)
		info->offset += info->from - info->start;
	info->start = info->from;
	return 0;
}

int vmw_aspace_add_vma(struct vmw_aspace *as, const struct vmwalk_vma *info,
		       const char *name)
{
	struct vmw_vma *vmas, *last = last_vma(as);
	struct vmwalk_vma own = *info;
	const char *copy = NULL;
	int ret;

	if (!vma_is_sane(as, info))
		return -EPROTO;
	if (info->flags & VMWALK_VMA_F_CONTINUED)
		return continue_vma(as, info);
	if (last && info->start < last->info.end) {
		ret = cut_overlap(as, last, &own);
		if (ret)
			return ret;
	}
	if (name) {
		copy = intern(as, name);
		if (!copy)
			return -ENOMEM;
	}
	vmas = make_room(as->vmas, as->nr_vmas, &as->room_vmas, sizeof(*vmas));
	if (!vmas)
		return -ENOMEM;
	as->vmas = vmas;
	vmas[as->nr_vmas++] = (struct vmw_vma){
		.info = own, .name = copy, .first_extent = as->nr_extents,
	};
	return 0;
}

static bool is_continued(const struct vmw_extent *e,
			 const struct vmw_extent *next)
{
	return e->state == next->state &&
	       vmw_extent_frame(e, e->pages) == next->frame;
}

static int add_extent(struct vmw_aspace *as, struct vmw_vma *vma,
		      const struct vmw_extent *new)
{
	struct vmw_extent *extents;

	if (vma->nr_extents &&
	    is_continued(&as->extents[as->nr_extents - 1], new)) {
		as->extents[as->nr_extents - 1].pages += new->pages;
		return 0;
	}
	extents = make_room(as->extents, as->nr_extents, &as->room_extents,
			    sizeof(*extents));
	if (!extents)
		return -ENOMEM;
	as->extents = extents;
	extents[as->nr_extents++] = *new;
	vma->nr_extents++;
	return 0;
}

int vmw_aspace_add_extents(struct vmw_aspace *as, const void *packed,
			   size_t bytes)
{
	uint64_t words[2] = { 0 };	/* extent, frame */
	size_t size = sizeof(words[0]);
	struct vmw_vma *vma = last_vma(as);
	struct vmw_extent e;
	int ret;

	if (as->flags & VMWALK_WALK_F_PHYS)
		size = sizeof(words);
	if (!vma || bytes % size)
		return -EPROTO;
	e.start = vma_cursor(as, vma);
	for (size_t i = 0; i < bytes; i += size) {
		memcpy(words, (const char *)packed + i, size);
		e.pages = VMWALK_EXTENT_PAGES(words[0]);
		e.state = VMWALK_EXTENT_STATE(words[0]);
		e.frame = words[1];
		if (!e.pages ||
		    e.pages > (vma->info.end - e.start) >> as->page_shift)
			return -EPROTO;
		ret = add_extent(as, vma, &e);
		if (ret)
			return ret;
		e.start = vmw_extent_end(as, &e);
	}
	return 0;
}

int vmw_aspace_add_thread(struct vmw_aspace *as, const struct vmw_thread *t)
{
	struct vmw_thread *threads;

	threads = make_room(as->threads, as->nr_threads, &as->room_threads,
			    sizeof(*threads));
	if (!threads)
		return -ENOMEM;
	as->threads = threads;
	threads[as->nr_threads++] = *t;
	return 0;
}

int vmw_aspace_add_swap(struct vmw_aspace *as, const char *name)
{
	const char *copy;

	if (as->nr_swaps == VMW_SWAPS_MAX || !*name)
		return -EPROTO;
	copy = intern(as, name);
	if (!copy)
		return -ENOMEM;
	as->swaps[as->nr_swaps++] = copy;
	return 0;
}

enum vmwalk_kind vmw_state_kind(uint32_t state)
{
	return state & VMWALK_STATE_KIND;
}

bool vmw_state_present(uint32_t state)
{
	enum vmwalk_kind kind = vmw_state_kind(state);

	return kind >= VMWALK_KIND_ANON && kind <= VMWALK_KIND_PFN;
}

bool vmw_state_resident(uint32_t state)
{
	enum vmwalk_kind kind = vmw_state_kind(state);

	return kind >= VMWALK_KIND_ANON && kind <= VMWALK_KIND_SHMEM &&
	       !(state & VMWALK_STATE_HUGETLB);
}

uint32_t vmw_state_pkey(uint32_t state)
{
	return (state & VMWALK_STATE_PKEY) >> VMWALK_STATE_PKEY_SHIFT;
}

uint32_t vmw_state_order(uint32_t state)
{
	return (state & VMWALK_STATE_ORDER) >> VMWALK_STATE_ORDER_SHIFT;
}

uint32_t vmw_state_maps(uint32_t state)
{
	return (state & VMWALK_STATE_MAPS) >> VMWALK_STATE_MAPS_SHIFT;
}

/* Where the pages of each kind are summed, hugetlb leaves apart. */
static uint64_t *usage_of_kind(struct vmw_usage *u, enum vmwalk_kind kind)
{
	switch (kind) {
	case VMWALK_KIND_ANON:
		return &u->anon;
	case VMWALK_KIND_FILE:
		return &u->file;
	case VMWALK_KIND_SHMEM:
		return &u->shmem;
	case VMWALK_KIND_ZERO:
		return &u->zero;
	case VMWALK_KIND_PFN:
		return &u->pfn;
	case VMWALK_KIND_SWAP:
		return &u->swapped;
	default:
		return &u->other;
	}
}

static void count_extent(struct vmw_usage *u, uint32_t state, uint64_t bytes)
{
	enum vmwalk_kind kind = vmw_state_kind(state);

	if (kind == VMWALK_KIND_NONE)
		return;
	if (vmw_state_present(state))
		u->present += bytes;
	if (vmw_state_present(state) && state & VMWALK_STATE_HUGETLB) {
		u->hugetlb += bytes;
		if (state & VMWALK_STATE_SHARED)
			u->hugetlb_shared += bytes;
		return;
	}
	*usage_of_kind(u, kind) += bytes;
	if (vmw_state_resident(state))
		u->resident += bytes;
	if (kind == VMWALK_KIND_ANON && state & VMWALK_STATE_LEVEL)
		u->anon_huge += bytes;
}

static void sum_vma(const struct vmw_aspace *as, struct vmw_vma *vma)
{
	const uint32_t access = VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE |
				VMWALK_VMA_F_EXEC | VMWALK_VMA_F_GATE;
	const struct vmwalk_pages *p = vmw_vma_pages(as, vma);
	struct vmw_usage *u = &vma->usage;
	const struct vmw_extent *e;

	if (!as->sums_only)
		*u = (struct vmw_usage){ 0 };
	u->mapped = vma->info.end - vma->info.start;
	if (!(vma->info.flags & access))
		u->reserved = u->mapped;
	for (size_t i = 0; i < vma->nr_extents; i++) {
		e = &as->extents[vma->first_extent + i];
		count_extent(u, e->state, e->pages << as->page_shift);
	}
	u->swapped += vma->info.shmem_swapped;
	u->pss = p->pss >> VMWALK_PSS_SHIFT;
	u->shared = p->shared_clean + p->shared_dirty;
	u->private = p->private_clean + p->private_dirty;
}

static void note_swaps(struct vmw_aspace *as, const struct vmw_vma *vma)
{
	const struct vmw_extent *e = &as->extents[vma->first_extent];

	for (size_t i = 0; i < vma->nr_extents; i++, e++) {
		const uint32_t area = VMWALK_FRAME_NODE(e->frame);

		if (vmw_state_kind(e->state) == VMWALK_KIND_SWAP && e->frame &&
		    area < VMW_SWAPS_MAX)
			as->swaps_used |= 1U << area;
	}
}

void vmw_aspace_finish(struct vmw_aspace *as)
{
	for (size_t i = 0; i < as->nr_vmas; i++) {
		sum_vma(as, &as->vmas[i]);
		if (as->vmas[i].usage.swapped)
			note_swaps(as, &as->vmas[i]);
	}
}

static int compare_vma(const void *key, const void *element)
{
	const uint64_t addr = *(const uint64_t *)key;
	const struct vmw_vma *vma = element;

	if (addr < vma->info.start)
		return -1;
	return addr >= vma->info.end;
}

const struct vmw_vma *vmw_aspace_find_vma(const struct vmw_aspace *as,
					  uint64_t addr)
{
	if (!as->nr_vmas)
		return NULL;
	return bsearch(&addr, as->vmas, as->nr_vmas, sizeof(*as->vmas),
		       compare_vma);
}

bool vmw_aspace_hides_gate(const struct vmw_aspace *as, uint64_t addr)
{
	return as->mm.flags & VMWALK_MM_F_VSYSCALL &&
	       as->vsyscall == VMW_VSYSCALL_NONE &&
	       addr >> as->page_shift == VMW_GATE_ADDR >> as->page_shift;
}

void vmw_aspace_neighbours(const struct vmw_aspace *as, uint64_t addr,
			   const struct vmw_vma **below,
			   const struct vmw_vma **above)
{
	const struct vmw_vma *vma = as->vmas, *end = vma + as->nr_vmas;

	*below = NULL;
	for (; vma < end && vma->info.end <= addr; vma++)
		*below = vma;
	if (vma < end && vma->info.start <= addr)
		vma++;
	*above = vma < end ? vma : NULL;
}

const struct vmw_extent *vmw_aspace_find_extent(const struct vmw_aspace *as,
						const struct vmw_vma *vma,
						uint64_t addr)
{
	size_t low = vma->first_extent, high = low + vma->nr_extents;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct vmw_extent *e = &as->extents[mid];

		if (addr < e->start)
			high = mid;
		else if (addr >= vmw_extent_end(as, e))
			low = mid + 1;
		else
			return e;
	}
	return NULL;
}

/* What [@start, @end) has of @vma's extents. */
static void count_range(const struct vmw_aspace *as, const struct vmw_vma *vma,
			uint64_t start, uint64_t end, struct vmw_usage *usage)
{
	const struct vmw_extent *last = as->extents + vma->first_extent +
					vma->nr_extents;
	const struct vmw_extent *e;

	usage->mapped += end - start;
	if (vma->usage.reserved)
		usage->reserved += end - start;
	e = vmw_aspace_find_extent(as, vma, start);
	for (; e && e < last && e->start < end; e++) {
		uint64_t a = e->start > start ? e->start : start;
		uint64_t z = vmw_extent_end(as, e);

		count_extent(usage, e->state, (z < end ? z : end) - a);
	}
}

void vmw_aspace_usage(const struct vmw_aspace *as, uint64_t start, uint64_t end,
		      struct vmw_usage *usage)
{
	const struct vmw_vma *vma = vmw_aspace_find_vma(as, start);
	const struct vmw_vma *last = as->vmas + as->nr_vmas;

	*usage = (struct vmw_usage){ 0 };
	for (; vma && vma < last && vma->info.start < end; vma++)
		count_range(as, vma, vma->info.start > start ?
			    vma->info.start : start,
			    vma->info.end < end ? vma->info.end : end, usage);
}

void vmw_usage_add(struct vmw_usage *sum, const struct vmw_usage *u)
{
	sum->mapped += u->mapped;
	sum->reserved += u->reserved;
	sum->present += u->present;
	sum->resident += u->resident;
	sum->anon += u->anon;
	sum->file += u->file;
	sum->shmem += u->shmem;
	sum->zero += u->zero;
	sum->pfn += u->pfn;
	sum->hugetlb += u->hugetlb;
	sum->hugetlb_shared += u->hugetlb_shared;
	sum->anon_huge += u->anon_huge;
	sum->swapped += u->swapped;
	sum->other += u->other;
	sum->pss += u->pss;
	sum->shared += u->shared;
	sum->private += u->private;
}
