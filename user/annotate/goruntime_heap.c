// SPDX-License-Identifier: GPL-2.0
/*
 * Arenas, the spans in them, and what the runtime maps for itself. For reading:
 * runtime/mheap.go, mpagealloc.go and malloc.go of Go's own source.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "goruntime.h"

#define PAGE_SIZE	8192	/* the runtime's */
#define ARENA_SIZE	(64ULL << 20)
#define CHUNK_SIZE	(4ULL << 20)	/* of address space, a bitmap each */
#define CHUNK_PAGES	(CHUNK_SIZE / PAGE_SIZE)
#define CHUNKS_L2	8192	/* entries of a table of the second level */
#define ADDRESS_BITS	48
#define PTR		8	/* bytes */
#define BLOCK		512	/* pointers that are read at a time */

#define PERSISTENT_CHUNK	(256 << 10)	/* bytes */

/* What a list, an array or a sum may come to: more is none that was meant. */
#define ARENAS_MAX	(1U << 16)	/* 4 TiB of heap */
#define RANGES_MAX	(1U << 16)
#define LIST_MAX	(1U << 16)

/* Raw states of a span. */
#define STATE_IN_USE	1
#define STATE_MANUAL	2

static int add_label(struct vmw_goruntime *go, enum vmw_label_kind kind,
		     uint64_t start, uint64_t size, const char *name)
{
	struct vmw_label l = {
		.start = start, .end = start + size, .kind = kind,
		.source = go->layout->source, .sure = true,
	};

	if (l.end <= start || !vmw_go_is_mapped(go, start, l.end))
		return 0;
	snprintf(l.name, sizeof(l.name), "%s", name);
	return vmw_runtime_add_label(go->rt, &l);
}

/* The value of a member in a copy of its struct. */
static uint64_t value_in(const struct vmw_goruntime *go, const void *copy,
			 enum vmw_go_field field)
{
	const struct vmw_go_member *m = &go->layout->field[field];
	const unsigned char *bytes = (const unsigned char *)copy + m->offset;
	uint64_t value = 0;

	for (uint32_t i = m->size; m->offset >= 0 && i-- > 0;)
		value = value << 8 | bytes[i];
	return value;
}

/* Spans lie in arenas, which have labels by now. */
static bool is_in_arena(struct vmw_goruntime *go, uint64_t start, uint64_t end)
{
	const size_t nr = go->rt->nr_labels;

	for (size_t i = 0; i < nr; i++) {
		/* Neighbours in the list of spans are often so in memory. */
		const size_t at = (go->last_arena + i) % nr;
		const struct vmw_label *l = &go->rt->labels[at];

		if (l->kind == VMW_LABEL_GO_ARENA && start >= l->start &&
		    start < l->end) {
			go->last_arena = at;
			return end <= l->end ||
			       vmw_go_is_mapped(go, start, end);
		}
	}
	return false;
}

static int add_span(struct vmw_goruntime *go, const void *copy)
{
	const uint64_t state = value_in(go, copy, VMW_GO_SPAN_STATE);
	const uint64_t pages = value_in(go, copy, VMW_GO_SPAN_PAGES);
	struct vmw_go_span s = {
		.start = value_in(go, copy, VMW_GO_SPAN_START),
		.elem_size = value_in(go, copy, VMW_GO_SPAN_ELEM_SIZE),
	};

	if (state != STATE_IN_USE && state != STATE_MANUAL)
		return 0;
	s.end = s.start + pages * PAGE_SIZE;
	if (s.start % PAGE_SIZE || !pages || pages > 1ULL << 32 ||
	    s.end < s.start || s.elem_size > s.end - s.start ||
	    !is_in_arena(go, s.start, s.end)) {
		go->rt->torn++;
		return 0;
	}
	if (state == STATE_IN_USE) {
		s.state = VMW_SPAN_HEAP;
		s.noscan = value_in(go, copy, VMW_GO_SPAN_CLASS) & 1;
		s.nr_elems = value_in(go, copy, VMW_GO_SPAN_ELEMS);
		s.nr_used = value_in(go, copy, VMW_GO_SPAN_USED);
	} else {
		s.state = s.elem_size ? VMW_SPAN_STACK : VMW_SPAN_MANUAL;
		s.nr_elems = s.elem_size ? (s.end - s.start) / s.elem_size : 0;
	}
	return vmw_runtime_add_span(go->rt, &s);
}

