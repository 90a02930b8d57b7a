// SPDX-License-Identifier: GPL-2.0
/*
 * A stopped process, walked, is what /proc says of it: each VMA, each page. The
 * targets also say what must be found, so that no test passes for want of
 * anything to find.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/oracle.h"
#include "lib/procmem.h"
#include "lib/target.h"

#define RAMFS "/run/oracle-ramfs"
#define TMPFS "/run/oracle-tmpfs"
#define HUGE_POOL "/proc/sys/vm/nr_hugepages"

struct program {
	const char *argv[4];
	const char *input;
};

static void check_stopped(const struct vmw_target *t)
{
	struct vmw_aspace as;
	size_t wrong;

	wrong = vmw_oracle_check(t->pid, &as);
	wrong += vmw_target_check(t, &as);
	vmw_aspace_deinit(&as);
	assert_int_equal(wrong, 0);
}

static int end_target(void **state)
{
	struct vmw_target *t = *state;

	vmw_target_end(t);
	return 0;
}

static struct vmw_target target;

/* cmocka hands a test its parameters in the same place as its state. */
static int start_program(void **state)
{
	const struct program *p = *state;

	*state = &target;
	return vmw_target_start(&target, p->argv, p->input);
}

static void test_program(void **state)
{
	struct vmw_target *t = *state;

	if (t->skip) {
		vmw_diag("skipped: %s", t->skip);
		skip();
	}
	assert_int_equal(vmw_target_stop(t), 0);
	check_stopped(t);
}

/* PID 1 cannot be stopped, but it does nothing while we run. */
static void test_init(void **state)
{
	struct vmw_aspace as;

	(void)state;
	assert_int_equal(vmw_oracle_check(1, &as), 0);
	vmw_aspace_deinit(&as);
}

/* We cannot both read and keep still: a child reads us, while we wait. */
static void test_ourselves(void **state)
{
	struct vmw_aspace as;
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		_exit(vmw_oracle_check(getppid(), &as) != 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/*
 * No process owns the vsyscall page, but each has it; its table holds an entry
 * only in the mode that maps reports as readable.
 */
static void test_vsyscall(void **state)
{
	const struct vmw_vma *last;
	const struct vmw_proc_vma *proc;
	const struct vmw_extent *page;
	struct vmw_procmem pm;
	struct vmw_aspace as;

	(void)state;
	assert_int_equal(vmw_procmem_read(&pm, getpid()), 0);
	assert_int_equal(vmw_read(getpid(), VMWALK_WALK_F_EXTENTS, &as), 0);
	proc = &pm.vma[pm.nr - 1];
	last = &as.vmas[as.nr_vmas - 1];
	if (strcmp(proc->name, "[vsyscall]")) {
		assert_false(last->info.flags & VMWALK_VMA_F_GATE);
		vmw_diag("no vsyscall page");
	} else {
		assert_true(last->info.flags & VMWALK_VMA_F_GATE);
		assert_int_equal(last->nr_extents, 1);
		page = &as.extents[last->first_extent];
		assert_int_equal(vmw_state_kind(page->state),
				 proc->perms[0] == 'r' ? VMWALK_KIND_PFN :
							 VMWALK_KIND_NONE);
		vmw_diag("vsyscall page: %s", proc->perms);
	}
	vmw_aspace_deinit(&as);
	vmw_procmem_free(&pm);
}

static unsigned long huge_pool(const unsigned long *set)
{
	FILE *f = fopen(HUGE_POOL, set ? "we" : "re");
	unsigned long n = 0;

	if (!f)
		return 0;
	if (set ? fprintf(f, "%lu", *set) < 0 : fscanf(f, "%lu", &n) != 1)
		n = 0;
	fclose(f);
	return n;
}

static unsigned long huge_pool_before;

static int setup(void **state)
{
	(void)state;
	huge_pool_before = huge_pool(NULL);
	if (mkdir(RAMFS, 0700) || mkdir(TMPFS, 0700))
		return -1;
	return mount("ramfs", RAMFS, "ramfs", 0, NULL) ||
	       mount("tmpfs", TMPFS, "tmpfs", 0, NULL);
}

static int teardown(void **state)
{
	(void)state;
	huge_pool(&huge_pool_before);
	return umount2(RAMFS, MNT_DETACH) || umount2(TMPFS, MNT_DETACH) ||
	       rmdir(RAMFS) || rmdir(TMPFS);
}

#define PROGRAM(label, in, ...)						\
	{ label, test_program, start_program, end_target,		\
	  &(struct program){ .argv = { __VA_ARGS__ }, .input = in } }
#define SCENARIO(program, name)						\
	PROGRAM(#program ": " name, NULL, VMW_TARGET_DIR "/" #program, name)
#define FILES(name)							\
	PROGRAM("ramfs: " name, NULL, VMW_TARGET_DIR "/file", name, RAMFS), \
	PROGRAM("tmpfs: " name, NULL, VMW_TARGET_DIR "/file", name, TMPFS)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROGRAM("one page", NULL, VMW_TARGET_DIR "/onepage"),
		SCENARIO(static_c, "sections"),
		SCENARIO(anon, "heap"),
		SCENARIO(anon, "permissions"),
		SCENARIO(anon, "zero"),
		SCENARIO(anon, "reserved"),
		SCENARIO(anon, "growsdown"),
		SCENARIO(anon, "stack"),
		SCENARIO(anon, "threads"),
		SCENARIO(anon, "forked"),
		SCENARIO(anon, "dropped"),
		SCENARIO(anon, "vdso"),
		FILES("readonly"),
		FILES("cow"),
		FILES("shared"),
		FILES("deleted"),
		FILES("odd_name"),
		FILES("offset"),
		FILES("long_name"),
		SCENARIO(shm, "memfd"),
		SCENARIO(shm, "sysv"),
		SCENARIO(shm, "shared_anon"),
		SCENARIO(huge, "thp"),
		SCENARIO(huge, "thp_split"),
		SCENARIO(huge, "thp_zero"),
		SCENARIO(huge, "thp_shmem"),
		SCENARIO(huge, "thp_shmem_swapped"),
		SCENARIO(huge, "hugetlb_private"),
		SCENARIO(huge, "hugetlb_shared"),
		SCENARIO(huge, "hugetlb_one_table"),
		SCENARIO(huge, "hugetlb_1g"),
		SCENARIO(huge, "hugetlb_1g_none"),
		SCENARIO(huge, "hugetlb_64k"),
		SCENARIO(huge, "hugetlb_32m"),
		SCENARIO(swap, "anon"),
		SCENARIO(swap, "shmem"),
		SCENARIO(swap, "shmem_private"),
		SCENARIO(pfn, "devmem"),
		SCENARIO(big, "vmas"),
		SCENARIO(big, "alternating"),
		SCENARIO(big, "dense"),
		SCENARIO(big, "sparse"),
		PROGRAM("Go, static", NULL, VMW_TARGET_DIR "/go_static"),
		PROGRAM("Go with cgo", NULL, VMW_TARGET_DIR "/go_cgo"),
		PROGRAM("busybox", "ready\n", "/usr/bin/busybox", "cat"),
		PROGRAM("a shell", NULL, "/usr/bin/bash", "-c",
			"echo ready; read x"),
		cmocka_unit_test(test_vsyscall),
		cmocka_unit_test(test_init),
		cmocka_unit_test(test_ourselves),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
