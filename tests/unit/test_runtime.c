// SPDX-License-Identifier: GPL-2.0
/* LINK: user/annotate/goruntime.c user/annotate/goruntime_heap.c */
/* LINK: user/annotate/golayout_table.c user/annotate/gopclntab.c */
/* LINK: user/annotate/gorace.c user/annotate/malloc.c user/annotate/mem.c */
/*
 * What is read of a target's memory, on memory made up for it: arrays that overlap,
 * a runtime of a few words, and traps. Each ends, and within its budget.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "annotate/gopclntab.h"
#include "annotate/gorace.h"
#include "annotate/goruntime.h"
#include "annotate/malloc.h"

#define PAGE	4096
#define BASE	0x10000000ULL	/* where the memory made up is */
#define PAGES	64
#define HEAP	BASE		/* struct mheap, and what it leads to */
#define ARENA	0xc000000000ULL
#define BUDGET	200000

struct fixture {
	struct vmw_aspace as;
	struct vmw_mem mem;
	struct vmw_golayout layout;
	struct vmw_goruntime go;
	unsigned char bytes[PAGES * PAGE];
};

static int read_page(const struct vmw_mem *mem, uint64_t addr, void *buf)
{
	struct fixture *f = mem->source;

	if (addr >= ARENA && addr < ARENA + (64 << 20)) {
		memset(buf, 0, VMW_MEM_PAGE);
		return 0;
	}
	if (addr < BASE || addr >= BASE + sizeof(f->bytes))
		return -EFAULT;
	memcpy(buf, f->bytes + (addr - BASE), VMW_MEM_PAGE);
	return 0;
}

static void add_vma(struct vmw_aspace *as, uint64_t start, uint64_t end,
		    uint32_t access)
{
	const struct vmwalk_vma v = {
		.start = start, .from = start, .end = end, .page_shift = 12,
		.flags = access | VMWALK_VMA_F_ANON,
	};

	assert_int_equal(vmw_aspace_add_vma(as, &v, NULL), 0);
}

#define RW	(VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE)

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	*state = f;
	vmw_aspace_init(&f->as, 12);
	f->as.mm.task_size = (uint64_t)1 << 47;
	add_vma(&f->as, BASE, BASE + sizeof(f->bytes), RW);
	add_vma(&f->as, ARENA, ARENA + (64 << 20), RW);
	f->mem = (struct vmw_mem){
		.read_page = read_page, .source = f, .budget = BUDGET,
	};
	assert_int_equal(vmw_mem_init(&f->mem), 0);
	assert_true(vmw_golayout_of_version("go1.19.8", &f->layout));
	f->layout.source = VMW_EVIDENCE_DWARF;
	f->layout.arena_base = 0xffff800000000000;
	f->go = (struct vmw_goruntime){
		.as = &f->as, .layout = &f->layout, .mem = &f->mem,
		.rt = &f->as.runtime,
	};
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	vmw_mem_deinit(&f->mem);
	vmw_aspace_deinit(&f->as);
	free(f);
	return 0;
}

static void put(struct fixture *f, uint64_t addr, uint64_t value, size_t size)
{
	assert_true(addr >= BASE && addr + size <= BASE + sizeof(f->bytes));
	memcpy(f->bytes + (addr - BASE), &value, size);
}

static void put_field(struct fixture *f, uint64_t addr, enum vmw_go_field field,
		      uint64_t value)
{
	const struct vmw_go_member *m = &f->layout.field[field];

	put(f, addr + m->offset, value, m->size < 8 ? m->size : 8);
}

static void put_slice(struct fixture *f, uint64_t addr, uint64_t array,
		      uint64_t len)
{
	put(f, addr, array, 8);
	put(f, addr + 8, len, 8);
	put(f, addr + 16, len, 8);
}

static uint64_t heap_field(const struct fixture *f, enum vmw_go_field field)
{
	return HEAP + f->layout.field[field].offset;
}

/* A struct mheap of 18 pages, then arrays and structs in pages of their own. */
#define SPANS	(BASE + 20 * PAGE)
#define ARRAYS	(BASE + 40 * PAGE)
#define GS	(BASE + 42 * PAGE)

