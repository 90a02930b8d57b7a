// SPDX-License-Identifier: GPL-2.0
/* The views of page tables, of threads and of landmarks. */
#include <yajl/yajl_tree.h>

#include "everything.h"

static const struct vmw_style style = { .width = 200 };

static void classify_again(struct fixture *f)
{
	vmw_segments_deinit(&f->segs);
	assert_int_equal(vmw_classify(&f->as, &f->segs), 0);
}

static int setup_tables(void **state)
{
	static const struct vmwalk_level levels[] = {
		{ "pgd", 39, 512 }, { "pud", 30, 512 }, { "pmd", 21, 512 },
		{ "pte", 12, 512 },
	};
	static const struct vmwalk_tables first = {
		.pte = 1, .pmd = 1, .pud = 1, .pte_entries = 3,
		.pmd_entries = 1, .pud_entries = 1, .pgd_entries = 1,
	}, huge = {
		.pte = 1, .pmd = 1, .deposited = 1, .pte_entries = 5,
		.pmd_entries = 2, .pud_entries = 1,
	}, none;
	struct fixture *f;

	setup(state);
	f = *state;
	memcpy(f->as.levels, levels, sizeof(levels));
	f->as.nr_levels = 4;
	assert_int_equal(vmw_aspace_add_tables(&f->as, &none), 0);
	f->as.tables[0] = first;
	f->as.tables[5] = huge;
	f->as.mm.page_tables = 6 * PAGE;
	classify_again(f);
	return 0;
}

static void render_tables(struct fixture *f)
{
	FILE *out = open_text(f);

	assert_int_equal(vmw_render_tables(out, &style, &f->as, &f->segs), 0);
	fclose(out);
	check_tame(f->text);
}

static void tables_by_level(void **state)
{
	struct fixture *f = *state;

	render_tables(f);
	contains(f->text, "LEVEL     TABLES SIZE ENTRIES   OF FULL%");
	contains(f->text, "PGD            1    4       1  512   0.2 not counted");
	contains(f->text, "PUD            1    4       2  512   0.4");
	contains(f->text, "PMD            2    8       3 1024   0.3");
	contains(f->text, "PTE            2    8       8 1024   0.8");
	contains(f->text, "deposited      1    4");
	contains(f->text, "VmPTE          6   24");
	assert_null(strstr(f->text, "the kernel had counted"));
}

/* What the kernel counts and the walk did not meet is told. */
static void tables_that_differ(void **state)
{
	struct fixture *f = *state;

	f->as.mm.page_tables += 3 * PAGE;
	render_tables(f);
	contains(f->text, "the kernel had counted 36 KiB before the walk");
}

static void tables_that_continue(void **state)
{
	static const struct vmwalk_tables one = {
		1, 2, 3, 4, 5, 0, 6, 7, 8, 9, 10,
	};
	struct vmw_aspace as;
	const struct vmwalk_vma v = {
		.start = PAGE, .end = 2 * PAGE, .from = PAGE,
		.page_shift = SHIFT,
	};

	(void)state;
	vmw_aspace_init(&as, SHIFT);
	assert_int_not_equal(vmw_aspace_add_tables(&as, &one), 0);
	assert_int_equal(vmw_aspace_add_vma(&as, &v, NULL), 0);
	assert_int_equal(vmw_aspace_add_tables(&as, &one), 0);
	assert_int_equal(vmw_aspace_add_tables(&as, &one), 0);
	assert_int_equal(vmw_vma_tables(&as, as.vmas)->pte, 2);
	assert_int_equal(vmw_vma_tables(&as, as.vmas)->deposited, 10);
	assert_int_equal(vmw_vma_tables(&as, as.vmas)->pte_entries, 12);
	assert_int_equal(vmw_vma_tables(&as, as.vmas)->pgd_entries, 20);
	/* P4D tables are not counted by the kernel. */
	assert_int_equal(vmw_tables_bytes(&as, &one), (1 + 2 + 3 + 5) * PAGE);
	vmw_aspace_deinit(&as);
}

static void add_threads(struct fixture *f)
{
	const struct vmw_thread threads[] = {
		{ .tid = 76, .comm = "main\n", .state = 'R', .has_regs = true,
		  .running = true, .sp = 0x7ffc0001e000, .pc = 0x400123,
		  .fs_base = 0x10 },
		{ .tid = 78, .comm = "gone", .state = 'Z' },
	};

	for (size_t i = 0; i < 2; i++)
		assert_int_equal(vmw_aspace_add_thread(&f->as, &threads[i]), 0);
	f->as.threads[0].state = 'S';
	f->as.threads[0].pc = 0x7f1000000010;
	classify_again(f);
}

