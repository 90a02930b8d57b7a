/* SPDX-License-Identifier: GPL-2.0 */
/* Every view that prints text, of what there is in known.h. */
#ifndef VIEWS_H
#define VIEWS_H

#include "known.h"
#include "render/diff.h"
#include "render/explain.h"
#include "render/log.h"
#include "render/text.h"

/* Two readings, one after the other, and how they are to look. */
struct subject {
	const char *name;
	struct fixture *a, *b;
	struct vmw_diff diff;
	struct vmw_style style;
};

struct view {
	const char *name;
	int (*render)(FILE *out, struct subject *s);
};

static inline struct vmw_diff_view diff_view(struct subject *s)
{
	return (struct vmw_diff_view){
		.diff = &s->diff, .sa = &s->a->segs, .sb = &s->b->segs,
		.names = { s->name, s->name },
	};
}

static inline void make_subject(struct subject *s, const char *name)
{
	s->name = name;
	s->a = make_known(name, false);
	s->b = make_known(name, true);
	assert_int_equal(vmw_diff_make(&s->a->as, &s->a->segs, &s->b->as,
				       &s->b->segs, true, &s->diff), 0);
}

static inline void free_subject(struct subject *s)
{
	vmw_diff_deinit(&s->diff);
	free_fixture(s->a);
	free_fixture(s->b);
}

static inline int view_show(FILE *out, struct subject *s)
{
	const struct vmw_show fold = { 0 };

	return vmw_render_show_of(out, &s->style, &s->a->as, &s->a->segs, &fold);
}

static inline int view_show_all(FILE *out, struct subject *s)
{
	const struct vmw_show all = { .all = true, .sort = "resident" };

	return vmw_render_show_of(out, &s->style, &s->a->as, &s->a->segs, &all);
}

static inline int view_show_columns(FILE *out, struct subject *s)
{
	const struct vmw_show some = {
		.columns = "name,mapped,segment,bar", .all = true,
		.sort = "segment",
	};

	return vmw_render_show_of(out, &s->style, &s->a->as, &s->a->segs, &some);
}

static inline int view_maps(FILE *out, struct subject *s)
{
	return vmw_render_maps(out, &s->style, &s->a->as);
}

static inline int view_map(FILE *out, struct subject *s)
{
	return vmw_render_map(out, &s->style, &s->a->as, &s->a->segs);
}

static inline int view_zoomed(FILE *out, struct subject *s)
{
	const struct vmw_zoom zoom = {
		.start = 0xc000100000, .last = 0xc0003fffff, .by_page = true,
	};

	return vmw_render_map_of(out, &s->style, &s->a->as, &s->a->segs, &zoom);
}

static inline int view_extents(FILE *out, struct subject *s)
{
	return vmw_render_extents(out, &s->style, &s->a->as, false);
}

static inline int view_extents_why(FILE *out, struct subject *s)
{
	return vmw_render_extents(out, &s->style, &s->a->as, true);
}

static inline int view_threads(FILE *out, struct subject *s)
{
	return vmw_render_threads(out, &s->style, &s->a->as, &s->a->segs);
}

static inline int view_tables(FILE *out, struct subject *s)
{
	return vmw_render_tables(out, &s->style, &s->a->as, &s->a->segs);
}

static inline int view_where(FILE *out, struct subject *s)
{
	struct vmw_place places[] = {
		place_at(s->a, GO_ARENA + 0x10),
		place_at(s->a, GO_ARENA + 2 * PAGE + 50),
		place_at(s->a, 0x400010), place_at(s->a, 0x7f0000001010),
		place_at(s->a, 0x7f1000000010), place_at(s->a, 0x1000),
		place_at(s->a, 0x802000),
	};

	places[2].symbol = s->name;
	return vmw_render_where(out, &s->style, &s->a->as, places,
				sizeof(places) / sizeof(places[0]));
}

static inline int view_pte(FILE *out, struct subject *s)
{
	struct vmw_info info;
	struct vmw_pte pte = make_way(&info);
	const struct vmw_place place = vmw_place_of_pte(&s->a->as, &pte);
	int ret;

	vmw_render_object(out, &s->style, &s->a->as, pte.addr);
	ret = vmw_render_pte(out, &s->style, &info, &s->a->as, &place, &pte);
	vmw_pte_deinit(&pte);
	return ret;
}

static inline int view_go(FILE *out, struct subject *s)
{
	return vmw_render_go(out, &s->style, &s->a->as);
}

static inline int view_diff(FILE *out, struct subject *s)
{
	const struct vmw_diff_view v = diff_view(s);

	return vmw_render_diff(out, &s->style, &v, false);
}

