/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a reading comes from: a process that lives, or a snapshot of a
 * collection. Commands read from either, and cannot tell which.
 */
#ifndef VMW_SOURCE_H
#define VMW_SOURCE_H

#include "annotate/annotate.h"
#include "capture.h"
#include "model/snapshot.h"

struct vmw_source;

/*
 * @target: PID, NAME, or FILE, FILE@NUMBER, FILE@-NUMBER, FILE@LABEL. What has
 * a '/' or an '@' in it, ends in ".vmwalk" or is an SQLite file's name is meant
 * for a file; FILE alone is its last snapshot. A process is held still until
 * vmw_source_let_go() if @stop; a snapshot always is, and cannot be.
 *
 * These return 0 or a negative errno with @err filled.
 */
int vmw_source_open(struct vmw_source **src, const char *target, bool stop,
		    struct vmw_error *err);
/*
 * One reading, as often as wanted: of the same process, of the same snapshot.
 * @req: range and flags count. A walk with VMWALK_WALK_F_ATOMIC is for processes
 * alone. @as needs no deinit on failure.
 */
int vmw_source_read(struct vmw_source *src, const struct vmw_capture_request *req,
		    struct vmw_aspace *as, struct vmw_error *err);
/*
 * Fills the .runtime of @as, which was read from here, as vmw_annotate() does. Of a
 * snapshot that does not hold it, the note says so; its symbols are looked up in
 * the files that were mapped, if they are here.
 */
int vmw_source_annotate(struct vmw_source *src, struct vmw_aspace *as,
			const struct vmw_annotate_request *req,
			struct vmw_error *err);
/* As vmw_capture_pte(). */
int vmw_source_read_pte(struct vmw_source *src, uint64_t addr,
			struct vmw_info *info, struct vmw_aspace *as,
			struct vmw_pte *pte, struct vmw_error *err);
/* Of @flags, VMWALK_WALK_F_*: what it can tell. A snapshot, what it holds. */
uint32_t vmw_source_can(const struct vmw_source *src, uint32_t flags);
/* The snapshot; NULL if it is a process. */
const struct vmw_snapshot *vmw_source_snapshot(const struct vmw_source *src);
/* Nothing more is read: a process that was held goes on. NULL is fine. */
void vmw_source_let_go(struct vmw_source *src);
/* Lets go besides. NULL is fine. */
void vmw_source_close(struct vmw_source *src);

/*
 * Is @target meant for a file? Then its name goes to @path, of PATH_MAX bytes,
 * and what follows the '@' is returned: "" if nothing does. Else NULL.
 */
const char *vmw_source_file(const char *target, char *path);

#endif
