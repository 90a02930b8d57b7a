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
		add_low(i ? &p->b : &p->a);
		add_high(i ? &p->b : &p->a);
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
		test_of(normalized),
		test_of(not_normalized),
		test_of(sums_agree),
		test_of(drawn_and_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
