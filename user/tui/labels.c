// SPDX-License-Identifier: GPL-2.0
#include "labels.h"

#include <string.h>
#include <time.h>

#define NS_PER_S	1000000000ULL
#define REST		20	/* times what asking took, until it is asked again */

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static bool is_of(const struct vmw_labels *l, const struct vmw_aspace *as)
{
	return l->due && l->start_code == as->mm.start_code &&
	       l->start_stack == as->mm.start_stack;
}

/* The last answer, but for what cannot be true any more. */
static void carry_over(const struct vmw_labels *l, struct vmw_aspace *as)
{
	const struct vmw_runtime *rt = &l->rt;

	memcpy(as->runtime.version, rt->version, sizeof(rt->version));
	memcpy(as->runtime.note, rt->note, sizeof(rt->note));
	as->runtime.source = rt->source;
	for (size_t i = 0; i < rt->nr_gs; i++)
		vmw_aspace_add_g(as, &rt->gs[i]);
	for (size_t i = 0; i < rt->nr_spans; i++)
		vmw_aspace_add_span(as, &rt->spans[i]);
	for (size_t i = 0; i < rt->nr_labels; i++)
		vmw_aspace_add_label(as, &rt->labels[i]);
	vmw_runtime_finish(&as->runtime);
}

static void ask(struct vmw_labels *l, struct vmw_source *src,
		struct vmw_aspace *as)
{
	const struct vmw_annotate_request req = { .runtime = true };
	const uint64_t start = now();
	struct vmw_error err;
	uint64_t end;

	vmw_source_annotate(src, as, &req, &err);
	end = now();
	vmw_runtime_deinit(&l->rt);
	l->rt = (struct vmw_runtime){ 0 };
	vmw_runtime_copy(&l->rt, &as->runtime);
	l->start_code = as->mm.start_code;
	l->start_stack = as->mm.start_stack;
	l->due = end + REST * (end - start);
}

void vmw_labels_fill(struct vmw_labels *l, struct vmw_source *src,
		     struct vmw_aspace *as)
{
	if (is_of(l, as) && now() < l->due)
		carry_over(l, as);
	else
		ask(l, src, as);
	as->runtime.known = false;
}

void vmw_labels_deinit(struct vmw_labels *l)
{
	vmw_runtime_deinit(&l->rt);
}
