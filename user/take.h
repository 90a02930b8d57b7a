/* SPDX-License-Identifier: GPL-2.0 */
/* A snapshot is taken of a process that lives. */
#ifndef VMW_TAKE_H
#define VMW_TAKE_H

#include "error.h"
#include "model/snapshot.h"

struct vmw_take_request {
	const char *target;	/* PID or NAME */
	uint32_t flags;		/* VMWALK_WALK_F_* */
	const char *host;	/* NULL: what this machine calls itself */
	bool pte;		/* page-table entries as well */
	bool runtime;		/* what Go and malloc() say, and which files are mapped */
	bool stop;		/* hold the process still meanwhile */
};

/* To be destroyed. Returns 0 or a negative errno with @err filled. */
int vmw_take(const struct vmw_take_request *req, struct vmw_snapshot **s,
	     struct vmw_error *err);

#endif
