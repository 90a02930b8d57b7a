// SPDX-License-Identifier: GPL-2.0
/* What a runtime says of an address space has to lie in it. */
#include "aspace.h"

#include <errno.h>

/* All of a range is below the end of user space, its start in a VMA. */
static bool is_sane(const struct vmw_aspace *as, uint64_t start, uint64_t end)
{
	return start < end && end <= as->mm.task_size &&
	       vmw_aspace_find_vma(as, start);
}

int vmw_aspace_add_g(struct vmw_aspace *as, const struct vmw_g *g)
{
	if (g->kind >= VMW_G_KINDS || g->source >= VMW_EVIDENCES || g->tid < 0 ||
	    ((g->lo || g->hi) && !is_sane(as, g->lo, g->hi)) ||
	    (g->sp && (g->sp < g->lo || g->sp >= g->hi)))
		return -EPROTO;
	return vmw_runtime_add_g(&as->runtime, g);
}

int vmw_aspace_add_span(struct vmw_aspace *as, const struct vmw_go_span *span)
{
	if (span->state >= VMW_SPAN_STATES ||
	    !is_sane(as, span->start, span->end) ||
	    span->elem_size > span->end - span->start)
		return -EPROTO;
	return vmw_runtime_add_span(&as->runtime, span);
}

int vmw_aspace_add_label(struct vmw_aspace *as, const struct vmw_label *l)
{
	if (l->kind >= VMW_LABEL_KINDS || l->source >= VMW_EVIDENCES ||
	    !is_sane(as, l->start, l->end))
		return -EPROTO;
	return vmw_runtime_add_label(&as->runtime, l);
}
