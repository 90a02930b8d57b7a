// SPDX-License-Identifier: GPL-2.0
#include "diff_runtime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool vmw_g_lives(const struct vmw_g *g)
{
	return g->kind == VMW_G_USER && g->id && g->status != VMW_G_DEAD &&
	       g->status != VMW_G_DEADEXTRA;
}

/* Goroutines have numbers that none has after them; other stacks, an owner. */
static int compare_gs(const void *a, const void *b)
{
	const struct vmw_g *x = *(const struct vmw_g *const *)a;
	const struct vmw_g *y = *(const struct vmw_g *const *)b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->kind == VMW_G_USER)
		return (x->id > y->id) - (x->id < y->id);
	if (x->tid != y->tid)
		return x->tid < y->tid ? -1 : 1;
	return (x->addr > y->addr) - (x->addr < y->addr);
}

/* Those that count, sorted. NULL for want of memory. */
static const struct vmw_g **sort_gs(const struct vmw_runtime *rt, bool normalize,
				    size_t *nr)
{
	const struct vmw_g **gs = calloc(rt->nr_gs + 1, sizeof(*gs));

	*nr = 0;
	for (size_t i = 0; gs && i < rt->nr_gs; i++)
		if (vmw_g_lives(&rt->gs[i]) ||
		    (rt->gs[i].kind != VMW_G_USER && !normalize))
			gs[(*nr)++] = &rt->gs[i];
	if (gs && *nr)
		qsort(gs, *nr, sizeof(*gs), compare_gs);
	return gs;
}

static uint32_t stack_changes(const struct vmw_g *a, const struct vmw_g *b,
			      bool normalize)
{
	const uint64_t before = a->hi - a->lo, after = b->hi - b->lo;
	uint32_t changes = 0;

	if (!before || !after)
		return before ? VMW_OBJECT_FREED : after ? VMW_OBJECT_GOT : 0;
	if (a->lo != b->lo && !normalize)
		changes |= VMW_OBJECT_MOVED;
	if (after != before)
		changes |= after > before ? VMW_OBJECT_GREW : VMW_OBJECT_SHRANK;
	return changes;
}

static void add_g(struct vmw_diff_runtime *d, const struct vmw_g *a,
		  const struct vmw_g *b, uint32_t changes)
{
	if (changes)
		d->gs[d->nr_gs++] = (struct vmw_diff_g){ a, b, changes };
}

static void merge_gs(struct vmw_diff_runtime *d, const struct vmw_g **a, size_t nr_a,
		     const struct vmw_g **b, size_t nr_b, bool normalize)
{
	size_t i = 0, j = 0;

	while (i < nr_a || j < nr_b) {
		const int order = i == nr_a ? 1 : j == nr_b ? -1 :
				  compare_gs(&a[i], &b[j]);

		if (order < 0) {
			add_g(d, a[i++], NULL, VMW_OBJECT_GONE);
		} else if (order > 0) {
			add_g(d, NULL, b[j++], VMW_OBJECT_NEW);
		} else {
			add_g(d, a[i], b[j], stack_changes(a[i], b[j],
							   normalize));
			i++;
			j++;
		}
	}
}

static int diff_gs(struct vmw_diff_runtime *d, const struct vmw_runtime *a,
		   const struct vmw_runtime *b, bool normalize)
{
	size_t nr_a, nr_b;
	const struct vmw_g **x = sort_gs(a, normalize, &nr_a);
	const struct vmw_g **y = sort_gs(b, normalize, &nr_b);
	int ret = -ENOMEM;

	d->gs = calloc(nr_a + nr_b + 1, sizeof(*d->gs));
	if (x && y && d->gs) {
		merge_gs(d, x, nr_a, y, nr_b, normalize);
		ret = 0;
	}
	for (size_t i = 0; i < a->nr_gs; i++)
		d->gs_before += vmw_g_lives(&a->gs[i]);
	for (size_t i = 0; i < b->nr_gs; i++)
		d->gs_after += vmw_g_lives(&b->gs[i]);
	free(x);
	free(y);
	return ret;
}

