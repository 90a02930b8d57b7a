// SPDX-License-Identifier: GPL-2.0
/* LINK: user/annotate/mem.c */
/*
 * A target's memory is read only where that brings nothing in: files stand for those of
 * /proc/PID, and tell what a real process has only for a moment, such as a page that is
 * on its way to another frame.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "annotate/mem.h"

#define BASE		0x10000ULL	/* of the first VMA: page 16 */
#define PAGE		VMW_MEM_PAGE
#define PRESENT		(1ULL << 63)	/* Documentation/admin-guide/mm/pagemap.rst */
#define SWAPPED		(1ULL << 62)
/* The type of a migration entry, which shows where a swap area's number would be. */
#define MIGRATING	(SWAPPED | 30)

struct fixture {
	struct vmw_aspace as;
	struct vmw_mem_process process;
	struct vmw_mem mem;
};

static int file(void)
{
	FILE *f = tmpfile();
	int fd = f ? dup(fileno(f)) : -1;

	assert_true(fd >= 0);
	fclose(f);
	return fd;
}

/* One page of each kind of VMA, one after the other; page i has its number in it. */
enum { ANON, PROGRAM, LIBRARY, PFNMAP, GATE, KINDS };

static void add_vma(struct vmw_aspace *as, int i, uint32_t flags, uint64_t ino)
{
	const struct vmwalk_vma v = {
		.start = BASE + i * PAGE, .from = BASE + i * PAGE,
		.end = BASE + (i + 1) * PAGE, .page_shift = 12,
		.flags = VMWALK_VMA_F_READ | flags, .ino = ino,
	};

	assert_int_equal(vmw_aspace_add_vma(as, &v, NULL), 0);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct vmw_mem_process *p = &f->process;
	char page[PAGE];

	*state = f;
	vmw_aspace_init(&f->as, 12);
	f->as.mm.task_size = (uint64_t)1 << 47;
	add_vma(&f->as, ANON, VMWALK_VMA_F_ANON, 0);
	add_vma(&f->as, PROGRAM, VMWALK_VMA_F_FILE, 7);
	add_vma(&f->as, LIBRARY, VMWALK_VMA_F_FILE, 8);
	add_vma(&f->as, PFNMAP, VMWALK_VMA_F_PFNMAP, 0);
	add_vma(&f->as, GATE, VMWALK_VMA_F_GATE, 0);
	*p = (struct vmw_mem_process){
		.as = &f->as, .mem = file(), .pagemap = file(), .exe = file(),
		.exe_ino = 7,
	};
	for (int i = 0; i < KINDS; i++) {
		memset(page, 'a' + i, PAGE);
		assert_int_equal(pwrite(p->mem, page, PAGE, BASE + i * PAGE), PAGE);
	}
	memset(page, 'z', PAGE);
	assert_int_equal(pwrite(p->exe, page, PAGE, 0), PAGE);
	f->mem = (struct vmw_mem){
		.read_page = vmw_mem_read_process, .source = p, .budget = 100,
	};
	assert_int_equal(vmw_mem_init(&f->mem), 0);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	vmw_mem_deinit(&f->mem);
	vmw_mem_close(&f->process);
	vmw_aspace_deinit(&f->as);
	free(f);
	return 0;
}

/* What comes of reading page @i while pagemap has @entry for it: a byte, or the error. */
static int look(struct fixture *f, int i, uint64_t entry)
{
	const uint64_t addr = BASE + i * PAGE;
	unsigned char byte;
	int ret;

	assert_int_equal(pwrite(f->process.pagemap, &entry, sizeof(entry),
				addr / PAGE * sizeof(entry)), sizeof(entry));
	vmw_mem_forget(&f->mem);
	ret = vmw_mem_read(&f->mem, addr + 100, &byte, 1);
	return ret ? ret : byte;
}

static void present(void **state)
{
	struct fixture *f = *state;

	for (int i = ANON; i <= LIBRARY; i++)
		assert_int_equal(look(f, i, PRESENT), 'a' + i);
	assert_int_equal(f->mem.unread, 0);
}

/* It would be brought back, or waited for. */
static void on_its_way(void **state)
{
	struct fixture *f = *state;

	for (int i = ANON; i <= LIBRARY; i++) {
		assert_int_equal(look(f, i, SWAPPED), -ENODATA);
		assert_int_equal(look(f, i, MIGRATING), -ENODATA);
		assert_int_equal(f->mem.unread, 2 * (i + 1));
	}
	/* When it has come to where it goes it is read like others. */
	assert_int_equal(look(f, ANON, PRESENT), 'a');
}

/* Zeros, what the program's file has, or nothing that could be told. */
static void absent(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(look(f, ANON, 0), 0);
	assert_int_equal(look(f, PROGRAM, 0), 'z');
	assert_int_equal(look(f, LIBRARY, 0), -ENODATA);
	assert_int_equal(f->mem.unread, 1);
}

/* Registers of a device may do something when they are read. */
static void no_memory(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(look(f, PFNMAP, PRESENT), -EFAULT);
	assert_int_equal(look(f, GATE, PRESENT), -EFAULT);
	assert_int_equal(look(f, KINDS, PRESENT), -EFAULT);
}

/* The process is gone: there is nothing to be read any more. */
static void gone(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(look(f, ANON, PRESENT), 'a');
	assert_int_equal(ftruncate(f->process.mem, 0), 0);
	assert_int_equal(look(f, ANON, PRESENT), -EFAULT);
	assert_int_equal(ftruncate(f->process.pagemap, 0), 0);
	vmw_mem_forget(&f->mem);
	assert_int_equal(vmw_mem_read(&f->mem, BASE, &(char){ 0 }, 1), -EFAULT);
}

/* The page is read once, until it is forgotten. */
static void kept(void **state)
{
	struct fixture *f = *state;
	uint64_t value;

	assert_int_equal(look(f, ANON, PRESENT), 'a');
	assert_int_equal(f->mem.budget, 99);
	assert_int_equal(ftruncate(f->process.mem, 0), 0);
	assert_int_equal(vmw_mem_uint(&f->mem, BASE, 4, &value), 0);
	assert_int_equal(value, 0x61616161);
	assert_int_equal(f->mem.budget, 99);
	assert_int_equal(vmw_mem_uint(&f->mem, BASE, 3, &value), -EPROTO);
}

static void ourselves(void **state)
{
	struct vmw_aspace as = { .mm = { .pid = getpid() } };
	struct vmw_mem_process p;

	(void)state;
	assert_int_equal(vmw_mem_open(&p, &as), 0);
	assert_true(p.exe_ino);
	vmw_mem_close(&p);
	as.mm.pid = 0x7fffffff;
	assert_int_equal(vmw_mem_open(&p, &as), -ENOENT);
	assert_int_equal(p.mem, -1);
}

#define test(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(present),
		test(on_its_way),
		test(absent),
		test(no_memory),
		test(gone),
		test(kept),
		cmocka_unit_test(ourselves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
