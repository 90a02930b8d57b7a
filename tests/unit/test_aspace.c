// SPDX-License-Identifier: GPL-2.0
/* The model: what it accepts, how it merges, what it sums up. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/aspace.h"

#define SHIFT		12
#define PAGE		((uint64_t)1 << SHIFT)
#define RW		(VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE)
#define PMD_LEAF	(1U << VMWALK_STATE_LEVEL_SHIFT)

static int setup(void **state)
{
	struct vmw_aspace *as = malloc(sizeof(*as));

	vmw_aspace_init(as, SHIFT);
	*state = as;
	return 0;
}

static int teardown(void **state)
{
	vmw_aspace_deinit(*state);
	free(*state);
	return 0;
}

static struct vmwalk_vma vma(uint64_t start, uint64_t end, uint32_t flags)
{
	return (struct vmwalk_vma){
		.start = start, .end = end, .from = start, .flags = flags,
		.page_shift = SHIFT,
	};
}

static int add(struct vmw_aspace *as, struct vmwalk_vma info)
{
	return vmw_aspace_add_vma(as, &info, NULL);
}

static int add_extent(struct vmw_aspace *as, uint32_t pages, uint32_t state)
{
	uint64_t e = VMWALK_EXTENT(pages, state);

	return vmw_aspace_add_extents(as, &e, sizeof(e));
}

static void test_empty(void **state)
{
	struct vmw_aspace *as = *state;

	assert_int_equal(add_extent(as, 1, 0), -EPROTO);
	assert_null(vmw_aspace_find_vma(as, 0));
	vmw_aspace_finish(as);
	assert_int_equal(as->nr_vmas, 0);
}

static void test_refuses_nonsense(void **state)
{
	struct vmw_aspace *as = *state;
	struct vmwalk_vma bad[] = {
		vma(0x1000, 0x1000, RW),
		vma(0x2000, 0x1000, RW),
		vma(0x1001, 0x2000, RW),
		vma(0x1000, 0x2010, RW),
		vma(0x1000, 0x2000, RW | VMWALK_VMA_F_CONTINUED),
		vma(0x1000, 0x3000, RW),
		vma(0x1000, 0x3000, RW),
		vma(0x1000, 0x3000, RW),
		vma(0x1000, 0x3000, RW),
		vma(0x1000, 0x3000, RW),
	};

	bad[5].from = 0x3000;
	bad[6].from = 0;
	bad[7].from = 0x1800;
	bad[8].page_shift = 64;
	bad[9].page_shift = SHIFT - 1;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(add(as, bad[i]), -EPROTO);
	assert_int_equal(as->nr_vmas, 0);
}

static void test_extents_stay_inside(void **state)
{
	struct vmw_aspace *as = *state;

	assert_int_equal(add(as, vma(0x1000, 0x4000, RW)), 0);
	assert_int_equal(add_extent(as, 0, VMWALK_KIND_ANON), -EPROTO);
	assert_int_equal(add_extent(as, 4, VMWALK_KIND_ANON), -EPROTO);
	assert_int_equal(add_extent(as, 0xffffffff, 0), -EPROTO);
	assert_int_equal(add_extent(as, 3, VMWALK_KIND_ANON), 0);
	assert_int_equal(add_extent(as, 1, VMWALK_KIND_ANON), -EPROTO);
	assert_int_equal(as->nr_extents, 1);
}

static void test_top_of_the_address_space(void **state)
{
	const uint64_t start = 0xffffffffff600000;
	struct vmw_aspace *as = *state;

	assert_int_equal(add(as, vma(start, start + PAGE, VMWALK_VMA_F_GATE)),
			 0);
	assert_int_equal(add_extent(as, 1, VMWALK_KIND_PFN), 0);
	vmw_aspace_finish(as);
	assert_ptr_equal(vmw_aspace_find_vma(as, start), as->vmas);
	assert_int_equal(as->vmas[0].usage.reserved, 0);
	assert_int_equal(as->vmas[0].usage.pfn, PAGE);
	assert_int_equal(as->vmas[0].usage.present, PAGE);
	assert_int_equal(as->vmas[0].usage.resident, 0);
}

/* Neighbours merge within a record, between records and at a continuation. */
static void test_merges_at_seams(void **state)
{
	struct vmw_aspace *as = *state;
	struct vmwalk_vma v = vma(0x10000, 0x20000, RW);
	uint64_t packed[] = {
		VMWALK_EXTENT(1, VMWALK_KIND_ANON),
		VMWALK_EXTENT(2, VMWALK_KIND_ANON),
		VMWALK_EXTENT(3, VMWALK_KIND_NONE),
	};

	assert_int_equal(add(as, v), 0);
	assert_int_equal(vmw_aspace_add_extents(as, packed, sizeof(packed)),
			 0);
	assert_int_equal(add_extent(as, 1, VMWALK_KIND_NONE), 0);
	v.flags |= VMWALK_VMA_F_CONTINUED;
	v.from = 0x17000;
	assert_int_equal(add(as, v), 0);
	assert_int_equal(add_extent(as, 9, VMWALK_KIND_NONE), 0);

	assert_int_equal(as->nr_vmas, 1);
	assert_int_equal(as->nr_extents, 2);
	assert_int_equal(as->extents[0].pages, 3);
	assert_int_equal(as->extents[1].start, 0x13000);
	assert_int_equal(as->extents[1].pages, 13);
	assert_int_equal(as->vmas[0].info.from, 0x10000);
}

