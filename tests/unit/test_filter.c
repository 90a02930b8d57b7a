// SPDX-License-Identifier: GPL-2.0
/* --filter: what passes, and what is no filter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/filter.h"

#define START	0x7f0000001000
#define END	0x7f0000003000

static bool passes(const char *text)
{
	const struct vmw_segment seg = { .kind = VMW_SEG_LIBRARY };
	const struct vmw_vma vma = {
		.info = {
			.start = START, .end = END,
			.flags = VMWALK_VMA_F_READ | VMWALK_VMA_F_EXEC,
		},
		.name = "/usr/lib/libc.so.6",
	};
	struct vmw_filter f;
	struct vmw_error err;

	assert_int_equal(vmw_filter_parse(text, &f, &err), 0);
	return vmw_filter_passes(&f, &vma, &seg);
}

/* START to END, which is not in it. */
static void addresses(void **state)
{
	(void)state;
	assert_true(passes("addr=7f0000001000"));
	assert_true(passes("addr=0x7f0000002fff"));
	assert_false(passes("addr=7f0000003000"));
	assert_false(passes("addr=7f0000000fff"));
	assert_true(passes("addr=0-7f0000001001"));
	assert_false(passes("addr=0-7f0000001000"));
	assert_true(passes("addr=7f0000002000-7f0000009000"));
	assert_false(passes("addr=7f0000003000-7f0000009000"));
}

static void permissions(void **state)
{
	(void)state;
	assert_true(passes("perm=rx"));
	assert_false(passes("perm=w"));
	assert_true(passes("perm=r-xp"));
	assert_true(passes("perm=r?xp"));
	assert_false(passes("perm=rwxp"));
	assert_false(passes("perm=r--p"));
	assert_false(passes("perm=r-xs"));
}

static void names_and_kinds(void **state)
{
	(void)state;
	assert_true(passes("kind=Library"));
	assert_false(passes("kind=heap"));
	assert_true(passes("name=libc.so*"));
	assert_false(passes("name=libc"));
	assert_true(passes("LIBC"));
	assert_true(passes("libr"));
	/* All of them. */
	assert_true(passes("libc,perm=x,,kind=library"));
	assert_false(passes("libc,perm=w"));
	assert_true(passes(""));
}

static void no_filter(void **state)
{
	static const char *const bad[] = {
		"kind=nothing", "addr=", "addr=xyz", "addr=2000-1000", "addr=1000-1000",
		"addr=10000000000000000", "perm=", "perm=rwz", "perm=r-",
	};
	struct vmw_filter f;
	struct vmw_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!vmw_filter_parse(bad[i], &f, &err))
			fail_msg("%s is taken for a filter", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(permissions),
		cmocka_unit_test(names_and_kinds),
		cmocka_unit_test(no_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
