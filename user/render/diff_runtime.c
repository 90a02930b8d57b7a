// SPDX-License-Identifier: GPL-2.0
/* What became of goroutines, spans, arenas and malloc()'s heaps. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "diff.h"
#include "go.h"
#include "json.h"
#include "table.h"

#define GAIN	"32"	/* SGR: green */
#define LOSS	"31"	/* red */

static const char *change_name(unsigned int bit)
{
	static const char *const names[VMW_OBJECT_CHANGES] = {
		"new", "gone", "moved", "grew", "shrank", "freed", "got",
	};

	return names[bit];
}

/* "moved, grew" */
static void changes_cell(struct vmw_table *t, uint32_t changes)
{
	const uint32_t gains = VMW_OBJECT_NEW | VMW_OBJECT_GREW | VMW_OBJECT_GOT;
	char text[64] = "";
	size_t used = 0;

	for (unsigned int bit = 0; bit < VMW_OBJECT_CHANGES; bit++)
		if (changes >> bit & 1 && used < sizeof(text))
			used += snprintf(text + used, sizeof(text) - used,
					 "%s%s", used ? ", " : "",
					 change_name(bit));
	vmw_table_text(t, text, changes & gains ? GAIN :
		       changes == VMW_OBJECT_MOVED ? NULL : LOSS);
}

/* "c000086000-c000087000 -> c0000a0000-c0000a2000", or the one there is. */
static void ranges_cell(struct vmw_table *t, uint64_t a, uint64_t a_end,
			uint64_t b, uint64_t b_end)
{
	const bool before = a != a_end, after = b != b_end;

	if (before && after && (a != b || a_end != b_end))
		vmw_table_print(t, "%" PRIx64 "-%" PRIx64 " -> %" PRIx64 "-%"
				PRIx64, a, a_end, b, b_end);
	else if (before || after)
		vmw_table_range(t, after ? b : a, after ? b_end : a_end);
	else
		vmw_table_text(t, "-", NULL);
}

/* "+1.5M", "-4"; empty for nothing. */
static void bytes_cell(struct vmw_table *t, const struct vmw_style *style,
		       uint32_t shift, uint64_t before, uint64_t after)
{
	const bool gain = after > before;
	char size[32];

	if (before == after) {
		vmw_table_text(t, style->csv ? "0" : "", NULL);
		return;
	}
	vmw_size(style, shift, gain ? after - before : before - after, size,
		 sizeof(size));
	vmw_table_print(t, "%c%s", gain ? '+' : '-', size);
}

static void count_cell(struct vmw_table *t, uint64_t before, uint64_t after)
{
	if (before == after)
		vmw_table_text(t, "", NULL);
	else
		vmw_table_print(t, "%+" PRId64, (int64_t)(after - before));
}

static const char *change_title(const struct vmw_style *style, const char *name)
{
	return style->csv ? name : "+/-";
}

static void g_row(struct vmw_table *t, const struct vmw_style *style,
		  const struct vmw_diff *d, const struct vmw_diff_g *r)
{
	static const struct vmw_g none;
	const struct vmw_g *a = r->a ? r->a : &none, *b = r->b ? r->b : &none;
	const struct vmw_g *g = r->b ? r->b : r->a;
	char status[VMW_STATUS_MAX];

	vmw_table_row(t, NULL);
	if (g->kind == VMW_G_USER)
		vmw_table_number(t, g->id);
	else
		vmw_table_text(t, "-", NULL);
	changes_cell(t, r->changes);
	vmw_table_text(t, g->kind == VMW_G_USER ?
		       vmw_g_status_name(g->status, status) :
		       vmw_g_kind_name(g->kind), NULL);
	vmw_table_size(t, g->hi - g->lo);
	bytes_cell(t, style, d->b->page_shift, a->hi - a->lo, b->hi - b->lo);
	ranges_cell(t, a->lo, a->hi, b->lo, b->hi);
	vmw_table_name(t, g->start);
}

static int print_gs(FILE *out, const struct vmw_style *style,
		    const struct vmw_diff *d)
{
	const struct vmw_diff_runtime *rt = &d->rt;
	struct vmw_table *t;

	if (!style->csv)
		fprintf(out, "goroutines: %zu, then %zu; those that came, went "
			"or have another stack\n", rt->gs_before, rt->gs_after);
	t = vmw_table_create(out, style, d->b->page_shift);
	if (!t)
		return -ENOMEM;
	vmw_table_column(t, "GOID", VMW_COL_NUMBER);
	vmw_table_column(t, "CHANGE", VMW_COL_TEXT);
	vmw_table_spare(t, "STATUS", VMW_COL_TEXT, 3);
	vmw_table_spare(t, "SIZE", VMW_COL_NUMBER, 1);
	vmw_table_spare(t, change_title(style, "SIZE_CHANGE"), VMW_COL_NUMBER, 2);
	vmw_table_spare(t, "STACK", VMW_COL_TEXT, 4);
	vmw_table_column(t, "FUNCTION", VMW_COL_CUT);
	for (size_t i = 0; i < rt->nr_gs; i++)
		g_row(t, style, d, &rt->gs[i]);
	return vmw_table_destroy(t);
}

