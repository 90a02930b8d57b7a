/* SPDX-License-Identifier: GPL-2.0 */
/* A timeline: one snapshot a tick of a process, for as long as it lasts. */
#ifndef VMW_RECORD_H
#define VMW_RECORD_H

#include "store/store.h"
#include "take.h"

struct vmw_record_request {
	pid_t pid;
	uint64_t interval;	/* nanoseconds from tick to tick */
	uint64_t duration;	/* likewise, of it all; 0: until it ends */
	struct vmw_take_request take;	/* .target is filled in from the pid */
	const char *note;	/* of the first snapshot, or NULL */
};

/* What made it end. */
enum vmw_record_end {
	VMW_RECORD_TIME,
	VMW_RECORD_SIGNAL,	/* SIGINT, SIGTERM or SIGHUP to us */
	VMW_RECORD_EXIT,	/* of the process */
};

struct vmw_recorded {
	enum vmw_record_end end;
	uint64_t first, last;	/* numbers of snapshots; 0: there is none */
	uint64_t snapshots;
	uint64_t missed;	/* ticks */
	uint64_t mixtures;	/* snapshots of VMAs that changed meanwhile */
	uint64_t programs;	/* exec()s that were followed */
};

/*
 * Returns 0 or a negative errno with @err filled; @out says in either case what
 * is in the collection. Blocks the signals above for good.
 */
int vmw_record(struct vmw_store *store, const struct vmw_record_request *req,
	       struct vmw_recorded *out, struct vmw_error *err);

#endif
