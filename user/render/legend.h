/* SPDX-License-Identifier: GPL-2.0 */
/* Legends of the views. Private to them. */
#ifndef VMW_LEGEND_H
#define VMW_LEGEND_H

#include "render.h"

struct vmw_legend {
	FILE *out;
	const struct vmw_style *style;
	unsigned int column;	/* how far the line has got */
};

/* @sign: of one column; @meaning: ASCII. */
void vmw_legend_key(struct vmw_legend *l, const char *sign, const char *meaning);

#endif