/* Extents of two VMAs do not merge, equal or not. */
static void test_vmas_do_not_merge(void **state)
{
	struct vmw_aspace *as = *state;

	assert_int_equal(add(as, vma(0x1000, 0x2000, RW)), 0);
	assert_int_equal(add_extent(as, 1, VMWALK_KIND_ANON), 0);
	assert_int_equal(add(as, vma(0x2000, 0x3000, RW)), 0);
	assert_int_equal(add_extent(as, 1, VMWALK_KIND_ANON), 0);
	assert_int_equal(as->nr_extents, 2);
	assert_int_equal(as->vmas[1].first_extent, 1);
	assert_int_equal(as->vmas[1].nr_extents, 1);
}

static void test_unaligned_extents(void **state)
{
	struct vmw_aspace *as = *state;
	uint64_t extent = VMWALK_EXTENT(1, VMWALK_KIND_FILE);
	char buf[4 + sizeof(extent)] __attribute__((aligned(8)));

	memcpy(buf + 4, &extent, sizeof(extent));
	assert_int_equal(add(as, vma(0x1000, 0x2000, RW)), 0);
	assert_int_equal(vmw_aspace_add_extents(as, buf + 4,
						sizeof(extent)), 0);
	assert_int_equal(as->extents[0].state, VMWALK_KIND_FILE);
}

/* With frames, extents merge only where the one's frame follows the other's. */
static void test_frames(void **state)
{
	const uint64_t packed[] = {
		VMWALK_EXTENT(2, VMWALK_KIND_ANON), VMWALK_FRAME(100, 0),
		VMWALK_EXTENT(1, VMWALK_KIND_ANON), VMWALK_FRAME(102, 0),
		VMWALK_EXTENT(1, VMWALK_KIND_ANON), VMWALK_FRAME(103, 1),
		VMWALK_EXTENT(1, VMWALK_KIND_ANON), VMWALK_FRAME(103, 1),
		VMWALK_EXTENT(1, VMWALK_KIND_FILE), VMWALK_FRAME(104, 1),
		VMWALK_EXTENT(1, VMWALK_KIND_NONE), 0,
		VMWALK_EXTENT(3, VMWALK_KIND_NONE), 0,
		VMWALK_EXTENT(1, VMWALK_KIND_SWAP), VMWALK_FRAME(7, 3),
		VMWALK_EXTENT(1, VMWALK_KIND_SWAP), VMWALK_FRAME(8, 3),
	};
	static const struct {
		uint64_t pages, frame;
	} want[] = {
		{ 3, VMWALK_FRAME(100, 0) }, { 1, VMWALK_FRAME(103, 1) },
		{ 1, VMWALK_FRAME(103, 1) }, { 1, VMWALK_FRAME(104, 1) },
		{ 4, 0 }, { 2, VMWALK_FRAME(7, 3) },
	};
	struct vmw_aspace *as = *state;
	struct vmwalk_vma v = vma(0x1000, 0x10000, RW);
	const uint64_t more[] = {
		VMWALK_EXTENT(1, VMWALK_KIND_SWAP), VMWALK_FRAME(9, 3),
	};

	as->flags = VMWALK_WALK_F_PHYS;
	assert_int_equal(add(as, v), 0);
	assert_int_equal(vmw_aspace_add_extents(as, packed, sizeof(packed)),
			 0);
	assert_int_equal(as->nr_extents, 6);
	for (size_t i = 0; i < as->nr_extents; i++) {
		assert_int_equal(as->extents[i].pages, want[i].pages);
		assert_int_equal(as->extents[i].frame, want[i].frame);
	}
	assert_int_equal(vmw_extent_frame(&as->extents[0], 2),
			 VMWALK_FRAME(102, 0));
	assert_int_equal(vmw_extent_frame(&as->extents[4], 2), 0);

	v.flags |= VMWALK_VMA_F_CONTINUED;
	v.from = vmw_extent_end(as, &as->extents[5]);
	assert_int_equal(add(as, v), 0);
	assert_int_equal(vmw_aspace_add_extents(as, more, sizeof(more)), 0);
	assert_int_equal(as->nr_extents, 6);
	assert_int_equal(as->extents[5].pages, 3);
}

