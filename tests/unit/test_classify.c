// SPDX-License-Identifier: GPL-2.0
/*
 * Which segment a VMA belongs to, on address spaces as they are really laid
 * out, and that the segments' totals are the address space's on any.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/classify.h"

#define SHIFT	12
#define PAGE	((uint64_t)1 << SHIFT)
#define KIB	((uint64_t)1 << 10)
#define MIB	((uint64_t)1 << 20)
#define GIB	((uint64_t)1 << 30)

/* Permissions as maps prints them, and what backs the VMA. */
#define NONE	0
#define R	VMWALK_VMA_F_READ
#define RX	(VMWALK_VMA_F_READ | VMWALK_VMA_F_EXEC)
#define RW	(VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE)
#define ANON	VMWALK_VMA_F_ANON
#define FILE_	VMWALK_VMA_F_FILE
#define SHMEM	(VMWALK_VMA_F_FILE | VMWALK_VMA_F_SHMEM | VMWALK_VMA_F_SHARED)
#define HUGETLB	(VMWALK_VMA_F_FILE | VMWALK_VMA_F_HUGETLB)
#define SPECIAL	VMWALK_VMA_F_SPECIAL

struct fixture {
	struct vmw_aspace as;
	struct vmw_segments segs;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	vmw_aspace_init(&f->as, SHIFT);
	f->as.mm.pid = 100;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	vmw_segments_deinit(&f->segs);
	vmw_aspace_deinit(&f->as);
	free(f);
	return 0;
}

static void add(struct fixture *f, uint64_t start, uint64_t size,
		uint32_t flags, uint64_t ino, const char *name)
{
	const struct vmwalk_vma info = {
		.start = start, .end = start + size, .from = start,
		.flags = flags, .ino = ino, .dev_major = ino ? 8 : 0,
		.page_shift = SHIFT,
	};

	assert_int_equal(vmw_aspace_add_vma(&f->as, &info, name), 0);
}

static void add_thread(struct fixture *f, pid_t tid, uint64_t sp)
{
	const struct vmw_thread t = { .tid = tid, .has_regs = true, .sp = sp };

	assert_int_equal(vmw_aspace_add_thread(&f->as, &t), 0);
}

/* Each VMA in exactly one segment, and all the sums agree. */
static void check_totals(const struct fixture *f)
{
	const struct vmw_segments *s = &f->segs;
	struct vmw_usage vmas = { 0 }, segs = { 0 };
	size_t members = 0;

	for (size_t i = 0; i < f->as.nr_vmas; i++) {
		const struct vmw_vma *v = &f->as.vmas[i];
		const struct vmw_segment *seg = &s->seg[s->of_vma[i]];

		assert_true(s->of_vma[i] < s->nr);
		assert_true(seg->start <= v->info.start);
		assert_true(seg->end >= v->info.end);
		vmw_usage_add(&vmas, &v->usage);
	}
	for (size_t i = 0; i < s->nr; i++) {
		assert_true(s->seg[i].nr_vmas > 0);
		members += s->seg[i].nr_vmas;
		vmw_usage_add(&segs, &s->seg[i].usage);
		if (i && s->seg[i - 1].kind == s->seg[i].kind)
			assert_true(s->seg[i - 1].start < s->seg[i].start);
		else if (i)
			assert_true(s->seg[i - 1].kind < s->seg[i].kind);
	}
	assert_int_equal(members, f->as.nr_vmas);
	assert_memory_equal(&vmas, &segs, sizeof(vmas));
	assert_memory_equal(&vmas, &s->total, sizeof(vmas));
}

static void classify(struct fixture *f)
{
	vmw_aspace_finish(&f->as);
	assert_int_equal(vmw_classify(&f->as, &f->segs), 0);
	check_totals(f);
}

/* The segment of VMA @i. */
static const struct vmw_segment *seg(const struct fixture *f, size_t i)
{
	return &f->segs.seg[f->segs.of_vma[i]];
}

#define assert_kinds(f, ...) do {					\
	const enum vmw_segment_kind kinds[] = { __VA_ARGS__ };		\
	assert_int_equal((f)->as.nr_vmas,				\
			 sizeof(kinds) / sizeof(*kinds));		\
	for (size_t i_ = 0; i_ < (f)->as.nr_vmas; i_++)			\
		assert_string_equal(					\
			vmw_segment_kind_name(seg(f, i_)->kind),	\
			vmw_segment_kind_name(kinds[i_]));		\
} while (0)

