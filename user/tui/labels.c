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
	return l->start_code == as->mm.start_code &&
	       l->start_stack == as->mm.start_stack;
}

static void keep(struct vmw_labels *l, const struct vmw_runtime *rt,
		 uint64_t began)
{
	const uint64_t end = now();

	vmw_runtime_deinit(&l->rt);
	vmw_runtime_copy(&l->rt, rt);
	l->answered = true;
	l->due = end + REST * (end - began);
}

static void stop_asking(struct vmw_labels *l)
{
	vmw_annotate_cancel(l->asking);
	l->asking = NULL;
	vmw_aspace_deinit(&l->asked);
	l->asked = (struct vmw_aspace){ 0 };
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

/* What an answer is checked against. */
static int copy_vmas(struct vmw_aspace *to, const struct vmw_aspace *from)
{
	int ret = 0;

	vmw_aspace_init(to, from->page_shift);
	to->mm = from->mm;
	for (size_t i = 0; !ret && i < from->nr_vmas; i++)
		ret = vmw_aspace_add_vma(to, &from->vmas[i].info, NULL);
	return ret;
}

static void begin_asking(struct vmw_labels *l, const struct vmw_aspace *as)
{
	const struct vmw_annotate_request req = { .runtime = true };
	struct vmw_error err;

	l->began = now();
	if (copy_vmas(&l->asked, as) ||
	    vmw_annotate_begin(as, &req, &l->asking, &err)) {
		stop_asking(l);
		l->due = l->began + NS_PER_S;
	}
}

/* Of a snapshot: that takes no time. */
static void ask_saved(struct vmw_labels *l, struct vmw_source *src,
		      struct vmw_aspace *as)
{
	const struct vmw_annotate_request req = { .runtime = true };
	const uint64_t began = now();
	struct vmw_error err;

	vmw_source_annotate(src, as, &req, &err);
	keep(l, &as->runtime, began);
}

static void forget(struct vmw_labels *l, const struct vmw_aspace *as)
{
	stop_asking(l);
	vmw_runtime_deinit(&l->rt);
	l->answered = false;
	l->due = 0;
	l->start_code = as->mm.start_code;
	l->start_stack = as->mm.start_stack;
}

void vmw_labels_fill(struct vmw_labels *l, struct vmw_source *src,
		     struct vmw_aspace *as)
{
	if (!is_of(l, as))
		forget(l, as);
	if (vmw_source_snapshot(src) && now() >= l->due) {
		ask_saved(l, src, as);
	} else {
		if (!l->asking && now() >= l->due)
			begin_asking(l, as);
		carry_over(l, as);
	}
	as->runtime.known = false;
}

int vmw_labels_fd(const struct vmw_labels *l)
{
	return l->asking ? vmw_annotate_fd(l->asking) : -1;
}

bool vmw_labels_take(struct vmw_labels *l)
{
	const bool first = !l->answered;
	struct vmw_annotation *asking = l->asking;
	struct vmw_error err;

	l->asking = NULL;
	vmw_annotate_end(asking, &l->asked, &err);
	keep(l, &l->asked.runtime, l->began);
	stop_asking(l);
	return first;
}

void vmw_labels_deinit(struct vmw_labels *l)
{
	stop_asking(l);
	vmw_runtime_deinit(&l->rt);
}
