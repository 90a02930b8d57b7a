/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Collections: snapshots in one SQLite file, docs/collection-schema.md. These
 * files, store*.c, are the only users of SQLite.
 *
 * What is in a file may be anybody's: all of it is checked on the way into the
 * model. Each snapshot is written in one transaction.
 */
#ifndef VMW_STORE_H
#define VMW_STORE_H

#include <stdbool.h>

#include "error.h"
#include "model/snapshot.h"

struct vmw_store;

enum vmw_store_mode {
	VMW_STORE_READ,
	VMW_STORE_APPEND,	/* creates it where there is none; migrates */
};

/*
 * All return 0 or a negative errno with @err filled. -ENOENT: no such file, or
 * no such snapshot; -EBADMSG: not a collection, or a damaged one; -ENOSPC, -EDQUOT:
 * nothing was added, what was there is; -EBUSY: somebody else keeps writing.
 */
int vmw_store_open(struct vmw_store **store, const char *path,
		   enum vmw_store_mode mode, struct vmw_error *err);
/* NULL is fine. */
void vmw_store_close(struct vmw_store *store);

/*
 * Appends; fills in the number, and the uuid unless there is one. @kinds: the
 * segments of @s->as, for those who query.
 */
int vmw_store_add(struct vmw_store *store, struct vmw_snapshot *s,
		  struct vmw_error *err);
/*
 * The number of the snapshot that is meant by @which: a number, from the end if
 * it is negative, or a label; NULL or empty: the last.
 */
int vmw_store_find(struct vmw_store *store, const char *which, uint64_t *number,
		   struct vmw_error *err);
/* The first number above @after, 0 if there is none. */
int vmw_store_next(struct vmw_store *store, uint64_t after, uint64_t *number,
		   struct vmw_error *err);
/* Is there one of this uuid, of this label? */
int vmw_store_has_uuid(struct vmw_store *store, const uint8_t uuid[16],
		       bool *has, struct vmw_error *err);
int vmw_store_has_label(struct vmw_store *store, const char *label, bool *has,
			struct vmw_error *err);
/* To be destroyed. Of the model, the head only has no VMAs and threads. */
int vmw_store_load(struct vmw_store *store, uint64_t number,
		   struct vmw_snapshot **s, struct vmw_error *err);
int vmw_store_load_head(struct vmw_store *store, uint64_t number,
			struct vmw_snapshot **s, struct vmw_error *err);

#endif
