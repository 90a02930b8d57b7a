// SPDX-License-Identifier: GPL-2.0
/* What became of VMAs and pages, of address spaces that are made up. */
#include "everything.h"
#include "render/diff.h"

#define HEAP	0x800000
#define ARENA	0x7f0000000000
#define ANON_P	(VMWALK_KIND_ANON | VMWALK_STATE_WRITE)

struct pair {
	struct fixture a, b;
	struct vmw_diff diff;
};

static void init(struct fixture *f)
{
	vmw_aspace_init(&f->as, SHIFT);
	f->as.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY;
	f->as.mm.start_code = 0x400000;
	f->as.mm.task_size = 0x7ffffffff000;
	f->as.complete = true;
}

static int setup_pair(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));

	init(&p->a);
	init(&p->b);
	*state = p;
	return 0;
}

static void compare_as(struct pair *p, bool normalize)
{
	struct fixture *f[] = { &p->a, &p->b };

	for (int i = 0; i < 2; i++) {
		vmw_aspace_finish(&f[i]->as);
		assert_int_equal(vmw_classify(&f[i]->as, &f[i]->segs), 0);
	}
	assert_int_equal(vmw_diff_make(&p->a.as, &p->a.segs, &p->b.as,
				       &p->b.segs, normalize, &p->diff), 0);
}

static void compare(struct pair *p)
{
	compare_as(p, false);
}

static int teardown_pair(void **state)
{
	struct pair *p = *state;

	vmw_diff_deinit(&p->diff);
	vmw_segments_deinit(&p->a.segs);
	vmw_segments_deinit(&p->b.segs);
	vmw_aspace_deinit(&p->a.as);
	vmw_aspace_deinit(&p->b.as);
	free(p->a.text);
	free(p);
	return 0;
}

static void anon(struct fixture *f, uint64_t start, uint32_t pages,
		 uint32_t state)
{
	add(f, start, pages, R | W | ANON, 0, NULL);
	extent(f, pages, state);
}

/* Row @i is of the @a-th and the @b-th, and @changes came of it. */
static void row(const struct pair *p, size_t i, size_t a, size_t b,
		uint32_t changes)
{
	assert_true(i < p->diff.nr_vmas);
	assert_int_equal(p->diff.vmas[i].a, a);
	assert_int_equal(p->diff.vmas[i].b, b);
	assert_int_equal(p->diff.vmas[i].changes, changes);
}

static uint64_t pages(const struct pair *p, enum vmw_page_change change)
{
	return p->diff.pages.bytes[change] / PAGE;
}

static void nothing_changed(void **state)
{
	struct pair *p = *state;

	for (int i = 0; i < 2; i++) {
		add_low(i ? &p->b : &p->a, false);
		add_high(i ? &p->b : &p->a, false);
	}
	compare(p);
	assert_int_equal(p->diff.nr_vmas, p->a.as.nr_vmas);
	for (size_t i = 0; i < p->diff.nr_vmas; i++)
		row(p, i, i, i, 0);
	assert_int_equal(p->diff.nr_runs, 0);
	for (size_t i = 0; i < p->diff.nr_segs; i++)
		assert_int_equal(p->diff.segs[i].changes, 0);
}

static void new_and_gone(void **state)
{
	struct pair *p = *state;

	anon(&p->a, ARENA, 4, ANON_P);
	anon(&p->b, ARENA + 64 * PAGE, 8, ANON_P);
	compare(p);
	assert_int_equal(p->diff.nr_vmas, 2);
	row(p, 0, 0, VMW_NO_VMA, VMW_VMA_GONE);
	row(p, 1, VMW_NO_VMA, 0, VMW_VMA_NEW);
	assert_int_equal(pages(p, VMW_PAGE_DROPPED), 4);
	assert_int_equal(pages(p, VMW_PAGE_FAULTED), 8);
	assert_int_equal(p->diff.segs[0].changes, VMW_VMA_NEW);
	assert_int_equal(p->diff.segs[1].changes, VMW_VMA_GONE);
}

static void grew_and_shrank(void **state)
{
	struct pair *p = *state;

	anon(&p->a, ARENA, 4, ANON_P);
	anon(&p->b, ARENA, 6, ANON_P);
	anon(&p->a, ARENA + 64 * PAGE, 4, ANON_P);
	anon(&p->b, ARENA + 65 * PAGE, 3, ANON_P);
	compare(p);
	row(p, 0, 0, 0, VMW_VMA_GREW);
	row(p, 1, 1, 1, VMW_VMA_SHRANK);
	assert_int_equal(pages(p, VMW_PAGE_FAULTED), 2);
	assert_int_equal(pages(p, VMW_PAGE_DROPPED), 1);
	assert_int_equal(p->diff.runs[0].start, ARENA + 4 * PAGE);
	assert_true(p->diff.runs[1].old);
	assert_int_equal(p->diff.runs[1].start, ARENA + 64 * PAGE);
}

