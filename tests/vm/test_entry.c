// SPDX-License-Identifier: GPL-2.0
/*
 * VMWALK_WALK_F_ENTRY: what the entries permit and record, by what the targets
 * did; and all the rest as without it, by the oracle.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/oracle.h"
#include "lib/target.h"

static struct vmw_target target;

static int start(void **state)
{
	const char *const *argv = *state;

	return vmw_target_start(&target, argv, NULL);
}

static int end(void **state)
{
	(void)state;
	vmw_target_end(&target);
	return 0;
}

static void test_entries(void **state)
{
	struct vmw_aspace as;
	size_t wrong;

	(void)state;
	if (target.skip) {
		vmw_diag("skipped: %s", target.skip);
		skip();
	}
	assert_int_equal(vmw_target_stop(&target), 0);
	assert_int_equal(vmw_read(target.pid, VMWALK_WALK_F_EXTENTS |
				  VMWALK_WALK_F_ENTRY, &as), 0);
	wrong = vmw_oracle_compare(target.pid, &as, false);
	wrong += vmw_target_check(&target, &as);
	vmw_aspace_deinit(&as);
	assert_int_equal(wrong, 0);
}

#define TARGET(label, ...)						\
	{ label, test_entries, start, end,				\
	  (void *)(const char *const[]){ __VA_ARGS__, NULL } }
#define ENTRY(name) TARGET("entry: " name, VMW_TARGET_DIR "/entry", name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ENTRY("permissions"),
		ENTRY("zero"),
		ENTRY("forked"),
		ENTRY("aged"),
		ENTRY("text"),
		ENTRY("huge"),
		TARGET("file: cow", VMW_TARGET_DIR "/file", "cow"),
		TARGET("huge: split", VMW_TARGET_DIR "/huge", "thp_split"),
		TARGET("swap", VMW_TARGET_DIR "/swap", "anon"),
		TARGET("Go", VMW_TARGET_DIR "/go_cgo"),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
