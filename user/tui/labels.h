/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the runtime and malloc of a process keep, for readings that come one after
 * the other: asked again as often as it may cost, and carried over meanwhile. Of a
 * process nobody waits for the answer, which may take seconds.
 */
#ifndef VMW_WATCH_LABELS_H
#define VMW_WATCH_LABELS_H

#include "annotate/annotate.h"
#include "source.h"

struct vmw_labels {
	struct vmw_runtime rt;	/* the last answer */
	uint64_t start_code, start_stack;	/* of whom */
	uint64_t due;		/* when to ask again: ns of the monotonic clock */
	bool answered;		/* .rt is an answer, if perhaps of nothing */

	struct vmw_annotation *asking;	/* NULL: not now */
	struct vmw_aspace asked;	/* by its VMAs, while it is being asked */
	uint64_t began;		/* ns of the monotonic clock */
};

/*
 * Fills the .runtime of @as, which was just read from @src, with no word of failure:
 * it has less then. Its .known stays false: of two readings that have the same answer
 * there is nothing to compare.
 */
void vmw_labels_fill(struct vmw_labels *labels, struct vmw_source *src,
		     struct vmw_aspace *as);
/* Can be read when there is an answer; -1: nothing is being asked. */
int vmw_labels_fd(const struct vmw_labels *labels);
/* Takes it, for readings to come. True: it is the first of this program. */
bool vmw_labels_take(struct vmw_labels *labels);
void vmw_labels_deinit(struct vmw_labels *labels);

#endif
