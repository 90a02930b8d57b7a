// SPDX-License-Identifier: GPL-2.0
/* What two processes share, held against the frames that pagemap tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/oracle.h"
#include "lib/procmem.h"
#include "lib/target.h"
#include "model/shared.h"

#define PAGE 4096UL
#define FRAME ((1ULL << 55) - 1)
#define NR_PAGES 64
#define FLAGS (VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_PHYS)

struct pair {
	pid_t pid[2];
	struct vmw_aspace as[2];
	struct vmw_shared shared;
};

static struct vmw_target target[2];

static void read_pair(struct pair *p)
{
	for (int i = 0; i < 2; i++)
		assert_int_equal(vmw_read(p->pid[i], FLAGS, &p->as[i]), 0);
	assert_int_equal(vmw_shared_compare(&p->as[0], &p->as[1], &p->shared),
			 0);
}

static void free_pair(struct pair *p)
{
	vmw_shared_deinit(&p->shared);
	vmw_aspace_deinit(&p->as[0]);
	vmw_aspace_deinit(&p->as[1]);
}

/* The number behind "@key " that the first target said. */
static unsigned long said(const char *key, int base)
{
	const char *line = strstr(target[0].said, key);

	assert_non_null(line);
	return strtoul(line + strlen(key) + 1, NULL, base);
}

/* The frame at @addr, 0 if none is mapped. */
static uint64_t frame_at(int pagemap, uint64_t addr)
{
	uint64_t e;

	if (pread(pagemap, &e, sizeof(e), addr / PAGE * sizeof(e)) !=
	    sizeof(e))
		return 0;
	return e & VMW_PM_PRESENT ? e & FRAME : 0;
}

static int compare_frames(const void *a, const void *b)
{
	const uint64_t *f = a, *g = b;

	return *f < *g ? -1 : *f > *g;
}

/* All frames of @as, sorted, by pagemap. */
static uint64_t *all_frames(int pagemap, const struct vmw_aspace *as,
			    size_t *nr)
{
	uint64_t *frames = NULL, frame;
	size_t room = 0;

	*nr = 0;
	for (size_t i = 0; i < as->nr_vmas; i++) {
		const struct vmwalk_vma *v = &as->vmas[i].info;

		if (v->flags & VMWALK_VMA_F_GATE)
			continue;
		for (uint64_t at = v->start; at < v->end; at += PAGE) {
			frame = frame_at(pagemap, at);
			if (!frame)
				continue;
			if (*nr == room) {
				room = room ? 2 * room : 1024;
				frames = realloc(frames,
						 room * sizeof(*frames));
				assert_non_null(frames);
			}
			frames[(*nr)++] = frame;
		}
	}
	qsort(frames, *nr, sizeof(*frames), compare_frames);
	return frames;
}

static void check_page(const int pagemap[2], const uint64_t *theirs, size_t nr,
		       const struct vmw_shared_run *run, uint64_t offset)
{
	const uint64_t at = run->start + offset;
	const uint64_t frame = frame_at(pagemap[0], at);
	bool here = frame_at(pagemap[1], at) == frame, anywhere;

	assert_true(frame);
	anywhere = bsearch(&frame, theirs, nr, sizeof(frame), compare_frames);
	assert_int_equal(run->sharing == VMW_SHARED_HERE, here);
	assert_int_equal(run->sharing <= VMW_SHARED_ELSEWHERE, anywhere);
	if (anywhere)
		assert_true(frame_at(pagemap[1], run->other + offset) == frame);
	if (run->sharing == VMW_PRIVATE_COPIED)
		assert_true(frame_at(pagemap[1], at));
}

/* Every page of every run; and no page is left out. */
static void check_by_pagemap(const struct pair *p)
{
	const struct vmw_usage *u;
	uint64_t resident = 0, pages = 0, *theirs;
	int pagemap[2];
	size_t nr;

	for (int i = 0; i < 2; i++) {
		pagemap[i] = vmw_proc_open(p->pid[i], "pagemap");
		assert_true(pagemap[i] >= 0);
	}
	theirs = all_frames(pagemap[1], &p->as[1], &nr);
	for (size_t i = 0; i < p->shared.nr; i++) {
		const struct vmw_shared_run *run = &p->shared.runs[i];

		for (uint64_t k = 0; k < run->pages; k++)
			check_page(pagemap, theirs, nr, run, k * PAGE);
		pages += run->pages;
	}
	for (size_t i = 0; i < p->as[0].nr_vmas; i++) {
		u = &p->as[0].vmas[i].usage;
		resident += u->resident + u->hugetlb;
	}
	assert_int_equal(pages * PAGE, resident);
	assert_int_equal(vmw_shared_frames(&p->shared.total), resident);
	vmw_diag("%lu pages, %lu shared, %zu runs", (unsigned long)pages,
		 (unsigned long)(vmw_shared_shared(&p->shared.total) / PAGE),
		 p->shared.nr);
	free(theirs);
	close(pagemap[0]);
	close(pagemap[1]);
}

