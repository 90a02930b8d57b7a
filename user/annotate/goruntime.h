/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the Go runtime of a process keeps account of: goroutines and their stacks,
 * spans, arenas, and its own memory. It is read while the process runs, so what
 * does not fit together is read again; and nothing in it is trusted.
 */
#ifndef VMW_GORUNTIME_H
#define VMW_GORUNTIME_H

#include <stdbool.h>

#include "model/aspace.h"
#include "golayout.h"
#include "mem.h"
#include "model/runtime.h"

struct vmw_gopclntab;

struct vmw_goruntime {
	const struct vmw_aspace *as;	/* VMAs and threads */
	const struct vmw_golayout *layout;
	uint64_t bias;			/* what addresses as linked are off by */
	struct vmw_mem *mem;
	struct vmw_runtime *rt;		/* filled */
	/* Fills @name with the function at @pc, as it is in memory; may be NULL. */
	void (*name_function)(void *names, uint64_t pc, char name[VMW_NAME_MAX]);
	void *names;
	const struct vmw_gopclntab *table;	/* NULL: there is none */
	size_t last_arena;		/* private to goruntime_heap.c: its label */
};

/*
 * Adds what it finds to .rt, which the caller finishes. Returns 0, -ENOMEM, or
 * another negative errno if the runtime's memory makes no sense: .rt has its note
 * then, and whatever was found until then.
 */
int vmw_goruntime_read(struct vmw_goruntime *go);

/*
 * In goframes.c: the frames of the goroutines that were read, or with @addrs of those
 * whose stacks hold one of these. It needs .table. Returns 0 or -ENOMEM.
 */
int vmw_go_read_frames(struct vmw_goruntime *go, const uint64_t *addrs, size_t nr);

/*
 * What is left without a layout, or without the threads as the runtime has them:
 * the stack that each thread's fs_base leads to, if it is not known by now.
 */
int vmw_goruntime_read_tls(struct vmw_goruntime *go);

/* Shared by goruntime.c, goruntime_heap.c and goframes.c. */

#define VMW_G_STATUS_MASK	0xfff	/* without _Gscan */

/* Is all of [@start, @end) mapped, and is there anything of it? */
bool vmw_go_is_mapped(const struct vmw_goruntime *go, uint64_t start,
		      uint64_t end);
/* A member of the struct at @addr, of at most 8 bytes. */
int vmw_go_field(const struct vmw_goruntime *go, uint64_t addr,
		 enum vmw_go_field field, uint64_t *value);
/* The slice at @addr: its elements' address and their number. */
int vmw_go_slice(const struct vmw_goruntime *go, uint64_t addr, uint64_t *array,
		 uint64_t *len);
/* The address of a variable, 0 if it is not known. */
uint64_t vmw_go_var(const struct vmw_goruntime *go, enum vmw_go_var var);

/* goruntime_heap.c: spans, arenas and the runtime's own memory. */
int vmw_go_read_heap(struct vmw_goruntime *go);

#endif
