// SPDX-License-Identifier: GPL-2.0
/* Goroutines, spans by class, arenas, and what the Go runtime keeps of itself. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "go.h"
#include "table.h"

struct go {
	FILE *out;
	const struct vmw_style *style;
	const struct vmw_aspace *as;
};

static struct vmw_table *begin(const struct go *go, const char *title)
{
	if (!go->style->csv)
		fprintf(go->out, "\n%s\n", title);
	return vmw_table_create(go->out, go->style, go->as->page_shift);
}

static void usage_columns(struct vmw_table *t)
{
	vmw_table_spare(t, "MAPPED", VMW_COL_NUMBER, 1);
	vmw_table_spare(t, "PRESENT", VMW_COL_NUMBER, 2);
	vmw_table_column(t, "RESIDENT", VMW_COL_NUMBER);
}

static void usage_cells(struct vmw_table *t, const struct vmw_usage *u)
{
	vmw_table_size(t, u->mapped);
	vmw_table_size(t, u->present);
	vmw_table_size(t, u->resident);
}

static void id_cell(struct vmw_table *t, const struct vmw_g *g)
{
	if (g->kind == VMW_G_USER && g->id)
		vmw_table_number(t, g->id);
	else
		vmw_table_text(t, "-", NULL);
}

static void status_cell(struct vmw_table *t, const struct vmw_g *g)
{
	char status[VMW_STATUS_MAX], wait[4 * VMW_NAME_MAX];

	if (g->kind != VMW_G_USER) {
		vmw_table_text(t, vmw_g_kind_name(g->kind), NULL);
		return;
	}
	vmw_escape_name(g->wait, wait, sizeof(wait));
	vmw_table_print(t, "%s%s%s", vmw_g_status_name(g->status, status),
			*wait ? ": " : "", wait);
}

static void g_row(const struct go *go, struct vmw_table *t,
		  const struct vmw_g *g)
{
	struct vmw_usage u;

	vmw_aspace_usage(go->as, g->lo, g->hi, &u);
	vmw_table_row(t, NULL);
	id_cell(t, g);
	status_cell(t, g);
	if (g->tid)
		vmw_table_print(t, "%d", g->tid);
	else
		vmw_table_text(t, "-", NULL);
	vmw_table_range(t, g->lo, g->hi);
	vmw_table_size(t, g->hi - g->lo);
	if (g->sp)
		vmw_table_size(t, g->hi - g->sp);
	else
		vmw_table_text(t, "-", NULL);
	vmw_table_size(t, u.present);
	vmw_table_size(t, u.resident);
	vmw_table_name(t, g->start);
}

/* Goroutines by their number, then the threads' own stacks. */
static int compare_gs(const void *a, const void *b)
{
	const struct vmw_g *x = *(const struct vmw_g *const *)a;
	const struct vmw_g *y = *(const struct vmw_g *const *)b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	return (x->addr > y->addr) - (x->addr < y->addr);
}

/* An array for free(), or NULL for want of memory. */
static const struct vmw_g **sorted_gs(const struct vmw_runtime *rt)
{
	const struct vmw_g **gs = calloc(rt->nr_gs + 1, sizeof(*gs));

	for (size_t i = 0; gs && i < rt->nr_gs; i++)
		gs[i] = &rt->gs[i];
	if (gs)
		qsort(gs, rt->nr_gs, sizeof(*gs), compare_gs);
	return gs;
}

static int print_gs(const struct go *go)
{
	const struct vmw_g **gs = sorted_gs(&go->as->runtime);
	struct vmw_table *t = gs ? begin(go, "goroutines, and the threads' own "
					 "stacks") : NULL;

	if (!t) {
		free(gs);
		return -ENOMEM;
	}
	vmw_table_column(t, "GOID", VMW_COL_NUMBER);
	vmw_table_column(t, "STATUS", VMW_COL_CUT);
	vmw_table_spare(t, "TID", VMW_COL_NUMBER, 3);
	vmw_table_spare(t, "STACK", VMW_COL_TEXT, 2);
	vmw_table_spare(t, "SIZE", VMW_COL_NUMBER, 4);
	vmw_table_spare(t, "USED", VMW_COL_NUMBER, 1);
	vmw_table_spare(t, "PRESENT", VMW_COL_NUMBER, 5);
	vmw_table_column(t, "RESIDENT", VMW_COL_NUMBER);
	vmw_table_column(t, "FUNCTION", VMW_COL_CUT);
	for (size_t i = 0; i < go->as->runtime.nr_gs; i++)
		g_row(go, t, gs[i]);
	free(gs);
	return vmw_table_destroy(t);
}

