/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What glibc's malloc() keeps where, known by the form of its chunks: no symbol is
 * needed. For reading: malloc/malloc.c and malloc/arena.c of glibc.
 */
#ifndef VMW_MALLOC_H
#define VMW_MALLOC_H

#include "model/aspace.h"
#include "mem.h"
#include "model/runtime.h"

/*
 * Adds labels to @rt for what none of its labels has yet; they are sorted.
 * Returns 0 or -ENOMEM.
 */
int vmw_malloc_read(const struct vmw_aspace *as, struct vmw_mem *mem,
		    struct vmw_runtime *rt);

#endif
