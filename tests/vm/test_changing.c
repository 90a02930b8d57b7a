// SPDX-License-Identifier: GPL-2.0
/*
 * Targets that change while they are walked. What comes is always well formed
 * (the model takes it in, see user/model/aspace.h), and says so when the VMAs moved.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "genl/genl.h"
#include "lib/child.h"
#include "lib/raw.h"
#include "lib/target.h"

#define WALKS 200

static struct vmw_target target;

struct outcome {
	unsigned int walks, changed, relocked;
};

static int start(void **state)
{
	const char *const *argv = *state;

	return vmw_target_start(&target, argv, NULL);
}

static int end(void **state)
{
	(void)state;
	vmw_target_end(&target);
	return vmw_module_idle() && vmw_raw_alive() ? 0 : -1;
}

/* Every VMA is covered by its extents, each of a kind that exists. */
static void check_form(const struct vmw_aspace *as)
{
	size_t i, k;

	assert_true(as->nr_vmas > 1);
	for (i = 0; i < as->nr_vmas; i++) {
		const struct vmw_vma *vma = &as->vmas[i];
		const struct vmw_extent *e = &as->extents[vma->first_extent];
		uint64_t at = vma->info.from;

		for (k = 0; k < vma->nr_extents; k++, e++) {
			assert_int_equal(e->start, at);
			assert_true(vmw_state_kind(e->state) <=
				    VMWALK_KIND_MAX);
			assert_int_not_equal(vmw_state_kind(e->state),
					     VMWALK_KIND_BAD);
			at = vmw_extent_end(as, e);
		}
		assert_true(at <= vma->info.end);
		assert_true(at == vma->info.end ||
			    as->end.consistency == VMWALK_CHANGED);
	}
}

static void walk_often(struct outcome *o)
{
	uint64_t enough = vmw_now_ms() + VMW_ENOUGH;
	struct vmw_aspace as;
	size_t messages;
	int ret;

	*o = (struct outcome){ 0 };
	for (; o->walks < WALKS && vmw_now_ms() < enough; o->walks++) {
		ret = vmw_raw_walk(target.pid, o->walks % 2, &as, &messages);
		assert_int_equal(ret, 0);
		check_form(&as);
		o->changed += as.end.consistency == VMWALK_CHANGED;
		o->relocked += as.end.locks > 1;
		assert_true(as.end.locks > 1 ||
			    as.end.consistency != VMWALK_CHANGED);
		vmw_aspace_deinit(&as);
	}
	vmw_diag("of %u walks, %u took the lock again, %u say changed",
		 o->walks, o->relocked, o->changed);
}

/* The client walks again, as often as it was told to: until one was made again. */
static void check_retries(void)
{
	const struct vmw_walk_request req = {
		.pid = target.pid, .flags = VMWALK_WALK_F_EXTENTS, .retries = 3,
	};
	const uint64_t enough = vmw_now_ms() + 10 * VMW_ENOUGH;
	unsigned int again = 0, walks = 0;
	struct vmw_genl *genl;
	struct vmw_aspace as;
	struct vmw_error err;

	assert_int_equal(vmw_genl_open(&genl, &err), 0);
	for (; !again && vmw_now_ms() < enough; walks++) {
		assert_int_equal(vmw_genl_walk(genl, &req, &as, &err), 0);
		again += as.retries;
		assert_true(as.retries <= req.retries);
		assert_true(as.end.consistency != VMWALK_CHANGED ||
			    as.retries == req.retries);
		vmw_aspace_deinit(&as);
	}
	vmw_genl_close(genl);
	vmw_diag("of %u walks of the client's, one took %u more", walks, again);
	assert_true(again > 0);
}

static void test_vmas(void **state)
{
	struct outcome o;

	(void)state;
	walk_often(&o);
	assert_int_equal(o.relocked, o.walks);
	assert_true(o.changed > 0);
	check_retries();
}

static void test_pages(void **state)
{
	struct outcome o;

	(void)state;
	if (target.skip)
		skip();
	walk_often(&o);
	/* The VMAs keep still: nothing to report. */
	assert_int_equal(o.changed, 0);
}

/* The claim of a change is not made lightly. */
static void test_quiet(void **state)
{
	struct outcome o;

	(void)state;
	assert_int_equal(vmw_target_stop(&target), 0);
	walk_often(&o);
	assert_int_equal(o.relocked, o.walks);
	assert_int_equal(o.changed, 0);
}

/* Children that live for a moment: found or not found, nothing else. */
static void test_short_lives(void **state)
{
	uint64_t enough = vmw_now_ms() + VMW_ENOUGH;
	unsigned int found = 0, i;
	int ret;

	(void)state;
	for (i = 0; i < WALKS && vmw_now_ms() < enough; i++) {
		pid_t pid = vmw_fork_idle();
		struct vmw_aspace as;
		size_t messages;

		if (i % 2)
			kill(pid, SIGKILL);
		ret = vmw_raw_walk(pid, true, &as, &messages);
		assert_true(ret == 0 || ret == -ESRCH);
		found += !ret;
		vmw_aspace_deinit(&as);
		vmw_end_idle(pid);
	}
	vmw_diag("%u of %u were found", found, i);
	assert_true(found >= i / 2);
}

#define TARGET(...) ((void *)(const char *const[]){ __VA_ARGS__, NULL })

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "VMAs come and go", test_vmas, start, end,
		  TARGET(VMW_TARGET_DIR "/churn", "vmas") },
		{ "pages come and go", test_pages, start, end,
		  TARGET(VMW_TARGET_DIR "/churn", "pages") },
		{ "huge pages come and go", test_pages, start, end,
		  TARGET(VMW_TARGET_DIR "/churn", "huge") },
		{ "nothing changes", test_quiet, start, end,
		  TARGET(VMW_TARGET_DIR "/big", "vmas") },
		cmocka_unit_test(test_short_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
