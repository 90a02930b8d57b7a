/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A process that has a bit of everything: segments, kinds of pages, and names
 * that would like to do something to the terminal.
 */
#ifndef EVERYTHING_H
#define EVERYTHING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "render/render.h"

#define SHIFT	12
#define PAGE	((uint64_t)1 << SHIFT)

#define R	VMWALK_VMA_F_READ
#define W	VMWALK_VMA_F_WRITE
#define X	VMWALK_VMA_F_EXEC
#define ANON	VMWALK_VMA_F_ANON
#define FILE_	VMWALK_VMA_F_FILE
#define SPECIAL	VMWALK_VMA_F_SPECIAL

#define PMD	(1U << VMWALK_STATE_LEVEL_SHIFT)
#define PUD	(2U << VMWALK_STATE_LEVEL_SHIFT)
#define WDA	(VMWALK_STATE_WRITE | VMWALK_STATE_DIRTY | \
		 VMWALK_STATE_ACCESSED)

#define HOSTILE	"/tmp/\033[2J\033]0;x\007\n\r\x7f\302\2331m\xff\u202e\\x1b.so"

struct fixture {
	struct vmw_aspace as;
	struct vmw_segments segs;
	char *text;
	size_t len;
};

static inline void add(struct fixture *f, uint64_t start, uint64_t pages,
		       uint32_t flags, uint64_t ino, const char *name)
{
	const struct vmwalk_vma v = {
		.start = start, .end = start + pages * PAGE, .from = start,
		.ino = ino, .dev_major = ino ? 8 : 0, .dev_minor = ino ? 1 : 0,
		.flags = flags, .page_shift = SHIFT,
	};

	assert_int_equal(vmw_aspace_add_vma(&f->as, &v, name), 0);
}

static inline void extent(struct fixture *f, uint32_t pages, uint32_t state)
{
	const uint64_t packed = VMWALK_EXTENT(pages, state);

	assert_int_equal(vmw_aspace_add_extents(&f->as, &packed,
						sizeof(packed)), 0);
}

/* Two areas that are not the same a moment @later. */
static inline void add_changing(struct fixture *f, bool later)
{
	add(f, 0x800000, later ? 10 : 8, R | W | ANON, 0, "[heap]");
	extent(f, later ? 4 : 2, VMWALK_KIND_ANON | WDA);
	extent(f, later ? 1 : 3, VMWALK_KIND_SWAP);
	extent(f, later ? 5 : 3, VMWALK_KIND_NONE);
	add(f, 0xc000000000, 1024, R | W | ANON, 0, NULL);
	extent(f, 512, VMWALK_KIND_ANON | (later ? 0 : PMD) | WDA);
}

/* The program, its heap, a library, and 512 pages of anything. */
static inline void add_low(struct fixture *f, bool later)
{
	add(f, 0x400000, 4, R | X | FILE_, 5, "/bin/target");
	extent(f, 3, VMWALK_KIND_FILE | VMWALK_STATE_EXEC);
	extent(f, 1, VMWALK_KIND_NONE);
	add(f, 0x404000, 2, R | FILE_, 5, "/bin/target");
	extent(f, 2, VMWALK_KIND_FILE);
	add(f, 0x406000, 2, R | W | FILE_, 5, "/bin/target");
	extent(f, 1, VMWALK_KIND_ANON | WDA);
	extent(f, 1, VMWALK_KIND_FILE);
	add(f, 0x408000, 2, R | W | ANON, 0, NULL);
	extent(f, 2, VMWALK_KIND_ZERO);
	add_changing(f, later);
	extent(f, 1, VMWALK_KIND_MIGRATION);
	extent(f, 1, VMWALK_KIND_HWPOISON);
	extent(f, 1, VMWALK_KIND_DEVICE);
	extent(f, 1, VMWALK_KIND_MARKER);
	extent(f, 1, VMWALK_KIND_BAD);
	extent(f, 507, VMWALK_KIND_NONE);
	add(f, 0xc000400000, 1024, ANON, 0, NULL);
	extent(f, 1024, VMWALK_KIND_NONE);
}