/* What no honest sender cuts off in the middle. */
static void test_cut_extents(void **state)
{
	const uint64_t packed[] = {
		VMWALK_EXTENT(1, VMWALK_KIND_ANON), VMWALK_FRAME(1, 0),
		VMWALK_EXTENT(1, VMWALK_KIND_ANON), VMWALK_FRAME(9, 0),
	};
	struct vmw_aspace *as = *state;

	assert_int_equal(add(as, vma(0x1000, 0x10000, RW)), 0);
	for (size_t i = 1; i < 8; i++)
		assert_int_equal(vmw_aspace_add_extents(as, packed, i),
				 -EPROTO);
	as->flags = VMWALK_WALK_F_PHYS;
	for (size_t i = 1; i < 32; i++)
		if (i != 16)
			assert_int_equal(vmw_aspace_add_extents(as, packed, i),
					 -EPROTO);
	assert_int_equal(as->nr_extents, 0);
	assert_int_equal(vmw_aspace_add_extents(as, packed, 0), 0);
	assert_int_equal(vmw_aspace_add_extents(as, packed, 32), 0);
	assert_int_equal(as->nr_extents, 2);
}

static void test_unaligned_frames(void **state)
{
	const uint64_t pair[] = {
		VMWALK_EXTENT(1, VMWALK_KIND_FILE), VMWALK_FRAME(5, 2),
	};
	char buf[4 + sizeof(pair)] __attribute__((aligned(8)));
	struct vmw_aspace *as = *state;

	memcpy(buf + 4, pair, sizeof(pair));
	as->flags = VMWALK_WALK_F_PHYS;
	assert_int_equal(add(as, vma(0x1000, 0x2000, RW)), 0);
	assert_int_equal(vmw_aspace_add_extents(as, buf + 4, sizeof(pair)), 0);
	assert_int_equal(as->extents[0].frame, pair[1]);
}

/* Continuations add up; every sum its own. */
static void test_pages_add_up(void **state)
{
	uint64_t numbers[sizeof(struct vmwalk_pages) / sizeof(uint64_t)];
	struct vmwalk_vma v = vma(0x1000, 0x3000, RW);
	struct vmw_aspace *as = *state;
	struct vmwalk_pages p;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		numbers[i] = 1ULL << i;
	memcpy(&p, numbers, sizeof(p));
	assert_int_equal(vmw_aspace_add_pages(as, &p), -EPROTO);
	assert_int_equal(add(as, v), 0);
	assert_int_equal(add_extent(as, 1, VMWALK_KIND_ANON), 0);
	assert_int_equal(vmw_aspace_add_pages(as, &p), 0);
	v.flags |= VMWALK_VMA_F_CONTINUED;
	v.from = 0x2000;
	assert_int_equal(add(as, v), 0);
	assert_int_equal(vmw_aspace_add_pages(as, &p), 0);
	memcpy(numbers, vmw_vma_pages(as, as->vmas), sizeof(p));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		assert_int_equal(numbers[i], 2ULL << i);
}

