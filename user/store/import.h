/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Snapshots that come as text: what `export --json` wrote, and plain copies of
 * files of /proc/PID. Whatever they say is checked on the way into the model.
 */
#ifndef VMW_IMPORT_H
#define VMW_IMPORT_H

#include <stddef.h>

#include "error.h"
#include "model/snapshot.h"

/* All return 0 or a negative errno with @err filled; @s is to be destroyed. */

/* One line of `export --json`, of @len bytes and a NUL. */
int vmw_import_json(const char *line, size_t len, struct vmw_snapshot **s,
		    struct vmw_error *err);
/*
 * @path: a copy of maps or smaps, or a directory with one, and with stat and comm
 * if they are there as well.
 */
int vmw_import_proc(const char *path, struct vmw_snapshot **s,
		    struct vmw_error *err);

#endif
