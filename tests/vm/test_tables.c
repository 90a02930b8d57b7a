// SPDX-License-Identifier: GPL-2.0
/*
 * Page tables, counted. The oracle holds their sum and their entries against the
 * kernel for every target; here are numbers that are known beforehand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "lib/oracle.h"
#include "lib/procmem.h"
#include "lib/target.h"

#define WALK	(VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_TABLES)

static struct vmw_target target;

static int end_target(void **state)
{
	(void)state;
	vmw_target_end(&target);
	return 0;
}

/* Starts and stops the scenario and reads it. */
static void read_scenario(const char *scenario, struct vmw_aspace *as)
{
	const char *const argv[] = {
		VMW_TARGET_DIR "/tables", scenario, NULL,
	};

	assert_int_equal(vmw_target_start(&target, argv, NULL), 0);
	if (target.skip) {
		vmw_diag("skipped: %s", target.skip);
		skip();
	}
	assert_int_equal(vmw_target_stop(&target), 0);
	assert_int_equal(vmw_read(target.pid, WALK, as), 0);
}

static struct vmwalk_tables sum_of(const struct vmw_aspace *as)
{
	struct vmwalk_tables sum = { 0 };

	for (size_t i = 0; i < as->nr_vmas; i++)
		vmw_tables_add(&sum, vmw_vma_tables(as, &as->vmas[i]));
	return sum;
}

static uint64_t vm_pte(void)
{
	return vmw_proc_status(target.pid, "VmPTE") << 10;
}

/* The VMA of which the target told how many tables it has. */
static const struct vmw_vma *told(const struct vmw_aspace *as,
				  unsigned int *nr)
{
	const char *line = strstr(target.said, "tables ");
	unsigned long long addr;

	if (!line || sscanf(line, "tables %llx %u", &addr, nr) != 2)
		fail_msg("the target does not tell: %s", target.said);
	return vmw_aspace_find_vma(as, addr);
}

static void test_sparse(void **state)
{
	const struct vmwalk_tables *tables;
	const struct vmw_vma *vma;
	struct vmwalk_tables sum;
	struct vmw_aspace as;
	unsigned int nr;

	(void)state;
	read_scenario("sparse", &as);
	assert_true(as.end.locks > 1);
	vma = told(&as, &nr);
	tables = vmw_vma_tables(&as, vma);
	assert_int_equal(tables->pte, nr);
	assert_int_equal(tables->pte_entries, nr);
	assert_int_equal(tables->pmd_entries, nr);
	assert_int_equal(tables->deposited, 0);
	sum = sum_of(&as);
	assert_int_equal(vmw_tables_bytes(&as, &sum), vm_pte());
	vmw_aspace_deinit(&as);
}

/* Some kernels take empty tables back, others do not: both are counted. */
static void test_emptied(void **state)
{
	const struct vmwalk_tables *tables;
	const struct vmw_vma *vma;
	struct vmwalk_tables sum;
	struct vmw_aspace as;
	unsigned int nr;

	(void)state;
	read_scenario("emptied", &as);
	vma = told(&as, &nr);
	tables = vmw_vma_tables(&as, vma);
	assert_int_equal(tables->pte_entries, nr / 8);
	vmw_diag("%u of %u tables are left", tables->pte, nr);
	assert_true(tables->pte == nr || tables->pte == nr / 8);
	sum = sum_of(&as);
	assert_int_equal(vmw_tables_bytes(&as, &sum), vm_pte());
	vmw_aspace_deinit(&as);
}

/* A part of the address space has the tables that it needs, upper ones too. */
static void test_range(void **state)
{
	struct vmw_aspace as;
	const struct vmw_vma *vma;
	struct vmwalk_tables sum;
	struct vmw_error err;
	struct vmw_info info;
	unsigned int nr;
	char pid[16];
	struct vmw_capture_request req = { .target = pid, .flags = WALK };

	(void)state;
	read_scenario("sparse", &as);
	vma = told(&as, &nr);
	req.start = vma->info.start;
	req.end = req.start + (10 << 21);
	vmw_aspace_deinit(&as);
	snprintf(pid, sizeof(pid), "%d", target.pid);
	assert_int_equal(vmw_capture(&req, &info, &as, &err), 0);
	sum = sum_of(&as);
	assert_int_equal(sum.pte, 10);
	assert_int_equal(sum.pte_entries, 10);
	assert_true(sum.pmd >= 1 && sum.pmd <= 2);
	assert_int_equal(sum.pud, 1);
	assert_int_equal(sum.pgd_entries, 1);
	vmw_aspace_deinit(&as);
}

/*
 * Different by intent: tables of the kernel's own, which serve no VMA, are in
 * VmPTE, but not found by a walk of VMAs.
 */
static void test_ldt(void **state)
{
	struct vmwalk_tables sum;
	struct vmw_aspace as;
	uint64_t more;

	(void)state;
	read_scenario("ldt", &as);
	sum = sum_of(&as);
	more = vm_pte() - vmw_tables_bytes(&as, &sum);
	vmw_diag("%llu bytes of tables serve no VMA",
		 (unsigned long long)more);
	assert_true(more == 0 || more == 3 << 12);
	vmw_aspace_deinit(&as);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_sparse, end_target),
		cmocka_unit_test_teardown(test_emptied, end_target),
		cmocka_unit_test_teardown(test_range, end_target),
		cmocka_unit_test_teardown(test_ldt, end_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
