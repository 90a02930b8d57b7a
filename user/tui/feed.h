/* SPDX-License-Identifier: GPL-2.0 */
/* What the live view reads from: a process as it goes on, or a collection. */
#ifndef VMW_FEED_H
#define VMW_FEED_H

#include <limits.h>

#include "error.h"
#include "render/render.h"

struct vmw_feed;

/* One reading, and what there is to say of it. */
struct vmw_reading {
	struct vmw_aspace as;
	struct vmw_segments segs;
	char program[PATH_MAX];	/* what it runs; of a process alone */
	char name[128];		/* of a snapshot: its number and label, escaped */
};

/* All return 0 or a negative errno with @err filled, but where it says otherwise. */
int vmw_feed_open(struct vmw_feed **feed, const char *target, bool atomic,
		  struct vmw_error *err);
void vmw_feed_close(struct vmw_feed *feed);	/* NULL is fine */

/* To be deinited. -ESRCH: the process has ended, or has no memory just now. */
int vmw_feed_read(struct vmw_feed *feed, struct vmw_reading *r,
		  struct vmw_error *err);
void vmw_reading_deinit(struct vmw_reading *r);
/*
 * The way of one page as `pte` tells it, for free(); above it what the runtime keeps
 * there, as the reading @whole has it.
 */
int vmw_feed_page(struct vmw_feed *feed, const struct vmw_style *style,
		  const struct vmw_aspace *whole, uint64_t addr, char **text,
		  struct vmw_error *err);

/*
 * Can be read when the runtime of the process has told what it keeps; -1: it is not
 * being asked. Then it can be taken, for readings to come. True: it is the first answer,
 * and the next reading may have other segments.
 */
int vmw_feed_labels_fd(const struct vmw_feed *feed);
bool vmw_feed_take_labels(struct vmw_feed *feed);

/* To the snapshot before, or after; -ENOENT: there is none. */
int vmw_feed_step(struct vmw_feed *feed, bool later, struct vmw_error *err);
/* Into the collection @path, as `snap` does; @number: of it in there. */
int vmw_feed_snapshot(struct vmw_feed *feed, const char *path, uint64_t *number,
		      struct vmw_error *err);

bool vmw_feed_is_live(const struct vmw_feed *feed);
/* Can be read when the process has ended; -1 of a collection. */
int vmw_feed_fd(const struct vmw_feed *feed);

#endif
