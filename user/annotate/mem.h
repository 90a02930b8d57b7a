/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of a target, read without disturbing it: a page that it has not in
 * memory is not brought there. What was never touched reads as zeros, or as the
 * file has it.
 */
#ifndef VMW_MEM_H
#define VMW_MEM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/aspace.h"

#define VMW_MEM_PAGE	4096	/* bytes that are read and kept at a time */

struct vmw_mem {
	/*
	 * Fills @buf with the VMW_MEM_PAGE bytes at @addr, a multiple of that.
	 * Returns 0 or a negative errno: nothing is mapped, or not readable now.
	 */
	int (*read_page)(const struct vmw_mem *mem, uint64_t addr, void *buf);
	void *source;		/* of read_page() */
	uint64_t budget;	/* pages that may still be read */
	uint64_t unread;	/* pages that were refused as not in memory */
	struct vmw_mem_cache *cache;
};

/* Returns 0 or -ENOMEM. */
int vmw_mem_init(struct vmw_mem *mem);
void vmw_mem_deinit(struct vmw_mem *mem);

/*
 * Reads exactly @len bytes. Returns 0, or a negative errno: -EFAULT for an
 * address in no VMA, -ENODATA for what is not in memory, -ETIME for a budget that
 * is used up.
 */
int vmw_mem_read(struct vmw_mem *mem, uint64_t addr, void *buf, size_t len);
/* Little-endian, of 1, 2, 4 or 8 bytes. */
int vmw_mem_uint(struct vmw_mem *mem, uint64_t addr, unsigned int width,
		 uint64_t *value);
/* What is read from now on is as the target has it from now on. */
void vmw_mem_forget(struct vmw_mem *mem);

/* The memory of a live process. */
struct vmw_mem_process {
	const struct vmw_aspace *as;
	int mem, pagemap;	/* files of /proc/PID */
	int exe;		/* the program, for what was never read of it */
	uint64_t exe_ino;
};

/* Returns 0 or a negative errno. */
int vmw_mem_open(struct vmw_mem_process *p, const struct vmw_aspace *as);
void vmw_mem_close(struct vmw_mem_process *p);
int vmw_mem_read_process(const struct vmw_mem *mem, uint64_t addr, void *buf);

#endif
