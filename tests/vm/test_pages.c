// SPDX-License-Identifier: GPL-2.0
/*
 * VMWALK_WALK_F_ENTRY, F_PAGES and F_PHYS: what this process does to its own
 * pages, one state after the other; and of stopped targets, frames as pagemap
 * and sums as smaps has them.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/userfaultfd.h>

#include <cmocka.h>

#include "capture.h"
#include "lib/child.h"
#include "lib/oracle.h"
#include "lib/procmem.h"
#include "lib/target.h"

#define PAGE	4096UL
#define PAGES	8
#define ALL	(VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY | \
		 VMWALK_WALK_F_PAGES | VMWALK_WALK_F_PHYS)
#define TRIES	5

/* Younger than the headers that this may be built with. */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#ifndef UFFDIO_POISON
struct uffdio_poison {
	struct uffdio_range range;
	__u64 mode;
	__s64 updated;
};

#define UFFDIO_POISON _IOWR(UFFDIO, 0x08, struct uffdio_poison)
#endif

static uint32_t can;	/* of the reading before */

static void read_all(pid_t pid, uint32_t flags, struct vmw_aspace *as)
{
	char target[16];
	const struct vmw_capture_request req = {
		.target = target, .flags = flags,
	};
	struct vmw_error err = { 0 };
	struct vmw_info info;

	snprintf(target, sizeof(target), "%d", pid);
	if (vmw_capture(&req, &info, as, &err))
		vmw_diag("%s", err.text);
	assert_int_equal(err.text[0], 0);
	can = info.can;
}

static char *map_pages(void)
{
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	return p;
}

static char *written_pages(void)
{
	char *p = map_pages();

	for (size_t i = 0; i < PAGES; i++)
		p[i * PAGE] = 1;
	return p;
}

/* The states of the pages at @p. */
static void states_of(const void *p, uint32_t flags, uint32_t states[PAGES])
{
	struct vmw_aspace as;

	read_all(getpid(), flags, &as);
	for (size_t i = 0; i < PAGES; i++) {
		uint64_t addr = (uintptr_t)p + i * PAGE;
		const struct vmw_vma *vma = vmw_aspace_find_vma(&as, addr);

		assert_non_null(vma);
		states[i] = vmw_aspace_find_extent(&as, vma, addr)->state;
	}
	vmw_aspace_deinit(&as);
}

static void assert_only_with(uint32_t flags, const void *p, size_t nr,
			     uint32_t mask, uint32_t state)
{
	uint32_t states[PAGES];

	states_of(p, flags, states);
	for (size_t i = 0; i < PAGES; i++) {
		bool found = (states[i] & mask) == state, wanted = i == nr;

		if (found != wanted)
			vmw_diag("page %zu: state %x", i, states[i]);
		assert_int_equal(found, wanted);
	}
}

/*
 * Of the pages at @p, only that number @nr is in @state, within @mask: if each
 * page is looked at, and, of what entries tell, if they are compared as a whole.
 */
static void assert_only(const void *p, size_t nr, uint32_t mask,
			uint32_t state)
{
	const uint32_t pages = VMWALK_STATE_SHARED | VMWALK_STATE_KSM |
			       VMWALK_STATE_MLOCKED | VMWALK_STATE_ORDER |
			       VMWALK_STATE_MAPS;
	uint32_t states[PAGES];

	assert_only_with(ALL, p, nr, mask, state);
	if (!(mask & pages))
		assert_only_with(VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY, p,
				 nr, mask, state);
	/* Nothing of it, where it was not asked for. */
	states_of(p, VMWALK_WALK_F_EXTENTS, states);
	assert_int_equal(states[nr] & ~(VMWALK_STATE_KIND |
					VMWALK_STATE_LEVEL), 0);
}

static void test_soft_dirty(void **state)
{
	char *p = written_pages();
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(write(fd, "4", 1), 1);
	close(fd);
	p[3 * PAGE] = 2;
	/* Their entries differ in nothing else. */
	assert_int_equal(mprotect(p, PAGES * PAGE, PROT_READ), 0);
	if (!(can & VMWALK_CAN_SOFT_DIRTY)) {
		vmw_diag("skipped: this kernel has no soft-dirty bit");
		skip();
	}
	assert_only(p, 3, VMWALK_STATE_SOFT_DIRTY, VMWALK_STATE_SOFT_DIRTY);
	munmap(p, PAGES * PAGE);
}