/* All structs that ever were made for spans; those without one are "dead". */
static int read_spans(struct vmw_goruntime *go, uint64_t heap)
{
	const uint32_t size = go->layout->size[VMW_GO_TYPE_SPAN];
	uint64_t array, len, block[BLOCK];
	unsigned char copy[512];
	int ret;

	if (size > sizeof(copy))
		return -EPROTO;
	ret = vmw_go_slice(go, heap + go->layout->field[VMW_GO_HEAP_SPANS].offset,
			   &array, &len);
	if (ret || len > VMW_SPANS_MAX)
		return ret ? ret : -EPROTO;
	for (uint64_t i = 0; i < len; i++) {
		if (i % BLOCK == 0) {
			uint64_t n = len - i < BLOCK ? len - i : BLOCK;

			ret = vmw_mem_read(go->mem, array + i * PTR, block,
					   n * PTR);
			if (ret)
				return ret;
		}
		if (vmw_mem_read(go->mem, block[i % BLOCK], copy, size))
			go->rt->torn++;
		else
			ret = add_span(go, copy);
		if (ret)
			return ret;
	}
	return 0;
}

/* The bitmap of what is scavenged in the chunk that holds @addr. */
static bool read_scavenged(struct vmw_goruntime *go, uint64_t heap,
			   uint64_t addr, unsigned char bits[CHUNK_PAGES / 8])
{
	const uint64_t nr = (addr - go->layout->arena_base) / CHUNK_SIZE;
	const struct vmw_go_member *l1 = &go->layout->field[VMW_GO_HEAP_CHUNKS];
	const struct vmw_go_member *bitmap =
		&go->layout->field[VMW_GO_CHUNK_SCAVENGED];
	uint64_t table;

	if (l1->offset < 0 || bitmap->offset < 0 ||
	    bitmap->size != CHUNK_PAGES / 8 || nr / CHUNKS_L2 >= l1->size / PTR)
		return false;
	if (vmw_mem_uint(go->mem, heap + l1->offset + nr / CHUNKS_L2 * PTR, PTR,
			 &table) || !table)
		return false;
	table += nr % CHUNKS_L2 * go->layout->size[VMW_GO_TYPE_CHUNK];
	return !vmw_mem_read(go->mem, table + bitmap->offset, bits,
			     CHUNK_PAGES / 8);
}

/* Pages of [@start, @end), in one chunk, by whether they were given back. */
static int add_free_in_chunk(struct vmw_goruntime *go, uint64_t heap,
			     uint64_t start, uint64_t end)
{
	unsigned char bits[CHUNK_PAGES / 8];
	bool known = read_scavenged(go, heap, start, bits);
	struct vmw_go_span s = { .start = start };
	int ret = 0;

	while (!ret && s.start < end) {
		unsigned int page = s.start % CHUNK_SIZE / PAGE_SIZE;
		bool gone = known && bits[page / 8] >> page % 8 & 1;

		s.state = gone ? VMW_SPAN_SCAVENGED : VMW_SPAN_FREE;
		s.end = s.start;
		do {
			s.end += PAGE_SIZE;
			page++;
		} while (s.end < end && (!known || gone ==
			 (bits[page / 8] >> page % 8 & 1)));
		ret = vmw_runtime_add_span(go->rt, &s);
		s.start = s.end;
	}
	return ret;
}

static int add_free(struct vmw_goruntime *go, uint64_t heap, uint64_t start,
		    uint64_t end)
{
	int ret = 0;

	while (!ret && start < end) {
		uint64_t next = (start | (CHUNK_SIZE - 1)) + 1;

		next = next < end ? next : end;
		ret = add_free_in_chunk(go, heap, start, next);
		start = next;
	}
	return ret;
}