static int print_classes(const struct go *go)
{
	struct vmw_go_class *classes;
	ssize_t nr = vmw_go_classes(go->as, &classes);
	struct vmw_table *t;

	if (nr < 0)
		return nr;
	t = begin(go, "spans, by what they are for");
	if (t) {
		vmw_table_column(t, "SPANS", VMW_COL_TEXT);
		vmw_table_column(t, "ELEM", VMW_COL_NUMBER);
		vmw_table_column(t, "COUNT", VMW_COL_NUMBER);
		vmw_table_spare(t, "ALLOCATED", VMW_COL_NUMBER, 3);
		vmw_table_spare(t, "ROOM", VMW_COL_NUMBER, 4);
		usage_columns(t);
	}
	for (ssize_t i = 0; t && i < nr; i++) {
		const struct vmw_go_class *c = &classes[i];

		vmw_table_row(t, NULL);
		vmw_table_print(t, "%s%s", vmw_span_state_name(c->state),
				c->noscan ? ", noscan" : "");
		vmw_table_print(t, c->elem_size ? "%" PRIu64 : "-",
				c->elem_size);
		vmw_table_print(t, "%" PRIu64, c->spans);
		vmw_table_print(t, c->state == VMW_SPAN_HEAP ?
				"%" PRIu64 : "-", c->used);
		vmw_table_print(t, c->elem_size ? "%" PRIu64 : "-", c->room);
		usage_cells(t, &c->usage);
	}
	free(classes);
	return t ? vmw_table_destroy(t) : -ENOMEM;
}

static int print_arenas(const struct go *go)
{
	const struct vmw_runtime *rt = &go->as->runtime;
	struct vmw_table *t = begin(go, "arenas");
	struct vmw_go_arena a;

	if (!t)
		return -ENOMEM;
	vmw_table_column(t, "ARENA", VMW_COL_TEXT);
	for (int i = 0; i < VMW_SPAN_UNKNOWN; i++)
		vmw_table_spare(t, vmw_span_state_title(i), VMW_COL_NUMBER,
				i + 3);
	usage_columns(t);
	for (size_t i = 0; i < rt->nr_labels; i++) {
		if (rt->labels[i].kind != VMW_LABEL_GO_ARENA)
			continue;
		vmw_go_arena(go->as, &rt->labels[i], &a);
		vmw_table_row(t, NULL);
		vmw_table_range(t, rt->labels[i].start, rt->labels[i].end);
		for (int s = 0; s < VMW_SPAN_UNKNOWN; s++)
			vmw_table_size(t, a.bytes[s]);
		usage_cells(t, &a.usage);
	}
	return vmw_table_destroy(t);
}

static int print_own(const struct go *go)
{
	const struct vmw_runtime *rt = &go->as->runtime;
	struct vmw_table *t = begin(go, "what the runtime keeps of itself");
	struct vmw_usage u;

	if (!t)
		return -ENOMEM;
	vmw_table_column(t, "RANGE", VMW_COL_TEXT);
	usage_columns(t);
	vmw_table_column(t, "WHAT", VMW_COL_CUT);
	for (size_t i = 0; i < rt->nr_labels; i++) {
		const struct vmw_label *l = &rt->labels[i];

		if (l->kind != VMW_LABEL_GO_RUNTIME)
			continue;
		vmw_aspace_usage(go->as, l->start, l->end, &u);
		vmw_table_row(t, NULL);
		vmw_table_range(t, l->start, l->end);
		usage_cells(t, &u);
		vmw_table_name(t, l->name);
	}
	return vmw_table_destroy(t);
}

static void print_header(const struct go *go)
{
	const struct vmw_runtime *rt = &go->as->runtime;
	char comm[4 * sizeof(go->as->comm) + 1], version[4 * VMW_NAME_MAX];

	vmw_escape_name(go->as->comm, comm, sizeof(comm));
	vmw_escape_name(rt->version, version, sizeof(version));
	fprintf(go->out, "pid %u (%s), %s, known by %s: %zu goroutines\n",
		go->as->mm.pid, comm, *version ? version : "no Go program",
		vmw_evidence_name(rt->source), vmw_go_count(rt, VMW_G_USER));
}

static const struct {
	const char *name;
	int (*print)(const struct go *go);
} tables[] = {
	{ "stacks", print_gs },
	{ "spans", print_classes },
	{ "arenas", print_arenas },
	{ "runtime", print_own },
};

#define NR_TABLES (sizeof(tables) / sizeof(tables[0]))

bool vmw_is_go_table(const char *name)
{
	for (size_t i = 0; i < NR_TABLES; i++)
		if (!strcmp(tables[i].name, name))
			return true;
	return false;
}

int vmw_csv_go(FILE *out, const struct vmw_style *style,
	       const struct vmw_aspace *as, const char *table)
{
	const struct go go = { .out = out, .style = style, .as = as };

	for (size_t i = 0; i < NR_TABLES; i++)
		if (!strcmp(tables[i].name, table))
			return tables[i].print(&go);
	return -EINVAL;
}

int vmw_render_go(FILE *out, const struct vmw_style *style,
		  const struct vmw_aspace *as)
{
	const struct go go = { .out = out, .style = style, .as = as };
	const struct vmw_runtime *rt = &as->runtime;
	int ret = 0;

	print_header(&go);
	if (rt->nr_gs)
		ret = print_gs(&go);
	if (!ret && rt->nr_spans)
		ret = print_classes(&go);
	if (!ret && rt->nr_spans)
		ret = print_arenas(&go);
	if (!ret && rt->nr_spans)
		ret = print_own(&go);
	if (!ret && rt->note[0])
		fputc('\n', out);
	if (!ret)
		vmw_render_note(out, as);
	return ret ? ret : ferror(out) ? -EIO : 0;
}