static bool class_changed(const struct vmw_diff_class *c)
{
	return c->taken.spans || c->returned.spans ||
	       c->before.spans != c->after.spans ||
	       c->before.bytes != c->after.bytes ||
	       c->before.used != c->after.used;
}

static void class_row(struct vmw_table *t, const struct vmw_style *style,
		      const struct vmw_diff *d, const struct vmw_diff_class *c)
{
	vmw_table_row(t, NULL);
	vmw_table_print(t, "%s%s", vmw_span_state_name(c->state),
			c->noscan ? ", noscan" : "");
	vmw_table_print(t, c->elem_size ? "%" PRIu64 : "-", c->elem_size);
	vmw_table_number(t, c->after.spans);
	vmw_table_print(t, c->taken.spans ? "%" PRIu64 : "", c->taken.spans);
	vmw_table_print(t, c->returned.spans ? "%" PRIu64 : "",
			c->returned.spans);
	vmw_table_size(t, c->after.bytes);
	bytes_cell(t, style, d->b->page_shift, c->before.bytes, c->after.bytes);
	vmw_table_print(t, c->state == VMW_SPAN_HEAP ? "%" PRIu64 : "-",
			c->after.used);
	count_cell(t, c->before.used, c->after.used);
}

static int print_classes(FILE *out, const struct vmw_style *style,
			 const struct vmw_diff *d)
{
	struct vmw_table *t;

	if (!style->csv)
		fputs("spans, by what they are for\n", out);
	t = vmw_table_create(out, style, d->b->page_shift);
	if (!t)
		return -ENOMEM;
	vmw_table_column(t, "SPANS", VMW_COL_TEXT);
	vmw_table_column(t, "ELEM", VMW_COL_NUMBER);
	vmw_table_column(t, "COUNT", VMW_COL_NUMBER);
	vmw_table_spare(t, "TAKEN", VMW_COL_NUMBER, 3);
	vmw_table_spare(t, "RETURNED", VMW_COL_NUMBER, 4);
	vmw_table_spare(t, "MAPPED", VMW_COL_NUMBER, 1);
	vmw_table_spare(t, change_title(style, "MAPPED_CHANGE"), VMW_COL_NUMBER, 2);
	vmw_table_column(t, "ALLOCATED", VMW_COL_NUMBER);
	vmw_table_column(t, change_title(style, "ALLOCATED_CHANGE"), VMW_COL_NUMBER);
	for (size_t i = 0; i < d->rt.nr_classes; i++)
		if (class_changed(&d->rt.classes[i]))
			class_row(t, style, d, &d->rt.classes[i]);
	return vmw_table_destroy(t);
}

static void label_row(struct vmw_table *t, const struct vmw_style *style,
		      const struct vmw_diff *d, const struct vmw_diff_label *r)
{
	static const struct vmw_label none;
	const struct vmw_label *a = r->a ? r->a : &none, *b = r->b ? r->b : &none;
	const struct vmw_label *l = r->b ? r->b : r->a;

	vmw_table_row(t, NULL);
	ranges_cell(t, a->start, a->end, b->start, b->end);
	changes_cell(t, r->changes);
	vmw_table_size(t, l->end - l->start);
	bytes_cell(t, style, d->b->page_shift, a->end - a->start,
		   b->end - b->start);
	vmw_table_text(t, vmw_label_name(l->kind), NULL);
	vmw_table_name(t, l->name);
}

static int print_labels(FILE *out, const struct vmw_style *style,
			const struct vmw_diff *d)
{
	struct vmw_table *t;

	if (!style->csv)
		fputs("arenas and heaps\n", out);
	t = vmw_table_create(out, style, d->b->page_shift);
	if (!t)
		return -ENOMEM;
	vmw_table_column(t, "RANGE", VMW_COL_TEXT);
	vmw_table_column(t, "CHANGE", VMW_COL_TEXT);
	vmw_table_spare(t, "SIZE", VMW_COL_NUMBER, 1);
	vmw_table_spare(t, change_title(style, "SIZE_CHANGE"), VMW_COL_NUMBER, 2);
	vmw_table_column(t, "WHAT", VMW_COL_CUT);
	vmw_table_column(t, "NAME", VMW_COL_CUT);
	for (size_t i = 0; i < d->rt.nr_labels; i++)
		label_row(t, style, d, &d->rt.labels[i]);
	return vmw_table_destroy(t);
}

static bool any_class(const struct vmw_diff_runtime *rt)
{
	for (size_t i = 0; i < rt->nr_classes; i++)
		if (class_changed(&rt->classes[i]))
			return true;
	return false;
}

static const struct {
	const char *name;
	int (*print)(FILE *out, const struct vmw_style *style,
		     const struct vmw_diff *d);
} tables[] = {
	{ "stacks", print_gs }, { "spans", print_classes },
	{ "labels", print_labels },
};

#define NR_TABLES (sizeof(tables) / sizeof(tables[0]))

bool vmw_is_diff_table(const char *name)
{
	for (size_t i = 0; i < NR_TABLES; i++)
		if (!strcmp(tables[i].name, name))
			return true;
	return false;
}