static void put_span(struct fixture *f, unsigned int nr, uint64_t start,
		     uint64_t pages, unsigned int state, uint64_t elem)
{
	const uint64_t s = SPANS + nr * 256;

	put(f, ARRAYS + nr * 8, s, 8);
	put_field(f, s, VMW_GO_SPAN_START, start);
	put_field(f, s, VMW_GO_SPAN_PAGES, pages);
	put_field(f, s, VMW_GO_SPAN_STATE, state);
	put_field(f, s, VMW_GO_SPAN_ELEM_SIZE, elem);
	put_field(f, s, VMW_GO_SPAN_ELEMS, elem ? pages * 8192 / elem : 0);
	put_slice(f, heap_field(f, VMW_GO_HEAP_SPANS), ARRAYS, nr + 1);
}

static void put_g(struct fixture *f, unsigned int nr, uint64_t id, uint64_t lo,
		  uint64_t hi)
{
	const uint64_t g = GS + nr * 512;

	put(f, ARRAYS + 1024 + nr * 8, g, 8);
	put_field(f, g, VMW_GO_G_LO, lo);
	put_field(f, g, VMW_GO_G_HI, hi);
	put_field(f, g, VMW_GO_G_SP, hi - 8);
	put_field(f, g, VMW_GO_G_STATUS, VMW_G_WAITING | 0x1000);
	put_field(f, g, VMW_GO_G_ID, id);
	put_slice(f, f->layout.var[VMW_GO_VAR_ALLGS], ARRAYS + 1024, nr + 1);
}

/* One arena, of which 4 MiB are in use. */
static void put_heap(struct fixture *f)
{
	f->layout.var[VMW_GO_VAR_HEAP] = HEAP;
	f->layout.var[VMW_GO_VAR_ALLGS] = ARRAYS + 2048;
	put(f, ARRAYS + 3000, (ARENA - f->layout.arena_base) / (64 << 20), 8);
	put_slice(f, heap_field(f, VMW_GO_HEAP_ALL_ARENAS), ARRAYS + 3000, 1);
	put(f, ARRAYS + 3100, ARENA, 8);
	put(f, ARRAYS + 3108, ARENA + (4 << 20), 8);
	put_slice(f, heap_field(f, VMW_GO_HEAP_IN_USE), ARRAYS + 3100, 1);
}

static void test_heap(void **state)
{
	struct fixture *f = *state;
	struct vmw_runtime *rt = &f->as.runtime;
	const struct vmw_go_span *s;

	put_heap(f);
	put_span(f, 0, ARENA, 1, 1, 64);
	put_span(f, 1, ARENA + 8192, 4, 2, 2048);
	put_span(f, 2, ARENA + 16 * 8192, 1, 0, 0);
	put_span(f, 3, ARENA + 32 * 8192, 2, 2, 0);
	put_g(f, 0, 1, ARENA + 8192, ARENA + 8192 + 2048);
	assert_int_equal(vmw_goruntime_read(&f->go), 0);
	vmw_runtime_finish(rt);
	assert_int_equal(rt->torn, 0);
	assert_string_equal(rt->note, "");
	assert_int_equal(vmw_runtime_span_at(rt, ARENA + 100)->elem_size, 64);
	assert_int_equal(vmw_runtime_g_at(rt, ARENA + 8192)->id, 1);
	assert_int_equal(vmw_runtime_g_at(rt, ARENA + 8192)->status,
			 VMW_G_WAITING);
	assert_null(vmw_runtime_g_at(rt, ARENA + 8192 + 2048));
	assert_int_equal(vmw_runtime_g_of_sp(rt, ARENA + 8192 + 2048)->id, 1);
	assert_null(vmw_runtime_g_of_sp(rt, ARENA + 8192));
	assert_int_equal(vmw_runtime_span_at(rt, ARENA + 32 * 8192)->state,
			 VMW_SPAN_MANUAL);
	s = vmw_runtime_span_at(rt, ARENA + 16 * 8192);
	assert_int_equal(s->state, VMW_SPAN_FREE);
	s = vmw_runtime_span_at(rt, ARENA + (5 << 20));
	assert_int_equal(s->state, VMW_SPAN_RESERVED);
	assert_int_equal(s->start, ARENA + (4 << 20));
	assert_int_equal(s->end, ARENA + (64 << 20));
	/* All of the arena is told, once. */
	for (size_t i = 1; i < rt->nr_spans; i++)
		assert_int_equal(rt->spans[i].start, rt->spans[i - 1].end);
	assert_int_equal(rt->spans[0].start, ARENA);
}