static void test_nothing(void **state)
{
	struct fixture *f = *state;

	classify(f);
	assert_int_equal(f->segs.nr, 0);
}

/* Debian's cat, with a relro page and vvar in two parts. */
static void test_dynamic_pie(void **state)
{
	const uint64_t exe = 0x555555554000, lib = 0x7ffff7a00000;
	struct fixture *f = *state;

	f->as.mm.start_code = exe;
	f->as.mm.start_brk = exe + 8 * MIB;
	add(f, exe, 8 * KIB, R | FILE_, 1, "/bin/cat");
	add(f, exe + 8 * KIB, 16 * KIB, RX | FILE_, 1, "/bin/cat");
	add(f, exe + 24 * KIB, 8 * KIB, R | FILE_, 1, "/bin/cat");
	add(f, exe + 32 * KIB, 4 * KIB, R | FILE_, 1, "/bin/cat");
	add(f, exe + 36 * KIB, 4 * KIB, RW | FILE_, 1, "/bin/cat");
	add(f, exe + 40 * KIB, 4 * KIB, RW | ANON, 0, NULL);
	add(f, exe + 8 * MIB, 132 * KIB, RW | ANON, 0, "[heap]");
	add(f, lib - MIB, 512 * KIB, R | FILE_, 9, "/usr/lib/locale");
	add(f, lib, 152 * KIB, R | FILE_, 2, "/lib/libc.so.6");
	add(f, lib + 152 * KIB, MIB, RX | FILE_, 2, "/lib/libc.so.6");
	add(f, lib + 2 * MIB, 8 * KIB, RW | FILE_, 2, "/lib/libc.so.6");
	add(f, lib + 2 * MIB + 8 * KIB, 52 * KIB, RW | ANON, 0, NULL);
	add(f, lib + 3 * MIB, 8 * KIB, RW | ANON, 0, NULL);
	add(f, 0x7ffff7fc5000, 16 * KIB, R | SPECIAL, 0, "[vvar]");
	add(f, 0x7ffff7fc9000, 4 * KIB, R | SPECIAL, 0, "[vvar_vclock]");
	add(f, 0x7ffff7fca000, 8 * KIB, RX | SPECIAL, 0, "[vdso]");
	add(f, 0x7ffffffde000, 132 * KIB, RW | ANON, 0, "[stack]");
	add(f, 0xffffffffff600000, 4 * KIB, VMWALK_VMA_F_GATE, 0,
	    "[vsyscall]");
	classify(f);
	assert_kinds(f, VMW_SEG_RODATA, VMW_SEG_TEXT, VMW_SEG_RODATA,
		     VMW_SEG_RODATA, VMW_SEG_DATA, VMW_SEG_BSS, VMW_SEG_HEAP,
		     VMW_SEG_FILE, VMW_SEG_LIBRARY, VMW_SEG_LIBRARY,
		     VMW_SEG_LIBRARY, VMW_SEG_LIBRARY, VMW_SEG_ANON,
		     VMW_SEG_VVAR, VMW_SEG_VVAR, VMW_SEG_VDSO, VMW_SEG_STACK,
		     VMW_SEG_VSYSCALL);
	assert_int_equal(f->segs.nr, 12);
	assert_int_equal(seg(f, 0)->nr_vmas, 3);
	assert_int_equal(seg(f, 8)->nr_vmas, 4);
	assert_string_equal(seg(f, 11)->name, "/lib/libc.so.6");
	assert_string_equal(seg(f, 1)->name, "/bin/cat");
	assert_null(seg(f, 5)->name);
	assert_int_equal(f->segs.seg[0].kind, VMW_SEG_TEXT);
	assert_int_equal(f->segs.total.reserved, 0);
}

/*
 * Go: bss larger than data, an arena without a guard, pieces of reservations
 * that look like small stacks.
 */