static void test_protnone(void **state)
{
	const uint32_t mask = VMWALK_STATE_KIND | VMWALK_STATE_PROTNONE |
			      VMWALK_STATE_WRITE | VMWALK_STATE_EXEC;
	char *p = written_pages();

	(void)state;
	assert_int_equal(mprotect(p + 5 * PAGE, PAGE, PROT_NONE), 0);
	assert_only(p, 5, mask, VMWALK_KIND_ANON | VMWALK_STATE_PROTNONE);
	munmap(p, PAGES * PAGE);
}

static void test_pkey(void **state)
{
	int key = syscall(SYS_pkey_alloc, 0, 0);
	char *p = written_pages();

	(void)state;
	assert_int_equal(key > 0, !!(can & VMWALK_CAN_PKEY));
	if (key <= 0) {
		vmw_diag("skipped: no protection keys here");
		skip();
	}
	assert_int_equal(syscall(SYS_pkey_mprotect, p + PAGE, PAGE,
				 PROT_READ | PROT_WRITE, key), 0);
	assert_only(p, 1, VMWALK_STATE_PKEY,
		    (uint32_t)key << VMWALK_STATE_PKEY_SHIFT);
	syscall(SYS_pkey_free, key);
	munmap(p, PAGES * PAGE);
}

static int userfaultfd_of(char *p, uint64_t features, uint64_t mode)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	struct uffdio_register reg = {
		.range = { (uintptr_t)p, PAGES * PAGE }, .mode = mode,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd >= 0 && !ioctl(fd, UFFDIO_API, &api) &&
	    !ioctl(fd, UFFDIO_REGISTER, &reg))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static void test_uffd_wp(void **state)
{
	char *p = written_pages();
	struct uffdio_writeprotect wp = {
		.range = { (uintptr_t)p + 2 * PAGE, PAGE },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};
	int fd = userfaultfd_of(p, UFFD_FEATURE_PAGEFAULT_FLAG_WP,
				UFFDIO_REGISTER_MODE_WP);

	(void)state;
	if (fd < 0) {
		vmw_diag("skipped: no write protection by userfaultfd");
		skip();
	}
	assert_int_equal(ioctl(fd, UFFDIO_WRITEPROTECT, &wp), 0);
	assert_only(p, 2, VMWALK_STATE_UFFD_WP | VMWALK_STATE_WRITE,
		    VMWALK_STATE_UFFD_WP);
	assert_int_equal(mprotect(p, PAGES * PAGE, PROT_READ), 0);
	assert_only(p, 2, VMWALK_STATE_UFFD_WP, VMWALK_STATE_UFFD_WP);
	assert_true(can & VMWALK_CAN_UFFD_WP);
	munmap(p, PAGES * PAGE);
	close(fd);
}

static void test_uffd_poison(void **state)
{
	char *p = map_pages();
	struct uffdio_poison poison = {
		.range = { (uintptr_t)p + 6 * PAGE, PAGE },
	};
	int fd = userfaultfd_of(p, 0, UFFDIO_REGISTER_MODE_MISSING);

	(void)state;
	if (fd < 0 || ioctl(fd, UFFDIO_POISON, &poison)) {
		vmw_diag("skipped: no poisoning by userfaultfd");
		skip();
	}
	assert_only(p, 6, VMWALK_STATE_KIND, VMWALK_KIND_HWPOISON);
	munmap(p, PAGES * PAGE);
	close(fd);
}

static void test_guard(void **state)
{
	char *p = written_pages();

	(void)state;
	if (madvise(p + 4 * PAGE, PAGE, MADV_GUARD_INSTALL)) {
		vmw_diag("skipped: no guard markers");
		skip();
	}
	assert_only(p, 4, VMWALK_STATE_KIND, VMWALK_KIND_GUARD);
	munmap(p, PAGES * PAGE);
}

static void test_mlocked(void **state)
{
	char *p = written_pages();

	(void)state;
	assert_int_equal(mlock(p + 7 * PAGE, PAGE), 0);
	assert_only(p, 7, VMWALK_STATE_MLOCKED, VMWALK_STATE_MLOCKED);
	munmap(p, PAGES * PAGE);
}