static void test_wrong_continuations(void **state)
{
	struct vmw_aspace *as = *state;
	struct vmwalk_vma v = vma(0x1000, 0x4000, RW | VMWALK_VMA_F_CONTINUED);

	assert_int_equal(add(as, vma(0x1000, 0x4000, RW)), 0);
	assert_int_equal(add_extent(as, 1, VMWALK_KIND_ANON), 0);
	v.from = 0x3000;		/* leaves a page out */
	assert_int_equal(add(as, v), -EPROTO);
	v.from = 0x1000;		/* goes back */
	assert_int_equal(add(as, v), -EPROTO);
	v.from = 0x2000;
	v.end = 0x5000;			/* of another VMA */
	assert_int_equal(add(as, v), -EPROTO);
	v.end = 0x4000;
	assert_int_equal(add(as, v), 0);
}

/* The VMAs were merged and split behind the walk's back. */
static void test_overlap_cuts(void **state)
{
	struct vmw_aspace *as = *state;
	struct vmwalk_vma v = vma(0x2000, 0x9000, RW | VMWALK_VMA_F_FILE);

	assert_int_equal(add(as, vma(0x1000, 0x6000, RW)), 0);
	assert_int_equal(add_extent(as, 2, VMWALK_KIND_ANON), 0);
	v.offset = 0x10000;
	v.from = 0x2000;		/* before what was told already */
	assert_int_equal(add(as, v), -EPROTO);
	v.from = 0x4000;
	assert_int_equal(add(as, v), 0);
	assert_int_equal(as->vmas[0].info.end, 0x4000);
	assert_int_equal(as->vmas[1].info.start, 0x4000);
	assert_int_equal(as->vmas[1].info.offset, 0x12000);
	assert_int_equal(add_extent(as, 2, VMWALK_KIND_FILE), 0);

	/* The sender goes on with the VMA as it knows it. */
	v.flags |= VMWALK_VMA_F_CONTINUED;
	v.from = 0x6000;
	assert_int_equal(add(as, v), 0);
	assert_int_equal(add_extent(as, 3, VMWALK_KIND_FILE), 0);
	assert_int_equal(as->nr_extents, 2);
	vmw_aspace_finish(as);
	assert_int_equal(as->vmas[0].usage.mapped, 0x3000);
	assert_int_equal(as->vmas[1].usage.mapped, 0x5000);
}

static void test_goes_up_only(void **state)
{
	struct vmw_aspace *as = *state;

	assert_int_equal(add(as, vma(0x5000, 0x6000, RW)), 0);
	assert_int_equal(add(as, vma(0x1000, 0x2000, RW)), -EPROTO);
	assert_int_equal(add(as, vma(0x5000, 0x6000, RW)), -EPROTO);
	assert_int_equal(add(as, vma(0x4000, 0x8000, RW)), -EPROTO);
	assert_int_equal(as->nr_vmas, 1);
}

static void test_names_are_shared(void **state)
{
	struct vmw_aspace *as = *state;
	char name[] = "/usr/lib/libc.so.6";
	struct vmwalk_vma v = vma(0x1000, 0x2000, RW);

	assert_int_equal(vmw_aspace_add_vma(as, &v, name), 0);
	v = vma(0x3000, 0x4000, RW);
	assert_int_equal(vmw_aspace_add_vma(as, &v, "[heap]"), 0);
	v = vma(0x5000, 0x6000, RW);
	assert_int_equal(vmw_aspace_add_vma(as, &v, name), 0);
	name[0] = 'X';
	assert_string_equal(as->vmas[0].name, "/usr/lib/libc.so.6");
	assert_ptr_equal(as->vmas[0].name, as->vmas[2].name);
	assert_string_equal(as->vmas[1].name, "[heap]");
}