/* A stack that is no slot of its span was read in mid-change. */
static void test_torn(void **state)
{
	struct fixture *f = *state;

	put_heap(f);
	put_span(f, 0, ARENA, 4, 2, 4096);
	put_g(f, 0, 1, ARENA, ARENA + 4096);
	put_g(f, 1, 2, ARENA + 2048, ARENA + 4096 + 2048);
	put_g(f, 2, 3, ARENA + 8192, ARENA + 8192 + 2048);
	put_g(f, 3, 4, ARENA + (1 << 20), ARENA + (1 << 20) + 4096);
	assert_int_equal(vmw_goruntime_read(&f->go), 0);
	assert_int_equal(f->as.runtime.nr_gs, 1);
	assert_int_equal(f->as.runtime.torn, 3);
	assert_non_null(strstr(f->as.runtime.note, "3 goroutines or spans"));
}

static void test_traps(void **state)
{
	static const uint64_t lens[] = { 1, 1000, UINT32_MAX, UINT64_MAX };
	static const uint64_t addrs[] = {
		0, 1, BASE + 7, BASE + PAGES * PAGE - 1, UINT64_MAX, ARENA,
	};
	struct fixture *f = *state;
	static const enum vmw_go_field slices[] = {
		VMW_GO_HEAP_SPANS, VMW_GO_HEAP_ALL_ARENAS, VMW_GO_HEAP_IN_USE,
	};

	for (size_t l = 0; l < 4; l++)
		for (size_t a = 0; a < 6; a++)
			for (size_t s = 0; s < 3; s++) {
				put_heap(f);
				put_span(f, 0, ARENA, 1, 1, 64);
				put_slice(f, heap_field(f, slices[s]), addrs[a],
					  lens[l]);
				f->mem.budget = BUDGET;
				vmw_goruntime_read(&f->go);
				vmw_runtime_finish(&f->as.runtime);
				f->as.runtime.note[0] = '\0';
			}
}

/* Words that mostly lead somewhere, in all that is read. */
static void test_noise(void **state)
{
	struct fixture *f = *state;

	put_heap(f);
	f->layout.var[VMW_GO_VAR_ALLM] = BASE + 8;
	f->layout.var[VMW_GO_VAR_CHUNKS] = BASE + 16;
	f->layout.var[VMW_GO_VAR_BITS] = BASE + 24;
	f->layout.var[VMW_GO_VAR_WAIT_REASONS] = BASE + 64;
	f->layout.nr_wait_reasons = 27;
	for (unsigned int seed = 0; seed < 300; seed++) {
		srand(seed);
		for (uint64_t at = 0; at < sizeof(f->bytes); at += 8)
			put(f, BASE + at, rand() % 4 ?
			    BASE + rand() % sizeof(f->bytes) :
			    (uint64_t)rand() >> rand() % 32, 8);
		put_heap(f);
		put_slice(f, heap_field(f, VMW_GO_HEAP_SPANS), BASE,
			  rand() % 3000);
		put_slice(f, ARRAYS + 2048, BASE + 8, rand() % 1000);
		f->mem.budget = 20000;
		f->as.runtime.note[0] = '\0';
		vmw_goruntime_read(&f->go);
		vmw_runtime_finish(&f->as.runtime);
		assert_int_equal(vmw_malloc_read(&f->as, &f->mem,
						 &f->as.runtime), 0);
		vmw_runtime_finish(&f->as.runtime);
		for (size_t i = 1; i < f->as.runtime.nr_spans; i++)
			assert_true(f->as.runtime.spans[i].start >=
				    f->as.runtime.spans[i - 1].end);
	}
}

static void test_budget(void **state)
{
	struct fixture *f = *state;
	unsigned char byte;

	f->mem.budget = 2;
	assert_int_equal(vmw_mem_read(&f->mem, BASE, &byte, 1), 0);
	assert_int_equal(vmw_mem_read(&f->mem, BASE + PAGE, &byte, 1), 0);
	assert_int_equal(vmw_mem_read(&f->mem, BASE, &byte, 1), 0);
	assert_int_equal(vmw_mem_read(&f->mem, BASE + 2 * PAGE, &byte, 1), -ETIME);
	assert_int_equal(vmw_mem_read(&f->mem, UINT64_MAX, &byte, 8), -EFAULT);
}

/* Lists that lead into themselves. */
#define M	(BASE + 44 * PAGE)