/* mprotect() of the middle, and a hole. */
static void split_and_merged(void **state)
{
	struct pair *p = *state;

	anon(&p->a, ARENA, 9, ANON_P);
	anon(&p->b, ARENA, 3, ANON_P);
	add(&p->b, ARENA + 3 * PAGE, 3, R | ANON, 0, NULL);
	extent(&p->b, 3, VMWALK_KIND_ANON);
	anon(&p->b, ARENA + 7 * PAGE, 2, ANON_P);
	compare(p);
	assert_int_equal(p->diff.nr_vmas, 3);
	row(p, 0, 0, 0, VMW_VMA_SPLIT);
	row(p, 1, 0, 1, VMW_VMA_SPLIT | VMW_VMA_PERMISSION);
	row(p, 2, 0, 2, VMW_VMA_SPLIT);
	assert_int_equal(pages(p, VMW_PAGE_PROTECTED), 3);
	assert_int_equal(pages(p, VMW_PAGE_DROPPED), 1);
}

/* A hole in the middle. */
static void split_in_two(void **state)
{
	struct pair *p = *state;

	anon(&p->a, ARENA, 9, ANON_P);
	anon(&p->b, ARENA, 3, ANON_P);
	anon(&p->b, ARENA + 5 * PAGE, 4, ANON_P);
	compare(p);
	assert_int_equal(p->diff.nr_vmas, 2);
	row(p, 0, 0, 0, VMW_VMA_SPLIT);
	row(p, 1, 0, 1, VMW_VMA_SPLIT);
	assert_int_equal(pages(p, VMW_PAGE_DROPPED), 2);
}

static void merged(void **state)
{
	struct pair *p = *state;

	anon(&p->a, ARENA, 3, ANON_P);
	anon(&p->a, ARENA + 4 * PAGE, 4, ANON_P);
	anon(&p->b, ARENA, 8, ANON_P);
	compare(p);
	assert_int_equal(p->diff.nr_vmas, 2);
	row(p, 0, 0, 0, VMW_VMA_MERGED);
	row(p, 1, 1, 0, VMW_VMA_MERGED);
	assert_int_equal(pages(p, VMW_PAGE_FAULTED), 1);
}

static void moved(void **state)
{
	struct pair *p = *state;

	add(&p->a, ARENA, 4, R | W | ANON, 0, NULL);
	extent(&p->a, 1, ANON_P);
	extent(&p->a, 3, VMWALK_KIND_NONE);
	add(&p->b, ARENA + 99 * PAGE, 4, R | W | ANON, 0, NULL);
	extent(&p->b, 1, ANON_P);
	extent(&p->b, 3, VMWALK_KIND_NONE);
	compare(p);
	assert_int_equal(p->diff.nr_vmas, 1);
	row(p, 0, 0, 0, VMW_VMA_MOVED);
	assert_int_equal(p->diff.nr_runs, 0);
}

/* Another stack of the same size is not the old one that was moved. */
static void same_size_is_not_moved(void **state)
{
	struct pair *p = *state;

	anon(&p->a, ARENA, 4, VMWALK_KIND_NONE);
	anon(&p->b, ARENA + 99 * PAGE, 4, VMWALK_KIND_NONE);
	compare(p);
	row(p, 0, 0, VMW_NO_VMA, VMW_VMA_GONE);
	row(p, 1, VMW_NO_VMA, 0, VMW_VMA_NEW);
}

static void another_file_at_that_address(void **state)
{
	struct pair *p = *state;

	add(&p->a, ARENA, 4, R | FILE_, 5, "/lib/a");
	extent(&p->a, 4, VMWALK_KIND_FILE);
	add(&p->b, ARENA, 4, R | FILE_, 6, "/lib/b");
	extent(&p->b, 4, VMWALK_KIND_FILE);
	compare(p);
	row(p, 0, 0, VMW_NO_VMA, VMW_VMA_GONE);
	row(p, 1, VMW_NO_VMA, 0, VMW_VMA_NEW);
}

static void renamed(void **state)
{
	struct pair *p = *state;

	add(&p->a, ARENA, 4, R | FILE_, 5, "/lib/a");
	add(&p->b, ARENA, 4, R | FILE_, 5, "/lib/a (deleted)");
	add(&p->a, ARENA + 9 * PAGE, 4, R | W | ANON, 0, NULL);
	add(&p->b, ARENA + 9 * PAGE, 4, R | W | ANON, 0, "[anon:cache]");
	compare(p);
	row(p, 0, 0, 0, VMW_VMA_RENAMED);
	row(p, 1, 1, 1, VMW_VMA_RENAMED);
}