static void test_usage(void **state)
{
	static const uint64_t packed[] = {
		VMWALK_EXTENT(512, VMWALK_KIND_ANON | PMD_LEAF),
		VMWALK_EXTENT(1, VMWALK_KIND_ANON),
		VMWALK_EXTENT(2, VMWALK_KIND_FILE),
		VMWALK_EXTENT(4, VMWALK_KIND_SHMEM),
		VMWALK_EXTENT(8, VMWALK_KIND_ZERO),
		VMWALK_EXTENT(16, VMWALK_KIND_PFN),
		VMWALK_EXTENT(32, VMWALK_KIND_SWAP),
		VMWALK_EXTENT(64, VMWALK_KIND_NONE),
		VMWALK_EXTENT(1, VMWALK_KIND_MIGRATION),
		VMWALK_EXTENT(1, VMWALK_KIND_HWPOISON),
		VMWALK_EXTENT(1, VMWALK_KIND_DEVICE),
		VMWALK_EXTENT(1, VMWALK_KIND_MARKER),
		VMWALK_EXTENT(1, VMWALK_KIND_BAD),
		VMWALK_EXTENT(1, 15),	/* a kind of the future */
	};
	struct vmw_aspace *as = *state;
	struct vmwalk_vma v = vma(0, 1024 * PAGE, RW);
	const struct vmw_usage *u;

	v.shmem_swapped = 3 * PAGE;
	assert_int_equal(add(as, v), 0);
	assert_int_equal(vmw_aspace_add_extents(as, packed, sizeof(packed)),
			 0);
	vmw_aspace_finish(as);
	u = &as->vmas[0].usage;
	assert_int_equal(u->mapped, 1024 * PAGE);
	assert_int_equal(u->reserved, 0);
	assert_int_equal(u->anon, 513 * PAGE);
	assert_int_equal(u->anon_huge, 512 * PAGE);
	assert_int_equal(u->file, 2 * PAGE);
	assert_int_equal(u->shmem, 4 * PAGE);
	assert_int_equal(u->zero, 8 * PAGE);
	assert_int_equal(u->pfn, 16 * PAGE);
	assert_int_equal(u->swapped, 35 * PAGE);
	assert_int_equal(u->other, 6 * PAGE);
	assert_int_equal(u->resident, 519 * PAGE);
	assert_int_equal(u->present, 543 * PAGE);
}

static void test_hugetlb_is_not_resident(void **state)
{
	struct vmw_aspace *as = *state;
	const uint32_t leaf = VMWALK_KIND_ANON | PMD_LEAF |
			      VMWALK_STATE_HUGETLB;
	const struct vmw_usage *u;

	assert_int_equal(add(as, vma(0, 1536 * PAGE, RW)), 0);
	assert_int_equal(add_extent(as, 512, leaf), 0);
	assert_int_equal(add_extent(as, 512, leaf | VMWALK_STATE_SHARED), 0);
	vmw_aspace_finish(as);
	u = &as->vmas[0].usage;
	assert_int_equal(u->hugetlb, 1024 * PAGE);
	assert_int_equal(u->hugetlb_shared, 512 * PAGE);
	assert_int_equal(u->present, 1024 * PAGE);
	assert_int_equal(u->resident, 0);
	assert_int_equal(u->anon, 0);
	assert_int_equal(u->anon_huge, 0);
}

static void test_reserved(void **state)
{
	struct vmw_aspace *as = *state;

	assert_int_equal(add(as, vma(0x1000, 0x3000, 0)), 0);
	assert_int_equal(add(as, vma(0x3000, 0x4000, VMWALK_VMA_F_EXEC)), 0);
	vmw_aspace_finish(as);
	assert_int_equal(as->vmas[0].usage.reserved, 0x2000);
	assert_int_equal(as->vmas[1].usage.reserved, 0);
}

