// SPDX-License-Identifier: GPL-2.0
/*
 * How much a walk does while it holds the target's mmap_lock: no more than it
 * promises, however large the target is. Counted in steps; time is not a test's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "genl/genl.h"
#include "lib/target.h"

static struct vmw_genl *genl;
static uint32_t chunk;

static int start(void **state)
{
	struct vmw_error err;
	struct vmw_info info;

	(void)state;
	if (vmw_genl_open(&genl, &err) || vmw_genl_info(genl, &info, &err))
		return -1;
	chunk = info.chunk;
	return 0;
}

static int end(void **state)
{
	(void)state;
	vmw_genl_close(genl);
	return 0;
}

static struct vmwalk_end walk(pid_t pid, uint32_t flags)
{
	const struct vmw_walk_request req = { .pid = pid, .flags = flags };
	struct vmw_aspace as;
	struct vmwalk_end got;
	struct vmw_error err;

	assert_int_equal(vmw_genl_walk(genl, &req, &as, &err), 0);
	got = as.end;
	vmw_aspace_deinit(&as);
	return got;
}

static void check(pid_t pid, uint32_t flags)
{
	struct vmwalk_end got = walk(pid, flags);

	assert_in_range(got.hold_max_steps, 1, chunk);
	/* Each is a step, and they are spread over that many holds. */
	assert_true((uint64_t)got.locks * chunk >= got.vmas);
	assert_true((uint64_t)got.locks * chunk >= got.tables);
	assert_true(got.locks > 1);
}

/* What is asked of it does not matter; all under one lock is another thing. */
static void test_bounded(void **state)
{
	const char *const argv[] = { VMW_TARGET_DIR "/big", *state, NULL };
	const uint32_t extents = VMWALK_WALK_F_EXTENTS;
	struct vmw_target target;

	assert_int_equal(vmw_target_start(&target, argv, NULL), 0);
	assert_int_equal(vmw_target_stop(&target), 0);
	check(target.pid, extents);
	check(target.pid, extents | VMWALK_WALK_F_PAGES);
	check(target.pid, extents | VMWALK_WALK_F_PHYS);
	check(target.pid, extents | VMWALK_WALK_F_TABLES);
	assert_true(walk(target.pid, extents | VMWALK_WALK_F_ATOMIC)
			    .hold_max_steps > chunk);
	vmw_target_end(&target);
}

/* What is small takes one hold, and that is all of the steps. */
static void test_small(void **state)
{
	const char *const argv[] = { VMW_TARGET_DIR "/onepage", NULL };
	struct vmw_target target;
	struct vmwalk_end got;

	(void)state;
	assert_int_equal(vmw_target_start(&target, argv, NULL), 0);
	got = walk(target.pid, VMWALK_WALK_F_EXTENTS);
	assert_in_range(got.hold_max_steps, got.vmas - 1, chunk);
	vmw_target_end(&target);
}

#define CASE(name) { "bounded_" name, test_bounded, NULL, NULL, name }

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("sparse"),
		CASE("vmas"),
		{ "small", test_small, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, start, end);
}