/* A child has all pages too but the one it never got. */
static void test_shared(void **state)
{
	char *p = written_pages();
	pid_t pid;

	(void)state;
	assert_int_equal(madvise(p, PAGE, MADV_DONTFORK), 0);
	pid = vmw_fork_idle();
	assert_only(p, 0, VMWALK_STATE_SHARED | VMWALK_STATE_MAPS,
		    1U << VMWALK_STATE_MAPS_SHIFT);
	vmw_end_idle(pid);
	munmap(p, PAGES * PAGE);
}

static int learn_can(void **state)
{
	struct vmw_aspace as;

	(void)state;
	read_all(getpid(), VMWALK_WALK_F_EXTENTS, &as);
	vmw_aspace_deinit(&as);
	return 0;
}

/* Stopped targets: frames */

static uint64_t pagemap_of(int fd, uint64_t addr)
{
	uint64_t entry;

	if (pread(fd, &entry, sizeof(entry), addr / PAGE * sizeof(entry)) !=
	    sizeof(entry))
		return 0;
	return entry;
}

/*
 * What pagemap has in the place of our frame; VM_PFNMAP areas it leaves out. It
 * does not know of nodes, numa_maps does (test_states.c).
 */
static bool same_frame(uint32_t state, uint64_t frame, uint64_t entry)
{
	const uint64_t number = entry & ((1ULL << 55) - 1);
	enum vmwalk_kind kind = vmw_state_kind(state);

	if (kind == VMWALK_KIND_SWAP)
		return VMWALK_FRAME_NUMBER(frame) == number >> 5 &&
		       VMWALK_FRAME_NODE(frame) == (number & 31);
	if (kind == VMWALK_KIND_PFN)
		return !number || VMWALK_FRAME_NUMBER(frame) == number;
	if (vmw_state_present(state))
		return VMWALK_FRAME_NUMBER(frame) == number;
	return !frame;
}

static size_t wrong_frames(pid_t pid, const struct vmw_aspace *as)
{
	int fd = vmw_proc_open(pid, "pagemap");
	size_t wrong = 0;

	for (size_t i = 0; i < as->nr_extents; i++) {
		const struct vmw_extent *e = &as->extents[i];

		/* Above where pagemap ends. */
		if (e->start >> 63 || vmw_state_kind(e->state) ==
				      VMWALK_KIND_NONE)
			continue;
		for (uint64_t k = 0; k < e->pages; k++) {
			uint64_t addr = e->start + k * PAGE;
			uint64_t frame = vmw_extent_frame(e, k);
			uint64_t entry = pagemap_of(fd, addr);

			if (same_frame(e->state, frame, entry))
				continue;
			if (!wrong++)
				vmw_diag("%" PRIx64 ": state %x, frame %" PRIx64
					 ", pagemap %" PRIx64, addr, e->state,
					 frame, entry);
		}
	}
	close(fd);
	return wrong;
}

/* Stopped targets: sums */

#define SUM(field) offsetof(struct vmwalk_pages, field)

static const struct {
	const char *smaps;
	size_t ours;
	unsigned int shift;	/* of ours, to KiB */
} sums[] = {
	{ "Pss", SUM(pss), 10 + VMWALK_PSS_SHIFT },
	{ "Pss_Dirty", SUM(pss_dirty), 10 + VMWALK_PSS_SHIFT },
	{ "Shared_Clean", SUM(shared_clean), 10 },
	{ "Shared_Dirty", SUM(shared_dirty), 10 },
	{ "Private_Clean", SUM(private_clean), 10 },
	{ "Private_Dirty", SUM(private_dirty), 10 },
	{ "Referenced", SUM(referenced), 10 },
	{ "KSM", SUM(ksm), 10 },
	{ "LazyFree", SUM(lazyfree), 10 },
	{ "Locked", SUM(pss_locked), 10 + VMWALK_PSS_SHIFT },
};

#define NR_SUMS (sizeof(sums) / sizeof(sums[0]))