static void threads_and_regions(void **state)
{
	struct fixture *f = *state;
	FILE *out;

	add_threads(f);
	out = open_text(f);
	assert_int_equal(vmw_render_threads(out, &style, &f->as, &f->segs), 0);
	fclose(out);
	check_tame(f->text);
	contains(f->text, "main\\012 R* 7ffc0001e000 stack");
	contains(f->text, "400123 text");
	contains(f->text, "10 -");
	contains(f->text, "77          S  7f0000010000 stack:77 7f1000000010");
	contains(f->text, "gone     Z");
	contains(f->text, "* running: stale");
}

static yajl_val member(yajl_val v, const char *key)
{
	const char *path[2] = { key };

	v = yajl_tree_get(v, path, yajl_t_any);
	assert_non_null(v);
	return v;
}

static yajl_val element(yajl_val v, const char *key, size_t i)
{
	v = member(v, key);
	assert_true(YAJL_IS_ARRAY(v) && i < YAJL_GET_ARRAY(v)->len);
	return YAJL_GET_ARRAY(v)->values[i];
}

static void json(void **state)
{
	struct fixture *f = *state;
	yajl_val root, v;
	FILE *out;

	add_threads(f);
	out = open_text(f);
	assert_int_equal(vmw_json_threads(out, &f->as, &f->segs), 0);
	fclose(out);
	root = yajl_tree_parse(f->text, NULL, 0);
	v = element(root, "threads", 1);
	assert_string_equal(YAJL_GET_STRING(member(v, "state")), "R");
	assert_true(YAJL_IS_TRUE(member(v, "running")));
	v = member(member(v, "sp"), "segment");
	assert_string_equal(YAJL_GET_STRING(member(v, "kind")), "stack");
	v = element(root, "threads", 2);
	assert_true(YAJL_IS_NULL(member(v, "sp")));
	yajl_tree_free(root);

	out = open_text(f);
	assert_int_equal(vmw_json_tables(out, &f->as, &f->segs), 0);
	fclose(out);
	root = yajl_tree_parse(f->text, NULL, 0);
	v = element(member(root, "tables"), "levels", 3);
	assert_string_equal(YAJL_GET_STRING(member(v, "name")), "pte");
	assert_int_equal(YAJL_GET_INTEGER(member(v, "entries")), 8);
	assert_int_equal(YAJL_GET_INTEGER(member(member(root, "tables"),
						 "counted")), 6 * PAGE);
	yajl_tree_free(root);
}

static void set_landmarks(struct vmwalk_mm *mm)
{
	mm->start_data = 0x406000;
	mm->end_data = 0x406800;
	mm->start_brk = 0x800000;
	mm->brk = 0x807f00;
	mm->start_stack = 0x7ffc00020000;
	mm->mmap_base = 0x7ffb00000000;
	mm->hiwater_rss = 5 << 20;
	mm->hiwater_vm = 7 << 20;
}

static void landmarks_of_show(void **state)
{
	struct fixture *f = *state;
	FILE *out;

	set_landmarks(&f->as.mm);
	out = open_text(f);
	assert_int_equal(vmw_render_show(out, &style, &f->as, &f->segs), 0);
	fclose(out);
	contains(f->text, "at most 5120 KiB, of 7168 KiB mapped\n");
	contains(f->text, "data 406000-406800, brk 800000-807f00\n");
	contains(f->text, "mmap_base 7ffb00000000, task_size 7ffffffff000\n");
	assert_null(strstr(f->text, "pinned"));

	f->as.mm.pinned = PAGE;
	out = open_text(f);
	assert_int_equal(vmw_render_show(out, &style, &f->as, &f->segs), 0);
	fclose(out);
	contains(f->text, "locked 0 KiB, pinned 4 KiB\n");
}

/* The lines on which they lie, or where what is left out is told. */
static void landmarks_of_map(void **state)
{
	struct fixture *f = *state;
	FILE *out;

	set_landmarks(&f->as.mm);
	add_threads(f);
	out = open_text(f);
	assert_int_equal(vmw_render_map(out, &style, &f->as, &f->segs), 0);
	fclose(out);
	check_tame(f->text);
	contains(f->text, " text < code ");
	contains(f->text, " data < data ");
	contains(f->text, " heap < start_brk, brk ");
	contains(f->text, " hole ... < mmap_base\n");
	contains(f->text, "sp 77");
	contains(f->text, "sp 76*");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define tables_test(f) cmocka_unit_test_setup_teardown(f, setup_tables, teardown)
		tables_test(tables_by_level),
		tables_test(tables_that_differ),
		cmocka_unit_test(tables_that_continue),
		test(threads_and_regions),
		tables_test(json),
		test(landmarks_of_show),
		test(landmarks_of_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
