// SPDX-License-Identifier: GPL-2.0
/*
 * A walk can be cut anywhere: into messages of any size, and to any range. The
 * parts are the whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "genl/genl.h"
#include "lib/oracle.h"
#include "lib/raw.h"
#include "lib/target.h"

#define RANGES 300
#define PAGE 4096ULL

struct fixture {
	struct vmw_target target;
	struct vmw_genl *genl;
	struct vmw_aspace whole;
};

static void read_range(struct fixture *f, uint64_t start, uint64_t end,
		       struct vmw_aspace *as)
{
	struct vmw_walk_request req = {
		.pid = f->target.pid,
		.start = start,
		.end = end,
		.flags = VMWALK_WALK_F_EXTENTS,
	};
	struct vmw_error err = { 0 };

	if (vmw_genl_walk(f->genl, &req, as, &err))
		fail_msg("%llx-%llx: %s", (unsigned long long)start,
			 (unsigned long long)end, err.text);
}

static int start(void **state)
{
	const char *const *argv = *state;
	struct fixture *f = test_calloc(1, sizeof(*f));
	struct vmw_error err;

	*state = f;
	if (vmw_target_start(&f->target, argv, NULL) ||
	    vmw_target_stop(&f->target) || vmw_genl_open(&f->genl, &err))
		return -1;
	read_range(f, 0, 0, &f->whole);
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	vmw_aspace_deinit(&f->whole);
	vmw_genl_close(f->genl);
	vmw_target_end(&f->target);
	test_free(f);
	return 0;
}

static void check_same(const struct vmw_aspace *whole,
		       const struct vmw_aspace *part)
{
	assert_true(part->complete);
	assert_int_equal(part->end.vmas, whole->end.vmas);
	assert_int_equal(vmw_aspace_differences(whole, part, 0, UINT64_MAX), 0);
	assert_int_equal(vmw_aspace_differences(part, whole, 0, UINT64_MAX), 0);
}

static void test_message_sizes(void **state)
{
	struct fixture *f = *state;
	struct vmw_aspace large, small;
	size_t nr_large, nr_small;

	if (f->target.skip)
		skip();
	assert_int_equal(vmw_raw_walk(f->target.pid, false, &large, &nr_large),
			 0);
	assert_int_equal(vmw_raw_walk(f->target.pid, true, &small, &nr_small),
			 0);
	check_same(&f->whole, &large);
	check_same(&f->whole, &small);
	vmw_diag("%zu messages, or %zu", nr_large, nr_small);
	if (nr_large > 3)
		assert_true(nr_small > nr_large);
	vmw_aspace_deinit(&large);
	vmw_aspace_deinit(&small);
}

/* Near where something begins or ends, or anywhere in the VMA. */
static uint64_t pick_address(const struct vmw_aspace *as)
{
	const struct vmw_vma *vma = &as->vmas[random() % as->nr_vmas];
	const struct vmw_extent *e = &as->extents[random() % as->nr_extents];
	uint64_t pages = (vma->info.end - vma->info.start) / PAGE;
	int64_t off = (random() % 5 - 2) * PAGE;

	switch (random() % 4) {
	case 0:
		return vma->info.start + off;
	case 1:
		return vmw_extent_end(as, e) + off;
	case 2:
		return vma->info.start + random() % pages * PAGE;
	default:
		return e->start + random() % e->pages * PAGE;
	}
}

static size_t differences(struct fixture *f, uint64_t start, uint64_t end)
{
	struct vmw_aspace part;
	size_t wrong;

	read_range(f, start, end, &part);
	wrong = vmw_aspace_differences(&f->whole, &part, start,
				       end ? end : UINT64_MAX);
	vmw_aspace_deinit(&part);
	return wrong;
}

/* Has the kernel moved or reclaimed pages meanwhile? Then from there on. */
static bool has_moved(struct fixture *f)
{
	struct vmw_aspace now;
	bool moved;

	read_range(f, 0, 0, &now);
	moved = vmw_aspace_differences(&f->whole, &now, 0, UINT64_MAX);
	vmw_aspace_deinit(&f->whole);
	f->whole = now;
	return moved;
}

static void check_range(struct fixture *f, uint64_t start, uint64_t end)
{
	int tries = 5;

	while (differences(f, start, end)) {
		vmw_diag("range %llx-%llx", (unsigned long long)start,
			 (unsigned long long)end);
		assert_true(has_moved(f) && --tries);
	}
}

static void test_ranges(void **state)
{
	uint64_t enough = vmw_now_ms() + VMW_ENOUGH;
	struct fixture *f = *state;
	unsigned int seed = time(NULL);
	int i;

	if (f->target.skip)
		skip();
	vmw_diag("seed %u", seed);
	srandom(seed);
	for (i = 0; i < RANGES && vmw_now_ms() < enough; i++) {
		uint64_t a = pick_address(&f->whole);
		uint64_t b = pick_address(&f->whole);

		if (a < b)
			check_range(f, a, b);
		check_range(f, a, a + PAGE);
	}
	vmw_diag("%d times", i);
	/* To the end, and where there is nothing. */
	check_range(f, f->whole.vmas[f->whole.nr_vmas / 2].info.start + PAGE,
		    0);
	check_range(f, 0, PAGE);
	check_range(f, f->whole.mm.task_size, 0);
}

/* What a record says of its own range adds up to what it says of the VMA. */
static void test_swapped_adds_up(void **state)
{
	struct fixture *f = *state;
	size_t i;

	if (f->target.skip)
		skip();
	for (i = 0; i < f->whole.nr_vmas; i++) {
		const struct vmwalk_vma *info = &f->whole.vmas[i].info;
		uint64_t at, sum = 0;

		if (!info->shmem_swapped)
			continue;
		for (at = info->start; at < info->end; at += PAGE) {
			struct vmw_aspace part;

			read_range(f, at, at + PAGE, &part);
			assert_int_equal(part.nr_vmas, 1);
			sum += part.vmas[0].info.shmem_swapped;
			vmw_aspace_deinit(&part);
		}
		assert_int_equal(sum, info->shmem_swapped);
		return;
	}
	fail_msg("nothing is swapped");
}

#define TARGET(...) ((void *)(const char *const[]){ __VA_ARGS__, NULL })
#define BOTH(label, ...)						\
	{ "messages: " label, test_message_sizes, start, end,		\
	  TARGET(__VA_ARGS__) },					\
	{ "ranges: " label, test_ranges, start, end, TARGET(__VA_ARGS__) }

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH("threads", VMW_TARGET_DIR "/anon", "threads"),
		BOTH("vmas", VMW_TARGET_DIR "/big", "vmas"),
		BOTH("alternating", VMW_TARGET_DIR "/big", "alternating"),
		BOTH("sparse", VMW_TARGET_DIR "/big", "sparse"),
		BOTH("dense", VMW_TARGET_DIR "/big", "dense"),
		BOTH("thp split", VMW_TARGET_DIR "/huge", "thp_split"),
		BOTH("hugetlb", VMW_TARGET_DIR "/huge", "hugetlb_private"),
		BOTH("swapped shmem", VMW_TARGET_DIR "/swap", "shmem"),
		{ "swapped shmem adds up", test_swapped_adds_up, start, end,
		  TARGET(VMW_TARGET_DIR "/swap", "shmem") },
		{ "private swapped shmem adds up", test_swapped_adds_up, start,
		  end, TARGET(VMW_TARGET_DIR "/swap", "shmem_private") },
		BOTH("Go", VMW_TARGET_DIR "/go_cgo"),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
