/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Segments: what a person calls the parts of an address space. Each VMA
 * belongs to exactly one segment, so the segments' totals are the address
 * space's.
 */
#ifndef VMW_CLASSIFY_H
#define VMW_CLASSIFY_H

#include "aspace.h"

enum vmw_segment_kind {
	VMW_SEG_TEXT,		/* of the executable */
	VMW_SEG_RODATA,
	VMW_SEG_DATA,
	VMW_SEG_BSS,
	VMW_SEG_HEAP,		/* brk */
	VMW_SEG_MALLOC_ARENA,	/* of a thread, one segment each */
	VMW_SEG_MALLOC_MMAPPED,	/* chunks with a mapping of their own */
	VMW_SEG_GO_ARENA,	/* Go's heap and the stacks of goroutines */
	VMW_SEG_GO_RUNTIME,	/* what the Go runtime keeps of itself */
	VMW_SEG_STACK,		/* of the main thread */
	VMW_SEG_THREAD_STACK,
	VMW_SEG_LIBRARY,	/* one segment per shared object */
	VMW_SEG_FILE,		/* one segment per other file */
	VMW_SEG_SHM,		/* memfd, SysV, shared anonymous, tmpfs */
	VMW_SEG_ANON,
	VMW_SEG_VVAR,
	VMW_SEG_VDSO,
	VMW_SEG_VSYSCALL,
	VMW_SEG_KINDS
};

struct vmw_segment {
	enum vmw_segment_kind kind;
	const char *name;	/* file, "[heap]", …; NULL: the kind says it all */
	pid_t tid;		/* thread stacks: whose, 0 if not known */
	/* Lowest and highest address; not all between need belong to it. */
	uint64_t start, end;
	size_t nr_vmas;
	struct vmw_usage usage;
};

struct vmw_segments {
	struct vmw_segment *seg;	/* by kind, then address */
	size_t nr;
	struct vmwalk_tables *tables_of;	/* for each of seg; NULL: not asked for */
	uint32_t *of_vma;		/* index into seg for each VMA */
	struct vmw_usage total;
	struct vmwalk_tables tables;	/* in total */
};

/* Returns 0 or -ENOMEM. The result points into @as. */
int vmw_classify(const struct vmw_aspace *as, struct vmw_segments *out);
void vmw_segments_deinit(struct vmw_segments *s);

/* Of @seg, one of @s; all 0 if they were not asked for. */
const struct vmwalk_tables *vmw_segment_tables(const struct vmw_segments *s,
					       const struct vmw_segment *seg);

/* "text", "rodata", … */
const char *vmw_segment_kind_name(enum vmw_segment_kind kind);

#endif