static inline void add_high(struct fixture *f, bool later)
{
	const struct vmw_thread thread = {
		.tid = 77, .has_regs = true, .sp = 0x7f0000010000,
	};

	add(f, 0x7f0000000000, 1, ANON, 0, NULL);
	extent(f, 1, VMWALK_KIND_NONE);
	add(f, 0x7f0000001000, 512, R | W | ANON, 0, NULL);
	extent(f, 512, VMWALK_KIND_NONE);
	assert_int_equal(vmw_aspace_add_thread(&f->as, &thread), 0);
	if (later)
		add(f, 0x7f0800000000, 2, R | W | ANON, 0, NULL);
	else
		add(f, 0x7f1000000000, 2, R | X | FILE_, 6, HOSTILE);
	extent(f, 2, later ? VMWALK_KIND_NONE :
			     VMWALK_KIND_FILE | VMWALK_STATE_EXEC);
	add(f, 0x7f2000000000, 2, R | FILE_, 7, "/etc/passwd");
	extent(f, 2, VMWALK_KIND_FILE);
	add(f, 0x7f2000200000, 1024, R | W | FILE_ | VMWALK_VMA_F_SHARED |
	    VMWALK_VMA_F_HUGETLB, 9, "/memfd:huge (deleted)");
	extent(f, 512, VMWALK_KIND_FILE | PMD | VMWALK_STATE_HUGETLB);
	extent(f, 512, VMWALK_KIND_FILE | PMD | VMWALK_STATE_HUGETLB |
	       VMWALK_STATE_SHARED);
	add(f, 0x7f3000000000, 4, R | W | FILE_ | VMWALK_VMA_F_SHARED |
	    VMWALK_VMA_F_SHMEM, 8, "/dev/zero (deleted)");
	extent(f, 4, VMWALK_KIND_SHMEM);
	add(f, 0x7ffc00000000, 33, R | W | ANON, 0, "[stack]");
	extent(f, 30, VMWALK_KIND_NONE);
	extent(f, 3, VMWALK_KIND_ANON | WDA);
	add(f, 0x7ffd00000000, 4, R | SPECIAL, 0, "[vvar]");
	extent(f, 4, VMWALK_KIND_PFN);
	add(f, 0x7ffd00004000, 2, R | X | SPECIAL, 0, "[vdso]");
	extent(f, 2, VMWALK_KIND_FILE);
	add(f, 0xffffffffff600000, 1, X | VMWALK_VMA_F_GATE, 0, "[vsyscall]");
	extent(f, 1, VMWALK_KIND_NONE);
}

static inline struct fixture *make_fixture(bool later)
{
	struct fixture *f = calloc(1, sizeof(*f));

	vmw_aspace_init(&f->as, SHIFT);
	f->as.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY;
	f->as.can = UINT32_MAX;
	f->as.mm.pid = 76;
	f->as.mm.start_code = 0x400000;
	f->as.mm.task_size = 0x7ffffffff000;
	f->as.complete = true;
	f->as.vsyscall = VMW_VSYSCALL_XONLY;
	strcpy(f->as.comm, "ev\033[1ml\nname");
	add_low(f, later);
	add_high(f, later);
	vmw_aspace_finish(&f->as);
	assert_int_equal(vmw_classify(&f->as, &f->segs), 0);
	return f;
}

static inline void free_fixture(struct fixture *f)
{
	vmw_segments_deinit(&f->segs);
	vmw_aspace_deinit(&f->as);
	free(f->text);
	free(f);
}

static inline int setup(void **state)
{
	*state = make_fixture(false);
	return 0;
}

static inline int teardown(void **state)
{
	free_fixture(*state);
	return 0;
}

static inline FILE *open_text(struct fixture *f)
{
	free(f->text);
	f->text = NULL;
	return open_memstream(&f->text, &f->len);
}

/* As the command fills it in, but for the second walk. */
static inline struct vmw_place place_at(const struct fixture *f, uint64_t addr)
{
	struct vmw_place p = {
		.addr = addr, .vma = vmw_aspace_find_vma(&f->as, addr),
	};
	const struct vmw_extent *e;

	for (size_t i = 0; i < f->as.nr_vmas; i++) {
		const struct vmw_vma *v = &f->as.vmas[i];

		if (v->info.end <= addr)
			p.below = v;
		else if (v->info.start > addr && !p.above)
			p.above = v;
	}
	if (!p.vma)
		return p;
	p.segment = &f->segs.seg[f->segs.of_vma[p.vma - f->as.vmas]];
	e = vmw_aspace_find_extent(&f->as, p.vma, addr);
	p.has_state = e;
	p.state = e ? e->state : 0;
	return p;
}

static inline void contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no '%s' in:\n%s", part, text);
}

static inline void check_tame(const char *text)
{
	const char *last = "";

	for (; *text; text++) {
		assert_true((unsigned char)*text >= ' ' || *text == '\n');
		assert_int_not_equal(*text, 0x7f);
		assert_int_not_equal((unsigned char)*text, 0xff);
		if ((unsigned char)*text == 0xc2)
			assert_true((unsigned char)text[1] >= 0xa0);
		last = text;
	}
	assert_int_equal(*last, '\n');
}

#define test(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
