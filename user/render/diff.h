/* SPDX-License-Identifier: GPL-2.0 */
/* What became of an address space, for people and for programs. */
#ifndef VMW_RENDER_DIFF_H
#define VMW_RENDER_DIFF_H

#include "diff/diff.h"
#include "render.h"

struct vmw_json;

struct vmw_diff_view {
	const struct vmw_diff *diff;
	const struct vmw_segments *sa, *sb;	/* of its first and second */
	const char *names[2];	/* what they are called: "1234", "quiz.vmwalk@1" */
	bool normalized;
};

/* With @extents, every run of pages besides. */
int vmw_render_diff(FILE *out, const struct vmw_style *style,
		    const struct vmw_diff_view *v, bool extents);
/* A row for each VMA that changed, and for each run of pages that did. */
int vmw_csv_diff_extents(FILE *out, const struct vmw_style *style,
			 const struct vmw_diff_view *v);
/* To scale: what came in one colour, what went in another. */
int vmw_render_diff_map(FILE *out, const struct vmw_style *style,
			const struct vmw_diff_view *v);
int vmw_json_diff(FILE *out, const struct vmw_diff_view *v, bool extents);

/* What Go and malloc() keep: tables of what changed, and a member of the JSON. */
int vmw_render_diff_runtime(FILE *out, const struct vmw_style *style,
			    const struct vmw_diff *d);
/* One of those, "stacks", "spans" or "labels", as comma-separated values; -EINVAL. */
int vmw_csv_diff_runtime(FILE *out, const struct vmw_style *style,
			 const struct vmw_diff *d, const char *table);
bool vmw_is_diff_table(const char *name);
void vmw_json_diff_runtime(struct vmw_json *j, const struct vmw_diff *d);

/* "first: quiz.vmwalk@1, pid 90 (quiz)", and the second. */
void vmw_diff_heading(FILE *out, const struct vmw_diff_view *v);
/* Both stamps. */
int vmw_diff_stamps(FILE *out, const struct vmw_diff_view *v);
/* "new", "permission": the name of the bit; NULL: no more. */
const char *vmw_vma_change_name(unsigned int bit);
#define VMW_VMA_CHANGES_TEXT	96
/* "moved, grew": all of them, of VMAs or segments; returns @text. */
const char *vmw_vma_changes(uint32_t changes, char text[VMW_VMA_CHANGES_TEXT]);
const char *vmw_page_change_name(enum vmw_page_change change);
/* The segment that @s is; of the second, or of the first if it is gone. */
const struct vmw_segment *vmw_diff_segment_of(const struct vmw_diff_view *v,
					      const struct vmw_diff_segment *s);

#endif