static void test_static_go(void **state)
{
	const uint64_t summary = 0x7fffd0000000;
	struct fixture *f = *state;

	f->as.mm.start_code = 0x401000;
	add(f, 0x400000, 500 * KIB, RX | FILE_, 1, "/quiz");
	add(f, 0x47d000, 600 * KIB, R | FILE_, 1, "/quiz");
	add(f, 0x513000, 24 * KIB, RW | FILE_, 1, "/quiz");
	add(f, 0x519000, 200 * KIB, RW | ANON, 0, NULL);
	add(f, 0xc000000000, 4 * MIB, RW | ANON, 0, NULL);
	add(f, 0xc000400000, 60 * MIB, NONE | ANON, 0, NULL);
	add(f, summary, 64 * KIB, NONE | ANON, 0, NULL);
	add(f, summary + 64 * KIB, 4 * KIB, RW | ANON, 0, NULL);
	add(f, summary + 68 * KIB, 60 * KIB, NONE | ANON, 0, NULL);
	add(f, summary + MIB, 64 * KIB, NONE | ANON, 0, NULL);
	add(f, summary + MIB + 64 * KIB, 128 * KIB, RW | ANON, 0, NULL);
	add(f, summary + MIB + 192 * KIB, MIB, NONE | ANON, 0, NULL);
	add(f, 0x7ffffffde000, 132 * KIB, RW | ANON, 0, "[stack]");
	add_thread(f, 100, 0x7ffffffde800);
	add_thread(f, 101, 0xc000001f00);
	classify(f);
	assert_kinds(f, VMW_SEG_TEXT, VMW_SEG_RODATA, VMW_SEG_DATA,
		     VMW_SEG_BSS, VMW_SEG_ANON, VMW_SEG_ANON, VMW_SEG_ANON,
		     VMW_SEG_ANON, VMW_SEG_ANON, VMW_SEG_ANON, VMW_SEG_ANON,
		     VMW_SEG_ANON, VMW_SEG_STACK);
	assert_ptr_equal(seg(f, 4), seg(f, 5));
	assert_ptr_not_equal(seg(f, 5), seg(f, 6));
	assert_ptr_equal(seg(f, 6), seg(f, 8));
	assert_ptr_equal(seg(f, 9), seg(f, 11));
	assert_int_equal(seg(f, 4)->usage.reserved, 60 * MIB);
}

static void test_thread_stacks(void **state)
{
	const uint64_t base = 0x7f0000000000;
	struct fixture *f = *state;

	/* Two stacks that touch; the upper one's thread is running. */
	add(f, base, 4 * KIB, NONE | ANON, 0, NULL);
	add(f, base + 4 * KIB, 8 * MIB, RW | ANON, 0, NULL);
	add(f, base + 4 * KIB + 8 * MIB, 4 * KIB, NONE | ANON, 0, NULL);
	add(f, base + 8 * KIB + 8 * MIB, 8 * MIB, RW | ANON, 0, NULL);
	/* A small one, known by its thread. */
	add(f, base + GIB, 4 * KIB, NONE | ANON, 0, NULL);
	add(f, base + GIB + 4 * KIB, 8 * KIB, RW | ANON, 0, NULL);
	/* An arena of malloc: a head, and the rest of 64 MiB reserved. */
	add(f, base + 2 * GIB, 132 * KIB, RW | ANON, 0, NULL);
	add(f, base + 2 * GIB + 132 * KIB, 64 * MIB - 132 * KIB,
	    NONE | ANON, 0, NULL);
	add_thread(f, 101, base + 4 * KIB + 8 * MIB - 64);
	add_thread(f, 102, base + GIB + 8 * KIB);
	classify(f);
	assert_kinds(f, VMW_SEG_THREAD_STACK, VMW_SEG_THREAD_STACK,
		     VMW_SEG_THREAD_STACK, VMW_SEG_THREAD_STACK,
		     VMW_SEG_THREAD_STACK, VMW_SEG_THREAD_STACK,
		     VMW_SEG_ANON, VMW_SEG_ANON);
	assert_int_equal(f->segs.nr, 4);
	assert_int_equal(seg(f, 0)->tid, 101);
	assert_int_equal(seg(f, 2)->tid, 0);
	assert_int_equal(seg(f, 4)->tid, 102);
	assert_int_equal(seg(f, 1)->usage.reserved, 4 * KIB);
	assert_int_equal(seg(f, 1)->usage.mapped, 8 * MIB + 4 * KIB);
}

