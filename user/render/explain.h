/* SPDX-License-Identifier: GPL-2.0 */
/* Views of the table of explanations; they return 0 or a negative errno. */
#ifndef VMW_RENDER_EXPLAIN_H
#define VMW_RENDER_EXPLAIN_H

#include "model/explain.h"
#include "render.h"

/* All that @reader prints on such a kernel. */
int vmw_render_explain_reader(FILE *out, const struct vmw_style *style,
			      const struct vmw_kernel *kernel,
			      const char *reader);
/* What is called @word by any reader. -ENOENT: nothing is. */
int vmw_render_explain_word(FILE *out, const struct vmw_style *style,
			    const struct vmw_kernel *kernel, const char *word);
/* All words, and which readers print them. */
int vmw_render_explain_list(FILE *out);

#endif
