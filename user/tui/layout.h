/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The lines of the live view: what the other views write, and which of them tells
 * of what. Pure: a reading in, text out.
 */
#ifndef VMW_WATCH_LAYOUT_H
#define VMW_WATCH_LAYOUT_H

#include "diff/diff.h"
#include "render/render.h"
#include "state.h"

/* What is shown. */
struct vmw_watch_subject {
	const struct vmw_aspace *as;
	const struct vmw_segments *segs;
	const struct vmw_diff *diff;	/* to it from the reading before; NULL: none */
	const char *page;	/* the way of a page, as `pte` has it; NULL: none */
};

struct vmw_watch_layout {
	char *text;		/* of the title and the rows, colours in it */
	const char *title;	/* stands above the rows; NULL: there is none */
	struct vmw_watch_row *row;
	size_t nr;
};

/* Returns 0 or -ENOMEM; @out needs no deinit then. */
int vmw_watch_lay_out(const struct vmw_watch_state *state,
		      const struct vmw_style *style,
		      const struct vmw_watch_subject *subject,
		      struct vmw_watch_layout *out);
void vmw_watch_layout_deinit(struct vmw_watch_layout *layout);

/* Of whom it is, and the sums: a line, escaped. */
void vmw_watch_head(const struct vmw_style *style,
		    const struct vmw_watch_subject *subject, char *buf,
		    size_t size);
void vmw_watch_sums(const struct vmw_style *style,
		    const struct vmw_watch_subject *subject, char *buf,
		    size_t size);
/* What the keys do here, or what is typed: the last line. */
void vmw_watch_hint(const struct vmw_watch_state *state, char *buf, size_t size);

#endif
