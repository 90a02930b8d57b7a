/* SPDX-License-Identifier: GPL-2.0 */
/* A process's memory by /proc: maps, smaps, pagemap, stat, status and so on. */
#ifndef VMW_TEST_PROCMEM_H
#define VMW_TEST_PROCMEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Fields of smaps, bytes; those without a unit as they are. */
enum vmw_smaps_field {
	VMW_SMAPS_SIZE,
	VMW_SMAPS_PAGE_SIZE,
	VMW_SMAPS_MMU_PAGE_SIZE,
	VMW_SMAPS_RSS,
	VMW_SMAPS_ANON,
	VMW_SMAPS_SWAP,
	VMW_SMAPS_ANON_HUGE,
	VMW_SMAPS_SHMEM_HUGE,
	VMW_SMAPS_FILE_HUGE,
	VMW_SMAPS_HUGETLB_SHARED,
	VMW_SMAPS_HUGETLB_PRIVATE,
	/* What takes a look at the pages, not at their entries alone. */
	VMW_SMAPS_PAGES,
	VMW_SMAPS_PSS = VMW_SMAPS_PAGES,
	VMW_SMAPS_PSS_DIRTY,
	VMW_SMAPS_SHARED_CLEAN,
	VMW_SMAPS_SHARED_DIRTY,
	VMW_SMAPS_PRIVATE_CLEAN,
	VMW_SMAPS_PRIVATE_DIRTY,
	VMW_SMAPS_REFERENCED,
	VMW_SMAPS_LAZYFREE,
	VMW_SMAPS_KSM,
	VMW_SMAPS_LOCKED,
	/* A VMA's; of pages, pages.c compares it. */
	VMW_SMAPS_SUMS,
	VMW_SMAPS_PKEY = VMW_SMAPS_SUMS,
	/* Not told by vmwalk: test_differs.c shows why. Nor are all VmFlags. */
	VMW_SMAPS_SWAP_PSS,
	VMW_SMAPS_THP_ELIGIBLE,
	VMW_SMAPS_FIELDS
};

struct vmw_proc_vma {
	uint64_t start, end, offset, ino;
	unsigned int major, minor;
	char perms[5];
	char *name;		/* with maps' escapes; "" if none */
	uint64_t field[VMW_SMAPS_FIELDS];
	uint32_t has;		/* 1 << field: this kernel has it */
	char flags[96];		/* " rd wr mr " */
};

struct vmw_procmem {
	struct vmw_proc_vma *vma;
	size_t nr;
};

extern const char *const vmw_smaps_names[VMW_SMAPS_FIELDS];

#define VMW_PM_PRESENT		(1ULL << 63)
#define VMW_PM_SWAP		(1ULL << 62)
#define VMW_PM_FILE		(1ULL << 61)
#define VMW_PM_GUARD		(1ULL << 58)
#define VMW_PM_UFFD_WP		(1ULL << 57)
#define VMW_PM_EXCLUSIVE	(1ULL << 56)
#define VMW_PM_SOFT_DIRTY	(1ULL << 55)
#define VMW_PM_FRAME		((1ULL << 55) - 1)
#define VMW_PM_SWAP_SHIFT	5	/* of a frame: above the swap area */

/* Reads maps, then smaps; 0, or -1 if they are unreadable or do not agree. */
int vmw_procmem_read(struct vmw_procmem *pm, pid_t pid);
void vmw_procmem_free(struct vmw_procmem *pm);

/* An open /proc/@pid/@file, or -1. */
int vmw_proc_open(pid_t pid, const char *file);
/* Numeric field @n of /proc/PID/stat, counted from 1 as in proc(5). */
uint64_t vmw_proc_stat(pid_t pid, int n);
/* The number behind "@key:" in /proc/PID/status. */
uint64_t vmw_proc_status(pid_t pid, const char *key);
/* Likewise, of /proc/PID/@file. */
uint64_t vmw_proc_number(pid_t pid, const char *file, const char *key);

/*
 * Does /proc/kpageflags tell pages shared by content from other anonymous ones?
 * Some kernels, 6.12 among them, test for either of two bits instead of both.
 */
bool vmw_kpageflags_knows_ksm(void);

/* A window on a file of 64-bit numbers (pagemap, kpageflags) that moves. */
struct vmw_window {
	int fd;
	uint64_t first;		/* number of the file's that is entry[0] */
	size_t nr, room;
	uint64_t entry[];
};

/* @room: numbers read at a time. NULL: there is no such file. */
struct vmw_window *vmw_window_open(const char *path, size_t room);
/* Of /proc/@pid/pagemap. */
struct vmw_window *vmw_window_pagemap(pid_t pid);
void vmw_window_close(struct vmw_window *w);
/*
 * The file's numbers from number @i on; @nr gets how many, at least one. NULL:
 * the file ends before.
 */
const uint64_t *vmw_window_at(struct vmw_window *w, uint64_t i, uint64_t *nr);

/* The running kernel is this, or newer. */
bool vmw_kernel_is(unsigned int version, unsigned int patchlevel);

#endif