/* Guards are put around other things than stacks. */
static void test_guarded_memory(void **state)
{
	struct fixture *f = *state;

	add(f, 0x10000000, 4 * KIB, NONE | ANON, 0, NULL);
	add(f, 0x10001000, 8 * MIB, RW | ANON, 0, NULL);
	add_thread(f, 100, 0x7ffffffde800);
	classify(f);
	assert_kinds(f, VMW_SEG_ANON, VMW_SEG_ANON);

	vmw_segments_deinit(&f->segs);
	add_thread(f, 101, 0x7ffffffde800);
	add(f, 0x20000000, 4 * KIB, NONE | ANON, 0, NULL);
	add(f, 0x20001000, GIB, RW | ANON, 0, NULL);
	classify(f);
	assert_kinds(f, VMW_SEG_THREAD_STACK, VMW_SEG_THREAD_STACK,
		     VMW_SEG_ANON, VMW_SEG_ANON);
}

/* Where brk is not randomized the kernel may call the bss [heap]. */
static void test_bss_called_heap(void **state)
{
	struct fixture *f = *state;

	f->as.mm.start_code = 0x401000;
	f->as.mm.start_brk = 0x40d000;
	add(f, 0x401000, 8 * KIB, RX | FILE_, 1, "/static");
	add(f, 0x40a000, 4 * KIB, RW | FILE_, 1, "/static");
	add(f, 0x40b000, 8 * KIB, RW | ANON, 0, "[heap]");
	add(f, 0x40d000, 132 * KIB, RW | ANON, 0, "[heap]");
	classify(f);
	assert_kinds(f, VMW_SEG_TEXT, VMW_SEG_DATA, VMW_SEG_BSS, VMW_SEG_HEAP);
	assert_null(seg(f, 2)->name);
}

/* Programs run from tmpfs, as in an initramfs, are programs still. */
static void test_shared_memory(void **state)
{
	const uint32_t tmpfs = FILE_ | VMWALK_VMA_F_SHMEM;
	struct fixture *f = *state;

	f->as.mm.start_code = 0x401000;
	add(f, 0x401000, 8 * KIB, RX | tmpfs, 1, "/init");
	add(f, 0x410000, 8 * KIB, RW | SHMEM, 7, "/memfd:a (deleted)");
	add(f, 0x412000, 8 * KIB, RX | SHMEM, 7, "/memfd:a (deleted)");
	add(f, 0x420000, 8 * KIB, RW | SHMEM, 8, "/dev/zero (deleted)");
	add(f, 0x430000, 8 * KIB, RW | SHMEM, 9, "/dev/zero (deleted)");
	add(f, 0x440000, 8 * KIB, RW | SHMEM, 3, "/SYSV00000000 (deleted)");
	add(f, 0x450000, 8 * KIB, RX | tmpfs, 2, "/lib/libc.so");
	classify(f);
	assert_kinds(f, VMW_SEG_TEXT, VMW_SEG_SHM, VMW_SEG_SHM, VMW_SEG_SHM,
		     VMW_SEG_SHM, VMW_SEG_SHM, VMW_SEG_LIBRARY);
	assert_ptr_equal(seg(f, 1), seg(f, 2));
	assert_ptr_not_equal(seg(f, 3), seg(f, 4));
}

static void test_hugetlb(void **state)
{
	struct fixture *f = *state;

	add(f, 0x10000000, 2 * MIB, RW | HUGETLB, 1,
	    "/anon_hugepage (deleted)");
	add(f, 0x20000000, 2 * MIB, RW | HUGETLB, 2,
	    "/anon_hugepage (deleted)");
	add(f, 0x30000000, 2 * MIB, RW | HUGETLB, 3, "/memfd:h (deleted)");
	add(f, 0x40000000, 2 * MIB, RW | HUGETLB, 4, "/SYSV0000002a (deleted)");
	add(f, 0x50000000, 2 * MIB, RW | HUGETLB, 5, "/mnt/huge/file");
	classify(f);
	assert_kinds(f, VMW_SEG_ANON, VMW_SEG_ANON, VMW_SEG_SHM, VMW_SEG_SHM,
		     VMW_SEG_FILE);
	assert_ptr_equal(seg(f, 0), seg(f, 1));
}

