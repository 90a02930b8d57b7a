// SPDX-License-Identifier: GPL-2.0
/*
 * Where vmwalk deliberately says other than one of its oracles: both answers
 * for the same page, and why. (Of poisoned pages test_absence.c has it.)
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "genl/genl.h"
#include "lib/oracle.h"
#include "lib/procmem.h"
#include "lib/target.h"

#define NR_PAGES 64
#define TRIES 100

static uint32_t can;

static void *at(void *p, size_t page)
{
	return (char *)p + page * (size_t)getpagesize();
}

/* What vmwalk says of the page at @p of our own. */
static uint32_t state_of(const void *p)
{
	const uint64_t addr = (uintptr_t)p;
	const struct vmw_extent *e;
	const struct vmw_vma *vma;
	struct vmw_aspace as;
	uint32_t state;

	assert_int_equal(vmw_read_range(getpid(), VMW_READ_ALL, addr,
					addr + (uint64_t)getpagesize(), &as), 0);
	vma = vmw_aspace_find_vma(&as, addr);
	assert_non_null(vma);
	e = vmw_aspace_find_extent(&as, vma, addr);
	assert_non_null(e);
	state = e->state;
	vmw_aspace_deinit(&as);
	return state;
}

static uint64_t pagemap_of(const void *p)
{
	const int fd = vmw_proc_open(getpid(), "pagemap");
	uint64_t entry;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &entry, sizeof(entry),
			       (off_t)((uintptr_t)p / (size_t)getpagesize() *
				       sizeof(entry))),
			 sizeof(entry));
	close(fd);
	return entry;
}

static bool in_core(void *p)
{
	unsigned char in;

	assert_int_equal(mincore(p, (size_t)getpagesize(), &in), 0);
	return in & 1;
}

/* kpageflags may call every anonymous page KSM: vmwalk does not. */
static void not_all_is_ksm(void **state)
{
	struct vmw_aspace as;
	size_t i, anon = 0;

	(void)state;
	if (vmw_kpageflags_knows_ksm()) {
		vmw_diag("skipped: this kernel's kpageflags knows better");
		skip();
	}
	assert_int_equal(vmw_read(getpid(), VMW_READ_ALL, &as), 0);
	for (i = 0; i < as.nr_extents; i++) {
		anon += vmw_state_kind(as.extents[i].state) ==
			VMWALK_KIND_ANON;
		assert_false(as.extents[i].state & VMWALK_STATE_KSM);
	}
	assert_true(anon);
	vmw_aspace_deinit(&as);
}

/*
 * A VMA that is new since clear_refs has VM_SOFTDIRTY, and pagemap then calls
 * all of its pages soft-dirty, those too that no entry maps. vmwalk tells what
 * the entry says: there is none.
 */
static void soft_dirty_is_of_the_entry(void **state)
{
	void *p;

	(void)state;
	if (!(can & VMWALK_CAN_SOFT_DIRTY)) {
		vmw_diag("skipped: no soft-dirty bit in this kernel");
		skip();
	}
	p = mmap(NULL, (size_t)getpagesize(), PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(p, MAP_FAILED);
	assert_true(pagemap_of(p) & VMW_PM_SOFT_DIRTY);
	assert_false(pagemap_of(p) & VMW_PM_PRESENT);
	assert_false(state_of(p) & VMWALK_STATE_SOFT_DIRTY);

	*(volatile char *)p = 1;
	assert_true(state_of(p) & VMWALK_STATE_SOFT_DIRTY);
	munmap(p, (size_t)getpagesize());
}

/* Until the object has the page at @p in swap; its frame may be about still. */
static void page_out(char *p)
{
	const size_t size = NR_PAGES * (size_t)getpagesize();
	size_t i;
	int try;

	for (try = 0; try < TRIES; try++) {
		for (i = 0; i < NR_PAGES; i++)
			*(volatile char *)at(p, i) = (char)i;
		assert_int_equal(madvise(p, size, MADV_PAGEOUT), 0);
		if (state_of(p) & VMWALK_STATE_SWAPPED)
			return;
	}
	fail_msg("the pages would not leave");
}

static bool comes_in(void *p)
{
	int try;

	for (try = 0; try < TRIES && !in_core(p); try++)
		usleep(10000);
	return in_core(p);
}

/*
 * A page of shmem may be in swap and, read ahead, in the swap cache as well.
 * mincore() finds it there: in core. vmwalk tells where the object has it,
 * which is what costs a fault: in swap.
 */
static void swap_cache_is_swap(void **state)
{
	const size_t size = NR_PAGES * (size_t)getpagesize();
	int fd = memfd_create("differs", MFD_CLOEXEC);
	char *p;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(p, MAP_FAILED);
	page_out(p);

	assert_int_equal(madvise(p, size, MADV_WILLNEED), 0);
	assert_true(comes_in(p));
	assert_true(state_of(p) & VMWALK_STATE_SWAPPED);
	assert_false(state_of(p) & VMWALK_STATE_CACHED);
	munmap(p, size);
	close(fd);
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
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_all_is_ksm),
		cmocka_unit_test(soft_dirty_is_of_the_entry),
		cmocka_unit_test(swap_cache_is_swap),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