static uint64_t our_sum(const struct vmwalk_pages *p, size_t i)
{
	uint64_t sum;

	memcpy(&sum, (const char *)p + sums[i].ours, sizeof(sum));
	return sum >> sums[i].shift;
}

static size_t wrong_line(const struct vmw_aspace *as, const struct vmw_vma *vma,
			 const char *line, uint64_t seen[NR_SUMS])
{
	size_t len = strcspn(line, ":");
	uint64_t theirs;

	for (size_t i = 0; i < NR_SUMS; i++) {
		if (strlen(sums[i].smaps) != len ||
		    strncmp(sums[i].smaps, line, len))
			continue;
		theirs = strtoull(line + len + 1, NULL, 10);
		seen[i] += theirs;
		if (our_sum(vmw_vma_pages(as, vma), i) == theirs)
			return 0;
		vmw_diag("%" PRIx64 ": %s is %" PRIu64 " KiB, smaps says %"
			 PRIu64, (uint64_t)vma->info.start, sums[i].smaps,
			 our_sum(vmw_vma_pages(as, vma), i), theirs);
		return 1;
	}
	return 0;
}

/* @seen gets what smaps says of all VMAs together. */
static size_t wrong_sums(pid_t pid, const struct vmw_aspace *as,
			 uint64_t seen[NR_SUMS])
{
	FILE *f = fdopen(vmw_proc_open(pid, "smaps"), "r");
	const struct vmw_vma *vma = NULL;
	unsigned long long start;
	char *line = NULL, dash;
	size_t room = 0, wrong = 0;

	assert_non_null(f);
	while (getline(&line, &room, f) > 0) {
		if (sscanf(line, "%llx%c", &start, &dash) == 2 && dash == '-')
			vma = vmw_aspace_find_vma(as, start);
		else if (vma)
			wrong += wrong_line(as, vma, line, seen);
	}
	free(line);
	fclose(f);
	return wrong;
}

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

/* Others come and go, and with them the counts of the pages they share. */
static void test_target(void **state)
{
	uint64_t seen[NR_SUMS] = { 0 };
	struct vmw_aspace as;
	size_t wrong = 1;

	(void)state;
	if (target.skip) {
		vmw_diag("skipped: %s", target.skip);
		skip();
	}
	assert_int_equal(vmw_target_stop(&target), 0);
	for (int i = 0; wrong && i < TRIES; i++) {
		memset(seen, 0, sizeof(seen));
		read_all(target.pid, ALL, &as);
		wrong = wrong_sums(target.pid, &as, seen) +
			wrong_frames(target.pid, &as) +
			vmw_oracle_compare(target.pid, &as, false);
		vmw_aspace_deinit(&as);
	}
	assert_int_equal(wrong, 0);
	assert_true(seen[0]);
}

#define TARGET(name, ...)						\
	{ #name " " #__VA_ARGS__, test_target, start, end,		\
	  (void *)(const char *const[]){ VMW_TARGET_DIR "/" #name,	\
					 __VA_ARGS__, NULL } }

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_soft_dirty),
		cmocka_unit_test(test_protnone),
		cmocka_unit_test(test_pkey),
		cmocka_unit_test(test_uffd_wp),
		cmocka_unit_test(test_uffd_poison),
		cmocka_unit_test(test_guard),
		cmocka_unit_test(test_mlocked),
		cmocka_unit_test(test_shared),
		TARGET(static_c, "sections"),
		TARGET(anon, "heap"),
		TARGET(anon, "zero"),
		TARGET(anon, "forked"),
		TARGET(anon, "permissions"),
		TARGET(anon, "vdso"),
		TARGET(file, "cow"),
		TARGET(file, "shared"),
		TARGET(shm, "memfd"),
		TARGET(shm, "shared_anon"),
		TARGET(huge, "thp"),
		TARGET(huge, "thp_split"),
		TARGET(huge, "thp_zero"),
		TARGET(huge, "thp_shmem"),
		TARGET(huge, "hugetlb_private"),
		TARGET(huge, "hugetlb_shared"),
		TARGET(swap, "anon"),
		TARGET(swap, "shmem_private"),
		TARGET(pfn, "devmem"),
		TARGET(big, "alternating"),
		TARGET(big, "dense"),
	};

	return cmocka_run_group_tests(tests, learn_can, NULL);
}