/* One page for each thing that can happen. */
static void pages_of_all_kinds(void **state)
{
	static const struct {
		uint32_t before, after;
		uint32_t changes;
	} cases[] = {
#define C(change) (1U << VMW_PAGE_##change)
		{ VMWALK_KIND_NONE, ANON_P, C(FAULTED) },
		{ VMWALK_KIND_NONE, VMWALK_KIND_ZERO, C(FAULTED) },
		{ ANON_P, VMWALK_KIND_NONE, C(DROPPED) },
		{ VMWALK_KIND_SWAP, VMWALK_KIND_NONE, C(DROPPED) },
		{ ANON_P, VMWALK_KIND_SWAP, C(SWAPPED_OUT) },
		{ VMWALK_KIND_NONE, VMWALK_KIND_SWAP, C(SWAPPED_OUT) },
		{ VMWALK_KIND_SWAP, ANON_P, C(SWAPPED_IN) },
		{ VMWALK_KIND_SWAP, VMWALK_KIND_SWAP, 0 },
		{ VMWALK_KIND_FILE, ANON_P, C(COPIED) },
		{ VMWALK_KIND_ZERO, ANON_P, C(COPIED) },
		{ VMWALK_KIND_SHMEM, ANON_P, C(COPIED) },
		{ VMWALK_KIND_ANON | VMWALK_STATE_KSM, VMWALK_KIND_ANON,
		  C(COPIED) },
		{ ANON_P, ANON_P | PMD, C(COLLAPSED) },
		{ ANON_P | PMD, ANON_P, C(SPLIT) },
		{ ANON_P, ANON_P | VMWALK_STATE_DIRTY, C(DIRTIED) },
		{ ANON_P | VMWALK_STATE_DIRTY, ANON_P, C(CLEANED) },
		{ ANON_P, VMWALK_KIND_ANON, C(PROTECTED) },
		{ ANON_P, ANON_P | VMWALK_STATE_ACCESSED, 0 },
		{ ANON_P, ANON_P | PMD | VMWALK_STATE_DIRTY,
		  C(COLLAPSED) | C(DIRTIED) },
		{ VMWALK_KIND_NONE, VMWALK_KIND_GUARD, 0 },
	};
	const size_t nr = sizeof(cases) / sizeof(cases[0]);
	struct pair *p = *state;
	size_t run = 0;

	add(&p->a, ARENA, nr, R | W | ANON, 0, NULL);
	add(&p->b, ARENA, nr, R | W | ANON, 0, NULL);
	for (size_t i = 0; i < nr; i++) {
		extent(&p->a, 1, cases[i].before);
		extent(&p->b, 1, cases[i].after);
		assert_int_equal(vmw_page_changes(cases[i].before,
						  cases[i].after),
				 cases[i].changes);
	}
	compare(p);
	for (size_t i = 0; i < nr; i++) {
		if (!cases[i].changes)
			continue;
		assert_true(run < p->diff.nr_runs);
		assert_int_equal(p->diff.runs[run].start, ARENA + i * PAGE);
		assert_int_equal(p->diff.runs[run].pages, 1);
		assert_int_equal(p->diff.runs[run].changes, cases[i].changes);
		run++;
	}
	assert_int_equal(run, p->diff.nr_runs);
	assert_int_equal(pages(p, VMW_PAGE_DIRTIED), 2);
	assert_int_equal(p->diff.vmas[0].pages.bytes[VMW_PAGE_COPIED],
			 4 * PAGE);
}

/* The frames tell what the states do not. */
static void migrated(void **state)
{
	const uint64_t before[] = { VMWALK_EXTENT(4, ANON_P), 100 };
	const uint64_t after[] = {
		VMWALK_EXTENT(2, ANON_P), 100, VMWALK_EXTENT(2, ANON_P), 300,
	};
	struct pair *p = *state;

	p->a.as.flags |= VMWALK_WALK_F_PHYS;
	p->b.as.flags |= VMWALK_WALK_F_PHYS;
	add(&p->a, ARENA, 4, R | W | ANON, 0, NULL);
	vmw_aspace_add_extents(&p->a.as, before, sizeof(before));
	add(&p->b, ARENA, 4, R | W | ANON, 0, NULL);
	vmw_aspace_add_extents(&p->b.as, after, sizeof(after));
	compare(p);
	assert_int_equal(p->diff.nr_runs, 1);
	assert_int_equal(p->diff.runs[0].changes, 1U << VMW_PAGE_MIGRATED);
	assert_int_equal(p->diff.runs[0].start, ARENA + 2 * PAGE);
	assert_int_equal(p->diff.runs[0].pages, 2);
}

/* After a fork: the page that was written to is another, and writable again. */
static void copied_from_fork(void **state)
{
	const uint64_t before[] = { VMWALK_EXTENT(4, VMWALK_KIND_ANON), 100 };
	const uint64_t after[] = {
		VMWALK_EXTENT(1, VMWALK_KIND_ANON), 100,
		VMWALK_EXTENT(1, ANON_P), 300, VMWALK_EXTENT(1, ANON_P), 102,
		VMWALK_EXTENT(1, VMWALK_KIND_ANON), 400,
	};
	struct pair *p = *state;

	p->a.as.flags |= VMWALK_WALK_F_PHYS;
	p->b.as.flags |= VMWALK_WALK_F_PHYS;
	add(&p->a, ARENA, 4, R | W | ANON, 0, NULL);
	vmw_aspace_add_extents(&p->a.as, before, sizeof(before));
	add(&p->b, ARENA, 4, R | W | ANON, 0, NULL);
	vmw_aspace_add_extents(&p->b.as, after, sizeof(after));
	compare(p);
	assert_int_equal(p->diff.nr_runs, 3);
	assert_int_equal(p->diff.runs[0].changes,
			 1U << VMW_PAGE_COPIED | 1U << VMW_PAGE_PROTECTED);
	assert_int_equal(p->diff.runs[0].start, ARENA + PAGE);
	/* Its fork is gone: it was not copied any more. */
	assert_int_equal(p->diff.runs[1].changes, 1U << VMW_PAGE_PROTECTED);
	assert_int_equal(p->diff.runs[2].changes, 1U << VMW_PAGE_MIGRATED);
}

