// SPDX-License-Identifier: GPL-2.0
/* What a walk for less would have told, cut out of one that asked for all. */
#include <errno.h>

#include "everything.h"
#include "model/snapshot.h"

#define ALL	(VMW_SNAPSHOT_FLAGS | VMWALK_WALK_F_PHYS)
#define AT	0x10000000
#define ABSENT	VMWALK_KIND_NONE
#define MAPS(n)	((uint32_t)(n) << VMWALK_STATE_MAPS_SHIFT)
#define LEAF	(VMWALK_STATE_HUGETLB | VMWALK_STATE_SHARED)

struct projection {
	struct fixture f;
	struct vmw_aspace to;
	struct vmw_error err;
};

static void put(struct fixture *f, uint32_t pages, uint32_t state,
		uint64_t frame)
{
	const uint64_t words[] = { VMWALK_EXTENT(pages, state), frame };

	assert_int_equal(vmw_aspace_add_extents(&f->as, words, sizeof(words)),
			 0);
}

static int setup_all(void **state)
{
	const struct vmw_thread thread = { .tid = 77, .comm = "main" };
	const struct vmwalk_pages pages = { .pss = 7 * PAGE << VMWALK_PSS_SHIFT };
	const struct vmwalk_tables tables = { .pte = 1 };
	struct projection *p = calloc(1, sizeof(*p));
	struct fixture *f = &p->f;

	vmw_aspace_init(&f->as, SHIFT);
	f->as.flags = ALL | VMWALK_WALK_F_ATOMIC;
	f->as.can = UINT32_MAX;
	f->as.mm.pid = 77;
	f->as.complete = true;
	f->as.end.tables = 9;
	strcpy(f->as.kernel, "6.1");
	add(f, AT, 16, R | W | ANON, 0, "[heap]");
	put(f, 2, VMWALK_KIND_ANON | WDA | MAPS(1), 100);
	put(f, 2, VMWALK_KIND_ANON | WDA | MAPS(2) | VMWALK_STATE_SHARED, 102);
	put(f, 2, VMWALK_KIND_ANON | MAPS(1), 200);
	put(f, 4, ABSENT, 0);
	put(f, 6, ABSENT | VMWALK_STATE_SWAPPED, 0);
	f->as.vmas[0].info.shmem_swapped = 6 * PAGE;
	assert_int_equal(vmw_aspace_add_pages(&f->as, &pages), 0);
	assert_int_equal(vmw_aspace_add_tables(&f->as, &tables), 0);
	add(f, AT + 0x10000000, 2, R | FILE_, 5, "/lib/x");
	put(f, 2, VMWALK_KIND_FILE | LEAF | MAPS(9), 300);
	assert_int_equal(vmw_aspace_add_thread(&f->as, &thread), 0);
	vmw_aspace_finish(&f->as);
	*state = p;
	return 0;
}

static int teardown_all(void **state)
{
	struct projection *p = *state;

	vmw_aspace_deinit(&p->f.as);
	vmw_aspace_deinit(&p->to);
	free(p);
	return 0;
}

static int project(struct projection *p, uint32_t flags, uint64_t start,
		   uint64_t end)
{
	const struct vmw_part part = {
		.start = start, .end = end, .flags = flags,
	};

	return vmw_project(&p->f.as, &part, &p->to, &p->err);
}

static void extent_is(const struct projection *p, size_t i, uint64_t pages,
		      uint32_t state, uint64_t frame)
{
	assert_true(i < p->to.nr_extents);
	assert_int_equal(p->to.extents[i].pages, pages);
	assert_int_equal(p->to.extents[i].state, state);
	assert_int_equal(p->to.extents[i].frame, frame);
}

static void all(void **state)
{
	struct projection *p = *state;

	assert_int_equal(project(p, ALL, 0, 0), 0);
	assert_int_equal(p->to.flags, p->f.as.flags);
	assert_int_equal(p->to.nr_extents, p->f.as.nr_extents);
	for (size_t i = 0; i < p->to.nr_extents; i++) {
		const struct vmw_extent *e = &p->f.as.extents[i];

		assert_int_equal(p->to.extents[i].start, e->start);
		extent_is(p, i, e->pages, e->state, e->frame);
	}
	assert_memory_equal(&p->to.vmas[0].usage, &p->f.as.vmas[0].usage,
			    sizeof(p->to.vmas[0].usage));
	assert_int_equal(vmw_vma_tables(&p->to, p->to.vmas)->pte, 1);
	assert_int_equal(p->to.nr_threads, 1);
	assert_string_equal(p->to.kernel, "6.1");
}

/* No bits of entries: what differed by these alone is one run. */
static void extents_alone(void **state)
{
	struct projection *p = *state;

	assert_int_equal(project(p, VMWALK_WALK_F_EXTENTS, 0, 0), 0);
	assert_int_equal(p->to.flags,
			 VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ATOMIC);
	assert_int_equal(p->to.nr_extents, 3);
	extent_is(p, 0, 6, VMWALK_KIND_ANON, 0);
	extent_is(p, 1, 10, VMWALK_KIND_NONE, 0);
	/* Of hugetlb it is known always. */
	extent_is(p, 2, 2, VMWALK_KIND_FILE | LEAF, 0);
	assert_int_equal(p->to.vmas[0].usage.swapped, 6 * PAGE);
	assert_int_equal(p->to.vmas[0].usage.pss, 0);
	assert_int_equal(vmw_vma_tables(&p->to, p->to.vmas)->pte, 0);
	assert_int_equal(p->to.nr_threads, 0);
}

