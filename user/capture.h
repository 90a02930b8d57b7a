/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One reading of a target into the model, as every reader command needs it:
 * resolve, walk, threads, vsyscall mode; and one of all processes. Saved
 * snapshots are beside it, in source.h.
 */
#ifndef VMW_CAPTURE_H
#define VMW_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/aspace.h"
#include "error.h"
#include "genl/genl.h"
#include "stop.h"
#include "model/ways.h"

struct vmw_capture_request {
	const char *target;	/* pid or name */
	uint64_t start, end;	/* bytes, both 0: everything */
	uint32_t flags;		/* VMWALK_WALK_F_* */
	bool stopped;		/* by vmw_capture_hold(): for the model to know */
	/* Of a snapshot without extents, what smaps summed up will do. */
	bool sums;
	bool swaps;		/* which swap areas are on, without F_PHYS, too */
	/*
	 * To vmw_source_read(), without F_PHYS: the places in swap, as far as
	 * they may be told, and no other frames.
	 */
	bool in_swap;
};

/*
 * Holds the target still for as many readings as come before vmw_stop_end().
 * Returns 0 or a negative errno with @err filled.
 */
int vmw_capture_hold(const char *target, struct vmw_stop **stop,
		     struct vmw_error *err);

/*
 * Returns 0 or a negative errno with @err filled; @as needs no deinit then.
 * The vsyscall VMA carries the permissions of the kernel's mode, and is left
 * out where /proc/PID/maps shows none.
 */
int vmw_capture(const struct vmw_capture_request *req, struct vmw_info *info,
		struct vmw_aspace *as, struct vmw_error *err);

/*
 * All VMAs of a process into @as, then the way of one address into @pte, to be
 * deinited as well.
 */
int vmw_capture_pte(const char *target, uint64_t addr, struct vmw_info *info,
		    struct vmw_aspace *as, struct vmw_pte *pte,
		    struct vmw_error *err);

/* All processes; on failure @tasks needs no deinit. */
int vmw_capture_tasks(struct vmw_tasks *tasks, struct vmw_error *err);

/*
 * The ways of all pages of @as's VMAs, which were read before, of a process that
 * still runs; @as can have changed since, unless it is held.
 */
int vmw_capture_ways(const struct vmw_aspace *as, const struct vmw_info *info,
		     struct vmw_ways *ways, struct vmw_error *err);

#endif
