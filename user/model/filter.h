/* SPDX-License-Identifier: GPL-2.0 */
/* Which VMAs a view is to tell of: by what they are, where, or what they permit. */
#ifndef VMW_FILTER_H
#define VMW_FILTER_H

#include "classify.h"
#include "error.h"

#define VMW_FILTER_TERMS	8
#define VMW_FILTER_TEXT		128	/* bytes of a term, with the NUL */

enum vmw_filter_what {
	VMW_FILTER_WORD,	/* in the kind's name or in the VMA's, in any case */
	VMW_FILTER_KIND,	/* the kind's name */
	VMW_FILTER_NAME,	/* fnmatch(3) of the VMA's name, or of its last part */
	VMW_FILTER_RANGE,
	VMW_FILTER_PERM,	/* "rw-p" with '?' for any, or letters to be set */
};

struct vmw_filter_term {
	enum vmw_filter_what what;
	char text[VMW_FILTER_TEXT];
	uint64_t start, last;	/* of a range: addresses */
};

/* A VMA passes that meets all terms; without any, each does. */
struct vmw_filter {
	struct vmw_filter_term term[VMW_FILTER_TERMS];
	size_t nr;
};

/*
 * @text: terms with commas between: kind=NAME, name=PATTERN, addr=ADDR or
 * addr=START-END, perm=LETTERS, or a word. Returns 0 or -EINVAL with @err filled.
 */
int vmw_filter_parse(const char *text, struct vmw_filter *f,
		     struct vmw_error *err);
/* @seg: the segment that @vma is of. */
bool vmw_filter_passes(const struct vmw_filter *f, const struct vmw_vma *vma,
		       const struct vmw_segment *seg);

#endif
