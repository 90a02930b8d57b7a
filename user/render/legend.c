// SPDX-License-Identifier: GPL-2.0
/* What signs and colours mean: items of a line that is broken where it is full. */
#include <string.h>

#include "cells.h"
#include "legend.h"

void vmw_legend_key(struct vmw_legend *l, const char *sign, const char *meaning)
{
	const unsigned int columns = strlen(meaning) + 2;

	if (l->column && l->column + 2 + columns > l->style->width) {
		fputc('\n', l->out);
		l->column = 0;
	}
	fprintf(l->out, "%s%s %s", l->column ? "  " : "", sign, meaning);
	l->column += columns + (l->column ? 2 : 0);
}

/* Segments are sorted by kind. */
void vmw_render_legend(FILE *out, const struct vmw_style *style,
		       const struct vmw_segments *segs)
{
	struct vmw_legend l = { .out = out, .style = style };

	if (!style->color || !segs->nr)
		return;
	for (size_t i = 0; i < segs->nr; i++) {
		const enum vmw_segment_kind kind = segs->seg[i].kind;

		if (i && kind == segs->seg[i - 1].kind)
			continue;
		fprintf(out, "\033[%sm", vmw_segment_color(kind));
		vmw_legend_key(&l, vmw_glyph(VMW_GLYPH_FULL, style->utf8),
			       vmw_segment_kind_name(kind));
		fputs("\033[0m", out);
	}
	fputc('\n', out);
}
