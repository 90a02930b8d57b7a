// SPDX-License-Identifier: GPL-2.0
/* Which frames two models have in common. */
#include <yajl/yajl_tree.h>

#include "everything.h"

#define AREA	0x10000000
#define SHM	VMWALK_VMA_F_SHARED

struct two {
	struct fixture f[2];
	struct vmw_shared shared;
};

static int setup_two(void **state)
{
	struct two *t = calloc(1, sizeof(*t));

	for (int i = 0; i < 2; i++) {
		vmw_aspace_init(&t->f[i].as, SHIFT);
		t->f[i].as.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_PHYS;
		t->f[i].as.complete = true;
		t->f[i].as.mm.pid = 76 + i;
		strcpy(t->f[i].as.comm, i ? "child" : "parent");
	}
	*state = t;
	return 0;
}

static int teardown_two(void **state)
{
	struct two *t = *state;

	vmw_shared_deinit(&t->shared);
	for (int i = 0; i < 2; i++) {
		vmw_segments_deinit(&t->f[i].segs);
		vmw_aspace_deinit(&t->f[i].as);
		free(t->f[i].text);
	}
	free(t);
	return 0;
}

static void area(struct two *t, int i, uint64_t start, uint64_t pages,
		 uint32_t flags)
{
	add(&t->f[i], start, pages, flags, flags & FILE_ ? 5 : 0,
	    flags & FILE_ ? "/bin/target" : NULL);
}

static void frames(struct two *t, int i, uint32_t pages, uint32_t state,
		   uint64_t frame)
{
	const uint64_t packed[] = { VMWALK_EXTENT(pages, state), frame };

	assert_int_equal(vmw_aspace_add_extents(&t->f[i].as, packed,
						sizeof(packed)), 0);
}

static void compare(struct two *t)
{
	vmw_shared_deinit(&t->shared);
	assert_int_equal(vmw_shared_compare(&t->f[0].as, &t->f[1].as,
					    &t->shared), 0);
}

static void check_run(const struct two *t, size_t i, uint64_t page,
		      uint64_t pages, enum vmw_sharing sharing, uint64_t other)
{
	const struct vmw_shared_run *run = &t->shared.runs[i];

	assert_true(i < t->shared.nr);
	assert_int_equal(run->start, AREA + page * PAGE);
	assert_int_equal(run->pages, pages);
	assert_int_equal(run->sharing, sharing);
	assert_int_equal(run->other, other);
}

static void nothing(void **state)
{
	struct two *t = *state;

	compare(t);
	assert_int_equal(t->shared.nr, 0);
	area(t, 0, AREA, 4, R | W | ANON);
	frames(t, 0, 4, VMWALK_KIND_NONE, 0);
	compare(t);
	assert_int_equal(t->shared.nr, 0);
	assert_int_equal(vmw_shared_frames(&t->shared.total), 0);
}

/* A fork of which the child has written pages 2 and 3, and dropped 6. */
static void make_fork(struct two *t)
{
	for (int i = 0; i < 2; i++)
		area(t, i, AREA, 8, R | W | ANON);
	frames(t, 0, 8, VMWALK_KIND_ANON, 100);
	frames(t, 1, 2, VMWALK_KIND_ANON, 100);
	frames(t, 1, 2, VMWALK_KIND_ANON | WDA, 900);
	frames(t, 1, 2, VMWALK_KIND_ANON, 104);
	frames(t, 1, 1, VMWALK_KIND_NONE, 0);
	frames(t, 1, 1, VMWALK_KIND_ANON, 107);
}

static void copy_on_write(void **state)
{
	struct two *t = *state;

	make_fork(t);
	compare(t);
	check_run(t, 0, 0, 2, VMW_SHARED_HERE, AREA);
	check_run(t, 1, 2, 2, VMW_PRIVATE_COPIED, 0);
	check_run(t, 2, 4, 2, VMW_SHARED_HERE, AREA + 4 * PAGE);
	check_run(t, 3, 6, 1, VMW_PRIVATE, 0);
	check_run(t, 4, 7, 1, VMW_SHARED_HERE, AREA + 7 * PAGE);
	assert_int_equal(t->shared.nr, 5);
	assert_int_equal(vmw_shared_frames(&t->shared.total), 8 * PAGE);
	assert_int_equal(vmw_shared_shared(&t->shared.total), 5 * PAGE);
	assert_int_equal(t->shared.vmas[0].bytes[VMW_PRIVATE_COPIED],
			 2 * PAGE);
}