int vmw_csv_diff_runtime(FILE *out, const struct vmw_style *style,
			 const struct vmw_diff *d, const char *table)
{
	for (size_t i = 0; i < NR_TABLES; i++)
		if (!strcmp(tables[i].name, table))
			return tables[i].print(out, style, d);
	return -EINVAL;
}

int vmw_render_diff_runtime(FILE *out, const struct vmw_style *style,
			    const struct vmw_diff *d)
{
	int ret = 0;

	if (d->a->runtime.known != d->b->runtime.known)
		fprintf(out, "what the process kept in its memory is not "
			"compared: the %s does not hold it\n\n",
			d->a->runtime.known ? "second" : "first");
	if (d->rt.nr_gs) {
		ret = print_gs(out, style, d);
		fputc('\n', out);
	}
	if (!ret && any_class(&d->rt)) {
		ret = print_classes(out, style, d);
		fputc('\n', out);
	}
	if (!ret && d->rt.nr_labels) {
		ret = print_labels(out, style, d);
		fputc('\n', out);
	}
	return ret;
}

static void put_changes(struct vmw_json *j, uint32_t changes)
{
	vmw_json_array_begin(j, "changes");
	for (unsigned int bit = 0; bit < VMW_OBJECT_CHANGES; bit++)
		if (changes >> bit & 1)
			vmw_json_string(j, NULL, change_name(bit));
	vmw_json_array_end(j);
}

static void put_range(struct vmw_json *j, const char *key, uint64_t start,
		      uint64_t end)
{
	if (start == end) {
		vmw_json_string(j, key, NULL);
		return;
	}
	vmw_json_object_begin(j, key);
	vmw_json_address(j, "start", start);
	vmw_json_address(j, "end", end);
	vmw_json_object_end(j);
}

static void put_gs(struct vmw_json *j, const struct vmw_diff_runtime *rt)
{
	vmw_json_array_begin(j, "stacks");
	for (size_t i = 0; i < rt->nr_gs; i++) {
		const struct vmw_diff_g *r = &rt->gs[i];
		const struct vmw_g *g = r->b ? r->b : r->a;
		char status[VMW_STATUS_MAX];

		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "kind", vmw_g_kind_name(g->kind));
		vmw_json_uint(j, "id", g->id);
		vmw_json_uint(j, "tid", g->tid);
		vmw_json_string(j, "status", vmw_g_status_name(g->status,
							       status));
		vmw_json_string(j, "function", g->start[0] ? g->start : NULL);
		put_changes(j, r->changes);
		put_range(j, "before", r->a ? r->a->lo : 0, r->a ? r->a->hi : 0);
		put_range(j, "after", r->b ? r->b->lo : 0, r->b ? r->b->hi : 0);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

static void put_sums(struct vmw_json *j, const char *key,
		     const struct vmw_span_sums *s)
{
	vmw_json_object_begin(j, key);
	vmw_json_uint(j, "nr", s->spans);
	vmw_json_uint(j, "bytes", s->bytes);
	vmw_json_uint(j, "allocated", s->used);
	vmw_json_object_end(j);
}

static void put_classes(struct vmw_json *j, const struct vmw_diff_runtime *rt)
{
	vmw_json_array_begin(j, "spans");
	for (size_t i = 0; i < rt->nr_classes; i++) {
		const struct vmw_diff_class *c = &rt->classes[i];

		if (!class_changed(c))
			continue;
		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "use", vmw_span_state_name(c->state));
		vmw_json_uint(j, "elem_size", c->elem_size);
		vmw_json_bool(j, "noscan", c->noscan);
		put_sums(j, "before", &c->before);
		put_sums(j, "after", &c->after);
		put_sums(j, "taken", &c->taken);
		put_sums(j, "returned", &c->returned);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

static void put_labels(struct vmw_json *j, const struct vmw_diff_runtime *rt)
{
	vmw_json_array_begin(j, "labels");
	for (size_t i = 0; i < rt->nr_labels; i++) {
		const struct vmw_diff_label *r = &rt->labels[i];
		const struct vmw_label *l = r->b ? r->b : r->a;

		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "kind", vmw_label_id(l->kind));
		vmw_json_string(j, "name", l->name);
		put_changes(j, r->changes);
		put_range(j, "before", r->a ? r->a->start : 0,
			  r->a ? r->a->end : 0);
		put_range(j, "after", r->b ? r->b->start : 0,
			  r->b ? r->b->end : 0);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

void vmw_json_diff_runtime(struct vmw_json *j, const struct vmw_diff *d)
{
	const struct vmw_diff_runtime *rt = &d->rt;

	if (!rt->known) {
		vmw_json_string(j, "runtime", NULL);
		return;
	}
	vmw_json_object_begin(j, "runtime");
	vmw_json_uint(j, "goroutines_before", rt->gs_before);
	vmw_json_uint(j, "goroutines_after", rt->gs_after);
	put_gs(j, rt);
	put_classes(j, rt);
	put_labels(j, rt);
	vmw_json_object_end(j);
}
