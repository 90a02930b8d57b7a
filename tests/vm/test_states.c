// SPDX-License-Identifier: GPL-2.0
/*
 * A walk with all its flags: every page, every bit, as pagemap, kpageflags,
 * kpagecount, PAGEMAP_SCAN, smaps, smaps_rollup, numa_maps and mincore() have it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "genl/genl.h"
#include "lib/oracle.h"
#include "lib/procmem.h"
#include "lib/target.h"

#define RAMFS "/run/states-ramfs"
#define TRIES 5
#define GLIMPSES 10000

static struct vmw_target target;
static uint32_t can;

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

static size_t compare(const struct vmw_aspace *as, bool quiet)
{
	size_t wrong;

	wrong = vmw_oracle_compare(target.pid, as, quiet);
	wrong += vmw_pages_compare(target.pid, as, can, quiet);
	wrong += vmw_pagescan_compare(target.pid, as, can, quiet);
	wrong += vmw_sums_compare(target.pid, as, quiet);
	return wrong;
}

/*
 * Pages of the C library are others' too, who come and go: what differs must
 * differ each time.
 */
static size_t read_and_compare(struct vmw_aspace *as)
{
	int i;

	for (i = 1; i < TRIES; i++) {
		assert_int_equal(vmw_read(target.pid, VMW_READ_ALL, as), 0);
		if (!compare(as, true))
			return 0;
		vmw_aspace_deinit(as);
	}
	assert_int_equal(vmw_read(target.pid, VMW_READ_ALL, as), 0);
	return compare(as, false);
}

/* Pages of @as whose frame a walk for frames alone has otherwise, or not at all. */
static size_t compare_frames(const struct vmw_aspace *as,
			     const struct vmw_aspace *alone)
{
	const struct vmw_extent *e, *other;
	const struct vmw_vma *vma;
	size_t wrong = 0;
	uint64_t addr, nr;

	for (e = as->extents; e < as->extents + as->nr_extents; e++) {
		for (nr = 0; e->frame && nr < e->pages; nr++) {
			addr = e->start + (nr << as->page_shift);
			vma = vmw_aspace_find_vma(alone, addr);
			other = vma ? vmw_aspace_find_extent(alone, vma, addr) :
				      NULL;
			wrong += !other || vmw_extent_frame(e, nr) !=
				 vmw_extent_frame(other, (addr - other->start) >>
							 as->page_shift);
		}
	}
	return wrong;
}

/* The walk has a shorter way to frames when nothing else of a page is asked. */
static size_t frames_alone(void)
{
	struct vmw_aspace as, alone;
	size_t wrong = 1;
	int i;

	for (i = 0; wrong && i < TRIES; i++) {
		assert_int_equal(vmw_read(target.pid, VMW_READ_ALL, &as), 0);
		assert_int_equal(vmw_read(target.pid, VMWALK_WALK_F_EXTENTS |
					  VMWALK_WALK_F_PHYS, &alone), 0);
		wrong = compare_frames(&as, &alone);
		vmw_aspace_deinit(&alone);
		vmw_aspace_deinit(&as);
	}
	if (wrong)
		vmw_diag("%zu frames are others without the rest", wrong);
	return wrong;
}

static void test_target(void **state)
{
	struct vmw_aspace as;
	size_t wrong, objects;

	(void)state;
	if (target.skip) {
		vmw_diag("skipped: %s", target.skip);
		skip();
	}
	assert_int_equal(vmw_target_stop(&target), 0);
	wrong = read_and_compare(&as);
	wrong += vmw_absence_check(target.pid, &as, &objects);
	wrong += vmw_target_check(&target, &as);
	vmw_aspace_deinit(&as);
	wrong += frames_alone();
	assert_int_equal(wrong, 0);
}

static bool any_migrating(const struct vmw_aspace *as)
{
	size_t i;

	for (i = 0; i < as->nr_extents; i++)
		if (vmw_state_kind(as->extents[i].state) ==
		    VMWALK_KIND_MIGRATION)
			return true;
	return false;
}

/*
 * A page on its way cannot be held there for others to look at: that it is seen
 * at all is what can be shown. Its VMA is as ever.
 */
