// SPDX-License-Identifier: GPL-2.0
/*
 * Where vmwalk deliberately says other than one of its oracles: both answers
 * for the same page, and why. (Of poisoned pages test_absence.c has it.)
 */
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "genl/genl.h"
#include "lib/oracle.h"
#include "lib/procmem.h"
#include "lib/target.h"

#define NR_PAGES 64
#define TRIES 100
#define THP "/sys/kernel/mm/transparent_hugepage/enabled"

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

/* What smaps says of the VMA that @p is in. */
static struct vmw_proc_vma smaps_of(const void *p)
{
	const uint64_t addr = (uintptr_t)p;
	struct vmw_proc_vma found = { 0 };
	struct vmw_procmem pm;

	assert_int_equal(vmw_procmem_read(&pm, getpid()), 0);
	for (size_t i = 0; i < pm.nr; i++)
		if (addr >= pm.vma[i].start && addr < pm.vma[i].end)
			found = pm.vma[i];
	vmw_procmem_free(&pm);
	found.name = NULL;
	assert_true(found.end);
	return found;
}

/* What vmwalk says of it; the extents are left out. */
static struct vmw_vma vma_of(const void *p)
{
	const struct vmw_vma *vma;
	struct vmw_aspace as;
	struct vmw_vma found;

	assert_int_equal(vmw_read(getpid(), VMW_READ_ALL, &as), 0);
	vma = vmw_aspace_find_vma(&as, (uintptr_t)p);
	assert_non_null(vma);
	found = *vma;
	found.name = NULL;
	vmw_aspace_deinit(&as);
	return found;
}

/* Between two that it cannot be merged with. */
static void *map_private(size_t size)
{
	const size_t page = (size_t)getpagesize();
	void *p = mmap(NULL, size + 2 * page, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	assert_int_equal(mprotect(at(p, 1), size, PROT_READ | PROT_WRITE), 0);
	return at(p, 1);
}

/* With its neighbours. */
static void unmap_private(void *p, size_t size)
{
	const size_t page = (size_t)getpagesize();

	munmap((char *)p - page, size + 2 * page);
}

/* Until the kernel has @size bytes at @p in swap. */
static void page_out_anon(char *p, size_t size)
{
	for (int try = 0; try < TRIES; try++) {
		memset(p, try + 1, size);
		assert_int_equal(madvise(p, size, MADV_PAGEOUT), 0);
		if (smaps_of(p).field[VMW_SMAPS_SWAP] == size)
			return;
	}
	fail_msg("the pages would not leave");
}

/*
 * SwapPss divides what is in swap by the number of its users. Who they are, the
 * swap area's map knows; no kernel lets a module ask it (swp_swapcount() is not
 * exported), and an entry says no more than where the page is. vmwalk tells all
 * of it as swapped, and its PSS is of what is resident, as Pss in smaps.
 */
static void swap_is_not_divided(void **state)
{
	const size_t size = NR_PAGES * (size_t)getpagesize();
	struct vmw_proc_vma smaps;
	struct vmw_vma ours;
	int status;
	pid_t pid;
	char *p;

	(void)state;
	p = map_private(size);
	page_out_anon(p, size);
	assert_int_equal(smaps_of(p).field[VMW_SMAPS_SWAP_PSS], size);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		for (;;)
			pause();
	smaps = smaps_of(p);
	ours = vma_of(p);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);

	assert_int_equal(smaps.field[VMW_SMAPS_SWAP], size);
	assert_int_equal(smaps.field[VMW_SMAPS_SWAP_PSS], size / 2);
	assert_int_equal(ours.usage.swapped, size);
	assert_int_equal(ours.usage.pss, smaps.field[VMW_SMAPS_PSS]);
	unmap_private(p, size);
}

/* "always [madvise] never", or "[always] madvise never" */
static void read_thp(char word[16])
{
	FILE *f = fopen(THP, "re");
	char line[64] = "";

	word[0] = '\0';
	if (!f)
		return;
	if (fgets(line, sizeof(line), f) && strchr(line, '['))
		sscanf(strchr(line, '['), "[%15[a-z]", word);
	fclose(f);
}

static void write_thp(const char *word)
{
	FILE *f = fopen(THP, "we");

	assert_non_null(f);
	assert_true(fputs(word, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/*
 * THPeligible is what the kernel would do at a fault, by settings that may be
 * others the next moment: vmwalk tells what is there, and the advice that the VMA
 * was given.
 */
static void thp_eligible_is_a_setting(void **state)
{
	const size_t size = 8UL << 20;
	struct vmw_vma allowed, denied;
	uint64_t before, after;
	char word[16];
	void *p;

	(void)state;
	read_thp(word);
	p = map_private(size);
	if (!*word || madvise(p, size, MADV_HUGEPAGE)) {
		vmw_diag("skipped: no transparent huge pages in this kernel");
		unmap_private(p, size);
		skip();
	}
	write_thp("always");
	before = smaps_of(p).field[VMW_SMAPS_THP_ELIGIBLE];
	allowed = vma_of(p);
	write_thp("never");
	after = smaps_of(p).field[VMW_SMAPS_THP_ELIGIBLE];
	denied = vma_of(p);
	write_thp(word);

	assert_int_equal(before, 1);
	assert_int_equal(after, 0);
	assert_true(allowed.info.flags & VMWALK_VMA_F_HUGEPAGE);
	assert_memory_equal(&allowed.info, &denied.info, sizeof(denied.info));
	assert_memory_equal(&allowed.usage, &denied.usage, sizeof(denied.usage));
	unmap_private(p, size);
}

/*
 * Of VmFlags vmwalk tells those that say what is mapped, and how: oracle.c lists
 * them. The others are how the kernel is to treat the VMA (read ahead, merge, what
 * mprotect() may add), which changes no page.
 */
static void vm_flags_of_treatment_are_left_out(void **state)
{
	const size_t size = NR_PAGES * (size_t)getpagesize();
	struct vmw_proc_vma plain, advised;
	struct vmw_vma before, after;
	void *p = map_private(size);

	(void)state;
	plain = smaps_of(p);
	before = vma_of(p);
	assert_int_equal(madvise(p, size, MADV_SEQUENTIAL), 0);
	advised = smaps_of(p);
	after = vma_of(p);

	assert_null(strstr(plain.flags, " sr"));
	assert_non_null(strstr(advised.flags, " sr"));
	assert_memory_equal(&before.info, &after.info, sizeof(after.info));
	unmap_private(p, size);
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
		cmocka_unit_test(swap_is_not_divided),
		cmocka_unit_test(thp_eligible_is_a_setting),
		cmocka_unit_test(vm_flags_of_treatment_are_left_out),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
