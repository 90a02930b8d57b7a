/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A reading that is kept: the model, and of whom, where and when it is. Plain
 * data; the store reads and writes it, project.c has it tell what a walk that
 * asked for less would have told.
 */
#ifndef VMW_SNAPSHOT_H
#define VMW_SNAPSHOT_H

#include <limits.h>

#include "aspace.h"
#include "error.h"
#include "genl/info.h"
#include "ways.h"

/* What a snapshot asks for unless told otherwise: what any view needs. */
#define VMW_SNAPSHOT_FLAGS \
	(VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY | VMWALK_WALK_F_PAGES | \
	 VMWALK_WALK_F_ABSENCE | VMWALK_WALK_F_TABLES | VMWALK_WALK_F_THREADS)

#define VMW_LABEL_MAX	63
#define VMW_NOTE_MAX	4095
#define VMW_HOST_MAX	255

/* Whose: equal in all snapshots of one run of a program. */
struct vmw_origin {
	char host[VMW_HOST_MAX + 1];
	char boot[40];		/* /proc/sys/kernel/random/boot_id; may be empty */
	char exe[PATH_MAX];	/* what /proc/PID/exe points to; may be empty */
	char build_id[64];	/* of the executable, hexadecimal; may be empty */
};

/* A file that is mapped: which one, in words that hold on other machines as well. */
struct vmw_image {
	uint64_t ino;		/* as in the VMAs */
	uint32_t dev_major, dev_minor;
	char build_id[64];	/* as vmw_build_id() tells it, not empty */
};

struct vmw_snapshot {
	uint64_t number;	/* in its collection; 0: in none yet */
	uint8_t uuid[16];	/* the same in every collection it gets into */
	int64_t time;		/* nanoseconds since the epoch, before the walk */
	char label[VMW_LABEL_MAX + 1];	/* may be empty */
	char note[VMW_NOTE_MAX + 1];	/* likewise */
	struct vmw_origin origin;
	struct vmw_info info;	/* of the kernel that was asked */
	struct vmw_aspace as;
	struct vmw_ways ways;	/* on request alone */
	/* Of the programs and libraries that are mapped, by ascending .ino. */
	struct vmw_image *images;
	size_t nr_images;
};

/* On the heap: it is large. NULL: no memory. */
struct vmw_snapshot *vmw_snapshot_create(void);
void vmw_snapshot_destroy(struct vmw_snapshot *s);

/* Returns 0, -ENOMEM, or -E2BIG where there are more than any process maps. */
int vmw_snapshot_add_image(struct vmw_snapshot *s, const struct vmw_image *image);

/* Is it fit for @label of FILE@label? Not a number, no '@' or space, not empty. */
bool vmw_label_is_valid(const char *label);

/* What of a snapshot is wanted. */
struct vmw_part {
	uint64_t start, end;	/* addresses, both 0: everything */
	uint32_t flags;		/* VMWALK_WALK_F_* */
	bool sums;		/* of one without extents, what it has will do */
	/* Without F_PHYS: the places in swap, if it has them, and no other frames. */
	bool in_swap;
};

/*
 * Into @to, which needs no init, what a walk for @part would have found at the
 * moment of @from. -EOPNOTSUPP with @err filled if @from was not asked for as
 * much, -ENOMEM; @to needs no deinit then.
 *
 * What the walk tells of itself (times, locks) stays that of @from.
 */
int vmw_project(const struct vmw_aspace *from, const struct vmw_part *part,
		struct vmw_aspace *to, struct vmw_error *err);

#endif
