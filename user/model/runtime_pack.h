/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run of spans, or the frames of a stack, packed into bytes without its address, so
 * that what is alike is stored once; docs/collection-schema.md has the form. Pure.
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

/* Appends; @sp is where the first frame begins. */
void vmw_pack_frames(struct vmw_pack *p, uint64_t sp,
		     const struct vmw_call *frames, size_t nr);
/* The next frame; @start: where it begins. As vmw_unpack_span(). */
bool vmw_unpack_call(struct vmw_unpack *u, uint64_t *start,
		     struct vmw_call *frame);

#endif