static void test_find(void **state)
{
	struct vmw_aspace *as = *state;
	const struct vmw_vma *v;

	assert_int_equal(add(as, vma(0x1000, 0x3000, RW)), 0);
	assert_int_equal(add_extent(as, 1, VMWALK_KIND_ANON), 0);
	assert_int_equal(add_extent(as, 1, VMWALK_KIND_NONE), 0);
	assert_int_equal(add(as, vma(0x5000, 0x6000, RW)), 0);
	assert_null(vmw_aspace_find_vma(as, 0xfff));
	assert_null(vmw_aspace_find_vma(as, 0x3000));
	assert_null(vmw_aspace_find_vma(as, 0x6000));
	assert_ptr_equal(vmw_aspace_find_vma(as, 0x5fff), &as->vmas[1]);
	v = vmw_aspace_find_vma(as, 0x1000);
	assert_ptr_equal(v, &as->vmas[0]);
	assert_ptr_equal(vmw_aspace_find_extent(as, v, 0x1fff), as->extents);
	assert_ptr_equal(vmw_aspace_find_extent(as, v, 0x2000),
			 as->extents + 1);
	assert_null(vmw_aspace_find_extent(as, v, 0x3000));
	assert_null(vmw_aspace_find_extent(as, &as->vmas[1], 0x5000));
}

#define VMAS	40
#define PAGES	200

/* Sends a VMA whose page @i has state @pages[@i], cut up at random. */
static void send(struct vmw_aspace *as, struct vmwalk_vma v,
		 const uint32_t *pages)
{
	uint32_t run;

	assert_int_equal(add(as, v), 0);
	for (uint32_t i = 0; i < PAGES; i += run) {
		run = 1;
		while (i + run < PAGES && pages[i + run] == pages[i] &&
		       rand() % 8)
			run++;
		if (i && !(rand() % 4)) {
			v.flags |= VMWALK_VMA_F_CONTINUED;
			v.from = v.start + i * PAGE;
			assert_int_equal(add(as, v), 0);
		}
		assert_int_equal(add_extent(as, run, pages[i]), 0);
	}
}

static void check(struct vmw_aspace *as, const struct vmw_vma *v,
		  const uint32_t *pages)
{
	uint64_t anon = 0, swapped = 0, next = v->info.start;

	for (size_t i = 0; i < v->nr_extents; i++) {
		const struct vmw_extent *e = as->extents + v->first_extent + i;

		assert_int_equal(e->start, next);
		assert_true(!i || e[-1].state != e->state);
		next = vmw_extent_end(as, e);
	}
	assert_int_equal(next, v->info.end);
	for (uint32_t i = 0; i < PAGES; i++) {
		uint64_t addr = v->info.start + i * PAGE;

		assert_int_equal(vmw_aspace_find_extent(as, v, addr)->state,
				 pages[i]);
		anon += PAGE * (pages[i] == VMWALK_KIND_ANON);
		swapped += PAGE * (pages[i] == VMWALK_KIND_SWAP);
	}
	assert_int_equal(v->usage.anon, anon);
	assert_int_equal(v->usage.resident, anon);
	assert_int_equal(v->usage.swapped, swapped);
}

/* However a sender cuts it up, the model is the same. */
static void test_any_cut_gives_the_same(void **state)
{
	static const uint32_t states[] = {
		VMWALK_KIND_NONE, VMWALK_KIND_ANON, VMWALK_KIND_SWAP,
	};
	static uint32_t pages[VMAS][PAGES];
	struct vmw_aspace *as = *state;
	uint64_t start = 0x10000;

	srand(1);
	for (int i = 0; i < VMAS; i++) {
		for (int j = 0; j < PAGES; j++)
			pages[i][j] = j && rand() % 4 ?
				pages[i][j - 1] : states[rand() % 3];
		send(as, vma(start, start + PAGES * PAGE, RW), pages[i]);
		start += (PAGES + rand() % 2) * PAGE;
	}
	vmw_aspace_finish(as);
	assert_int_equal(as->nr_vmas, VMAS);
	for (int i = 0; i < VMAS; i++)
		check(as, &as->vmas[i], pages[i]);
}

/* Promised: at most 80 bytes an extent and 1024 a VMA, while growing too. */
static void test_memory(void **state)
{
	const uint32_t nr = 100000;
	struct vmw_aspace *as = *state;
	size_t before;

	assert_int_equal(add(as, vma(0, nr * PAGE, RW)), 0);
	for (uint32_t i = 0; i < nr; i++) {
		before = as->room_extents;
		assert_int_equal(add_extent(as, 1, i & 1), 0);
		if (before && before != as->room_extents)
			assert_true((before + as->room_extents) *
				    sizeof(*as->extents) <= 80 * (before + 1));
	}
	assert_int_equal(as->nr_extents, nr);
	for (uint32_t i = 0; i < 1000; i++) {
		uint64_t start = (nr + 2 * i) * PAGE;

		before = as->room_vmas;
		assert_int_equal(add(as, vma(start, start + PAGE, RW)), 0);
		if (before && before != as->room_vmas)
			assert_true((before + as->room_vmas) *
				    sizeof(*as->vmas) <= 1024 * (before + 1));
	}
}

