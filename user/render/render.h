/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Views: pure functions of the model. Each prints one view to a stream and
 * returns 0 or a negative errno; whether the stream took it all is for the
 * caller to ask (ferror()). They link without libnl, libkmod and the rest of
 * what fetches a model.
 */
#ifndef VMW_RENDER_H
#define VMW_RENDER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "aspace.h"
#include "classify.h"
#include "genl.h"

enum vmw_unit {
	VMW_UNIT_KIB,
	VMW_UNIT_HUMAN,
	VMW_UNIT_BYTES,
	VMW_UNIT_PAGES,
};

/* How to print. */
struct vmw_style {
	enum vmw_unit unit;
	bool color;
	bool utf8;		/* else plain ASCII */
	bool all;		/* show: do not fold segments of a kind */
	unsigned int width;	/* columns to keep to, 0: no limit */
};

/* What to print. */
struct vmw_view {
	const struct vmw_aspace *as;
	const struct vmw_segments *segs;	/* show, map, where */
	const struct vmw_info *info;
};

/* The page level of vmw_render_where(). */
struct vmw_where {
	uint64_t addr;
	/*
	 * Extents of the page's VMA, walked after the VMAs of the view; NULL
	 * or without that VMA: the page is not known.
	 */
	const struct vmw_aspace *page;
};

int vmw_render_show(FILE *out, const struct vmw_style *st,
		    const struct vmw_view *v);
int vmw_render_maps(FILE *out, const struct vmw_style *st,
		    const struct vmw_view *v);
int vmw_render_map(FILE *out, const struct vmw_style *st,
		   const struct vmw_view *v);
int vmw_render_extents(FILE *out, const struct vmw_style *st,
		       const struct vmw_view *v);
int vmw_render_where(FILE *out, const struct vmw_style *st,
		     const struct vmw_view *v, const struct vmw_where *w,
		     size_t nr);

/* The same as JSON: docs/json-schema/. */
int vmw_json_show(FILE *out, const struct vmw_view *v);
int vmw_json_maps(FILE *out, const struct vmw_view *v);
int vmw_json_map(FILE *out, const struct vmw_view *v);
int vmw_json_extents(FILE *out, const struct vmw_view *v);
int vmw_json_where(FILE *out, const struct vmw_view *v,
		   const struct vmw_where *w, size_t nr);

#endif