static int compare_spans(const void *a, const void *b)
{
	const struct vmw_go_span *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

/* What no span has of [@start, @end), which is in use; @next goes over spans. */
static int fill_range(struct vmw_goruntime *go, uint64_t heap, uint64_t start,
		      uint64_t end, size_t nr)
{
	uint64_t at = start;
	int ret = 0;

	for (size_t i = 0; !ret && i < nr && at < end; i++) {
		/* add_free() may move the array. */
		const struct vmw_go_span s = go->rt->spans[i];

		if (s.end <= at)
			continue;
		if (s.start >= end)
			break;
		if (s.start > at)
			ret = add_free(go, heap, at, s.start);
		at = s.end;
	}
	return ret || at >= end ? ret : add_free(go, heap, at, end);
}

/* Ranges of arenas that are in use. The rest of each arena is reserved. */
static int read_free(struct vmw_goruntime *go, uint64_t heap)
{
	const struct vmw_go_member *m = &go->layout->field[VMW_GO_HEAP_IN_USE];
	const size_t nr = go->rt->nr_spans;
	uint64_t array, len, range[2];
	int ret;

	if (m->offset < 0)
		return 0;
	ret = vmw_go_slice(go, heap + m->offset, &array, &len);
	if (ret || len > RANGES_MAX)
		return ret ? ret : -EPROTO;
	if (nr)
		qsort(go->rt->spans, nr, sizeof(*go->rt->spans), compare_spans);
	for (uint64_t i = 0; !ret && i < len; i++) {
		ret = vmw_mem_read(go->mem, array + i * sizeof(range), range,
				   sizeof(range));
		if (ret)
			break;
		if (range[0] % PAGE_SIZE || range[1] % PAGE_SIZE ||
		    range[0] >= range[1] ||
		    !vmw_go_is_mapped(go, range[0], range[1]))
			go->rt->torn++;
		else
			ret = fill_range(go, heap, range[0], range[1], nr);
	}
	return ret;
}

/* What no span has of the arenas by now. */
static int read_reserved(struct vmw_goruntime *go)
{
	struct vmw_runtime *rt = go->rt;
	const size_t nr = rt->nr_spans;
	struct vmw_go_span s = { .state = VMW_SPAN_RESERVED };
	int ret = 0;

	if (nr)
		qsort(rt->spans, nr, sizeof(*rt->spans), compare_spans);
	for (size_t i = 0; !ret && i < rt->nr_labels; i++) {
		const struct vmw_label l = rt->labels[i];
		size_t j = 0;

		if (l.kind != VMW_LABEL_GO_ARENA)
			continue;
		for (s.start = l.start; !ret && j < nr && s.start < l.end; j++) {
			s.end = rt->spans[j].start < l.end ?
				rt->spans[j].start : l.end;
			if (s.end > s.start)
				ret = vmw_runtime_add_span(rt, &s);
			if (rt->spans[j].end > s.start)
				s.start = rt->spans[j].end;
		}
		s.end = l.end;
		if (!ret && s.start < s.end)
			ret = vmw_runtime_add_span(rt, &s);
	}
	return ret;
}

/* Arena number @nr, and the struct that describes it. */
static int add_arena(struct vmw_goruntime *go, uint64_t heap, uint64_t nr)
{
	const struct vmw_go_member *l1 = &go->layout->field[VMW_GO_HEAP_ARENAS];
	const uint64_t start = nr * ARENA_SIZE + go->layout->arena_base;
	const uint64_t l1_entries = l1->size / PTR;
	uint64_t l2_entries, table, arena;
	int ret;

	if (start % ARENA_SIZE || !l1_entries ||
	    !vmw_go_is_mapped(go, start, start + ARENA_SIZE)) {
		go->rt->torn++;
		return 0;
	}
	ret = add_label(go, VMW_LABEL_GO_ARENA, start, ARENA_SIZE, "arena");
	l2_entries = (1ULL << ADDRESS_BITS) / ARENA_SIZE / l1_entries;
	if (ret || !l2_entries || nr / l2_entries >= l1_entries)
		return ret;
	if (!vmw_mem_uint(go->mem, heap + l1->offset + nr / l2_entries * PTR,
			  PTR, &table) &&
	    !vmw_mem_uint(go->mem, table + nr % l2_entries * PTR, PTR, &arena))
		ret = add_label(go, VMW_LABEL_GO_RUNTIME, arena,
				go->layout->size[VMW_GO_TYPE_ARENA],
				"heapArena, an arena's metadata");
	return ret;
}

static int read_arenas(struct vmw_goruntime *go, uint64_t heap)
{
	const uint32_t offset = go->layout->field[VMW_GO_HEAP_ALL_ARENAS].offset;
	uint64_t array, len, nr;
	int ret = vmw_go_slice(go, heap + offset, &array, &len);

	if (!ret && len > ARENAS_MAX)
		ret = -EPROTO;
	for (uint64_t i = 0; !ret && i < len; i++) {
		ret = vmw_mem_uint(go->mem, array + i * PTR, PTR, &nr);
		if (!ret)
			ret = add_arena(go, heap, nr);
	}
	return ret;
}

/* A list of blocks of @size bytes from @addr on, linked at @next_offset. */
static int add_list(struct vmw_goruntime *go, uint64_t addr, uint64_t size,
		    uint32_t next_offset, const char *name)
{
	int ret = 0;

	for (unsigned int i = 0; !ret && addr && i < LIST_MAX; i++) {
		ret = add_label(go, VMW_LABEL_GO_RUNTIME, addr, size, name);
		if (vmw_mem_uint(go->mem, addr + next_offset, PTR, &addr))
			break;
	}
	return ret;
}

static int read_bits(struct vmw_goruntime *go)
{
	const uint32_t size = go->layout->size[VMW_GO_TYPE_BITS];
	const int32_t next = go->layout->field[VMW_GO_BITS_NEXT].offset;
	uint64_t var = vmw_go_var(go, VMW_GO_VAR_BITS), addr;
	int ret = 0;

	if (!var || !size || next < 0)
		return 0;
	/* A lock, and behind it free, next, current, previous. */
	for (int i = 0; !ret && i <= 4; i++)
		if (!vmw_mem_uint(go->mem, var + i * PTR, PTR, &addr))
			ret = add_list(go, addr, size, next, "mark and alloc bits");
	return ret;
}

static int read_summaries(struct vmw_goruntime *go, uint64_t heap)
{
	const struct vmw_go_member *m = &go->layout->field[VMW_GO_HEAP_SUMMARY];
	uint64_t slice[3];	/* array, length, capacity */
	char name[VMW_NAME_MAX];
	int ret = 0;

	for (uint32_t i = 0; m->offset >= 0 && !ret &&
	     i < m->size / sizeof(slice) && i < 16; i++) {
		if (vmw_mem_read(go->mem, heap + m->offset + i * sizeof(slice),
				 slice, sizeof(slice)))
			continue;
		snprintf(name, sizeof(name), "summary of free pages, level %u", i);
		if (slice[2] < UINT64_MAX / PTR)
			ret = add_label(go, VMW_LABEL_GO_RUNTIME, slice[0],
					slice[2] * PTR, name);
	}
	return ret;
}

/* Tables of the second level, of which most are not there. */
static int read_tables(struct vmw_goruntime *go, uint64_t heap,
		       enum vmw_go_field field, uint64_t size, const char *name)
{
	const struct vmw_go_member *m = &go->layout->field[field];
	uint64_t block[BLOCK];
	int ret = 0;

	for (uint32_t i = 0; m->offset >= 0 && !ret && i < m->size / PTR; i++) {
		uint32_t left = m->size / PTR - i;

		if (i % BLOCK == 0 &&
		    vmw_mem_read(go->mem, heap + m->offset + i * PTR, block,
				 (left < BLOCK ? left : BLOCK) * PTR))
			break;
		if (block[i % BLOCK])
			ret = add_label(go, VMW_LABEL_GO_RUNTIME,
					block[i % BLOCK], size, name);
	}
	return ret;
}

static int read_scav_index(struct vmw_goruntime *go, uint64_t heap)
{
	const struct vmw_go_member *m = &go->layout->field[VMW_GO_HEAP_SCAV_INDEX];
	const uint32_t size = go->layout->field[VMW_GO_SCAV_ELEM].size;
	uint64_t slice[3];

	if (m->offset < 0 || m->size != sizeof(slice) || !size ||
	    vmw_mem_read(go->mem, heap + m->offset, slice, sizeof(slice)) ||
	    slice[2] > UINT64_MAX / size)
		return 0;
	return add_label(go, VMW_LABEL_GO_RUNTIME, slice[0], slice[2] * size,
			 "index of what to scavenge");
}

static int read_own(struct vmw_goruntime *go, uint64_t heap)
{
	const struct vmw_go_member *l1 = &go->layout->field[VMW_GO_HEAP_ARENAS];
	const uint64_t arenas = (1ULL << ADDRESS_BITS) / ARENA_SIZE * PTR;
	uint64_t var, addr;
	int ret = 0;

	var = vmw_go_var(go, VMW_GO_VAR_CHUNKS);
	if (var && !vmw_mem_uint(go->mem, var, PTR, &addr))
		ret = add_list(go, addr, PERSISTENT_CHUNK, 0,
			       "persistentalloc, what is never freed");
	if (!ret)
		ret = read_bits(go);
	if (!ret)
		ret = read_summaries(go, heap);
	if (!ret)
		ret = read_tables(go, heap, VMW_GO_HEAP_CHUNKS, CHUNKS_L2 *
				  go->layout->size[VMW_GO_TYPE_CHUNK],
				  "bitmaps of free pages");
	if (!ret && l1->size >= PTR)
		ret = read_tables(go, heap, VMW_GO_HEAP_ARENAS,
				  arenas / (l1->size / PTR), "index of arenas");
	if (!ret)
		ret = read_scav_index(go, heap);
	var = vmw_go_var(go, VMW_GO_VAR_BUCKETS);
	if (!ret && var && !vmw_mem_uint(go->mem, var, PTR, &addr))
		ret = add_label(go, VMW_LABEL_GO_RUNTIME, addr, 179999 * PTR,
				"hash table of the profiler");
	return ret;
}

int vmw_go_read_heap(struct vmw_goruntime *go)
{
	const uint64_t heap = vmw_go_var(go, VMW_GO_VAR_HEAP);
	int ret;

	ret = read_arenas(go, heap);
	if (!ret)
		ret = read_own(go, heap);
	if (!ret)
		ret = read_spans(go, heap);
	if (!ret)
		ret = read_free(go, heap);
	if (!ret)
		ret = read_reserved(go);
	return ret;
}
