// SPDX-License-Identifier: GPL-2.0
#include "malloc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ALIGNMENT	16	/* bytes: MALLOC_ALIGNMENT */
#define MIN_CHUNK	32	/* bytes: MINSIZE */
#define HEAP_MAX	(64ULL << 20)	/* bytes: HEAP_MAX_SIZE, and its alignment */
#define TOP_OFFSET	96	/* of struct malloc_state.top, since 2.27 */
#define CHUNKS_MAX	4000000	/* that are looked at in a heap */
#define HEAPS_MAX	4096
#define MMAP_MIN	(128 << 10)	/* bytes: M_MMAP_THRESHOLD's default */
#define LOOKS_MAX	512	/* pages in use without a chunk, then there is none */

/* The low bits of a chunk's size. */
#define IS_MMAPPED	2
#define NON_MAIN_ARENA	4
#define FLAGS		7

struct chunk {
	uint64_t prev_size, size;
};

struct heap_info {
	uint64_t arena, prev, size, mprotect_size;
};

struct reader {
	const struct vmw_aspace *as;
	struct vmw_mem *mem;
	struct vmw_runtime *rt;
};

static int add(struct reader *r, enum vmw_label_kind kind, uint64_t start,
	       uint64_t end, bool sure, const char *name)
{
	struct vmw_label l = {
		.start = start, .end = end, .kind = kind,
		.source = VMW_EVIDENCE_SHAPE, .sure = sure,
	};

	if (start >= end)
		return 0;
	snprintf(l.name, sizeof(l.name), "%s", name);
	return vmw_runtime_add_label(r->rt, &l);
}

static uint64_t size_of(const struct chunk *c)
{
	return c->size & ~(uint64_t)FLAGS;
}

/*
 * The last chunk of [@start, @end), by going from each to the next: it reaches to
 * the end, which only the top does. 0: these are no chunks.
 */
static uint64_t find_top(struct reader *r, uint64_t start, uint64_t end)
{
	uint64_t at = (start + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1);
	struct chunk c;

	for (unsigned int i = 0; i < CHUNKS_MAX && at < end; i++) {
		if (vmw_mem_read(r->mem, at, &c, sizeof(c)))
			return 0;
		if (size_of(&c) < ALIGNMENT || size_of(&c) % ALIGNMENT ||
		    size_of(&c) > end - at || c.size & IS_MMAPPED)
			return 0;
		if (size_of(&c) == end - at)
			return at;
		at += size_of(&c);
	}
	return 0;
}

static int read_brk(struct reader *r)
{
	const struct vmwalk_mm *mm = &r->as->mm;
	const struct vmw_vma *vma = vmw_aspace_find_vma(r->as, mm->start_brk);
	/* The break need not be at the end of a page. */
	const uint64_t end = mm->brk;
	uint64_t top;
	int ret;

	if (!vma || mm->start_brk >= end || end > vma->info.end ||
	    !(vma->info.flags & VMWALK_VMA_F_ANON))
		return 0;
	top = find_top(r, mm->start_brk, end);
	if (!top)
		return 0;
	ret = add(r, VMW_LABEL_MALLOC_BRK, mm->start_brk, top, true,
		  "chunks of the main arena");
	return ret ? ret : add(r, VMW_LABEL_MALLOC_TOP, top, end, true,
			       "top of the main arena");
}

/* A thread arena's heap starts at a multiple of its greatest size. */
static bool is_heap(struct reader *r, uint64_t base, struct heap_info *h)
{
	const uint64_t in_page = ((uint64_t)1 << r->as->page_shift) - 1;
	const struct vmw_vma *vma = vmw_aspace_find_vma(r->as, base);

	if (base % HEAP_MAX || !vma || vma->info.start > base ||
	    vmw_mem_read(r->mem, base, h, sizeof(*h)))
		return false;
	return h->size && !(h->size & in_page) &&
	       !(h->mprotect_size & in_page) && h->size <= h->mprotect_size &&
	       h->mprotect_size <= HEAP_MAX && h->arena > base % HEAP_MAX &&
	       !(h->arena % ALIGNMENT) &&
	       (h->prev ? h->prev % HEAP_MAX == 0 :
			  h->arena > base && h->arena - base < 256);
}

/* The top of an arena is in the last of its heaps. */
static uint64_t top_of(struct reader *r, uint64_t base,
		       const struct heap_info *h)
{
	struct chunk c;
	uint64_t top;

	if (vmw_mem_uint(r->mem, h->arena + TOP_OFFSET, 8, &top) ||
	    top <= base || top >= base + h->size || top % ALIGNMENT ||
	    vmw_mem_read(r->mem, top, &c, sizeof(c)) ||
	    top + size_of(&c) != base + h->size)
		return 0;
	return top;
}

static int read_heap(struct reader *r, uint64_t base, const struct heap_info *h)
{
	uint64_t top = top_of(r, base, h);
	char name[VMW_NAME_MAX];
	int ret;

	snprintf(name, sizeof(name), "thread arena %llx",
		 (unsigned long long)h->arena);
	ret = add(r, VMW_LABEL_MALLOC_ARENA, base, top ? top : base + h->size,
		  true, name);
	if (!ret && top)
		ret = add(r, VMW_LABEL_MALLOC_TOP, top, base + h->size, true,
			  "top of a thread arena");
	if (!ret)
		ret = add(r, VMW_LABEL_MALLOC_RESERVED, base + h->size,
			  base + HEAP_MAX, true,
			  "what a thread arena may grow into");
	return ret;
}