/* A thread that begins, at the very end of its stack: which one it is, nobody says. */
static void test_newborn(void **state)
{
	struct fixture *f = *state;
	struct vmw_runtime *rt = &f->as.runtime;
	const uint64_t g0 = GS + 20 * 512, lo = ARENA + 8192, hi = lo + 16384;
	const struct vmw_thread other = { .tid = 7, .has_regs = true, .sp = lo };
	const struct vmw_thread born = { .tid = 8, .has_regs = true, .sp = hi };

	put_heap(f);
	put_span(f, 0, lo, 2, 2, 16384);
	f->layout.var[VMW_GO_VAR_ALLM] = BASE + 19 * PAGE;
	put(f, BASE + 19 * PAGE, M, 8);
	put_field(f, M, VMW_GO_M_G0, g0);
	put_field(f, g0, VMW_GO_G_LO, lo);
	put_field(f, g0, VMW_GO_G_HI, hi);
	assert_int_equal(vmw_aspace_add_thread(&f->as, &other), 0);
	assert_int_equal(vmw_goruntime_read(&f->go), 0);
	vmw_runtime_finish(rt);
	assert_int_equal(vmw_runtime_g_of_sp(rt, hi)->kind, VMW_G_G0);
	assert_int_equal(vmw_runtime_g_of_sp(rt, hi)->tid, 0);

	vmw_runtime_deinit(rt);
	vmw_mem_forget(&f->mem);
	assert_int_equal(vmw_aspace_add_thread(&f->as, &born), 0);
	assert_int_equal(vmw_goruntime_read(&f->go), 0);
	vmw_runtime_finish(rt);
	assert_int_equal(vmw_runtime_g_of_sp(rt, hi)->tid, 8);
}

static void test_loops(void **state)
{
	struct fixture *f = *state;

	put_heap(f);
	put_span(f, 0, ARENA, 1, 1, 64);
	f->layout.var[VMW_GO_VAR_ALLM] = BASE + 19 * PAGE;
	f->layout.var[VMW_GO_VAR_CHUNKS] = BASE + 19 * PAGE;
	put(f, BASE + 19 * PAGE, GS, 8);
	put_field(f, GS, VMW_GO_M_NEXT, GS);
	assert_int_equal(vmw_goruntime_read(&f->go), 0);
}

static void test_overlaps(void **state)
{
	struct fixture *f = *state;
	struct vmw_runtime *rt = &f->as.runtime;
	const struct vmw_label labels[] = {
		{ .start = 0x3000, .end = 0x5000, .kind = 1 },
		{ .start = 0x1000, .end = 0x4000, .kind = 2 },
		{ .start = 0x1000, .end = 0x2000, .kind = 3 },
		{ .start = 0x9000, .end = 0xa000, .kind = 4 },
	};
	const struct vmw_label empty = { .start = 1, .end = 1 };

	for (size_t i = 0; i < 4; i++)
		assert_int_equal(vmw_runtime_add_label(rt, &labels[i]), 0);
	assert_int_equal(vmw_runtime_add_label(rt, &empty), -EPROTO);
	vmw_runtime_finish(rt);
	assert_int_equal(rt->nr_labels, 3);
	assert_int_equal(vmw_runtime_label_at(rt, 0x1fff)->kind, 2);
	assert_int_equal(vmw_runtime_label_at(rt, 0x4000)->kind, 1);
	assert_null(vmw_runtime_label_at(rt, 0x5000));
	assert_null(vmw_runtime_label_at(rt, 0xfff));
	assert_int_equal(vmw_runtime_main_label(rt, 0x3000, 0x9001)->kind, 2);
	assert_int_equal(vmw_runtime_main_label(rt, 0x3001, 0x9001)->kind, 1);
	assert_null(vmw_runtime_main_label(rt, 0x5000, 0x9000));
}

/* A span that was taken while the list was read: what it overlaps has gone. */
static void test_overlapping_spans(void **state)
{
	struct fixture *f = *state;
	struct vmw_runtime *rt = &f->as.runtime;
	const struct vmw_go_span spans[] = {
		{ .start = 0x3000, .end = 0x5000, .elem_size = 0x2000 },
		{ .start = 0x1000, .end = 0x4000, .elem_size = 0x3000 },
		{ .start = 0x5000, .end = 0x6000, .elem_size = 8 },
	};

	for (size_t i = 0; i < 3; i++)
		assert_int_equal(vmw_runtime_add_span(rt, &spans[i]), 0);
	vmw_runtime_finish(rt);
	vmw_runtime_finish(rt);
	assert_int_equal(rt->nr_spans, 2);
	assert_int_equal(rt->torn, 1);
	assert_int_equal(vmw_runtime_span_at(rt, 0x3fff)->start, 0x1000);
	assert_null(vmw_runtime_span_at(rt, 0x4000));
	assert_non_null(vmw_runtime_span_at(rt, 0x5000));
}

