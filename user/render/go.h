/* SPDX-License-Identifier: GPL-2.0 */
/* Sums over what the Go runtime keeps, for its views. Private to them. */
#ifndef VMW_RENDER_GO_H
#define VMW_RENDER_GO_H

#include <sys/types.h>

#include "render.h"

/* Spans of one use and one size of elements. */
struct vmw_go_class {
	uint32_t state;		/* enum vmw_span_state */
	uint32_t noscan;
	uint64_t elem_size;	/* bytes, 0: none */
	uint64_t spans;		/* how many */
	uint64_t used, room;	/* elements */
	struct vmw_usage usage;
};

struct vmw_go_arena {
	uint64_t bytes[VMW_SPAN_STATES];	/* by the use of its spans */
	struct vmw_usage usage;
};

/* Sets *@classes to an array for free(); returns how many, or -ENOMEM. */
ssize_t vmw_go_classes(const struct vmw_aspace *as,
		       struct vmw_go_class **classes);
/* Sums up what is of the arena that @l labels. */
void vmw_go_arena(const struct vmw_aspace *as, const struct vmw_label *l,
		  struct vmw_go_arena *arena);
/* Goroutines that have not ended, or stacks of another kind. */
size_t vmw_go_count(const struct vmw_runtime *rt, enum vmw_g_kind kind);
/* "objects", "stacks", … */
const char *vmw_span_state_name(uint32_t state);
/* The same as the title of a column. */
const char *vmw_span_state_title(uint32_t state);
/* "goroutine", "g0", "gsignal", … */
const char *vmw_g_kind_name(uint32_t kind);
/* Of an enum vmw_label_kind: "malloc()'s heap, …"; "malloc-brk". */
const char *vmw_label_name(uint32_t kind);
const char *vmw_label_id(uint32_t kind);
/* What could not be told, as a line, if there is something. */
void vmw_render_note(FILE *out, const struct vmw_aspace *as);

#endif