/* A span, and how it counts for its class. */
struct counted {
	const struct vmw_go_span *span;
	bool before;		/* it is the first's */
	bool alone;
};

static int compare_classes(const struct vmw_go_span *x, const struct vmw_go_span *y)
{
	if (x->state != y->state)
		return x->state < y->state ? -1 : 1;
	if (x->elem_size != y->elem_size)
		return x->elem_size < y->elem_size ? -1 : 1;
	return !!x->noscan - !!y->noscan;
}

static int compare_counted(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;

	return compare_classes(x->span, y->span);
}

static bool same_span(const struct vmw_go_span *a, const struct vmw_go_span *b)
{
	return a->start == b->start && a->end == b->end &&
	       !compare_classes(a, b);
}

/* Both are by address: a span that is in both, of one class, was there all along. */
static size_t count_spans(const struct vmw_runtime *a, const struct vmw_runtime *b,
			  struct counted *c)
{
	const struct vmw_go_span *s = a->spans, *t = b->spans;
	const struct vmw_go_span *s_end = s + a->nr_spans;
	const struct vmw_go_span *t_end = t + b->nr_spans;
	size_t nr = 0;

	while (s < s_end || t < t_end) {
		const bool x = s < s_end && (t == t_end || s->start <= t->start);
		const bool y = t < t_end && (s == s_end || t->start <= s->start);
		const bool same = x && y && same_span(s, t);

		if (x)
			c[nr++] = (struct counted){ s++, true, !same };
		if (y)
			c[nr++] = (struct counted){ t++, false, !same };
	}
	return nr;
}

static void add_span(struct vmw_span_sums *sums, const struct vmw_go_span *s)
{
	sums->spans++;
	sums->bytes += s->end - s->start;
	sums->used += s->nr_used;
}

static void add_counted(struct vmw_diff_class *class, const struct counted *c)
{
	class->state = c->span->state;
	class->noscan = !!c->span->noscan;
	class->elem_size = c->span->elem_size;
	add_span(c->before ? &class->before : &class->after, c->span);
	if (c->alone)
		add_span(c->before ? &class->returned : &class->taken, c->span);
}

static int diff_spans(struct vmw_diff_runtime *d, const struct vmw_runtime *a,
		      const struct vmw_runtime *b, bool normalize)
{
	const size_t room = a->nr_spans + b->nr_spans + 1;
	struct counted *c = calloc(room, sizeof(*c));
	size_t nr, last = 0;

	if (!c)
		return -ENOMEM;
	nr = count_spans(a, b, c);
	if (nr)
		qsort(c, nr, sizeof(*c), compare_counted);
	for (size_t i = 0; i < nr; i++)
		d->nr_classes += !i || compare_counted(&c[i - 1], &c[i]);
	d->classes = calloc(d->nr_classes + 1, sizeof(*d->classes));
	for (size_t i = 0; d->classes && i < nr; i++) {
		if (i && compare_counted(&c[i - 1], &c[i]))
			last++;
		add_counted(&d->classes[last], &c[i]);
		if (normalize) {
			d->classes[last].taken = (struct vmw_span_sums){ 0 };
			d->classes[last].returned = (struct vmw_span_sums){ 0 };
		}
	}
	free(c);
	return d->classes ? 0 : -ENOMEM;
}

/* What begins where one of its kind began is that; else what ends where it ended. */
struct partners {
	size_t *of_a, *of_b;	/* 1 more than the other's index; 0: none */
};

static void find_partners(const struct vmw_runtime *a, const struct vmw_runtime *b,
			  bool by_end, struct partners *p)
{
	size_t i = 0, j = 0;

	while (i < a->nr_labels && j < b->nr_labels) {
		const struct vmw_label *x = &a->labels[i], *y = &b->labels[j];
		const uint64_t at_x = by_end ? x->end : x->start;
		const uint64_t at_y = by_end ? y->end : y->start;

		if (at_x == at_y && x->kind == y->kind && !p->of_a[i] &&
		    !p->of_b[j]) {
			p->of_a[i] = j + 1;
			p->of_b[j] = i + 1;
		}
		i += at_x <= at_y;
		j += at_y <= at_x;
	}
}