/* glibc's heap: chunks up to the top; with a size that leads nowhere; with one too long. */
static void test_malloc_brk(void **state)
{
	struct fixture *f = *state;
	struct vmw_runtime *rt = &f->as.runtime;

	f->as.mm.start_brk = BASE;
	f->as.mm.brk = BASE + 0x1000;
	put(f, BASE + 8, 0x291, 8);
	put(f, BASE + 0x298, 0x21, 8);
	put(f, BASE + 0x2b8, (0x1000 - 0x2b0) | 1, 8);
	assert_int_equal(vmw_malloc_read(&f->as, &f->mem, rt), 0);
	vmw_runtime_finish(rt);
	assert_int_equal(vmw_runtime_label_at(rt, BASE + 0x290)->kind,
			 VMW_LABEL_MALLOC_BRK);
	assert_int_equal(vmw_runtime_label_at(rt, BASE + 0x2b0)->kind,
			 VMW_LABEL_MALLOC_TOP);
	rt->nr_labels = 0;
	put(f, BASE + 0x298, 0x31, 8);
	vmw_mem_forget(&f->mem);
	assert_int_equal(vmw_malloc_read(&f->as, &f->mem, rt), 0);
	assert_int_equal(rt->nr_labels, 0);
	put(f, BASE + 0x298, 0x21, 8);
	put(f, BASE + 0x2b8, (0x1000 - 0x2b0 + 0x10) | 1, 8);
	vmw_mem_forget(&f->mem);
	assert_int_equal(vmw_malloc_read(&f->as, &f->mem, rt), 0);
	assert_int_equal(rt->nr_labels, 0);
}

static void put_word(unsigned char *table, size_t at, uint64_t value)
{
	memcpy(table + at, &value, 8);
}

/* Go 1.20's: one function, and the end of all. */
#define MIB		(1ULL << 20)
#define SHADOW		0x200000000000ULL
#define MAPPED		0x7f0000000000ULL
#define NORESERVE	(RW | VMWALK_VMA_F_NORESERVE)

/* A Go program with its race detector, and what else may be mapped beside it. */
static void make_race(struct vmw_aspace *as, uint64_t scale)
{
	const struct vmw_label arena = {
		.start = ARENA, .end = ARENA + 64 * MIB, .kind = VMW_LABEL_GO_ARENA,
	};

	vmw_aspace_init(as, 12);
	as->mm.task_size = (uint64_t)1 << 47;
	add_vma(as, 0x400000, 0x500000, RW | VMWALK_VMA_F_FILE);
	add_vma(as, 0x500000, 0x1500000, RW);
	add_vma(as, ARENA, ARENA + 64 * MIB, RW);
	if (scale)
		add_vma(as, SHADOW + scale * ARENA,
			SHADOW + scale * (ARENA + 64 * MIB), NORESERVE);
	add_vma(as, MAPPED, MAPPED + PAGE, 0);
	add_vma(as, MAPPED + PAGE, MAPPED + PAGE + 8 * MIB, RW);
	add_vma(as, MAPPED + 16 * MIB, MAPPED + 20 * MIB, RW);
	add_vma(as, MAPPED + 32 * MIB + PAGE, MAPPED + 34 * MIB, RW);
	add_vma(as, MAPPED + 48 * MIB - PAGE, MAPPED + 49 * MIB - PAGE, RW);
	add_vma(as, MAPPED + 64 * MIB, MAPPED + 64 * MIB + PAGE, NORESERVE);
	assert_int_equal(vmw_runtime_add_label(&as->runtime, &arena), 0);
	vmw_runtime_finish(&as->runtime);
}

static size_t count_race(uint64_t scale)
{
	struct vmw_aspace as;
	size_t nr;

	make_race(&as, scale);
	assert_int_equal(vmw_gorace_read_shadow(&as, &as.runtime), 0);
	assert_int_equal(vmw_gorace_read_rest(&as, &as.runtime), 0);
	vmw_runtime_finish(&as.runtime);
	nr = as.runtime.nr_labels - 1;
	/* Not the bss, not a stack above its guard, not what is too small. */
	assert_null(vmw_runtime_label_at(&as.runtime, 0x600000));
	assert_null(vmw_runtime_label_at(&as.runtime, MAPPED + MIB));
	assert_null(vmw_runtime_label_at(&as.runtime, MAPPED + 48 * MIB));
	vmw_aspace_deinit(&as);
	return nr;
}