static void entries(void **state)
{
	struct projection *p = *state;

	assert_int_equal(project(p, VMWALK_WALK_F_EXTENTS |
				 VMWALK_WALK_F_ENTRY, 0, 0), 0);
	assert_int_equal(p->to.nr_extents, 4);
	extent_is(p, 0, 4, VMWALK_KIND_ANON | WDA, 0);
	extent_is(p, 1, 2, VMWALK_KIND_ANON, 0);
}

static void frames(void **state)
{
	struct projection *p = *state;

	assert_int_equal(project(p, VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_PHYS,
				 0, 0), 0);
	extent_is(p, 0, 4, VMWALK_KIND_ANON, 100);
	extent_is(p, 1, 2, VMWALK_KIND_ANON, 200);
}

static void absence(void **state)
{
	struct projection *p = *state;

	assert_int_equal(project(p, VMWALK_WALK_F_EXTENTS |
				 VMWALK_WALK_F_ABSENCE, 0, 0), 0);
	extent_is(p, 1, 4, ABSENT, 0);
	extent_is(p, 2, 6, ABSENT | VMWALK_STATE_SWAPPED, 0);
}

static void nothing_but_vmas(void **state)
{
	struct projection *p = *state;

	assert_int_equal(project(p, 0, 0, 0), 0);
	assert_int_equal(p->to.nr_vmas, 2);
	assert_int_equal(p->to.nr_extents, 0);
	assert_int_equal(p->to.end.tables, 0);
	assert_int_equal(p->to.vmas[0].usage.mapped, 16 * PAGE);
	assert_int_equal(p->to.vmas[0].usage.swapped, 0);
}

static void a_range(void **state)
{
	struct projection *p = *state;

	assert_int_equal(project(p, ALL, AT + PAGE, AT + 11 * PAGE), 0);
	assert_int_equal(p->to.nr_vmas, 1);
	assert_int_equal(p->to.vmas[0].info.start, AT);
	assert_int_equal(p->to.vmas[0].info.from, AT + PAGE);
	assert_int_equal(p->to.nr_extents, 5);
	assert_int_equal(p->to.extents[0].start, AT + PAGE);
	extent_is(p, 0, 1, VMWALK_KIND_ANON | WDA | MAPS(1), 101);
	extent_is(p, 4, 1, ABSENT | VMWALK_STATE_SWAPPED, 0);
	assert_int_equal(p->to.vmas[0].info.shmem_swapped, PAGE);
	/* One page, two half ones, and two more. */
	assert_int_equal(p->to.vmas[0].usage.pss, 4 * PAGE);
	assert_int_equal(p->to.vmas[0].usage.shared, 2 * PAGE);
	assert_int_equal(p->to.vmas[0].usage.private, 3 * PAGE);
}

static void a_hole(void **state)
{
	struct projection *p = *state;

	assert_int_equal(project(p, ALL, AT + 64 * PAGE, AT + 65 * PAGE), 0);
	assert_int_equal(p->to.nr_vmas, 0);
}

static void more_than_there_is(void **state)
{
	struct projection *p = *state;

	p->f.as.flags = VMWALK_WALK_F_EXTENTS;
	assert_int_equal(project(p, VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_PHYS,
				 0, 0), -EOPNOTSUPP);
	contains(p->err.text, "holds no page frames; take it with --phys");
	assert_int_equal(project(p, VMWALK_WALK_F_THREADS, 0, 0), -EOPNOTSUPP);
	contains(p->err.text, "holds no threads");
}

/* Sums will do for who says so, and stay what they were. */
static void sums_of_smaps(void **state)
{
	struct projection *p = *state;
	struct vmw_part part = {
		.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_THREADS,
	};

	p->f.as.flags = VMWALK_WALK_F_PAGES;
	p->f.as.sums_only = true;
	assert_int_equal(vmw_project(&p->f.as, &part, &p->to, &p->err),
			 -EOPNOTSUPP);
	part.sums = true;
	assert_int_equal(vmw_project(&p->f.as, &part, &p->to, &p->err), 0);
	assert_int_equal(p->to.nr_extents, 0);
	assert_int_equal(p->to.vmas[0].usage.resident, 6 * PAGE);
	assert_int_equal(p->to.vmas[0].usage.mapped, 16 * PAGE);
}

#define test_of(f) cmocka_unit_test_setup_teardown(f, setup_all, teardown_all)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(all),
		test_of(extents_alone),
		test_of(entries),
		test_of(frames),
		test_of(absence),
		test_of(nothing_but_vmas),
		test_of(a_range),
		test_of(a_hole),
		test_of(more_than_there_is),
		test_of(sums_of_smaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
