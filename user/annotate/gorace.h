/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the race detector (go build -race) maps: known by where it is, beside arenas
 * that are known, and by how it is mapped. Nothing of its memory is read.
 */
#ifndef VMW_GORACE_H
#define VMW_GORACE_H

#include "model/aspace.h"
#include "model/runtime.h"

/*
 * Add labels to @rt, whose labels are sorted, and do nothing for a program without
 * the detector. Return 0 or -ENOMEM. Shadows first, which sorts again; the rest when
 * malloc() has its labels: what it maps looks alike, and is left.
 */
int vmw_gorace_read_shadow(const struct vmw_aspace *as, struct vmw_runtime *rt);
int vmw_gorace_read_rest(const struct vmw_aspace *as, struct vmw_runtime *rt);

#endif