/* A shadow of twice or four times the size, and three that the detector allocated. */
static void test_race(void **state)
{
	(void)state;
	assert_int_equal(count_race(2), 4);
	assert_int_equal(count_race(4), 4);
}

static void test_no_race(void **state)
{
	(void)state;
	assert_int_equal(count_race(0), 0);
	assert_int_equal(count_race(3), 0);
}

static void test_pclntab(void **state)
{
	unsigned char table[256] = { 0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8 };
	const uint32_t functab[] = { 0, 16, 64 };	/* entry, function; end */
	const uint32_t function[] = { 0, 4 };		/* entry, name */
	struct vmw_go_function f;
	struct vmw_gopclntab t;

	(void)state;
	put_word(table, 8, 1);
	put_word(table, 24, 0x401000);
	put_word(table, 32, 80);
	put_word(table, 64, 128);
	memcpy(table + 128, functab, sizeof(functab));
	memcpy(table + 128 + 16, function, sizeof(function));
	strcpy((char *)table + 84, "main.main");
	assert_true(vmw_gopclntab_open(&t, table, sizeof(table), 0));
	assert_true(vmw_gopclntab_find(&t, "main.main", &f));
	assert_int_equal(f.start, 0x401000);
	assert_int_equal(f.end, 0x401040);
	assert_true(vmw_gopclntab_at(&t, 0x40103f, &f));
	assert_false(vmw_gopclntab_at(&t, 0x401040, &f));
	assert_false(vmw_gopclntab_at(&t, 0x400fff, &f));
	assert_false(vmw_gopclntab_find(&t, "main.mai", &f));
}

static void test_pclntab_noise(void **state)
{
	static const unsigned char magics[] = { 0xfb, 0xfa, 0xf0, 0xf1 };
	unsigned char *table = malloc(300);
	struct vmw_go_function f;
	struct vmw_gopclntab t;

	(void)state;
	assert_non_null(table);
	for (unsigned int seed = 0; seed < 100000; seed++) {
		const size_t size = seed % 300;

		srand(seed);
		for (size_t i = 0; i < size; i++)
			table[i] = rand() % 3 ? 0 : rand();
		if (size > 8) {
			memcpy(table, "\0\377\377\377\0\0\1\10", 8);
			table[0] = magics[seed % 4];
		}
		if (!vmw_gopclntab_open(&t, table, size, 0x1000))
			continue;
		t.nr %= 1000;
		vmw_gopclntab_at(&t, rand(), &f);
		vmw_gopclntab_find(&t, "x", &f);
	}
	free(table);
}

/* lea 0x100(%rip),%rax; call 0x2000 at 0x1000, and three loads of one slice. */
static void test_code(void **state)
{
	static const unsigned char call[] = {
		0x90, 0x48, 0x8d, 0x05, 0, 1, 0, 0, 0xe8, 0xf3, 0x0f, 0, 0,
	};
	static const unsigned char loads[] = {
		0x48, 0x8b, 0x05, 0xf9, 0, 0, 0,	/* 0x1100 */
		0x4c, 0x8b, 0x0d, 0xfa, 0, 0, 0,	/* 0x1108 */
		0x48, 0x8b, 0x15, 0xfb, 0, 0, 0,	/* 0x1110 */
		0x48, 0x8b, 0x1d, 0, 2, 0, 0,		/* elsewhere */
	};
	struct vmw_go_function f = { .start = 0x1000, .end = 0x1000 + sizeof(call) };
	uint64_t addr;

	(void)state;
	assert_true(vmw_go_receiver_of_call(&f, call, 0x2000, &addr));
	assert_int_equal(addr, 0x1108);
	assert_false(vmw_go_receiver_of_call(&f, call, 0x2001, &addr));
	f.end = 0x1000 + sizeof(loads);
	assert_true(vmw_go_slice_used(&f, loads, &addr));
	assert_int_equal(addr, 0x1100);
	f.end -= 14;
	assert_false(vmw_go_slice_used(&f, loads, &addr));
}

#define test(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_heap),
		test(test_torn),
		test(test_traps),
		test(test_noise),
		test(test_newborn),
		test(test_loops),
		test(test_budget),
		test(test_overlaps),
		test(test_overlapping_spans),
		test(test_malloc_brk),
		test(test_race),
		test(test_no_race),
		test(test_pclntab),
		test(test_pclntab_noise),
		test(test_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