/*
 * The top of an arena of malloc() is what follows its chunks: with both of its ends
 * elsewhere it is the same, if the chunks are.
 */
static void find_tops(const struct vmw_runtime *a, const struct vmw_runtime *b,
		      struct partners *p)
{
	for (size_t i = 1; i < a->nr_labels; i++) {
		const size_t j = p->of_a[i - 1];	/* behind the partner */

		if (!j || j >= b->nr_labels || p->of_a[i] || p->of_b[j] ||
		    a->labels[i].kind != VMW_LABEL_MALLOC_TOP ||
		    b->labels[j].kind != VMW_LABEL_MALLOC_TOP ||
		    a->labels[i].start != a->labels[i - 1].end ||
		    b->labels[j].start != b->labels[j - 1].end)
			continue;
		p->of_a[i] = j + 1;
		p->of_b[j] = i + 1;
	}
}

static void add_label(struct vmw_diff_runtime *d, const struct vmw_label *a,
		      const struct vmw_label *b)
{
	const uint64_t before = a ? a->end - a->start : 0;
	const uint64_t after = b ? b->end - b->start : 0;
	struct vmw_diff_label row = { .a = a, .b = b };

	if (!a || !b)
		row.changes = a ? VMW_OBJECT_GONE : VMW_OBJECT_NEW;
	else if (a->start != b->start && a->end != b->end)
		row.changes = VMW_OBJECT_MOVED;
	if (a && b && before != after)
		row.changes |= after > before ? VMW_OBJECT_GREW :
						VMW_OBJECT_SHRANK;
	if (row.changes)
		d->labels[d->nr_labels++] = row;
}

static int compare_labels(const void *a, const void *b)
{
	const struct vmw_diff_label *x = a, *y = b;
	const uint64_t at_x = (x->b ? x->b : x->a)->start;
	const uint64_t at_y = (y->b ? y->b : y->a)->start;

	return (at_x > at_y) - (at_x < at_y);
}

static int diff_labels(struct vmw_diff_runtime *d, const struct vmw_runtime *a,
		       const struct vmw_runtime *b)
{
	struct partners p = {
		.of_a = calloc(a->nr_labels + 1, sizeof(*p.of_a)),
		.of_b = calloc(b->nr_labels + 1, sizeof(*p.of_b)),
	};

	d->labels = calloc(a->nr_labels + b->nr_labels + 1, sizeof(*d->labels));
	if (p.of_a && p.of_b && d->labels) {
		find_partners(a, b, false, &p);
		find_partners(a, b, true, &p);
		find_tops(a, b, &p);
		for (size_t i = 0; i < a->nr_labels; i++)
			add_label(d, &a->labels[i], p.of_a[i] ?
				  &b->labels[p.of_a[i] - 1] : NULL);
		for (size_t i = 0; i < b->nr_labels; i++)
			if (!p.of_b[i])
				add_label(d, NULL, &b->labels[i]);
		if (d->nr_labels)
			qsort(d->labels, d->nr_labels, sizeof(*d->labels),
			      compare_labels);
	}
	free(p.of_a);
	free(p.of_b);
	return p.of_a && p.of_b && d->labels ? 0 : -ENOMEM;
}

int vmw_diff_runtime_make(const struct vmw_runtime *a, const struct vmw_runtime *b,
			  bool normalize, struct vmw_diff_runtime *out)
{
	int ret;

	*out = (struct vmw_diff_runtime){ .known = a->known && b->known };
	if (!out->known)
		return 0;
	ret = diff_gs(out, a, b, normalize);
	if (!ret)
		ret = diff_spans(out, a, b, normalize);
	if (!ret && !normalize)
		ret = diff_labels(out, a, b);
	if (ret)
		vmw_diff_runtime_deinit(out);
	return ret;
}

void vmw_diff_runtime_deinit(struct vmw_diff_runtime *d)
{
	free(d->gs);
	free(d->classes);
	free(d->labels);
	*d = (struct vmw_diff_runtime){ 0 };
}