static void test_threads(void **state)
{
	struct vmw_aspace *as = *state;
	struct vmw_thread t = { .tid = 1, .comm = "a", .has_regs = true };

	for (t.tid = 1; t.tid <= 1000; t.tid++)
		assert_int_equal(vmw_aspace_add_thread(as, &t), 0);
	assert_int_equal(as->nr_threads, 1000);
	assert_int_equal(as->threads[999].tid, 1000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/*
 * Areas are listed by ascending number, and the numbers in entries are all that
 * is known of them: a name is told where no other list of numbers fits.
 */
static void test_swap_areas(void **state)
{
	static const struct {
		unsigned int areas;
		uint32_t used;		/* 1 << number: seen in other entries */
		unsigned int asked;
		const char *name;	/* NULL: not sure */
	} rows[] = {
		{ 0, 0, 0, NULL },
		/* The one that is on has the entries, whatever its number. */
		{ 1, 0, 0, "a" },
		{ 1, 0, 5, "a" },
		{ 1, 1U << 5, 5, "a" },
		/* None comes before 0; 1 may be the first or the second. */
		{ 2, 0, 0, "a" },
		{ 2, 0, 1, NULL },
		{ 2, 1U << 0, 1, "b" },
		{ 2, 1U << 0, 7, "b" },
		{ 2, 1U << 7, 1, "a" },
		{ 3, 1U << 0, 2, NULL },
		{ 3, 1U << 0 | 1U << 1, 2, "c" },
		{ 3, 1U << 4 | 1U << 9, 31, "c" },
		/* More numbers than areas: the list is of another time. */
		{ 1, 1U << 0, 1, NULL },
		{ 3, 0, 32, NULL },
		{ 3, 0, 1023, NULL },
	};
	static const char *const names[] = { "a", "b", "c" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vmw_aspace as;
		const char *name;

		vmw_aspace_init(&as, SHIFT);
		for (unsigned int k = 0; k < rows[i].areas; k++)
			assert_int_equal(vmw_aspace_add_swap(&as, names[k]), 0);
		as.swaps_used = rows[i].used;
		name = vmw_aspace_swap(&as, rows[i].asked);
		if (!name != !rows[i].name ||
		    (name && strcmp(name, rows[i].name)))
			fail_msg("row %zu: %s", i, name ? name : "not sure");
		vmw_aspace_deinit(&as);
	}
}

static void test_swaps_are_few(void **state)
{
	struct vmw_aspace *as = *state;

	assert_int_equal(vmw_aspace_add_swap(as, ""), -EPROTO);
	for (int i = 0; i < VMW_SWAPS_MAX; i++)
		assert_int_equal(vmw_aspace_add_swap(as, "/dev/sda2"), 0);
	assert_int_equal(vmw_aspace_add_swap(as, "/dev/sda2"), -EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_swap_areas),
		TEST(test_swaps_are_few),
		TEST(test_empty),
		TEST(test_refuses_nonsense),
		TEST(test_extents_stay_inside),
		TEST(test_top_of_the_address_space),
		TEST(test_merges_at_seams),
		TEST(test_vmas_do_not_merge),
		TEST(test_unaligned_extents),
		TEST(test_frames),
		TEST(test_cut_extents),
		TEST(test_unaligned_frames),
		TEST(test_pages_add_up),
		TEST(test_wrong_continuations),
		TEST(test_overlap_cuts),
		TEST(test_goes_up_only),
		TEST(test_names_are_shared),
		TEST(test_usage),
		TEST(test_hugetlb_is_not_resident),
		TEST(test_reserved),
		TEST(test_find),
		TEST(test_any_cut_gives_the_same),
		TEST(test_memory),
		TEST(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
