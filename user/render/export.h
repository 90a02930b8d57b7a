/* SPDX-License-Identifier: GPL-2.0 */
/* A snapshot for other programs. All return 0 or a negative errno. */
#ifndef VMW_RENDER_EXPORT_H
#define VMW_RENDER_EXPORT_H

#include <stdio.h>

#include "model/snapshot.h"

/* All there is of it, in one line: what `import` takes. */
int vmw_export_json(FILE *out, const struct vmw_snapshot *s);
/* A line for each VMA, as RFC 4180 has it; @heading: a first one of titles. */
int vmw_export_csv(FILE *out, const struct vmw_snapshot *s, bool heading);
/* Gauges, a sample for all segments of one kind and name. A whole exposition. */
int vmw_export_openmetrics(FILE *out, const struct vmw_snapshot *s);

#endif