static void add_program(struct fixture *f, uint64_t slide, uint32_t heap,
			uint32_t stack)
{
	f->as.mm.start_code = 0x400000 + slide;
	f->as.mm.start_stack = 0x7ffc00000000 + slide + 0x20000;
	add(f, 0x400000 + slide, 4, R | X | FILE_, 5 + slide / PAGE, "/bin/x");
	extent(f, 4, VMWALK_KIND_FILE);
	add(f, HEAP + slide, heap, R | W | ANON, 0, "[heap]");
	extent(f, heap, ANON_P);
	add(f, 0x7f1000000000 + 2 * slide, 2, R | X | FILE_,
	    6 + slide / PAGE, "/lib/c.so");
	extent(f, 2, VMWALK_KIND_FILE);
	add(f, 0x7ffc00021000 + 3 * slide - stack * PAGE, stack, R | W | ANON, 0,
	    "[stack]");
	extent(f, stack, ANON_P);
}

/* Another run: other addresses, other inodes, and a heap that is larger. */
static void normalized(void **state)
{
	struct pair *p = *state;

	add_program(&p->a, 0, 8, 3);
	add_program(&p->b, 0x100000, 10, 4);
	compare_as(p, true);
	assert_int_equal(p->diff.nr_vmas, 4);
	row(p, 0, 0, 0, 0);
	row(p, 1, 1, 1, VMW_VMA_GREW);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(p->diff.vmas[i].a, p->diff.vmas[i].b);
	assert_int_equal(pages(p, VMW_PAGE_FAULTED), 3);
	assert_int_equal(pages(p, VMW_PAGE_DROPPED), 0);
}

static void not_normalized(void **state)
{
	struct pair *p = *state;

	add_program(&p->a, 0, 8, 3);
	add_program(&p->b, 0x100000, 10, 4);
	compare(p);
	for (size_t i = 0; i < p->diff.nr_vmas; i++)
		assert_true(p->diff.vmas[i].changes &
			    (VMW_VMA_NEW | VMW_VMA_GONE));
}

/* All that came, less all that went, is what there is more. */
static void sums_agree(void **state)
{
	struct pair *p = *state;
	struct vmw_page_sums sums = { 0 };
	uint64_t runs = 0;

	srand(1);
	for (int round = 0; round < 2; round++) {
		struct fixture *f = round ? &p->b : &p->a;
		uint64_t at = ARENA;

		for (int i = 0; i < 200; i++) {
			const uint32_t nr = rand() % 20 + 1;

			at += rand() % 3 * PAGE;
			add(f, at, nr, R | (rand() % 2 ? W : 0) | ANON, 0, NULL);
			at += nr * PAGE;
			for (uint32_t k = 0; k < nr; k++)
				extent(f, 1, rand() % 2 ? VMWALK_KIND_ANON :
							  VMWALK_KIND_NONE);
		}
	}
	compare(p);
	assert_int_equal(p->diff.before.present +
			 p->diff.pages.bytes[VMW_PAGE_FAULTED],
			 p->diff.after.present +
			 p->diff.pages.bytes[VMW_PAGE_DROPPED]);
	for (size_t i = 0; i < p->diff.nr_segs; i++)
		sums.bytes[VMW_PAGE_FAULTED] +=
			p->diff.segs[i].pages.bytes[VMW_PAGE_FAULTED];
	assert_int_equal(sums.bytes[VMW_PAGE_FAULTED],
			 p->diff.pages.bytes[VMW_PAGE_FAULTED]);
	for (size_t i = 0; i < p->diff.nr_runs; i++)
		if (p->diff.runs[i].changes & 1U << VMW_PAGE_FAULTED)
			runs += p->diff.runs[i].pages;
	assert_int_equal(runs, pages(p, VMW_PAGE_FAULTED));
}

static const char *text_of(struct pair *p, bool map, bool color)
{
	const struct vmw_style style = {
		.width = 200, .utf8 = true, .color = color,
	};
	const struct vmw_diff_view v = {
		.diff = &p->diff, .sa = &p->a.segs, .sb = &p->b.segs,
		.names = { "a\033[1m.vmwalk@1", "77" },
	};
	FILE *out = open_text(&p->a);

	assert_int_equal(map ? vmw_render_diff_map(out, &style, &v) :
			       vmw_render_diff(out, &style, &v, true), 0);
	fclose(out);
	return p->a.text;
}

static void drawn_and_told(void **state)
{
	struct pair *p = *state;
	const char *text;

	strcpy(p->a.as.comm, "ev\033[1ml");
	anon(&p->a, ARENA, 4, ANON_P);
	add(&p->b, ARENA, 400, R | W | ANON, 0, HOSTILE);
	extent(&p->b, 2, VMWALK_KIND_SWAP);
	extent(&p->b, 2, ANON_P | VMWALK_STATE_DIRTY);
	extent(&p->b, 396, ANON_P);
	compare(p);
	text = text_of(p, false, false);
	check_tame(text);
	contains(text, "grew, renamed");
	contains(text, "+1584");
	contains(text, "swapped out: anonymous to in swap");
	contains(text, "faulted in: never touched to anonymous");
	text = text_of(p, true, false);
	check_tame(text);
	contains(text, "--~~++++");
	text = text_of(p, true, true);
	contains(text, "\033[31m-");
	contains(text, "\033[32m+");
}

