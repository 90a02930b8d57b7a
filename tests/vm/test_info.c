// SPDX-License-Identifier: GPL-2.0
/* VMWALK_CMD_INFO: for everybody, and true of this machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cmocka.h>

#include "genl/genl.h"
#include "lib/child.h"
#include "lib/target.h"

static bool read_info(struct vmw_info *info)
{
	struct vmw_genl *genl;
	struct vmw_error err = { 0 };

	if (vmw_genl_open(&genl, &err)) {
		vmw_diag("%s", err.text);
		return false;
	}
	if (vmw_genl_info(genl, info, &err))
		vmw_diag("%s", err.text);
	vmw_genl_close(genl);
	return !err.text[0];
}

static void test_info(void **state)
{
	struct vmw_info info = { 0 };
	struct utsname uts;

	(void)state;
	assert_true(read_info(&info));
	uname(&uts);
	assert_int_equal(info.abi, VMWALK_ABI_REVISION);
	assert_true(info.version[0]);
	assert_string_equal(info.arch, uts.machine);
	assert_int_equal(1 << info.page_shift, getpagesize());
	assert_true(info.walk_flags & VMWALK_WALK_F_EXTENTS);
	assert_true(info.walk_flags & VMWALK_WALK_F_ENTRY);
	assert_true(info.walk_flags & VMWALK_WALK_F_PAGES);
	assert_true(info.walk_flags & VMWALK_WALK_F_PHYS);
	assert_true(info.walk_flags & VMWALK_WALK_F_TABLES);
	assert_true(info.walk_flags & VMWALK_WALK_F_THREADS);
	assert_true(info.chunk > 0);
	assert_true(info.message_max >= 4096);
}

/* Top first, each spanning what the one below does, times its entries. */
static void test_levels(void **state)
{
	struct vmw_info info = { 0 };
	unsigned int i;

	(void)state;
	assert_true(read_info(&info));
	assert_true(info.nr_levels >= 3);
	for (i = 0; i < info.nr_levels; i++) {
		const struct vmwalk_level *l = &info.levels[i];
		uint32_t below = i + 1 < info.nr_levels ? l[1].shift + 9 :
				 info.page_shift;

		/* The top may have fewer, for addresses of fewer bits. */
		assert_true(i ? l->entries == 512 : l->entries <= 512);
		assert_int_equal(l->shift, below);
	}
	assert_string_equal(info.levels[0].name, "pgd");
	assert_string_equal(info.levels[info.nr_levels - 2].name, "pmd");
	assert_string_equal(info.levels[info.nr_levels - 1].name, "pte");
}

static bool cpu_has(const char *flag)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[4096];
	bool has = false;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "flags", 5)) {
			has = strstr(line, flag);
			break;
		}
	if (f)
		fclose(f);
	return has;
}

static void test_level_count(void **state)
{
	struct vmw_info info = { 0 };

	(void)state;
	assert_true(read_info(&info));
	/* The flag is gone if no5lvl or the kernel's build turned it off. */
	assert_int_equal(info.nr_levels, cpu_has(" la57") ? 5 : 4);
}

#define HUGE_1G "/sys/kernel/mm/hugepages/hugepages-1048576kB"

static void test_hugepages(void **state)
{
	struct vmw_info info = { 0 };

	(void)state;
	assert_true(read_info(&info));
	assert_int_equal(info.nr_hugepages, access(HUGE_1G, F_OK) ? 1 : 2);
	assert_int_equal(info.hugepages[0], 2 << 20);
	if (info.nr_hugepages > 1)
		assert_int_equal(info.hugepages[1], 1 << 30);
}

static bool info_as_nobody(void *arg)
{
	struct vmw_info info = { 0 };

	(void)arg;
	return vmw_become_nobody() && read_info(&info) && info.page_shift == 12;
}

static void test_open_to_everybody(void **state)
{
	(void)state;
	assert_true(vmw_in_child(info_as_nobody, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_level_count),
		cmocka_unit_test(test_hugepages),
		cmocka_unit_test(test_open_to_everybody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
