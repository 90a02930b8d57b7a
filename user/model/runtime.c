// SPDX-License-Identifier: GPL-2.0
#include "runtime.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM	64

void vmw_runtime_deinit(struct vmw_runtime *rt)
{
	free(rt->gs);
	free(rt->spans);
	free(rt->labels);
	free(rt->symbols);
	free(rt->frames);
	free(rt->slots);
	*rt = (struct vmw_runtime){ 0 };
}

/* Appends @element to *@array; moves it as needed. */
static int append(void **array, size_t *nr, size_t *room, size_t max,
		  const void *element, size_t size)
{
	if (*nr >= max)
		return -E2BIG;
	if (*nr == *room) {
		size_t want = *room ? *room + *room / 2 : FIRST_ROOM;
		void *p = reallocarray(*array, want, size);

		if (!p)
			return -ENOMEM;
		*array = p;
		*room = want;
	}
	memcpy((char *)*array + (*nr)++ * size, element, size);
	return 0;
}

int vmw_runtime_add_g(struct vmw_runtime *rt, const struct vmw_g *g)
{
	if (g->lo > g->hi)
		return -EPROTO;
	return append((void **)&rt->gs, &rt->nr_gs, &rt->room_gs, VMW_GS_MAX, g,
		      sizeof(*g));
}

int vmw_runtime_add_span(struct vmw_runtime *rt, const struct vmw_go_span *span)
{
	if (span->start >= span->end)
		return -EPROTO;
	return append((void **)&rt->spans, &rt->nr_spans, &rt->room_spans,
		      VMW_SPANS_MAX, span, sizeof(*span));
}

int vmw_runtime_add_label(struct vmw_runtime *rt, const struct vmw_label *l)
{
	if (l->start >= l->end)
		return -EPROTO;
	return append((void **)&rt->labels, &rt->nr_labels, &rt->room_labels,
		      VMW_LABELS_MAX, l, sizeof(*l));
}

int vmw_runtime_add_symbol(struct vmw_runtime *rt, const struct vmw_runtime_symbol *s)
{
	return append((void **)&rt->symbols, &rt->nr_symbols, &rt->room_symbols,
		      VMW_SYMBOLS_MAX, s, sizeof(*s));
}

int vmw_runtime_add_slot(struct vmw_runtime *rt, const struct vmw_slot *slot)
{
	return append((void **)&rt->slots, &rt->nr_slots, &rt->room_slots,
		      VMW_SYMBOLS_MAX, slot, sizeof(*slot));
}

/* Each is above the one before it, and all of it on the stack. */
static bool are_frames(const struct vmw_g *g, const struct vmw_call *frames,
		       size_t nr)
{
	uint64_t start = g->sp;

	if (!g->sp || nr > VMW_FRAMES_OF_G)
		return false;
	for (size_t i = 0; i < nr; i++) {
		if (frames[i].cfa <= start || frames[i].cfa - start < 8 ||
		    frames[i].cfa > g->hi || frames[i].linked > 1)
			return false;
		start = frames[i].cfa;
	}
	return true;
}

int vmw_runtime_add_frames(struct vmw_runtime *rt, struct vmw_g *g,
			   const struct vmw_call *frames, size_t nr)
{
	const size_t first = rt->nr_frames;
	int ret = 0;

	if (g->nr_frames || (nr && !are_frames(g, frames, nr)))
		return -EPROTO;
	for (size_t i = 0; !ret && i < nr; i++)
		ret = append((void **)&rt->frames, &rt->nr_frames,
			     &rt->room_frames, VMW_FRAMES_MAX, &frames[i],
			     sizeof(frames[i]));
	if (ret) {
		rt->nr_frames = first;
		return ret;
	}
	g->first_frame = first;
	g->nr_frames = nr;
	return 0;
}