static inline int view_diff_extents(FILE *out, struct subject *s)
{
	const struct vmw_diff_view v = diff_view(s);

	return vmw_render_diff(out, &s->style, &v, true);
}

static inline int view_diff_map(FILE *out, struct subject *s)
{
	const struct vmw_diff_view v = diff_view(s);

	return vmw_render_diff_map(out, &s->style, &v);
}

static inline int put_shared(FILE *out, struct subject *s, bool extents,
			     bool json)
{
	struct vmw_shared shared;
	const struct vmw_pair pair = {
		&s->a->as, &s->b->as, &s->a->segs, &shared
	};
	int ret;

	assert_int_equal(vmw_shared_compare(&s->a->as, &s->b->as, &shared), 0);
	ret = json ? vmw_json_shared(out, &pair, extents) :
		     vmw_render_shared(out, &s->style, &pair, extents);
	vmw_shared_deinit(&shared);
	return ret;
}

static inline int view_shared(FILE *out, struct subject *s)
{
	return put_shared(out, s, false, false);
}

static inline int view_shared_extents(FILE *out, struct subject *s)
{
	return put_shared(out, s, true, false);
}

static inline int put_log(FILE *out, struct subject *s, bool json)
{
	struct vmw_log *log = vmw_log_create(out, &s->style, json);
	struct vmw_snapshot *head = vmw_snapshot_create();

	assert_non_null(log);
	assert_non_null(head);
	head->number = 1;
	head->as.mm.pid = 76;
	head->as.mm.mapped = 710996 << 10;
	snprintf(head->as.comm, sizeof(head->as.comm), "%s", s->name);
	snprintf(head->note, sizeof(head->note), "%s", s->name);
	snprintf(head->label, sizeof(head->label), "%s", s->name);
	snprintf(head->origin.host, sizeof(head->origin.host), "%s", s->name);
	snprintf(head->origin.exe, sizeof(head->origin.exe), "%s", s->name);
	vmw_log_add(log, head);
	vmw_snapshot_destroy(head);
	return vmw_log_destroy(log);
}

static inline int view_log(FILE *out, struct subject *s)
{
	return put_log(out, s, false);
}

static inline int put_ps(FILE *out, struct subject *s, bool json)
{
	struct vmwalk_task task = {
		.pid = 76, .mapped = 710996 << 10, .state = 'S',
		.flags = VMWALK_TASK_F_MM, .rss_anon = 3408 << 10,
		.page_tables = 84 << 10, .hiwater_rss = 4000 << 10,
	};
	struct vmw_tasks all;
	int ret;

	vmw_tasks_init(&all, SHIFT);
	snprintf(task.comm, sizeof(task.comm), "%s", s->name);
	assert_int_equal(vmw_tasks_add(&all, &task), 0);
	all.task[0].user = s->name;
	all.task[0].go = true;
	all.left_out = 77;
	ret = json ? vmw_json_ps(out, &all) : vmw_render_ps(out, &s->style, &all);
	vmw_tasks_deinit(&all);
	return ret;
}

static inline int view_ps(FILE *out, struct subject *s)
{
	return put_ps(out, s, false);
}

static inline int view_explain(FILE *out, struct subject *s)
{
	const struct vmw_kernel kernel = { .series = 6 << 16 | 1, "x86_64" };

	return vmw_render_explain_word(out, &s->style, &kernel, "resident");
}

static const struct view views[] = {
	{ "show", view_show }, { "show-all", view_show_all },
	{ "show-columns", view_show_columns }, { "maps", view_maps },
	{ "map", view_map }, { "map-zoom", view_zoomed },
	{ "extents", view_extents }, { "extents-why", view_extents_why },
	{ "threads", view_threads }, { "tables", view_tables },
	{ "where", view_where }, { "pte", view_pte }, { "go", view_go },
	{ "diff", view_diff }, { "diff-extents", view_diff_extents },
	{ "diff-map", view_diff_map }, { "shared", view_shared },
	{ "shared-extents", view_shared_extents }, { "log", view_log },
	{ "ps", view_ps }, { "explain", view_explain },
};

#define NR_VIEWS (sizeof(views) / sizeof(views[0]))

/* What a terminal of the style's width gets to see of it; for free(). */
static inline char *view_on_terminal(const struct view *v, struct subject *s)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	FILE *folded = vmw_fold_open(out, s->style.width, s->style.utf8);

	assert_non_null(folded);
	assert_int_equal(v->render(folded, s), 0);
	assert_int_equal(fclose(folded), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(text), len);
	return text;
}

#endif