static void test_anonymous_runs(void **state)
{
	struct fixture *f = *state;

	add(f, 0x10000, 4 * KIB, RW | ANON, 0, NULL);
	add(f, 0x11000, 4 * KIB, R | ANON, 0, NULL);
	add(f, 0x12000, 4 * KIB, RW | ANON, 0, "[anon: pool]");
	add(f, 0x13000, 4 * KIB, RW | ANON, 0, NULL);
	add(f, 0x15000, 4 * KIB, RW | ANON, 0, NULL);
	add(f, 0x20000, 4 * KIB, RW | ANON, 0, "[anon: pool]");
	add(f, 0x30000, 4 * KIB, RX | SPECIAL, 0, "[uprobes]");
	/* A private mapping of /dev/zero is anonymous memory with a file. */
	add(f, 0x31000, 4 * KIB, RX | ANON | FILE_, 5, "/dev/zero");
	classify(f);
	assert_kinds(f, VMW_SEG_ANON, VMW_SEG_ANON, VMW_SEG_ANON, VMW_SEG_ANON,
		     VMW_SEG_ANON, VMW_SEG_ANON, VMW_SEG_ANON, VMW_SEG_ANON);
	assert_ptr_equal(seg(f, 0), seg(f, 1));
	assert_ptr_equal(seg(f, 2), seg(f, 5));
	assert_int_equal(f->segs.nr, 6);
}

static void label(struct fixture *f, enum vmw_label_kind kind, uint64_t start,
		  uint64_t end)
{
	const struct vmw_label l = { .start = start, .end = end, .kind = kind };

	assert_int_equal(vmw_runtime_add_label(&f->as.runtime, &l), 0);
	vmw_runtime_finish(&f->as.runtime);
}

/* A stack is one, though the kernel has merged it with what Go maps for itself. */
static void test_merged_stack(void **state)
{
	const uint64_t base = 0x7f0000000000;
	struct fixture *f = *state;

	add(f, base, 4 * KIB, NONE | ANON, 0, NULL);
	add(f, base + 4 * KIB, 8 * MIB + 256 * KIB, RW | ANON, 0, NULL);
	label(f, VMW_LABEL_GO_RUNTIME, base + 4 * KIB + 8 * MIB,
	      base + 260 * KIB + 8 * MIB);
	add_thread(f, 101, base + 8 * MIB - 64);
	classify(f);
	assert_kinds(f, VMW_SEG_THREAD_STACK, VMW_SEG_THREAD_STACK);
	assert_int_equal(seg(f, 1)->tid, 101);
}

/* What a VMA's memory serves for, by most of its bytes; names of others win. */
static void test_runtimes(void **state)
{
	struct fixture *f = *state;

	add(f, 0x10000, 4 * KIB, RW | ANON, 0, "[anon: Go: heap]");
	add(f, 0x12000, 4 * KIB, RW | ANON, 0, "[anon: Go: page alloc]");
	add(f, 0xc000000000, 4 * MIB, RW | ANON, 0, NULL);
	add(f, 0xc000400000, 60 * MIB, ANON, 0, NULL);
	label(f, VMW_LABEL_GO_ARENA, 0xc000000000, 0xc004000000);
	add(f, 0x7f0000000000, 132 * KIB, RW | ANON, 0, NULL);
	add(f, 0x7f0000021000, 64 * MIB - 132 * KIB, ANON, 0, NULL);
	label(f, VMW_LABEL_MALLOC_ARENA, 0x7f0000000000, 0x7f0000000b60);
	label(f, VMW_LABEL_MALLOC_TOP, 0x7f0000000b60, 0x7f0000021000);
	label(f, VMW_LABEL_MALLOC_RESERVED, 0x7f0000021000, 0x7f0004000000);
	add(f, 0x7f0004000000, 132 * KIB, RW | ANON, 0, NULL);
	label(f, VMW_LABEL_MALLOC_ARENA, 0x7f0004000000, 0x7f0004021000);
	add(f, 0x7f0008000000, 1 * MIB, RW | ANON, 0, NULL);
	label(f, VMW_LABEL_GO_RUNTIME, 0x7f0008001000, 0x7f0008080000);
	label(f, VMW_LABEL_MALLOC_MMAPPED, 0x7f0008090000, 0x7f00080a0000);
	add(f, 0x7f0009000000, 1 * MIB, RW | ANON, 0, NULL);
	label(f, VMW_LABEL_MALLOC_MMAPPED, 0x7f0009000000, 0x7f0009001000);
	add(f, 0x7f000a000000, 1 * MIB, RW | ANON, 0, "[anon: pool]");
	label(f, VMW_LABEL_GO_RUNTIME, 0x7f000a000000, 0x7f000a100000);
	classify(f);
	assert_kinds(f, VMW_SEG_GO_ARENA, VMW_SEG_GO_RUNTIME, VMW_SEG_GO_ARENA,
		     VMW_SEG_GO_ARENA, VMW_SEG_MALLOC_ARENA,
		     VMW_SEG_MALLOC_ARENA, VMW_SEG_MALLOC_ARENA,
		     VMW_SEG_GO_RUNTIME, VMW_SEG_MALLOC_MMAPPED, VMW_SEG_ANON);
	assert_ptr_equal(seg(f, 4), seg(f, 5));
	assert_ptr_not_equal(seg(f, 4), seg(f, 6));
}

