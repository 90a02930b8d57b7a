/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run of spans, packed into bytes without its address, so that runs that are
 * alike are stored once; docs/collection-schema.md has the form. Pure.
 */
#ifndef VMW_RUNTIME_PACK_H
#define VMW_RUNTIME_PACK_H

#include "pack.h"
#include "runtime.h"

/* How many of @nr spans, which begin with the first, go into one run: 1 or more. */
size_t vmw_spans_run(const struct vmw_go_span *spans, size_t nr);
/* Appends; what comes before the first does not count. */
void vmw_pack_spans(struct vmw_pack *p, const struct vmw_go_span *spans, size_t nr);
/*
 * The next span; @end: where the one before it ended, or the run begins. False:
 * there is none, or what is there is no span; then something is left in @u.
 */
bool vmw_unpack_span(struct vmw_unpack *u, uint64_t *end, struct vmw_go_span *span);

#endif
