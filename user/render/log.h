/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The snapshots of a collection, one after the other: what `log` tells. Errors
 * stick: check once, at the end.
 */
#ifndef VMW_RENDER_LOG_H
#define VMW_RENDER_LOG_H

#include "model/snapshot.h"
#include "render.h"

struct vmw_log;

/* NULL: no memory. */
struct vmw_log *vmw_log_create(FILE *out, const struct vmw_style *style,
			       bool json);
void vmw_log_add(struct vmw_log *log, const struct vmw_snapshot *head);
/* Prints what is not printed yet, and frees; 0 or a negative errno. */
int vmw_log_destroy(struct vmw_log *log);

/* "2026-11-23 09:15:02.123", of this machine's time zone. */
void vmw_time_text(int64_t time, char buf[32]);

#endif