static bool is_private_rw(const struct vmw_vma *vma)
{
	const uint32_t rw = VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE;
	const uint32_t flags = vma->info.flags;

	return (flags & rw) == rw && flags & VMWALK_VMA_F_ANON &&
	       !(flags & (VMWALK_VMA_F_SHARED | VMWALK_VMA_F_GROWSDOWN |
			  VMWALK_VMA_F_EXEC));
}

/* Is there a chunk with a mapping of its own, of what lies before @end? */
static bool is_mmapped(struct reader *r, uint64_t at, uint64_t end,
		       struct chunk *c)
{
	const uint64_t in_page = ((uint64_t)1 << r->as->page_shift) - 1;

	return !vmw_mem_read(r->mem, at, c, sizeof(*c)) &&
	       (c->size & FLAGS) == IS_MMAPPED && size_of(c) &&
	       !((size_of(c) + c->prev_size) & in_page) &&
	       c->prev_size < end - at && size_of(c) <= end - at;
}

/* Past what nobody has written to since it was mapped: it holds no chunk's head. */
static uint64_t skip_untouched(const struct reader *r, const struct vmw_vma *vma,
			       uint64_t at)
{
	const struct vmw_extent *e = vmw_aspace_find_extent(r->as, vma, at);

	return e && vmw_state_kind(e->state) == VMWALK_KIND_NONE ?
	       vmw_extent_end(r->as, e) : at;
}

/*
 * The kernel merges neighbours: in one VMA such chunks follow each other, and what
 * else was mapped. Of each, the first page has been written to. Where it is not
 * the first of its VMA, a small one is not to be told from chance.
 */
static int read_mmapped(struct reader *r, const struct vmw_vma *vma,
			uint64_t start, uint64_t end)
{
	const uint64_t page = (uint64_t)1 << r->as->page_shift;
	unsigned int looks = LOOKS_MAX;
	uint64_t at = start, next = start;
	struct chunk c;
	int ret = 0;

	for (; !ret && at < end && looks--; at = next) {
		next = skip_untouched(r, vma, at);
		if (next > at)
			continue;
		next = at + page;
		if (!is_mmapped(r, at, end, &c) ||
		    (at != start && (c.prev_size || size_of(&c) < MMAP_MIN)))
			continue;
		ret = add(r, VMW_LABEL_MALLOC_MMAPPED, at, at + size_of(&c),
			  false, "a chunk of its own mapping");
		next = at + size_of(&c);
		next = (next + page - 1) & ~(page - 1);
		start = next;
		looks = LOOKS_MAX;
	}
	return ret;
}

/* Also in a VMA that starts below: the kernel may have merged neighbours. */
static int read_arenas(struct reader *r, uint64_t start, uint64_t end)
{
	uint64_t base = (start + HEAP_MAX - 1) & ~(HEAP_MAX - 1);
	struct heap_info h;
	int ret = 0;

	for (int i = 0; !ret && i < HEAPS_MAX && base >= start && base < end;
	     i++, base += HEAP_MAX)
		if (is_heap(r, base, &h))
			ret = read_heap(r, base, &h);
	return ret;
}

/* What of a VMA has no label in @rt, piece by piece. */
static int read_vma(struct reader *r, const struct vmw_runtime *rt,
		    const struct vmw_vma *vma)
{
	const uint64_t in_page = ((uint64_t)1 << r->as->page_shift) - 1;
	uint64_t at = vma->info.start;
	int ret = read_arenas(r, at, vma->info.end);

	while (!ret && at < vma->info.end) {
		const struct vmw_label *l = vmw_runtime_label_at(rt, at);
		uint64_t end;

		if (l) {
			at = (l->end + in_page) & ~in_page;
			continue;
		}
		l = vmw_runtime_label_from(rt, at);
		end = l && l->start < vma->info.end ? l->start : vma->info.end;
		ret = read_mmapped(r, vma, at, end);
		at = end;
	}
	return ret;
}

int vmw_malloc_read(const struct vmw_aspace *as, struct vmw_mem *mem,
		    struct vmw_runtime *rt)
{
	struct vmw_runtime found = { 0 };
	struct reader r = { .as = as, .mem = mem, .rt = &found };
	int ret = read_brk(&r);

	for (size_t i = 0; !ret && i < as->nr_vmas; i++) {
		const struct vmw_vma *vma = &as->vmas[i];

		if (is_private_rw(vma) && !vma->name)
			ret = read_vma(&r, rt, vma);
	}
	for (size_t i = 0; ret != -ENOMEM && i < found.nr_labels; i++)
		ret = vmw_runtime_add_label(rt, &found.labels[i]);
	vmw_runtime_deinit(&found);
	/* A full table leaves the rest without labels. */
	return ret == -ENOMEM ? ret : 0;
}
