/* SPDX-License-Identifier: GPL-2.0 */
/* The walk's answer held against the kernel's own, in /proc. */
#ifndef VMW_TEST_ORACLE_H
#define VMW_TEST_ORACLE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/aspace.h"

/* Reads all of @pid; 0, or -1 with the error printed. */
int vmw_read(pid_t pid, uint32_t flags, struct vmw_aspace *as);
/* Reads [@start, @end) of it. */
int vmw_read_range(pid_t pid, uint32_t flags, uint64_t start, uint64_t end,
		   struct vmw_aspace *as);

/*
 * Compares @as with /proc/@pid: every VMA with maps and smaps, every page with
 * pagemap, the process with stat and status. Returns the number of
 * differences; prints the first few unless @quiet.
 */
size_t vmw_oracle_compare(pid_t pid, const struct vmw_aspace *as, bool quiet);

/*
 * Reads @pid into @as and compares. A difference counts only if a second
 * reading equals the first: else the process itself has changed (the kernel
 * reclaims and migrates behind its back), and all is done anew.
 */
size_t vmw_oracle_check(pid_t pid, struct vmw_aspace *as);

/*
 * Likewise of one that was read with VMW_READ_ALL: every page with all of
 * pagemap, kpageflags and kpagecount; with PAGEMAP_SCAN; the sums over pages with
 * smaps, smaps_rollup and numa_maps. @can: VMWALK_CAN_*.
 */
#define VMW_READ_ALL							\
	(VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY |			\
	 VMWALK_WALK_F_PAGES | VMWALK_WALK_F_PHYS | VMWALK_WALK_F_ABSENCE)
size_t vmw_pages_compare(pid_t pid, const struct vmw_aspace *as, uint32_t can,
			 bool quiet);
/*
 * How many of the things that vmw_pages_compare() compares have never come, of
 * those that this kernel can bring about at any time; prints all.
 */
size_t vmw_pages_left_out(void);
size_t vmw_pagescan_compare(pid_t pid, const struct vmw_aspace *as,
			    uint32_t can, bool quiet);
size_t vmw_sums_compare(pid_t pid, const struct vmw_aspace *as, bool quiet);

/*
 * Compares what @as, read with VMWALK_WALK_F_ABSENCE, has of pages of files
 * that are not mapped, with mincore(). Returns the number of differences; of
 * @objects, how many VMAs could be compared.
 */
size_t vmw_absence_check(pid_t pid, const struct vmw_aspace *as,
			 size_t *objects);

/*
 * Differences between @part, read with the range [@start, @end), and what
 * @whole has there. The counters of struct vmwalk_mm are left out.
 */
size_t vmw_aspace_differences(const struct vmw_aspace *whole,
			      const struct vmw_aspace *part, uint64_t start,
			      uint64_t end);

#endif