/* What becomes of the page at @addr of the first; VMW_SHARINGS if no frame. */
static enum vmw_sharing at(const struct pair *p, uint64_t addr)
{
	for (size_t i = 0; i < p->shared.nr; i++) {
		const struct vmw_shared_run *run = &p->shared.runs[i];

		if (addr >= run->start && addr - run->start < run->pages * PAGE)
			return run->sharing;
	}
	return VMW_SHARINGS;
}

static int start(void **state)
{
	const char *const argv[] = { VMW_TARGET_DIR "/fork", *state, NULL };

	return vmw_target_start(&target[0], argv, NULL);
}

static int end(void **state)
{
	(void)state;
	vmw_target_end(&target[0]);
	return 0;
}

static enum vmw_sharing expected_cow(unsigned int page, bool of_parent)
{
	if ((page >= 8 && page < 16) || page == 32 || page == 33)
		return VMW_PRIVATE_COPIED;
	if (page == 40)
		return of_parent ? VMW_PRIVATE : VMW_SHARINGS;
	return VMW_SHARED_HERE;
}

static void check_cow(pid_t parent, pid_t child, bool of_parent)
{
	struct pair p = {
		.pid = { of_parent ? parent : child,
			 of_parent ? child : parent },
	};
	const uint64_t area = said("area", 16);

	read_pair(&p);
	check_by_pagemap(&p);
	for (unsigned int i = 0; i < NR_PAGES; i++)
		assert_int_equal(at(&p, area + i * PAGE),
				 expected_cow(i, of_parent));
	assert_int_equal(p.shared.total.bytes[VMW_SHARED_ELSEWHERE], 0);
	free_pair(&p);
}

static void test_cow(void **state)
{
	const pid_t child = said("child", 10);

	(void)state;
	check_cow(target[0].pid, child, true);
	check_cow(target[0].pid, child, false);
}

static void test_moved(void **state)
{
	const uint64_t area = said("area", 16), moved = said("moved", 16);
	struct pair p = { .pid = { target[0].pid, said("child", 10) } };
	const struct vmw_shared_run *run = NULL;

	(void)state;
	read_pair(&p);
	check_by_pagemap(&p);
	for (size_t i = 0; !run && i < p.shared.nr; i++)
		if (p.shared.runs[i].start == area)
			run = &p.shared.runs[i];
	assert_non_null(run);
	assert_int_equal(run->sharing, VMW_SHARED_ELSEWHERE);
	assert_int_equal(run->pages, NR_PAGES);
	assert_int_equal(run->other, moved);
	free_pair(&p);
}

/* Nothing of their own, but the same programs and libraries. */
static void test_unrelated(void **state)
{
	const char *const argv[2][3] = {
		{ VMW_TARGET_DIR "/anon", "heap" },
		{ VMW_TARGET_DIR "/fork", "cow" },
	};
	uint64_t code = 0;
	struct pair p;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(vmw_target_start(&target[i], argv[i], NULL),
				 0);
		p.pid[i] = target[i].pid;
	}
	read_pair(&p);
	check_by_pagemap(&p);
	for (size_t i = 0; i < p.shared.nr; i++) {
		const struct vmw_shared_run *run = &p.shared.runs[i];
		const struct vmw_vma *vma = &p.as[0].vmas[run->vma];

		if (run->sharing > VMW_SHARED_ELSEWHERE)
			continue;
		assert_true(vma->info.flags & (VMWALK_VMA_F_FILE |
					       VMWALK_VMA_F_SPECIAL));
		if (vma->name && strstr(vma->name, "libc") &&
		    vma->info.flags & VMWALK_VMA_F_EXEC)
			code += run->pages * PAGE;
	}
	assert_true(code > 100 * PAGE);
	free_pair(&p);
	vmw_target_end(&target[0]);
	vmw_target_end(&target[1]);
}

/* With itself a process has all in common. */
static void test_self(void **state)
{
	struct pair p = { .pid = { target[0].pid, target[0].pid } };

	(void)state;
	read_pair(&p);
	assert_int_equal(p.shared.total.bytes[VMW_SHARED_HERE],
			 vmw_shared_frames(&p.shared.total));
	free_pair(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "copy on write", test_cow, start, end, "cow" },
		{ "at another address", test_moved, start, end, "moved" },
		cmocka_unit_test(test_unrelated),
		{ "one process", test_self, start, end, "cow" },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
