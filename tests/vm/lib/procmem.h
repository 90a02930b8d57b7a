/* SPDX-License-Identifier: GPL-2.0 */
/* A process's memory by /proc: maps, smaps, pagemap, stat and status. */
#ifndef VMW_TEST_PROCMEM_H
#define VMW_TEST_PROCMEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Fields of smaps that are compared, bytes. */
enum vmw_smaps_field {
	VMW_SMAPS_PAGE_SIZE,
	VMW_SMAPS_RSS,
	VMW_SMAPS_ANON,
	VMW_SMAPS_SWAP,
	VMW_SMAPS_ANON_HUGE,
	VMW_SMAPS_SHMEM_HUGE,
	VMW_SMAPS_HUGETLB_SHARED,
	VMW_SMAPS_HUGETLB_PRIVATE,
	VMW_SMAPS_FIELDS
};

struct vmw_proc_vma {
	uint64_t start, end, offset, ino;
	unsigned int major, minor;
	char perms[5];
	char *name;		/* with maps' escapes; "" if none */
	uint64_t field[VMW_SMAPS_FIELDS];
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
#define VMW_PM_EXCLUSIVE	(1ULL << 56)

/* Reads maps, then smaps; 0, or -1 if they are unreadable or do not agree. */
int vmw_procmem_read(struct vmw_procmem *pm, pid_t pid);
void vmw_procmem_free(struct vmw_procmem *pm);

/* An open /proc/@pid/@file, or -1. */
int vmw_proc_open(pid_t pid, const char *file);
/* Numeric field @n of /proc/PID/stat, counted from 1 as in proc(5). */
uint64_t vmw_proc_stat(pid_t pid, int n);
/* The number behind "@key:" in /proc/PID/status. */
uint64_t vmw_proc_status(pid_t pid, const char *key);

#endif
