/* SPDX-License-Identifier: GPL-2.0 */
/* The live view: a process, or the snapshots of a collection, on a whole screen. */
#ifndef VMW_WATCH_H
#define VMW_WATCH_H

#include "error.h"
#include "render/render.h"

struct vmw_watch_request {
	const char *target;	/* as vmw_source_open() takes it */
	uint64_t interval;	/* nanoseconds from reading to reading */
	bool atomic;		/* all VMAs under one lock */
	const char *output;	/* a collection to take snapshots into, or NULL */
	const char *filter;	/* valid, or NULL */
	struct vmw_style style;	/* units and colour */
};

/*
 * Returns when the user wishes, or is gone: 0, or a negative errno with @err
 * filled. The terminal is as it was then.
 */
int vmw_watch(const struct vmw_watch_request *req, struct vmw_error *err);

#endif
