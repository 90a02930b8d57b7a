/* SPDX-License-Identifier: GPL-2.0 */
/* Views of the table of explanations; they return 0 or a negative errno. */
#ifndef VMW_RENDER_EXPLAIN_H
#define VMW_RENDER_EXPLAIN_H

#include "../explain.h"
#include "render.h"

/*
 * The topics that @wanted accepts, with @name: vmw_topic_is_of() a reader, or
 * vmw_topic_is_called() so.
 */
int vmw_render_explain(FILE *out, const struct vmw_style *style,
		       const struct vmw_kernel *kernel,
		       bool (*wanted)(const struct vmw_topic *t,
				      const char *name),
		       const char *name);
/* All names, and which readers print them. */
int vmw_render_explain_list(FILE *out);

#endif
