// SPDX-License-Identifier: GPL-2.0
/*
 * A snapshot for the report's page. It has numbers where the other documents have
 * names, for there may be a row for each of 60,000 VMAs in each of many snapshots:
 * what is in a pool is told once, by the first document that needs it. Addresses
 * are numbers of pages, which JavaScript's numbers can hold.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "go.h"
#include "report_data.h"
#include "views_json.h"

/* What a VMA's bytes sum up to, but for what it spans. */
#define SUM(member)	{ #member, offsetof(struct vmw_usage, member) }
static const struct {
	const char *name;
	size_t offset;		/* into struct vmw_usage, an uint64_t */
} sums[] = {
	SUM(present), SUM(resident), SUM(anon), SUM(file), SUM(pss),
	SUM(private), SUM(shared), SUM(reserved), SUM(zero), SUM(pfn),
	SUM(anon_huge), SUM(shmem), SUM(swapped), SUM(other), SUM(hugetlb),
};

#define NR_SUMS	(sizeof(sums) / sizeof(sums[0]))

/* A row for a VMA: words, as many as it takes. */
struct row {
	uint64_t *word;
	size_t nr, room;
	int error;
};

struct telling {
	struct vmw_json *j;
	struct vmw_report_pools *pools;
	const struct vmw_snapshot *s;
	const struct vmw_segments *segs;
	struct row row;
	uint32_t *of;		/* the number of each VMA's row */
};

/* Of what a state is told: equal ones are told once. */
struct state {
	uint32_t state, flags, can;	/* the latter two: of the walk */
	uint32_t reason;		/* enum vmw_reason */
	uint32_t page_shift;
};

static void push(struct row *row, uint64_t word)
{
	const size_t room = row->room ? 2 * row->room : 256;
	uint64_t *grown;

	if (row->nr == row->room) {
		grown = reallocarray(row->word, room, sizeof(*grown));
		if (!grown) {
			row->error = -ENOMEM;
			return;
		}
		row->word = grown;
		row->room = room;
	}
	row->word[row->nr++] = word;
}

/* A number in a pool, or the error. */
static void push_pooled(struct row *row, int64_t nr)
{
	if (nr < 0)
		row->error = nr;
	else
		push(row, nr);
}

static int64_t name_of(struct telling *t, const char *name)
{
	return vmw_pool_add(&t->pools->names, name ? name : "",
			    name ? strlen(name) + 1 : 1);
}

static int64_t state_of(struct telling *t, size_t vma, uint32_t state)
{
	const struct vmw_aspace *as = &t->s->as;
	const struct state key = {
		.state = state, .flags = as->flags, .can = as->can,
		.reason = vmw_reason(&as->vmas[vma], state),
		.page_shift = as->page_shift,
	};

	return vmw_pool_add(&t->pools->states, &key, sizeof(key));
}

/* Extents that only their frames tell apart are one here. */
static void push_extents(struct telling *t, size_t vma)
{
	const struct vmw_vma *v = &t->s->as.vmas[vma];
	const struct vmw_extent *e = &t->s->as.extents[v->first_extent];
	const struct vmw_extent *end = e + v->nr_extents;

	while (e < end) {
		const uint32_t state = e->state;
		uint64_t pages = 0;

		for (; e < end && e->state == state; e++)
			pages += e->pages;
		push(&t->row, pages);
		push_pooled(&t->row, state_of(t, vma, state));
	}
}

static uint64_t sum_of(const struct vmw_usage *usage, size_t i)
{
	return *(const uint64_t *)((const char *)usage + sums[i].offset);
}

/* Zeros at the end are left out: most have no more than a few numbers. */
static void push_usage(struct row *row, const struct vmw_usage *usage)
{
	size_t nr = NR_SUMS;

	while (nr && !sum_of(usage, nr - 1))
		nr--;
	push(row, nr);
	for (size_t i = 0; i < nr; i++)
		push(row, sum_of(usage, i));
}

static void make_row(struct telling *t, size_t vma)
{
	const struct vmw_vma *v = &t->s->as.vmas[vma];
	const uint32_t shift = t->s->as.page_shift;
	char text[24];

	t->row.nr = 0;
	push(&t->row, v->info.start >> shift);
	push(&t->row, (v->info.end >> shift) - (v->info.start >> shift));
	push_pooled(&t->row, name_of(t, v->name));
	vmw_perms(v, text);
	push_pooled(&t->row, name_of(t, text));
	push(&t->row, v->info.offset >> shift);
	snprintf(text, sizeof(text), "%02x:%02x", v->info.dev_major,
		 v->info.dev_minor);
	push_pooled(&t->row, name_of(t, text));
	snprintf(text, sizeof(text), "%llu", v->info.ino);
	push_pooled(&t->row, name_of(t, text));
	push(&t->row, v->info.page_shift);
	push_usage(&t->row, &v->usage);
	push_extents(t, vma);
}

