// SPDX-License-Identifier: GPL-2.0
/* Sums over what the Go runtime keeps, for its views. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "go.h"

const char *vmw_span_state_name(uint32_t state)
{
	static const char *const names[VMW_SPAN_STATES] = {
		[VMW_SPAN_HEAP] = "objects",
		[VMW_SPAN_STACK] = "stacks",
		[VMW_SPAN_MANUAL] = "work buffers",
		[VMW_SPAN_FREE] = "free",
		[VMW_SPAN_SCAVENGED] = "scavenged",
		[VMW_SPAN_RESERVED] = "reserved",
		[VMW_SPAN_UNKNOWN] = "unknown",
	};

	return state < VMW_SPAN_STATES ? names[state] : "unknown";
}

const char *vmw_span_state_title(uint32_t state)
{
	static const char *const titles[VMW_SPAN_STATES] = {
		[VMW_SPAN_HEAP] = "OBJECTS",
		[VMW_SPAN_STACK] = "STACKS",
		[VMW_SPAN_MANUAL] = "BUFFERS",
		[VMW_SPAN_FREE] = "FREE",
		[VMW_SPAN_SCAVENGED] = "SCAVENGED",
		[VMW_SPAN_RESERVED] = "UNUSED",
		[VMW_SPAN_UNKNOWN] = "UNKNOWN",
	};

	return titles[state];
}

const char *vmw_g_kind_name(uint32_t kind)
{
	static const char *const names[VMW_G_KINDS] = {
		[VMW_G_USER] = "goroutine",
		[VMW_G_G0] = "g0",
		[VMW_G_GSIGNAL] = "gsignal",
		[VMW_G_CURRENT] = "current",
	};

	return names[kind];
}

size_t vmw_go_count(const struct vmw_runtime *rt, enum vmw_g_kind kind)
{
	size_t nr = 0;

	for (size_t i = 0; i < rt->nr_gs; i++)
		nr += rt->gs[i].kind == kind &&
		      !(kind == VMW_G_USER && !rt->gs[i].id);
	return nr;
}

static int compare_spans(const void *a, const void *b)
{
	const struct vmw_go_span *x = a, *y = b;

	if (x->state != y->state)
		return x->state < y->state ? -1 : 1;
	if (x->elem_size != y->elem_size)
		return x->elem_size < y->elem_size ? -1 : 1;
	return (x->noscan > y->noscan) - (x->noscan < y->noscan);
}

static void add_span(const struct vmw_aspace *as, struct vmw_go_class *c,
		     const struct vmw_go_span *s)
{
	struct vmw_usage u;

	c->state = s->state;
	c->noscan = s->noscan;
	c->elem_size = s->elem_size;
	c->spans++;
	c->used += s->nr_used;
	c->room += s->nr_elems;
	vmw_aspace_usage(as, s->start, s->end, &u);
	vmw_usage_add(&c->usage, &u);
}

ssize_t vmw_go_classes(const struct vmw_aspace *as,
		       struct vmw_go_class **classes)
{
	const size_t nr = as->runtime.nr_spans;
	struct vmw_go_span *spans = calloc(nr + 1, sizeof(*spans));
	struct vmw_go_class *c = calloc(nr + 1, sizeof(*c));
	ssize_t last = -1;

	if (!spans || !c) {
		free(spans);
		free(c);
		return -ENOMEM;
	}
	if (nr) {
		memcpy(spans, as->runtime.spans, nr * sizeof(*spans));
		qsort(spans, nr, sizeof(*spans), compare_spans);
	}
	for (size_t i = 0; i < nr; i++) {
		if (!i || compare_spans(&spans[i - 1], &spans[i]))
			last++;
		add_span(as, &c[last], &spans[i]);
	}
	free(spans);
	*classes = c;
	return last + 1;
}

void vmw_go_arena(const struct vmw_aspace *as, const struct vmw_label *l,
		  struct vmw_go_arena *arena)
{
	const struct vmw_runtime *rt = &as->runtime;
	const struct vmw_go_span *s;

	*arena = (struct vmw_go_arena){ 0 };
	vmw_aspace_usage(as, l->start, l->end, &arena->usage);
	for (s = vmw_runtime_span_from(rt, l->start);
	     s && s < rt->spans + rt->nr_spans && s->start < l->end; s++) {
		uint64_t a = s->start > l->start ? s->start : l->start;
		uint64_t z = s->end < l->end ? s->end : l->end;

		if (a < z)
			arena->bytes[s->state] += z - a;
	}
}

void vmw_render_note(FILE *out, const struct vmw_aspace *as)
{
	char note[4 * sizeof(as->runtime.note)];

	vmw_escape_name(as->runtime.note, note, sizeof(note));
	if (*note)
		fprintf(out, "not known: %s\n", note);
}
