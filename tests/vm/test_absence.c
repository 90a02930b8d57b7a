// SPDX-License-Identifier: GPL-2.0
/*
 * VMWALK_WALK_F_ABSENCE: why a page is not there, by what the targets did and by
 * mincore(); and all the rest as without it, by the oracle.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/oracle.h"
#include "lib/procmem.h"
#include "lib/target.h"

#define RAMFS "/run/absence-ramfs"
#define FLAGS (VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ABSENCE)

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

static void check(pid_t pid, size_t min_objects)
{
	struct vmw_aspace as;
	size_t objects, wrong;

	assert_int_equal(vmw_read(pid, FLAGS, &as), 0);
	wrong = vmw_oracle_compare(pid, &as, false);
	wrong += vmw_absence_check(pid, &as, &objects);
	wrong += vmw_target_check(&target, &as);
	vmw_aspace_deinit(&as);
	assert_int_equal(wrong, 0);
	assert_true(objects >= min_objects);
}

static void test_target(void **state)
{
	(void)state;
	if (target.skip) {
		vmw_diag("skipped: %s", target.skip);
		skip();
	}
	assert_int_equal(vmw_target_stop(&target), 0);
	/* Its own text, data and the C library's at least. */
	check(target.pid, 3);
}

/*
 * RSS does not count a page that was poisoned, nor does vmwalk; newer smaps do.
 * The counters themselves may lag here, by what a task has not handed in yet.
 */
static void smaps_counts_poisoned_pages(void **state)
{
	const struct vmw_vma *vma;
	struct vmw_procmem pm;
	struct vmw_aspace as;
	uint64_t ours = 0, theirs = 0;
	size_t i;

	(void)state;
	if (target.skip) {
		vmw_diag("skipped: %s", target.skip);
		skip();
	}
	assert_int_equal(vmw_target_stop(&target), 0);
	assert_int_equal(vmw_read(target.pid, FLAGS, &as), 0);
	assert_int_equal(vmw_procmem_read(&pm, target.pid), 0);
	for (i = 0; i < as.nr_vmas && i < pm.nr; i++) {
		vma = &as.vmas[i];
		ours += vma->usage.anon;
		theirs += pm.vma[i].field[VMW_SMAPS_ANON];
	}
	vmw_diag("anonymous: %d bytes more in smaps", (int)(theirs - ours));
	assert_true(theirs == ours || theirs == ours + 4096);
	vmw_procmem_free(&pm);
	vmw_aspace_deinit(&as);
}

/* The same, taken in pieces: a cut is anywhere, and nothing is lost there. */
static void test_pieces(void **state)
{
	struct vmw_aspace whole, part;
	const struct vmw_vma *vma;
	size_t i;

	(void)state;
	assert_int_equal(vmw_target_stop(&target), 0);
	assert_int_equal(vmw_read(target.pid, FLAGS, &whole), 0);
	for (i = 0; i < whole.nr_vmas; i++) {
		vma = &whole.vmas[i];
		if (!(vma->info.flags & VMWALK_VMA_F_FILE) ||
		    vma->info.end - vma->info.start < 2 * 4096)
			continue;
		assert_int_equal(vmw_read_range(target.pid, FLAGS,
						vma->info.start + 4096,
						vma->info.end, &part), 0);
		assert_int_equal(vmw_aspace_differences(&whole, &part,
							vma->info.start + 4096,
							vma->info.end), 0);
		vmw_aspace_deinit(&part);
	}
	vmw_aspace_deinit(&whole);
}

static int setup(void **state)
{
	(void)state;
	return mkdir(RAMFS, 0700) || mount("ramfs", RAMFS, "ramfs", 0, NULL);
}

static int teardown(void **state)
{
	(void)state;
	return umount2(RAMFS, MNT_DETACH) || rmdir(RAMFS);
}

#define TARGET(label, test, ...)					\
	{ label, test, start, end,					\
	  (void *)(const char *const[]){ __VA_ARGS__, NULL } }
#define ABSENT(name)							\
	TARGET("absent: " name, test_target, VMW_TARGET_DIR "/absent", name)
#define FILES(name)							\
	TARGET("ramfs: " name, test_target, VMW_TARGET_DIR "/absent", name, \
	       RAMFS),							\
	TARGET("tmpfs: " name, test_target, VMW_TARGET_DIR "/absent", name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FILES("file"),
		FILES("wide"),
		FILES("private"),
		ABSENT("kept_size"),
		ABSENT("dropped"),
		ABSENT("swapped"),
		ABSENT("guard"),
		ABSENT("uffd_poison"),
		ABSENT("uffd_marker"),
		ABSENT("hwpoison"),
		TARGET("smaps counts poisoned pages",
		       smaps_counts_poisoned_pages, VMW_TARGET_DIR "/absent",
		       "hwpoison"),
		TARGET("file: cow", test_target, VMW_TARGET_DIR "/file", "cow"),
		TARGET("swap: shmem", test_target, VMW_TARGET_DIR "/swap",
		       "shmem_private"),
		TARGET("huge: shmem", test_target, VMW_TARGET_DIR "/huge",
		       "thp_shmem"),
		TARGET("huge: shmem in swap", test_target,
		       VMW_TARGET_DIR "/huge", "thp_shmem_swapped"),
		TARGET("Go", test_target, VMW_TARGET_DIR "/go_cgo"),
		TARGET("in pieces", test_pieces, VMW_TARGET_DIR "/absent",
		       "wide"),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