static void migration_is_seen(void **state)
{
	struct vmw_aspace as;
	bool seen = false;
	int i;

	(void)state;
	if (target.skip) {
		vmw_diag("skipped: %s", target.skip);
		skip();
	}
	for (i = 0; !seen && i < GLIMPSES; i++) {
		assert_int_equal(vmw_read(target.pid, VMW_READ_ALL, &as), 0);
		seen = any_migrating(&as);
		vmw_aspace_deinit(&as);
	}
	vmw_diag("after %d readings", i);
	assert_true(seen);
}

/* All of the oracle's rows have been compared, each more than once. */
static void nothing_was_left_out(void **state)
{
	(void)state;
	assert_int_equal(vmw_pages_left_out(), 0);
}

static int setup(void **state)
{
	struct vmw_genl *genl;
	struct vmw_error err;
	struct vmw_info info;

	(void)state;
	if (vmw_genl_open(&genl, &err))
		return -1;
	if (vmw_genl_info(genl, &info, &err))
		return -1;
	vmw_genl_close(genl);
	can = info.can;
	return mkdir(RAMFS, 0700) || mount("ramfs", RAMFS, "ramfs", 0, NULL);
}

static int teardown(void **state)
{
	(void)state;
	return umount2(RAMFS, MNT_DETACH) || rmdir(RAMFS);
}

#define TARGET(label, ...)						\
	{ label, test_target, start, end,				\
	  (void *)(const char *const[]){ __VA_ARGS__, NULL } }
#define SCENARIO(program, name)						\
	TARGET(#program ": " name, VMW_TARGET_DIR "/" #program, name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENARIO(state, "private"),
		SCENARIO(state, "shared"),
		SCENARIO(state, "ksm"),
		SCENARIO(state, "mlocked"),
		SCENARIO(state, "soft_dirty"),
		SCENARIO(state, "uffd_wp"),
		SCENARIO(state, "protnone"),
		SCENARIO(state, "pkey"),
		SCENARIO(state, "nodes"),
		SCENARIO(state, "thp"),
		SCENARIO(state, "mthp"),
		{ "state: migrating", migration_is_seen, start, end,
		  (void *)(const char *const[]){ VMW_TARGET_DIR "/state",
						 "migrating", NULL } },
		SCENARIO(state, "lazyfree"),
		SCENARIO(state, "clean"),
		SCENARIO(anon, "heap"),
		SCENARIO(anon, "permissions"),
		SCENARIO(anon, "reserved"),
		SCENARIO(anon, "zero"),
		SCENARIO(anon, "forked"),
		SCENARIO(anon, "dropped"),
		SCENARIO(anon, "vdso"),
		TARGET("ramfs: cow", VMW_TARGET_DIR "/file", "cow", RAMFS),
		TARGET("tmpfs: cow", VMW_TARGET_DIR "/file", "cow"),
		TARGET("ramfs: shared", VMW_TARGET_DIR "/file", "shared",
		       RAMFS),
		SCENARIO(shm, "memfd"),
		SCENARIO(shm, "sysv"),
		SCENARIO(shm, "shared_anon"),
		SCENARIO(huge, "thp"),
		SCENARIO(huge, "thp_split"),
		SCENARIO(huge, "thp_zero"),
		SCENARIO(huge, "thp_shmem"),
		SCENARIO(huge, "hugetlb_private"),
		SCENARIO(huge, "hugetlb_shared"),
		SCENARIO(huge, "hugetlb_1g"),
		SCENARIO(swap, "anon"),
		SCENARIO(swap, "shmem"),
		SCENARIO(swap, "shmem_private"),
		SCENARIO(pfn, "devmem"),
		SCENARIO(absent, "guard"),
		SCENARIO(absent, "uffd_poison"),
		SCENARIO(absent, "uffd_marker"),
		SCENARIO(absent, "hwpoison"),
		SCENARIO(entry, "aged"),
		SCENARIO(entry, "text"),
		TARGET("Go with cgo", VMW_TARGET_DIR "/go_cgo"),
		cmocka_unit_test(nothing_was_left_out),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