#define test_of(f) cmocka_unit_test_setup_teardown(f, setup_pair, teardown_pair)

#define GO	0x7e0000000000
#define KIB	1024UL

static void goroutine(struct fixture *f, uint64_t id, uint64_t lo, uint64_t size,
		      uint32_t status)
{
	const struct vmw_g g = {
		.id = id, .addr = 0x1000 + id, .lo = lo, .hi = lo + size,
		.status = status, .start = "main.work",
	};

	assert_int_equal(vmw_runtime_add_g(&f->as.runtime, &g), 0);
}

static void stack_of_thread(struct fixture *f, int tid, uint64_t lo, uint64_t size)
{
	const struct vmw_g g = {
		.kind = VMW_G_G0, .addr = 0x9000 + tid, .lo = lo,
		.hi = lo + size, .tid = tid,
	};

	assert_int_equal(vmw_runtime_add_g(&f->as.runtime, &g), 0);
}

static void span(struct fixture *f, uint64_t start, uint64_t size, uint32_t state,
		 uint64_t elem, uint32_t used)
{
	const struct vmw_go_span s = {
		.start = start, .end = start + size, .state = state,
		.elem_size = elem, .nr_elems = elem ? size / elem : 0,
		.nr_used = used,
	};

	assert_int_equal(vmw_runtime_add_span(&f->as.runtime, &s), 0);
}

static void label(struct fixture *f, uint64_t start, uint64_t end, uint32_t kind)
{
	const struct vmw_label l = {
		.start = start, .end = end, .kind = kind, .name = "of it",
	};

	assert_int_equal(vmw_runtime_add_label(&f->as.runtime, &l), 0);
}

static void before(struct fixture *f)
{
	anon(f, GO, 1024, ANON_P);
	goroutine(f, 1, GO, 2 * KIB, VMW_G_WAITING);
	goroutine(f, 2, GO + 4 * KIB, 8 * KIB, VMW_G_WAITING);
	goroutine(f, 3, GO + 16 * KIB, 2 * KIB, VMW_G_RUNNABLE);
	goroutine(f, 4, GO + 24 * KIB, 2 * KIB, VMW_G_RUNNABLE);
	goroutine(f, 5, 0, 0, VMW_G_IDLE);
	goroutine(f, 6, GO + 28 * KIB, 4 * KIB, VMW_G_DEAD);
	goroutine(f, 7, GO + 32 * KIB, 4 * KIB, VMW_G_WAITING);
	goroutine(f, 8, GO + 36 * KIB, 4 * KIB, VMW_G_WAITING);
	stack_of_thread(f, 90, GO + 64 * KIB, 16 * KIB);
	stack_of_thread(f, 91, GO + 80 * KIB, 16 * KIB);
	span(f, GO, 64 * KIB, VMW_SPAN_STACK, 2 * KIB, 0);
	span(f, GO + 128 * KIB, 8 * KIB, VMW_SPAN_HEAP, 64, 10);
	span(f, GO + 136 * KIB, 8 * KIB, VMW_SPAN_HEAP, 64, 20);
	span(f, GO + 144 * KIB, 64 * KIB, VMW_SPAN_FREE, 0, 0);
	label(f, GO, GO + 512 * KIB, VMW_LABEL_GO_ARENA);
	label(f, GO + 600 * KIB, GO + 700 * KIB, VMW_LABEL_MALLOC_BRK);
	label(f, GO + 700 * KIB, GO + 800 * KIB, VMW_LABEL_MALLOC_TOP);
	label(f, GO + 900 * KIB, GO + 901 * KIB, VMW_LABEL_MALLOC_MMAPPED);
	vmw_runtime_finish(&f->as.runtime);
	f->as.runtime.known = true;
}

static void after(struct fixture *f)
{
	anon(f, GO, 1024, ANON_P);
	goroutine(f, 1, GO, 2 * KIB, VMW_G_RUNNING);		/* as it was */
	goroutine(f, 2, GO + 48 * KIB, 16 * KIB, VMW_G_WAITING);
	goroutine(f, 3, GO + 18 * KIB, 2 * KIB, VMW_G_RUNNABLE);
	goroutine(f, 4, 0, 0, VMW_G_RUNNABLE);
	goroutine(f, 5, GO + 24 * KIB, 2 * KIB, VMW_G_RUNNABLE);
	goroutine(f, 7, GO + 32 * KIB, 2 * KIB, VMW_G_WAITING);
	goroutine(f, 8, GO + 36 * KIB, 4 * KIB, VMW_G_DEAD);
	goroutine(f, 9, GO + 40 * KIB, 4 * KIB, VMW_G_WAITING);
	stack_of_thread(f, 90, GO + 64 * KIB, 16 * KIB);
	stack_of_thread(f, 92, GO + 96 * KIB, 16 * KIB);
	span(f, GO, 64 * KIB, VMW_SPAN_STACK, 2 * KIB, 0);
	span(f, GO + 128 * KIB, 8 * KIB, VMW_SPAN_HEAP, 64, 30);
	span(f, GO + 136 * KIB, 8 * KIB, VMW_SPAN_HEAP, 128, 5);
	span(f, GO + 144 * KIB, 16 * KIB, VMW_SPAN_HEAP, 64, 1);
	span(f, GO + 160 * KIB, 48 * KIB, VMW_SPAN_FREE, 0, 0);
	label(f, GO, GO + 512 * KIB, VMW_LABEL_GO_ARENA);
	label(f, GO + 600 * KIB, GO + 720 * KIB, VMW_LABEL_MALLOC_BRK);
	label(f, GO + 720 * KIB, GO + 800 * KIB, VMW_LABEL_MALLOC_TOP);
	label(f, GO + 950 * KIB, GO + 951 * KIB, VMW_LABEL_MALLOC_MMAPPED);
	vmw_runtime_finish(&f->as.runtime);
	f->as.runtime.known = true;
}

