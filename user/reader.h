/* SPDX-License-Identifier: GPL-2.0 */
/* What the reader commands have in common: options, one reading, one view. */
#ifndef VMW_READER_H
#define VMW_READER_H

#include "capture.h"
#include "options.h"

struct vmw_reader {
	const struct vmw_cmd *cmd;
	uint32_t flags;		/* VMWALK_WALK_F_* */
	bool annotate;		/* what its runtime and malloc say, too */
	bool sums;		/* it can do without extents, if there are none */
	/*
	 * Takes the operands after the process or snapshot into @req. NULL: there are none.
	 * Returns 0 or an exit code, having complained.
	 */
	int (*operands)(const struct vmw_options *opts,
			struct vmw_capture_request *req);
	/*
	 * The view: the text, or the JSON if @opts say so, to stdout. @segs is
	 * the reading classified. Returns 0, a negative errno,
	 * or an exit code, having complained.
	 */
	int (*render)(const struct vmw_options *opts,
		      const struct vmw_aspace *as,
		      const struct vmw_segments *segs);
};

/* The whole command; returns an exit code. */
int vmw_reader_run(const struct vmw_reader *reader, int argc, char **argv);

#endif