/* Runs of one differ from those of the other; the answer is in its own. */
static void runs_are_joined(void **state)
{
	struct two *t = *state;

	for (int i = 0; i < 2; i++)
		area(t, i, AREA, 4, R | W | ANON);
	frames(t, 0, 1, VMWALK_KIND_ANON, 100);
	frames(t, 0, 3, VMWALK_KIND_ANON | WDA, 101);
	frames(t, 1, 3, VMWALK_KIND_ANON | WDA, 100);
	frames(t, 1, 1, VMWALK_KIND_ANON, 103);
	compare(t);
	check_run(t, 0, 0, 4, VMW_SHARED_HERE, AREA);
	assert_int_equal(t->shared.nr, 1);
}

/* The second begins in the middle of a run; and what is private is joined, too. */
static void beside_a_hole(void **state)
{
	struct two *t = *state;

	area(t, 0, AREA, 5, R | W | ANON);
	frames(t, 0, 4, VMWALK_KIND_ANON, 100);
	frames(t, 0, 1, VMWALK_KIND_ANON, 500);
	area(t, 1, AREA + 2 * PAGE, 3, R | W | ANON);
	frames(t, 1, 3, VMWALK_KIND_ANON, 200);
	compare(t);
	check_run(t, 0, 0, 2, VMW_PRIVATE, 0);
	check_run(t, 1, 2, 3, VMW_PRIVATE_COPIED, 0);
	assert_int_equal(t->shared.nr, 2);
}

/* The frames 200 to 207: mapped there twice, partly, and in two pieces. */
static void elsewhere(void **state)
{
	struct two *t = *state;
	const uint64_t low = 0x50000000, high = 0x60000000;

	area(t, 0, AREA, 10, R | W | SHM);
	frames(t, 0, 10, VMWALK_KIND_SHMEM, 199);
	area(t, 1, low, 4, R | W | SHM);
	frames(t, 1, 4, VMWALK_KIND_SHMEM, 200);
	area(t, 1, high, 6, R | W | SHM);
	frames(t, 1, 6, VMWALK_KIND_SHMEM, 202);
	compare(t);
	check_run(t, 0, 0, 1, VMW_PRIVATE, 0);
	check_run(t, 1, 1, 4, VMW_SHARED_ELSEWHERE, low);
	check_run(t, 2, 5, 4, VMW_SHARED_ELSEWHERE, high + 2 * PAGE);
	check_run(t, 3, 9, 1, VMW_PRIVATE, 0);
	assert_int_equal(t->shared.nr, 4);
}

/* From within the other's run, up to within it. */
static void from_within(void **state)
{
	struct two *t = *state;
	const uint64_t other = 0x60000000;

	area(t, 0, AREA, 2, R | W | SHM);
	frames(t, 0, 2, VMWALK_KIND_SHMEM, 203);
	area(t, 1, other, 6, R | W | SHM);
	frames(t, 1, 6, VMWALK_KIND_SHMEM, 202);
	compare(t);
	check_run(t, 0, 0, 2, VMW_SHARED_ELSEWHERE, other + PAGE);
	assert_int_equal(t->shared.nr, 1);
}

/* One frame over and over, as KSM makes it. */
static void one_frame(void **state)
{
	struct two *t = *state;

	for (int i = 0; i < 2; i++) {
		area(t, i, AREA + i * 16 * PAGE, 3, R | W | ANON);
		for (int k = 0; k < 3; k++)
			frames(t, i, 1, VMWALK_KIND_ANON, 300);
	}
	compare(t);
	assert_int_equal(t->shared.total.bytes[VMW_SHARED_ELSEWHERE],
			 3 * PAGE);
	for (size_t i = 0; i < t->shared.nr; i++)
		assert_int_equal(t->shared.runs[i].other, AREA + 16 * PAGE);
}