static void g_is(const struct pair *p, size_t i, uint64_t id, uint32_t changes)
{
	const struct vmw_diff_g *g = &p->diff.rt.gs[i];

	assert_true(i < p->diff.rt.nr_gs);
	assert_int_equal((g->b ? g->b : g->a)->id, id);
	assert_int_equal(g->changes, changes);
	assert_int_equal(!g->a, changes == VMW_OBJECT_NEW);
	assert_int_equal(!g->b, changes == VMW_OBJECT_GONE);
}

static const struct vmw_diff_class *class_of(const struct pair *p, uint32_t state,
					     uint64_t elem)
{
	for (size_t i = 0; i < p->diff.rt.nr_classes; i++)
		if (p->diff.rt.classes[i].state == state &&
		    p->diff.rt.classes[i].elem_size == elem)
			return &p->diff.rt.classes[i];
	fail();
	return NULL;
}

static void sums_are(const struct vmw_span_sums *s, uint64_t spans, uint64_t kib,
		     uint64_t used)
{
	assert_int_equal(s->spans, spans);
	assert_int_equal(s->bytes, kib * KIB);
	assert_int_equal(s->used, used);
}

static void goroutines(void **state)
{
	struct pair *p = *state;

	before(&p->a);
	after(&p->b);
	compare(p);
	assert_true(p->diff.rt.known);
	assert_int_equal(p->diff.rt.gs_before, 7);
	assert_int_equal(p->diff.rt.gs_after, 7);
	assert_int_equal(p->diff.rt.nr_gs, 9);
	g_is(p, 0, 2, VMW_OBJECT_MOVED | VMW_OBJECT_GREW);
	g_is(p, 1, 3, VMW_OBJECT_MOVED);
	g_is(p, 2, 4, VMW_OBJECT_FREED);
	g_is(p, 3, 5, VMW_OBJECT_GOT);
	g_is(p, 4, 7, VMW_OBJECT_SHRANK);
	g_is(p, 5, 8, VMW_OBJECT_GONE);
	g_is(p, 6, 9, VMW_OBJECT_NEW);
	g_is(p, 7, 0, VMW_OBJECT_GONE);
	assert_int_equal(p->diff.rt.gs[7].a->tid, 91);
	g_is(p, 8, 0, VMW_OBJECT_NEW);
	assert_int_equal(p->diff.rt.gs[8].b->tid, 92);
}

static void spans(void **state)
{
	const struct vmw_diff_class *c;
	struct pair *p = *state;

	before(&p->a);
	after(&p->b);
	compare(p);
	assert_int_equal(p->diff.rt.nr_classes, 4);
	c = class_of(p, VMW_SPAN_HEAP, 64);
	sums_are(&c->before, 2, 16, 30);
	sums_are(&c->after, 2, 24, 31);
	sums_are(&c->taken, 1, 16, 1);
	sums_are(&c->returned, 1, 8, 20);
	c = class_of(p, VMW_SPAN_HEAP, 128);
	sums_are(&c->before, 0, 0, 0);
	sums_are(&c->taken, 1, 8, 5);
	c = class_of(p, VMW_SPAN_FREE, 0);
	sums_are(&c->taken, 1, 48, 0);
	sums_are(&c->returned, 1, 64, 0);
	c = class_of(p, VMW_SPAN_STACK, 2 * KIB);
	sums_are(&c->after, 1, 64, 0);
	sums_are(&c->taken, 0, 0, 0);
	sums_are(&c->returned, 0, 0, 0);
}

static void arenas_and_heaps(void **state)
{
	static const struct {
		uint64_t start;
		uint32_t changes;
	} want[] = {
		{ GO + 600 * KIB, VMW_OBJECT_GREW },
		{ GO + 720 * KIB, VMW_OBJECT_SHRANK },
		{ GO + 900 * KIB, VMW_OBJECT_GONE },
		{ GO + 950 * KIB, VMW_OBJECT_NEW },
	};
	struct pair *p = *state;

	before(&p->a);
	after(&p->b);
	compare(p);
	assert_int_equal(p->diff.rt.nr_labels, 4);
	for (size_t i = 0; i < 4; i++) {
		const struct vmw_diff_label *l = &p->diff.rt.labels[i];

		assert_int_equal((l->b ? l->b : l->a)->start, want[i].start);
		assert_int_equal(l->changes, want[i].changes);
	}
}

