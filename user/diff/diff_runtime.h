/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What became of what a runtime keeps in an address space: goroutines and their
 * stacks, spans, arenas and malloc()'s heaps. Pure; two models in.
 */
#ifndef VMW_DIFF_RUNTIME_H
#define VMW_DIFF_RUNTIME_H

#include "model/aspace.h"

/* What happened to a goroutine or to a range; several at once. */
enum vmw_object_change {
	VMW_OBJECT_NEW		= 1U << 0,
	VMW_OBJECT_GONE		= 1U << 1,
	VMW_OBJECT_MOVED	= 1U << 2,	/* it, or its stack, begins elsewhere */
	VMW_OBJECT_GREW		= 1U << 3,
	VMW_OBJECT_SHRANK	= 1U << 4,
	VMW_OBJECT_FREED	= 1U << 5,	/* it lives, and has no stack now */
	VMW_OBJECT_GOT		= 1U << 6,	/* it had no stack before */
};

#define VMW_OBJECT_CHANGES	7

/* A goroutine, or a thread's own Go stack, that is not as it was. */
struct vmw_diff_g {
	const struct vmw_g *a, *b;	/* NULL: there is none */
	uint32_t changes;		/* enum vmw_object_change */
};

struct vmw_span_sums {
	uint64_t spans, bytes;
	uint64_t used;		/* objects in them, as of the last sweep at least */
};

/* Spans of one use, one size of elements, with or without pointers. */
struct vmw_diff_class {
	uint32_t state;		/* enum vmw_span_state */
	uint32_t noscan;
	uint64_t elem_size;	/* bytes; 0: none */
	struct vmw_span_sums before, after;
	/* Spans that are of this class now and were not, there; and the reverse. */
	struct vmw_span_sums taken, returned;
};

/* An arena, malloc()'s heap, … that is not as it was. */
struct vmw_diff_label {
	const struct vmw_label *a, *b;	/* NULL: there is none */
	uint32_t changes;
};

struct vmw_diff_runtime {
	bool known;		/* of both; else there is nothing here */
	size_t gs_before, gs_after;	/* goroutines that live */
	struct vmw_diff_g *gs;	/* goroutines by number, then threads' stacks */
	size_t nr_gs;
	struct vmw_diff_class *classes;	/* all, those that are as they were too */
	size_t nr_classes;
	struct vmw_diff_label *labels;	/* by address */
	size_t nr_labels;
};

/*
 * @normalize: addresses do not count: no stack has moved, what spans were taken and
 * returned is not told, nor of ranges anything. Returns 0 or -ENOMEM; @out needs no
 * deinit then.
 */
int vmw_diff_runtime_make(const struct vmw_runtime *a, const struct vmw_runtime *b,
			  bool normalize, struct vmw_diff_runtime *out);
void vmw_diff_runtime_deinit(struct vmw_diff_runtime *d);
/* Is it one that runs or may run again: not dead, and not a thread's own stack? */
bool vmw_g_lives(const struct vmw_g *g);

#endif