static int make_rows(struct telling *t)
{
	const size_t nr = t->s->as.nr_vmas;
	int64_t row;

	t->of = calloc(nr + 1, sizeof(*t->of));
	if (!t->of)
		return -ENOMEM;
	for (size_t i = 0; i < nr; i++) {
		make_row(t, i);
		row = vmw_pool_add(&t->pools->vmas, t->row.word,
				   t->row.nr * sizeof(*t->row.word));
		if (t->row.error || row < 0)
			return -ENOMEM;
		t->of[i] = row;
	}
	for (size_t i = 0; i < t->segs->nr; i++)
		if (name_of(t, t->segs->seg[i].name) < 0)
			return -ENOMEM;
	return 0;
}

static void put_names(struct telling *t)
{
	struct vmw_pool *p = &t->pools->names;

	vmw_json_array_begin(t->j, "names");
	for (size_t i = 0; i < p->nr_fresh; i++)
		vmw_json_string(t->j, NULL, (const char *)p->fresh[i]->data);
	vmw_json_array_end(t->j);
	vmw_pool_told(p);
}

/* What is fresh was met in this snapshot: its walk is the one that counts. */
static void put_states(struct telling *t)
{
	struct vmw_pool *p = &t->pools->states;
	const struct vmw_aspace *as = &t->s->as;

	vmw_json_array_begin(t->j, "states");
	for (size_t i = 0; i < p->nr_fresh; i++) {
		const struct state *state = (const void *)p->fresh[i]->data;

		vmw_json_object_begin(t->j, NULL);
		vmw_json_string(t->j, "text",
				vmw_kind_name(vmw_state_kind(state->state)));
		vmw_json_state(t->j, as, state->state);
		if (vmw_state_present(state->state)) {
			vmw_json_string(t->j, "leaf",
					vmw_leaf_size_name(as, state->state));
		} else {
			vmw_json_string(t->j, "reason",
					vmw_reason_id(state->reason));
			vmw_json_string(t->j, "why",
					vmw_reason_text(state->reason));
		}
		vmw_json_object_end(t->j);
	}
	vmw_json_array_end(t->j);
	vmw_pool_told(p);
}

static void put_rows(struct telling *t)
{
	struct vmw_pool *p = &t->pools->vmas;

	vmw_json_array_begin(t->j, "rows");
	for (size_t i = 0; i < p->nr_fresh; i++) {
		const struct vmw_pooled *row = p->fresh[i];

		vmw_json_array_begin(t->j, NULL);
		for (size_t k = 0; k < row->len / sizeof(*row->data); k++)
			vmw_json_uint(t->j, NULL, row->data[k]);
		vmw_json_array_end(t->j);
	}
	vmw_json_array_end(t->j);
	vmw_pool_told(p);
}

/* The row of each VMA, and its segment. */
static void put_vmas(struct telling *t)
{
	vmw_json_array_begin(t->j, "vmas");
	for (size_t i = 0; i < t->s->as.nr_vmas; i++)
		vmw_json_uint(t->j, NULL, t->of[i]);
	vmw_json_array_end(t->j);
	vmw_json_array_begin(t->j, "segment_of");
	for (size_t i = 0; i < t->s->as.nr_vmas; i++)
		vmw_json_uint(t->j, NULL, t->segs->of_vma[i]);
	vmw_json_array_end(t->j);
}

/* [kind, name, tid, bytes of page tables] */
static void put_segments(struct telling *t)
{
	const struct vmw_segments *segs = t->segs;

	vmw_json_array_begin(t->j, "segments");
	for (size_t i = 0; i < segs->nr; i++) {
		const struct vmw_segment *seg = &segs->seg[i];
		const struct vmwalk_tables *tables =
			vmw_segment_tables(segs, seg);

		vmw_json_array_begin(t->j, NULL);
		vmw_json_uint(t->j, NULL, seg->kind);
		vmw_json_uint(t->j, NULL, name_of(t, seg->name));
		vmw_json_uint(t->j, NULL, seg->tid);
		vmw_json_uint(t->j, NULL, vmw_tables_bytes(&t->s->as, tables));
		vmw_json_array_end(t->j);
	}
	vmw_json_array_end(t->j);
}