/* What follows the chunks is the top, wherever it begins and ends. */
static void top_is(struct pair *p, uint64_t from, uint64_t to, uint32_t changes)
{
	const struct vmw_diff_label *top;

	label(&p->a, GO, GO + 100 * KIB, VMW_LABEL_MALLOC_BRK);
	label(&p->a, GO + 100 * KIB, GO + 132 * KIB, VMW_LABEL_MALLOC_TOP);
	label(&p->b, GO, from, VMW_LABEL_MALLOC_BRK);
	label(&p->b, from, to, VMW_LABEL_MALLOC_TOP);
	p->a.as.runtime.known = true;
	p->b.as.runtime.known = true;
	compare(p);
	assert_int_equal(p->diff.rt.nr_labels, 2);
	assert_int_equal(p->diff.rt.labels[0].changes, VMW_OBJECT_GREW);
	top = &p->diff.rt.labels[1];
	assert_int_equal(top->a->start, GO + 100 * KIB);
	assert_int_equal(top->b->start, from);
	assert_int_equal(top->changes, changes);
}

static void top_shrank(void **state)
{
	top_is(*state, GO + 900 * KIB, GO + 910 * KIB,
	       VMW_OBJECT_MOVED | VMW_OBJECT_SHRANK);
}

static void top_grew(void **state)
{
	top_is(*state, GO + 101 * KIB, GO + 901 * KIB,
	       VMW_OBJECT_MOVED | VMW_OBJECT_GREW);
}

static void top_moved(void **state)
{
	top_is(*state, GO + 110 * KIB, GO + 142 * KIB, VMW_OBJECT_MOVED);
}

/* Two runs: numbers of goroutines count, addresses do not. */
static void runtimes_of_two_runs(void **state)
{
	const struct vmw_diff_class *c;
	struct pair *p = *state;

	before(&p->a);
	after(&p->b);
	compare_as(p, true);
	assert_int_equal(p->diff.rt.nr_gs, 6);
	g_is(p, 0, 2, VMW_OBJECT_GREW);
	g_is(p, 1, 4, VMW_OBJECT_FREED);
	c = class_of(p, VMW_SPAN_HEAP, 64);
	sums_are(&c->before, 2, 16, 30);
	sums_are(&c->after, 2, 24, 31);
	sums_are(&c->taken, 0, 0, 0);
	assert_int_equal(p->diff.rt.nr_labels, 0);
}

static char *rendered(struct pair *p, bool json)
{
	static const struct vmw_style style = {
		.units = VMW_UNITS_KIB, .width = 200,
	};
	const struct vmw_diff_view view = {
		.diff = &p->diff, .sa = &p->a.segs, .sb = &p->b.segs,
		.names = { "one", "two" },
	};
	FILE *out;

	free(p->a.text);
	out = open_memstream(&p->a.text, &p->a.len);
	if (json)
		assert_int_equal(vmw_json_diff(out, &view, false), 0);
	else
		assert_int_equal(vmw_render_diff(out, &style, &view, false), 0);
	fclose(out);
	return p->a.text;
}

static void break_is_told(void **state)
{
	struct pair *p = *state;

	p->a.as.mm.brk = GO + 8 * KIB;
	p->b.as.mm.brk = GO + 4 * KIB;
	compare(p);
	assert_non_null(strstr(rendered(p, false),
			       "brk 7e0000002000 -> 7e0000001000  -4 KiB\n"));
	p->b.as.mm.start_brk = GO;
	assert_null(strstr(rendered(p, false), "brk"));
}

/* The segment of @kind, which there is one of, and what became of it. */
static void segment_is(const struct pair *p, enum vmw_segment_kind kind,
		       uint32_t changes)
{
	size_t found = 0;

	for (size_t i = 0; i < p->diff.nr_segs; i++) {
		const struct vmw_diff_segment *s = &p->diff.segs[i];
		const struct vmw_segment *seg = s->b != VMW_NO_VMA ?
			&p->b.segs.seg[s->b] : &p->a.segs.seg[s->a];

		if (seg->kind != kind)
			continue;
		assert_int_equal(s->changes, changes);
		found++;
	}
	assert_int_equal(found, 1);
}

static void segments_of_two_runs(void **state)
{
	struct pair *p = *state;

	add_program(&p->a, 0, 8, 4);
	add_program(&p->b, 0x100000, 10, 3);
	compare_as(p, true);
	segment_is(p, VMW_SEG_TEXT, VMW_VMA_MOVED);
	segment_is(p, VMW_SEG_LIBRARY, VMW_VMA_MOVED);
	segment_is(p, VMW_SEG_HEAP, VMW_VMA_MOVED | VMW_VMA_GREW);
	segment_is(p, VMW_SEG_STACK, VMW_VMA_MOVED | VMW_VMA_SHRANK);
}

