/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the memory of a process says of itself: goroutines, spans, malloc's
 * heaps, symbols. The files and the memory that are read for that may be hostile:
 * it is done by a child that may use little memory and time, and has no file but
 * a pipe to tell by; what comes over it is checked.
 */
#ifndef VMW_ANNOTATE_H
#define VMW_ANNOTATE_H

#include "model/snapshot.h"
#include "error.h"

struct vmw_annotate_request {
	bool runtime;		/* Go and malloc, else symbols alone */
	bool all_frames;	/* of all goroutines, not only where .addrs are */
	const uint64_t *addrs;	/* whose symbols are wanted, and place in a frame */
	size_t nr_addrs;
	char *const *names;	/* symbols whose addresses are wanted */
	size_t nr_names;
	/*
	 * Of a snapshot, its images: symbols alone are looked for, in the files by
	 * the names of their VMAs, if they still are those. NULL: a process.
	 */
	const struct vmw_image *images;
	size_t nr_images;
	const struct vmw_runtime *saved;	/* what the snapshot holds */
};

/*
 * Fills @as->runtime. What the target keeps to itself is no failure: the note says
 * what is missing. Symbols come in the order they were asked for, those of
 * addresses first; one that was not found has no name. Returns 0, or a negative
 * errno with @err filled.
 */
int vmw_annotate(struct vmw_aspace *as, const struct vmw_annotate_request *req,
		 struct vmw_error *err);

/*
 * The same in two steps, for who has other things to do meanwhile. @as and @req have
 * to stay as they are for the first alone.
 */
struct vmw_annotation;
int vmw_annotate_begin(const struct vmw_aspace *as,
		       const struct vmw_annotate_request *req,
		       struct vmw_annotation **a, struct vmw_error *err);
/* Can be read when there is an answer: until then vmw_annotate_end() waits. */
int vmw_annotate_fd(const struct vmw_annotation *a);
/* Takes the answer into @as, which has the VMAs that it was asked for. Frees @a. */
int vmw_annotate_end(struct vmw_annotation *a, struct vmw_aspace *as,
		     struct vmw_error *err);
/* Nobody wants to know any more. NULL is fine. */
void vmw_annotate_cancel(struct vmw_annotation *a);

/* Shared with annotate_child.c, which the child runs. */

/* What goes before the arrays of a struct vmw_runtime over the pipe. */
struct vmw_annotate_header {
	char version[VMW_NAME_MAX];
	char note[sizeof(((struct vmw_runtime *)0)->note)];
	uint32_t source, torn, unread;
	uint32_t nr_gs, nr_spans, nr_labels, nr_symbols, nr_slots;
};

/* Fills @rt. Returns 0 or a negative errno. */
int vmw_annotate_read(const struct vmw_aspace *as,
		      const struct vmw_annotate_request *req,
		      struct vmw_runtime *rt);

#endif