static void everybodys(void **state)
{
	struct two *t = *state;

	for (int i = 0; i < 2; i++) {
		area(t, i, AREA, 4, R | W | ANON);
		frames(t, i, 2, VMWALK_KIND_ZERO, 7);
		frames(t, i, 1, VMWALK_KIND_PFN, 9);
		frames(t, i, 1, VMWALK_KIND_SWAP, 11);
	}
	compare(t);
	assert_int_equal(t->shared.nr, 0);
}

/* At one address, each on its own frame: is it a copy? */
static enum vmw_sharing sharing_of(uint32_t first, uint32_t second,
				   uint64_t offset)
{
	enum vmw_sharing sharing;
	struct two *t;

	setup_two((void **)&t);
	area(t, 0, AREA, 1, first);
	frames(t, 0, 1, VMWALK_KIND_ANON, 100);
	area(t, 1, AREA, 1, second);
	t->f[1].as.vmas[0].info.offset = offset;
	frames(t, 1, 1, VMWALK_KIND_FILE, 200);
	compare(t);
	assert_int_equal(t->shared.nr, 1);
	sharing = t->shared.runs[0].sharing;
	teardown_two((void **)&t);
	return sharing;
}

static void copies(void **state)
{
	(void)state;
	assert_int_equal(sharing_of(R | ANON, R | W | ANON, 0),
			 VMW_PRIVATE_COPIED);
	assert_int_equal(sharing_of(R | FILE_, R | FILE_, 0),
			 VMW_PRIVATE_COPIED);
	assert_int_equal(sharing_of(R | FILE_, R | FILE_, PAGE), VMW_PRIVATE);
	assert_int_equal(sharing_of(R | FILE_, R | ANON, 0), VMW_PRIVATE);
	assert_int_equal(sharing_of(R | SHM, R | SHM, 0), VMW_PRIVATE);
	assert_int_equal(sharing_of(R | SHM | FILE_, R | FILE_, 0),
			 VMW_PRIVATE);
}

static const char *render(struct two *t, bool extents, bool json)
{
	const struct vmw_style style = { .width = 100 };
	const struct vmw_pair pair = {
		&t->f[0].as, &t->f[1].as, &t->f[0].segs, &t->shared
	};
	struct fixture *f = &t->f[0];
	FILE *out;

	make_fork(t);
	for (int i = 0; i < 2; i++)
		vmw_aspace_finish(&t->f[i].as);
	assert_int_equal(vmw_classify(&f->as, &f->segs), 0);
	compare(t);
	out = open_text(f);
	assert_int_equal(json ? vmw_json_shared(out, &pair, extents) :
			 vmw_render_shared(out, &style, &pair, extents), 0);
	fclose(out);
	check_tame(f->text);
	return f->text;
}

static void text_of_segments(void **state)
{
	const char *text = render(*state, false, false);

	contains(text, "pid 76 (parent)");
	contains(text, "pid 77 (child)");
	contains(text, "SEGMENT FRAMES SHARED ELSEWHERE PRIVATE COPIED RANGE");
	contains(text, "\nanon        32     20         0      12      8 ");
	contains(text, "\ntotal       32     20         0      12      8");
	contains(text, "\n76: consistent");
	contains(text, "\n77: consistent");
}

static void text_of_extents(void **state)
{
	const char *text = render(*state, true, false);

	contains(text, "10002000-10004000                  2  private, copied\n");
	contains(text, "10006000-10007000                  1  private\n");
	contains(text, "10007000-10008000                  1  shared\n");
}

static yajl_val member(yajl_val v, const char *key)
{
	const char *path[2] = { key };

	v = yajl_tree_get(v, path, yajl_t_any);
	assert_non_null(v);
	return v;
}

static void json_adds_up(void **state)
{
	yajl_val root, v;

	root = yajl_tree_parse(render(*state, true, true), NULL, 0);
	assert_non_null(root);
	v = member(member(root, "totals"), "copied");
	assert_int_equal(YAJL_GET_INTEGER(v), 2 * PAGE);
	yajl_tree_free(root);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup_two, teardown_two)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(nothing),
		CASE(copy_on_write),
		CASE(runs_are_joined),
		CASE(beside_a_hole),
		CASE(elsewhere),
		CASE(from_within),
		CASE(one_frame),
		CASE(everybodys),
		cmocka_unit_test(copies),
		CASE(text_of_segments),
		CASE(text_of_extents),
		CASE(json_adds_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