/* A stack grows down, and is where it was. */
static void stay(struct pair *p, bool normalize)
{
	add_program(&p->a, 0, 8, 3);
	add_program(&p->b, 0, 6, 5);
	compare_as(p, normalize);
	segment_is(p, VMW_SEG_TEXT, 0);
	segment_is(p, VMW_SEG_LIBRARY, 0);
	segment_is(p, VMW_SEG_HEAP, VMW_VMA_SHRANK);
	segment_is(p, VMW_SEG_STACK, VMW_VMA_GREW);
}

static void segments_that_stay(void **state)
{
	stay(*state, false);
}

static void segments_that_stay_normalized(void **state)
{
	stay(*state, true);
}

static void segment_moved(void **state)
{
	struct pair *p = *state;

	anon(&p->a, ARENA, 4, ANON_P);
	anon(&p->b, ARENA + 99 * PAGE, 4, ANON_P);
	compare(p);
	segment_is(p, VMW_SEG_ANON, VMW_VMA_MOVED);
}

/* mprotect() of some leaves one segment, of VMAs that touch; a hole makes two. */
static void segments_split_and_merged(void **state)
{
	struct pair *p = *state;

	anon(&p->a, ARENA, 9, ANON_P);
	anon(&p->b, ARENA, 3, ANON_P);
	anon(&p->b, ARENA + 5 * PAGE, 4, ANON_P);
	anon(&p->a, ARENA + 64 * PAGE, 3, ANON_P);
	anon(&p->a, ARENA + 68 * PAGE, 3, ANON_P);
	anon(&p->b, ARENA + 64 * PAGE, 7, ANON_P);
	anon(&p->a, ARENA + 96 * PAGE, 3, ANON_P);
	anon(&p->b, ARENA + 96 * PAGE, 2, ANON_P);
	add(&p->b, ARENA + 98 * PAGE, 1, R | ANON, 0, NULL);
	extent(&p->b, 1, VMWALK_KIND_ANON);
	compare(p);
	assert_int_equal(p->diff.nr_segs, 4);
	assert_int_equal(p->diff.segs[0].changes, VMW_VMA_SPLIT);
	assert_int_equal(p->diff.segs[1].changes, VMW_VMA_SPLIT);
	assert_int_equal(p->diff.segs[2].changes, VMW_VMA_MERGED);
	assert_int_equal(p->diff.segs[3].changes, VMW_VMA_PERMISSION);
	for (size_t i = 0; i < 4; i++)
		assert_true(p->diff.segs[i].a != VMW_NO_VMA);
}

static void segments_told(void **state)
{
	struct pair *p = *state;
	const char *text;

	add_program(&p->a, 0, 8, 3);
	add_program(&p->b, 0x100000, 10, 3);
	compare_as(p, true);
	text = rendered(p, false);
	assert_non_null(strstr(text, "heap    moved, grew "));
	assert_non_null(strstr(text, "text    moved "));
	text = rendered(p, true);
	contains(text, "\"name\":\"[heap]\",\"start\":\"0x900000\"");
	contains(text, "\"changes\":[\"moved\",\"grew\"]");
}

static void runtime_told(void **state)
{
	struct pair *p = *state;
	const char *text;

	before(&p->a);
	after(&p->b);
	compare(p);
	text = rendered(p, false);
	assert_non_null(strstr(text, "goroutines: 7, then 7;"));
	assert_non_null(strstr(text, "7e0000001000-7e0000003000 -> "
			       "7e000000c000-7e0000010000"));
	assert_non_null(strstr(text, "spans, by what they are for"));
	assert_non_null(strstr(text, "arenas and heaps"));
	text = rendered(p, true);
	assert_non_null(strstr(text, "\"changes\":[\"moved\",\"grew\"]"));
	assert_non_null(strstr(text, "\"kind\":\"malloc-top\""));
}

/* Of one nothing is known: that is said, and nothing has come or gone. */
static void runtime_not_known(void **state)
{
	struct pair *p = *state;

	before(&p->a);
	after(&p->b);
	vmw_runtime_deinit(&p->a.as.runtime);
	compare(p);
	assert_false(p->diff.rt.known);
	assert_int_equal(p->diff.rt.nr_gs + p->diff.rt.nr_classes, 0);
	assert_non_null(strstr(rendered(p, false), "the first does not hold"));
	assert_non_null(strstr(rendered(p, true), "\"runtime\":null"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(nothing_changed),
		test_of(new_and_gone),
		test_of(grew_and_shrank),
		test_of(split_and_merged),
		test_of(split_in_two),
		test_of(merged),
		test_of(moved),
		test_of(same_size_is_not_moved),
		test_of(another_file_at_that_address),
		test_of(renamed),
		test_of(pages_of_all_kinds),
		test_of(migrated),
		test_of(copied_from_fork),
		test_of(normalized),
		test_of(not_normalized),
		test_of(segments_of_two_runs),
		test_of(segments_that_stay),
		test_of(segments_that_stay_normalized),
		test_of(segment_moved),
		test_of(segments_split_and_merged),
		test_of(segments_told),
		test_of(sums_agree),
		test_of(drawn_and_told),
		test_of(goroutines),
		test_of(spans),
		test_of(arenas_and_heaps),
		test_of(top_shrank),
		test_of(top_grew),
		test_of(top_moved),
		test_of(break_is_told),
		test_of(runtimes_of_two_runs),
		test_of(runtime_told),
		test_of(runtime_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