/* A copy of @nr elements at *@to; no array for none. */
static int copy_array(void **to, const void *from, size_t nr, size_t size)
{
	if (!nr)
		return 0;
	*to = reallocarray(NULL, nr, size);
	if (!*to)
		return -ENOMEM;
	memcpy(*to, from, nr * size);
	return 0;
}

int vmw_runtime_copy(struct vmw_runtime *to, const struct vmw_runtime *from)
{
	int ret;

	*to = *from;
	to->gs = NULL;
	to->spans = NULL;
	to->labels = NULL;
	to->symbols = NULL;
	to->nr_symbols = 0;
	to->frames = NULL;
	to->slots = NULL;
	to->nr_slots = 0;
	to->room_gs = from->nr_gs;
	to->room_spans = from->nr_spans;
	to->room_labels = from->nr_labels;
	to->room_symbols = 0;
	to->room_frames = from->nr_frames;
	to->room_slots = 0;
	ret = copy_array((void **)&to->gs, from->gs, from->nr_gs,
			 sizeof(*from->gs));
	if (!ret)
		ret = copy_array((void **)&to->spans, from->spans,
				 from->nr_spans, sizeof(*from->spans));
	if (!ret)
		ret = copy_array((void **)&to->labels, from->labels,
				 from->nr_labels, sizeof(*from->labels));
	if (!ret)
		ret = copy_array((void **)&to->frames, from->frames,
				 from->nr_frames, sizeof(*from->frames));
	if (ret)
		vmw_runtime_deinit(to);
	return ret;
}

void vmw_runtime_note(struct vmw_runtime *rt, const char *fmt, ...)
{
	size_t used = strlen(rt->note);
	va_list ap;

	if (used && used + 2 < sizeof(rt->note))
		used += snprintf(rt->note + used, sizeof(rt->note) - used, "; ");
	va_start(ap, fmt);
	vsnprintf(rt->note + used, sizeof(rt->note) - used, fmt, ap);
	va_end(ap);
}

static int compare_gs(const void *a, const void *b)
{
	const struct vmw_g *x = a, *y = b;

	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->addr > y->addr) - (x->addr < y->addr);
}

/* Spans and labels begin with their range. */
struct range {
	uint64_t start, end;
};

static int compare_ranges(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->end < y->end) - (x->end > y->end);
}

/*
 * Sorts, and takes out what overlaps with what is before it: all of it, or, with
 * @cut, as much as does. Returns how many stay.
 */
static size_t settle(void *array, size_t nr, size_t size, bool cut)
{
	char *elements = array;
	uint64_t end = 0;
	size_t kept = 0;

	if (!nr)
		return 0;
	qsort(array, nr, size, compare_ranges);
	for (size_t i = 0; i < nr; i++) {
		struct range *r = (struct range *)(elements + i * size);

		if (cut && r->start < end)
			r->start = end;
		if (r->start < end || r->start >= r->end)
			continue;
		end = r->end;
		memmove(elements + kept++ * size, r, size);
	}
	return kept;
}

/* Of two spans that overlap one has gone: a part of it would be no span at all. */
static void settle_spans(struct vmw_runtime *rt)
{
	size_t kept = settle(rt->spans, rt->nr_spans, sizeof(*rt->spans), false);

	rt->torn += rt->nr_spans - kept;
	rt->nr_spans = kept;
}

void vmw_runtime_finish(struct vmw_runtime *rt)
{
	if (rt->nr_gs)
		qsort(rt->gs, rt->nr_gs, sizeof(*rt->gs), compare_gs);
	settle_spans(rt);
	rt->nr_labels = settle(rt->labels, rt->nr_labels, sizeof(*rt->labels),
			       true);
}