/* Files of one inode number on two devices are two files. */
static void test_files(void **state)
{
	struct fixture *f = *state;
	const struct vmwalk_vma other = {
		.start = 0x30000, .end = 0x31000, .from = 0x30000,
		.flags = R | FILE_, .ino = 1, .dev_major = 9,
		.page_shift = SHIFT,
	};

	add(f, 0x10000, 4 * KIB, R | FILE_, 1, "/a");
	add(f, 0x20000, 4 * KIB, RW | FILE_, 1, "/a");
	assert_int_equal(vmw_aspace_add_vma(&f->as, &other, "/b"), 0);
	classify(f);
	assert_kinds(f, VMW_SEG_FILE, VMW_SEG_FILE, VMW_SEG_FILE);
	assert_int_equal(f->segs.nr, 2);
	assert_string_equal(seg(f, 2)->name, "/b");
}

static void add_at_random(struct fixture *f, uint64_t *at)
{
	static const char *const names[] = {
		NULL, NULL, NULL, "/a", "/b", "[heap]", "[stack]", "[vvar]",
		"[anon: x]", "/anon_hugepage (deleted)", "/memfd:x (deleted)",
	};
	uint64_t pages = 1 + rand() % 40;
	uint64_t extent = VMWALK_EXTENT(1 + rand() % pages, rand() % 16);

	*at += PAGE * (rand() % 2);
	add(f, *at, pages * PAGE, rand() & 0x7fffff &
	    ~VMWALK_VMA_F_CONTINUED, rand() % 5, names[rand() % 11]);
	assert_int_equal(vmw_aspace_add_extents(&f->as, &extent,
						sizeof(extent)), 0);
	if (!(rand() % 4))
		add_thread(f, rand() % 1000, *at + rand() % (pages * PAGE));
	*at += pages * PAGE;
}

/* Whatever a process makes of itself, nothing is lost or counted twice. */
static void test_any_totals_add_up(void **state)
{
	struct fixture *f = *state;

	srand(1);
	for (int round = 0; round < 300; round++) {
		uint64_t at = 0x10000;

		f->as.mm.start_code = at;
		f->as.mm.start_brk = 0x40000;
		for (int n = rand() % 100; n; n--)
			add_at_random(f, &at);
		classify(f);
		vmw_segments_deinit(&f->segs);
		vmw_aspace_deinit(&f->as);
		vmw_aspace_init(&f->as, SHIFT);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing),
		TEST(test_dynamic_pie),
		TEST(test_static_go),
		TEST(test_thread_stacks),
		TEST(test_guarded_memory),
		TEST(test_bss_called_heap),
		TEST(test_shared_memory),
		TEST(test_hugetlb),
		TEST(test_anonymous_runs),
		TEST(test_merged_stack),
		TEST(test_runtimes),
		TEST(test_files),
		TEST(test_any_totals_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