/* What the numbers above stand for. */
static void put_vocabulary(struct vmw_json *j)
{
	vmw_json_array_begin(j, "kinds");
	for (int i = 0; i < VMW_SEG_KINDS; i++)
		vmw_json_string(j, NULL, vmw_segment_kind_name(i));
	vmw_json_array_end(j);
	vmw_json_array_begin(j, "usage");
	for (size_t i = 0; i < NR_SUMS; i++)
		vmw_json_string(j, NULL, sums[i].name);
	vmw_json_array_end(j);
	vmw_json_array_begin(j, "span_states");
	for (uint32_t i = 0; i < VMW_SPAN_STATES; i++)
		vmw_json_string(j, NULL, vmw_span_state_name(i));
	vmw_json_array_end(j);
}

static void put_head(struct vmw_json *j, const struct vmw_snapshot *s)
{
	const struct vmw_aspace *as = &s->as;

	vmw_json_uint(j, "number", s->number);
	vmw_json_uint(j, "time_ms", s->time > 0 ? s->time / 1000000 : 0);
	vmw_json_string(j, "label", s->label);
	vmw_json_string(j, "note", s->note);
	vmw_json_string(j, "host", s->origin.host);
	vmw_json_string(j, "exe", s->origin.exe);
	vmw_json_string(j, "build_id", s->origin.build_id);
	vmw_json_string(j, "kernel", as->kernel);
	vmw_json_string(j, "machine", as->machine);
	vmw_json_bool(j, "has_extents", as->flags & VMWALK_WALK_F_EXTENTS &&
		      !as->sums_only);
	vmw_json_bool(j, "has_sharing", as->flags & VMWALK_WALK_F_PAGES);
	vmw_json_bool(j, "has_tables", as->flags & VMWALK_WALK_F_TABLES &&
		      !as->sums_only);
}

static bool same_span(const struct vmw_go_span *a, const struct vmw_go_span *b)
{
	return a->end == b->start && a->state == b->state &&
	       a->elem_size == b->elem_size && a->noscan == b->noscan;
}

/* [page, pages, state, bytes of an element, noscan, spans, allocated, room] */
static void put_spans(struct vmw_json *j, const struct vmw_aspace *as)
{
	const struct vmw_go_span *s = as->runtime.spans;
	const struct vmw_go_span *end = s + as->runtime.nr_spans;

	vmw_json_array_begin(j, "spans");
	while (s < end) {
		const struct vmw_go_span *first = s;
		uint64_t used = 0, room = 0;

		do {
			used += s->nr_used;
			room += s->nr_elems;
		} while (++s < end && same_span(s - 1, s));
		vmw_json_array_begin(j, NULL);
		vmw_json_uint(j, NULL, first->start >> as->page_shift);
		vmw_json_uint(j, NULL, (s[-1].end - first->start) >>
			      as->page_shift);
		vmw_json_uint(j, NULL, first->state);
		vmw_json_uint(j, NULL, first->elem_size);
		vmw_json_uint(j, NULL, first->noscan);
		vmw_json_uint(j, NULL, s - first);
		vmw_json_uint(j, NULL, used);
		vmw_json_uint(j, NULL, room);
		vmw_json_array_end(j);
	}
	vmw_json_array_end(j);
}

int vmw_report_json(FILE *out, struct vmw_report_pools *pools,
		    const struct vmw_snapshot *s, const struct vmw_segments *segs)
{
	struct telling t = { .pools = pools, .s = s, .segs = segs };
	int ret = make_rows(&t), end;

	if (!ret)
		t.j = vmw_json_document(out, "vmwalk-report-1", &s->as);
	if (t.j) {
		put_head(t.j, s);
		put_vocabulary(t.j);
		vmw_json_geometry(t.j, "geometry", s->as.levels,
				  s->as.nr_levels);
		vmw_json_levels(t.j, &s->as, &segs->tables);
		put_names(&t);
		put_states(&t);
		put_rows(&t);
		put_vmas(&t);
		put_segments(&t);
		put_spans(t.j, &s->as);
		end = vmw_json_document_end(t.j);
		ret = ret ? ret : end;
	} else if (!ret) {
		ret = -ENOMEM;
	}
	free(t.of);
	free(t.row.word);
	return ret;
}