/* The last of @nr elements, sorted by their range, that starts at @addr or below. */
static const void *last_from(const void *array, size_t nr, size_t size,
			     size_t offset, uint64_t addr)
{
	size_t low = 0, high = nr;
	uint64_t start;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		memcpy(&start, (const char *)array + mid * size + offset,
		       sizeof(start));
		if (start <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? (const char *)array + (low - 1) * size : NULL;
}

const struct vmw_g *vmw_runtime_g_at(const struct vmw_runtime *rt, uint64_t addr)
{
	const struct vmw_g *g;

	g = last_from(rt->gs, rt->nr_gs, sizeof(*g), offsetof(struct vmw_g, lo),
		      addr);
	return g && addr < g->hi ? g : NULL;
}

const struct vmw_g *vmw_runtime_g_of_sp(const struct vmw_runtime *rt, uint64_t sp)
{
	return sp ? vmw_runtime_g_at(rt, sp - 1) : NULL;
}

const struct vmw_go_span *vmw_runtime_span_at(const struct vmw_runtime *rt,
					      uint64_t addr)
{
	const struct vmw_go_span *s;

	s = last_from(rt->spans, rt->nr_spans, sizeof(*s), 0, addr);
	return s && addr < s->end ? s : NULL;
}

const struct vmw_go_span *vmw_runtime_span_from(const struct vmw_runtime *rt,
						uint64_t addr)
{
	const struct vmw_go_span *s, *end = rt->spans + rt->nr_spans;

	s = last_from(rt->spans, rt->nr_spans, sizeof(*s), 0, addr);
	if (!s)
		s = rt->spans;
	else if (s->end <= addr)
		s++;
	return s < end ? s : NULL;
}

const struct vmw_label *vmw_runtime_label_at(const struct vmw_runtime *rt,
					     uint64_t addr)
{
	const struct vmw_label *l;

	l = last_from(rt->labels, rt->nr_labels, sizeof(*l), 0, addr);
	return l && addr < l->end ? l : NULL;
}

const struct vmw_label *vmw_runtime_label_from(const struct vmw_runtime *rt,
					       uint64_t addr)
{
	const struct vmw_label *l = rt->labels, *end = l + rt->nr_labels;
	const struct vmw_label *last;

	last = last_from(rt->labels, rt->nr_labels, sizeof(*l), 0, addr);
	if (last)
		l = last->start == addr ? last : last + 1;
	return l < end ? l : NULL;
}

const struct vmw_runtime_symbol *
vmw_runtime_symbol_at(const struct vmw_runtime *rt, uint64_t addr)
{
	for (size_t i = 0; i < rt->nr_symbols; i++)
		if (rt->symbols[i].asked == addr && rt->symbols[i].name[0])
			return &rt->symbols[i];
	return NULL;
}

const struct vmw_slot *vmw_runtime_slot_at(const struct vmw_runtime *rt,
					   uint64_t addr)
{
	for (size_t i = 0; i < rt->nr_slots; i++)
		if (rt->slots[i].asked == addr)
			return &rt->slots[i];
	return NULL;
}

size_t vmw_runtime_frame_at(const struct vmw_runtime *rt, const struct vmw_g *g,
			    uint64_t addr, uint64_t *start)
{
	const struct vmw_call *frames = rt->frames + g->first_frame;

	*start = g->sp;
	if (addr < g->sp)
		return g->nr_frames;
	for (size_t i = 0; i < g->nr_frames; i++) {
		if (addr < frames[i].cfa)
			return i;
		*start = frames[i].cfa;
	}
	return g->nr_frames;
}

const struct vmw_label *vmw_runtime_main_label(const struct vmw_runtime *rt,
					       uint64_t start, uint64_t end)
{
	const struct vmw_label *l, *best = NULL;
	const struct vmw_label *last = rt->labels + rt->nr_labels;
	uint64_t most = 0;

	l = last_from(rt->labels, rt->nr_labels, sizeof(*l), 0, start);
	for (l = l ? l : rt->labels; l < last && l->start < end; l++) {
		uint64_t a = l->start > start ? l->start : start;
		uint64_t z = l->end < end ? l->end : end;

		if (a < z && z - a > most) {
			most = z - a;
			best = l;
		}
	}
	return best;
}
