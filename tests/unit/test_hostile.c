// SPDX-License-Identifier: GPL-2.0
/* LINK: user/tui/state.c user/tui/layout.c */
/*
 * Names that want something of who reads them, through every view: nothing gets to
 * the terminal but what can be seen, nothing is put out of line, and JSON is JSON.
 */
#include <limits.h>
#include <locale.h>
#include <wchar.h>
#include <wctype.h>

#include <yajl/yajl_tree.h>

#include "everything.h"
#include "render/diff.h"
#include "render/log.h"
#include "tui/layout.h"

static char long_path[4097], long_name[256], long_wide[3 * 85 + 1];

/* What a file can be called; all but the last are as the kernel would give them. */
static const char *const names[] = {
	"/tmp/\033[2J\033[31mred\033[0m",	/* terminals: clear, colour */
	"/tmp/\033]0;title\007\033]52;c;cm0=\007",	/* title, clipboard */
	"/tmp/\033P+q544e\033\\\033[6n\033[c",	/* asks for an answer */
	"/tmp/\302\2332J\302\235x",		/* the same as C1 in UTF-8 */
	"/tmp/\2332J\235x",			/* and in Latin-1 */
	"/tmp/a\nlibc.so 99999999\nb",
	"/tmp/a\rb\tc\vd\fe\bf\177g\016h",
	"/tmp/\342\200\256txt.exe\342\200\254",	/* right to left */
	"/tmp/\342\201\246x\342\201\251\342\200\213\342\200\215\357\273\277",
	"/tmp/\330\234\363\240\201\201",	/* more that is not seen */
	"/tmp/<script>alert(1)</script><img src=x onerror=alert(1)>",
	"/tmp/\"'&amp;</pre>-->]]>\\",
	"=cmd|' /C calc'!A0,\"x\";+1-1@",	/* spreadsheets */
	"/tmp/$(reboot)`reboot`;reboot|reboot&%s%n%99999d{}",
	"/tmp/\xff\xfe\x80\xc0\xaf\xed\xa0\x80\xf8\x88\x80\x80\x80",
	"/tmp/\xe2\x82",			/* ends within a character */
	"/tmp/e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81z",
	"/tmp/\xe6\xbc\xa2\xe5\xad\x97\xf0\x9f\x92\xa5\xef\xbc\xa1",
	"/tmp/lib.so (deleted) [heap] [stack] [vdso]",
	"[heap", "[anon:\033[1m]", "[anon_shmem:\n]", "/", "//", " ", "\t",
	"(deleted)", "/SYSV00000000 (deleted)", "/memfd:\033c (deleted)",
	long_path, long_name, long_wide,
};

#define NR_NAMES (sizeof(names) / sizeof(names[0]))

static void fill_long_names(void)
{
	for (size_t i = 0; i < sizeof(long_path) - 1; i++)
		long_path[i] = i % 200 ? 'a' + i % 26 : '/';
	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[0] = '/';
	for (size_t i = 0; i + 3 < sizeof(long_wide); i += 3)
		memcpy(long_wide + i, "\xe6\xbc\xa2", 3);
	memcpy(long_wide, "/aa", 3);
}

/* A process all of whose names are @name. */
static void build(struct fixture *f, const char *name, uint64_t pages)
{
	struct vmw_thread thread = {
		.tid = 77, .state = 'S', .has_regs = true, .sp = 0x7f0000000800,
		.pc = 0x400010,
	};
	const struct {
		uint64_t start;
		uint32_t flags, state;
		uint64_t ino;
	} vmas[] = {
		{ 0x400000, R | X | FILE_, VMWALK_KIND_FILE, 5 },
		{ 0x800000, R | W | ANON, VMWALK_KIND_ANON, 0 },
		{ 0x7f0000000000, R | W | ANON, VMWALK_KIND_ANON, 0 },
		{ 0x7f1000000000, R | X | FILE_, VMWALK_KIND_FILE, 6 },
		{ 0x7f2000000000, R | FILE_, VMWALK_KIND_FILE, 7 },
		{ 0x7f3000000000, R | W | FILE_ | VMWALK_VMA_F_SHARED |
		  VMWALK_VMA_F_SHMEM, VMWALK_KIND_SHMEM, 8 },
	};

	memset(f, 0, sizeof(*f));
	vmw_aspace_init(&f->as, SHIFT);
	f->as.flags = VMW_SNAPSHOT_FLAGS;
	f->as.can = UINT32_MAX;
	f->as.mm.pid = 76;
	f->as.mm.start_code = 0x400000;
	f->as.mm.task_size = 0x7ffffffff000;
	f->as.complete = true;
	snprintf(f->as.comm, sizeof(f->as.comm), "%s", name);
	snprintf(thread.comm, sizeof(thread.comm), "%s", name);
	for (size_t i = 0; i < sizeof(vmas) / sizeof(vmas[0]); i++) {
		add(f, vmas[i].start, 4, vmas[i].flags, vmas[i].ino, name);
		extent(f, pages, vmas[i].state);
		extent(f, 4 - pages, VMWALK_KIND_NONE);
	}
	assert_int_equal(vmw_aspace_add_thread(&f->as, &thread), 0);
	vmw_aspace_finish(&f->as);
	assert_int_equal(vmw_classify(&f->as, &f->segs), 0);
}

static void demolish(struct fixture *f)
{
	vmw_segments_deinit(&f->segs);
	vmw_aspace_deinit(&f->as);
	free(f->text);
}

/* Two readings, one after the other, and how they are to look. */
struct subject {
	const char *name;
	struct fixture a, b;
	struct vmw_diff diff;
	struct vmw_style style;
};

struct view {
	const char *name;
	int (*render)(FILE *out, struct subject *s);
	const char *aligned;	/* a title that numbers stand under; NULL: none */
	unsigned int least;	/* a width that it keeps to, and to all above */
};

static int show(FILE *out, struct subject *s)
{
	return vmw_render_show(out, &s->style, &s->a.as, &s->a.segs);
}

static int show_folded(FILE *out, struct subject *s)
{
	const struct vmw_show fold = { .sort = "name" };

	return vmw_render_show_of(out, &s->style, &s->a.as, &s->a.segs, &fold);
}

static int show_columns(FILE *out, struct subject *s)
{
	const struct vmw_show some = {
		.columns = "name,mapped,segment,bar", .all = true,
		.sort = "segment",
	};

	return vmw_render_show_of(out, &s->style, &s->a.as, &s->a.segs, &some);
}

static int maps(FILE *out, struct subject *s)
{
	return vmw_render_maps(out, &s->style, &s->a.as);
}

static int map(FILE *out, struct subject *s)
{
	return vmw_render_map(out, &s->style, &s->a.as, &s->a.segs);
}

static int extents(FILE *out, struct subject *s)
{
	return vmw_render_extents(out, &s->style, &s->a.as, true);
}

static int threads(FILE *out, struct subject *s)
{
	return vmw_render_threads(out, &s->style, &s->a.as, &s->a.segs);
}

static int tables(FILE *out, struct subject *s)
{
	return vmw_render_tables(out, &s->style, &s->a.as, &s->a.segs);
}

static int where(FILE *out, struct subject *s)
{
	struct vmw_place places[] = {
		place_at(&s->a, 0x7f1000000010), place_at(&s->a, 0x1000),
	};

	places[0].symbol = s->name;
	return vmw_render_where(out, &s->style, &s->a.as, places, 2);
}

static int pte(FILE *out, struct subject *s)
{
	const struct vmw_info info = { .page_shift = SHIFT };
	struct vmw_place place = place_at(&s->a, 0x1000);
	const struct vmw_pte p = { .addr = 0x1000 };

	snprintf((char *)p.comm, sizeof(p.comm), "%s", s->name);
	return vmw_render_pte(out, &s->style, &info, &s->a.as, &place, &p);
}

static struct vmw_diff_view diff_view(struct subject *s)
{
	return (struct vmw_diff_view){
		.diff = &s->diff, .sa = &s->a.segs, .sb = &s->b.segs,
		.names = { s->name, s->name },
	};
}

static int diff(FILE *out, struct subject *s)
{
	const struct vmw_diff_view v = diff_view(s);

	return vmw_render_diff(out, &s->style, &v, true);
}

static int diff_map(FILE *out, struct subject *s)
{
	const struct vmw_diff_view v = diff_view(s);

	return vmw_render_diff_map(out, &s->style, &v);
}

static int put_log(FILE *out, struct subject *s, bool json)
{
	struct vmw_log *log = vmw_log_create(out, &s->style, json);
	struct vmw_snapshot *head = vmw_snapshot_create();

	assert_non_null(log);
	assert_non_null(head);
	head->number = 1;
	head->as.mm.pid = 76;
	snprintf(head->as.comm, sizeof(head->as.comm), "%s", s->name);
	snprintf(head->note, sizeof(head->note), "%s", s->name);
	snprintf(head->label, sizeof(head->label), "%s", s->name);
	snprintf(head->origin.host, sizeof(head->origin.host), "%s", s->name);
	snprintf(head->origin.exe, sizeof(head->origin.exe), "%s", s->name);
	vmw_log_add(log, head);
	vmw_snapshot_destroy(head);
	return vmw_log_destroy(log);
}

static int log_text(FILE *out, struct subject *s)
{
	return put_log(out, s, false);
}

static int put_ps(FILE *out, struct subject *s, bool json)
{
	struct vmwalk_task task = { .pid = 76, .mapped = PAGE, .state = 'S' };
	struct vmw_tasks all;
	int ret;

	vmw_tasks_init(&all, SHIFT);
	snprintf(task.comm, sizeof(task.comm), "%s", s->name);
	assert_int_equal(vmw_tasks_add(&all, &task), 0);
	all.task[0].user = s->name;
	ret = json ? vmw_json_ps(out, &all) : vmw_render_ps(out, &s->style, &all);
	vmw_tasks_deinit(&all);
	return ret;
}

static int ps(FILE *out, struct subject *s)
{
	return put_ps(out, s, false);
}

static int go(FILE *out, struct subject *s)
{
	return vmw_render_go(out, &s->style, &s->a.as);
}

static int where_csv(FILE *out, struct subject *s)
{
	struct vmw_place places[] = {
		place_at(&s->a, 0x7f1000000010), place_at(&s->a, 0x1000),
	};

	places[0].symbol = s->name;
	return vmw_csv_where(out, &s->style, &s->a.as, places, 2);
}

static int diff_segments(FILE *out, struct subject *s)
{
	const struct vmw_diff_view v = diff_view(s);

	return vmw_render_diff(out, &s->style, &v, false);
}

static int put_shared(FILE *out, struct subject *s, bool extents)
{
	struct vmw_shared shared;
	const struct vmw_pair pair = {
		&s->a.as, &s->b.as, &s->a.segs, &shared
	};
	int ret;

	assert_int_equal(vmw_shared_compare(&s->a.as, &s->b.as, &shared), 0);
	ret = vmw_render_shared(out, &s->style, &pair, extents);
	vmw_shared_deinit(&shared);
	return ret;
}

static int shared_segments(FILE *out, struct subject *s)
{
	return put_shared(out, s, false);
}

static int shared_extents(FILE *out, struct subject *s)
{
	return put_shared(out, s, true);
}

static int go_stacks(FILE *out, struct subject *s)
{
	return vmw_csv_go(out, &s->style, &s->a.as, "stacks");
}

static int go_spans(FILE *out, struct subject *s)
{
	return vmw_csv_go(out, &s->style, &s->a.as, "spans");
}

static int go_arenas(FILE *out, struct subject *s)
{
	return vmw_csv_go(out, &s->style, &s->a.as, "arenas");
}

static int go_runtime(FILE *out, struct subject *s)
{
	return vmw_csv_go(out, &s->style, &s->a.as, "runtime");
}

/* All that the live view can have on the screen. */
static int watch(FILE *out, struct subject *s)
{
	const struct vmw_watch_subject subject = {
		.as = &s->b.as, .segs = &s->b.segs, .diff = &s->diff,
		.page = "a page\n",
	};
	char line[320];

	vmw_watch_head(&s->style, &subject, line, sizeof(line));
	fprintf(out, "%.*s\n", (int)s->style.width, line);
	for (int view = 0; view < VMW_WATCH_VIEWS; view++) {
		struct vmw_watch_state state = {
			.view = view, .height = 10, .segment = 0x7f1000000000,
			.all = true,
		};
		struct vmw_watch_layout layout;
		int ret = vmw_watch_lay_out(&state, &s->style, &subject, &layout);

		if (ret)
			return ret;
		for (size_t i = 0; i < layout.nr; i++)
			fprintf(out, "%s\n", layout.row[i].text);
		vmw_watch_layout_deinit(&layout);
	}
	return 0;
}

static const struct view views[] = {
	{ "show", show, "MAPPED", 60 },
	{ "show, folded", show_folded, "MAPPED", 60 },
	{ "show, some columns", show_columns, "MAPPED", 60 },
	{ "maps", maps, NULL, UINT_MAX },
	{ "map", map, NULL, 60 },
	{ "extents", extents, NULL, UINT_MAX },
	{ "threads", threads, NULL, UINT_MAX },
	{ "tables", tables, NULL, UINT_MAX },
	{ "where", where, NULL, UINT_MAX },
	{ "pte", pte, NULL, UINT_MAX },
	{ "diff", diff, NULL, UINT_MAX },
	{ "diff --map", diff_map, NULL, UINT_MAX },
	{ "log", log_text, "PID", 80 },
	{ "ps", ps, "MAPPED", 60 },
	{ "go", go, NULL, UINT_MAX },
	{ "watch", watch, NULL, UINT_MAX },
};

#define NR_VIEWS (sizeof(views) / sizeof(views[0]))

/* The first @nr characters of a line as a terminal has them: each where it is. */
static size_t place_characters(const char *line, size_t len, wchar_t *at,
			       size_t room, const char *what)
{
	mbstate_t state = { 0 };
	size_t column = 0;

	while (len) {
		wchar_t c;
		size_t bytes = mbrtowc(&c, line, len, &state);

		if (!bytes || bytes > len)
			fail_msg("%s: no character: \\%03o", what,
				 (unsigned char)*line);
		if (!iswprint(c) || (c >= 0x200b && c <= 0x200f) ||
		    (c >= 0x202a && c <= 0x202e) ||
		    (c >= 0x2060 && c <= 0x206f) || c == 0x61c ||
		    c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f))
			fail_msg("%s: U+%04x gets to the terminal", what,
				 (unsigned int)c);
		for (int i = 0; i < wcwidth(c) && column < room; i++)
			at[column++] = c;
		line += bytes;
		len -= bytes;
	}
	return column;
}

/*
 * The lines from that of @title to the first empty one: the column ends in each
 * where its title does, and none is wider than @width.
 */
static void check_aligned(const char *text, const char *title,
			  unsigned int width, const char *what)
{
	static wchar_t at[1 << 16];
	const char *line = strstr(text, title);
	size_t end, len, columns;

	assert_non_null(line);
	while (line > text && line[-1] != '\n')
		line--;
	end = strstr(line, title) + strlen(title) - line;
	for (; *line && *line != '\n'; line += len + 1) {
		len = strcspn(line, "\n");
		columns = place_characters(line, len, at, 1 << 16, what);
		if (columns < end || at[end - 1] == ' ' ||
		    (columns > end && at[end] != ' '))
			fail_msg("%s: out of line under %s: '%.*s'", what, title,
				 (int)len, line);
		if (columns > width)
			fail_msg("%s: %zu columns: %.*s", what, columns, (int)len,
				 line);
	}
}

static void check_text(const struct subject *s, const struct view *v,
		       const char *text)
{
	static wchar_t at[1 << 16];
	size_t columns, len;
	char what[128];

	snprintf(what, sizeof(what), "%s at %u of name %.20s", v->name,
		 s->style.width, s->name[0] == '/' ? s->name + 1 : s->name);
	if (v->aligned)
		check_aligned(text, v->aligned, s->style.width < v->least ?
			      UINT_MAX : s->style.width, what);
	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		columns = place_characters(text, len, at, 1 << 16, what);
		if (!v->aligned && s->style.width >= v->least &&
		    columns > s->style.width)
			fail_msg("%s: %zu columns: %.*s", what, columns, (int)len,
				 text);
	}
}

static void check_views(struct subject *s)
{
	for (size_t i = 0; i < NR_VIEWS; i++) {
		char *text = NULL;
		size_t len;
		FILE *out = open_memstream(&text, &len);

		assert_int_equal(views[i].render(out, s), 0);
		fclose(out);
		assert_int_equal(strlen(text), len);
		check_text(s, &views[i], text);
		free(text);
	}
}

static void with_each_name(void (*check)(struct subject *s))
{
	for (size_t i = 0; i < NR_NAMES; i++) {
		struct subject s = { .name = names[i] };

		build(&s.a, names[i], 2);
		build(&s.b, names[i], 3);
		assert_int_equal(vmw_diff_make(&s.a.as, &s.a.segs, &s.b.as,
					       &s.b.segs, false, &s.diff), 0);
		check(&s);
		vmw_diff_deinit(&s.diff);
		demolish(&s.a);
		demolish(&s.b);
	}
}

static void check_widths(struct subject *s)
{
	static const unsigned int widths[] = { 60, 80, 120, 200, 250 };

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		s->style.width = widths[i];
		check_views(s);
	}
}

static void check_utf8(struct subject *s)
{
	s->style.utf8 = true;
	check_widths(s);
}

static void text(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C");
	with_each_name(check_widths);
}

static void text_in_utf8(void **state)
{
	(void)state;
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	with_each_name(check_utf8);
}

/* Digits and nothing else up to the end of the field. */
static bool is_number(const char *text)
{
	const size_t digits = strspn(text, "0123456789");

	return digits && strchr(",\r", text[digits]);
}

/* Fields, and that they are as many in every line; nothing starts a formula. */
static void check_csv_text(const char *text, const char *what)
{
	size_t fields = 1, first = 0;
	bool quoted = false, begins = true;

	for (; *text; text++) {
		if (begins && strchr("=+-@", *text) && text[1] != ',' &&
		    text[1] != '\r' && !is_number(text + 1))
			fail_msg("%s: a formula: %.20s", what, text);
		begins = !quoted && (*text == ',' || *text == '\n');
		if (*text == '"' && (quoted || strchr(",\n", text[-1])))
			quoted = !quoted;
		fields += !quoted && *text == ',';
		if (*text != '\n')
			continue;
		assert_false(quoted);
		assert_int_equal(text[-1], '\r');
		if (first)
			assert_int_equal(fields, first);
		first = fields;
		fields = 1;
	}
	assert_in_range(first, 3, 40);
}

static void check_csv(struct subject *s)
{
	static int (*const renders[])(FILE *out, struct subject *s) = {
		show, show_folded, show_columns, maps, extents, threads, tables,
		log_text, ps, where_csv, diff, diff_segments, shared_segments,
		shared_extents, go_stacks, go_spans, go_arenas, go_runtime,
	};

	s->style = (struct vmw_style){ .width = 250, .csv = true };
	for (size_t i = 0; i < sizeof(renders) / sizeof(renders[0]); i++) {
		char *text = NULL, what[32];
		size_t len;
		FILE *out = open_memstream(&text, &len);

		snprintf(what, sizeof(what), "csv %zu", i);
		assert_int_equal(renders[i](out, s), 0);
		fclose(out);
		check_csv_text(text, what);
		free(text);
	}
}

static void csv(void **state)
{
	(void)state;
	with_each_name(check_csv);
}

static int json_show(FILE *out, struct subject *s)
{
	return vmw_json_show(out, &s->a.as, &s->a.segs);
}

static int json_maps(FILE *out, struct subject *s)
{
	return vmw_json_maps(out, &s->a.as, &s->a.segs);
}

static int json_extents(FILE *out, struct subject *s)
{
	return vmw_json_extents(out, &s->a.as, true);
}

static int json_threads(FILE *out, struct subject *s)
{
	return vmw_json_threads(out, &s->a.as, &s->a.segs);
}

static int json_diff(FILE *out, struct subject *s)
{
	const struct vmw_diff_view v = diff_view(s);

	return vmw_json_diff(out, &v, true);
}

static int json_log(FILE *out, struct subject *s)
{
	return put_log(out, s, true);
}

static int json_ps(FILE *out, struct subject *s)
{
	return put_ps(out, s, true);
}

static void check_json(struct subject *s)
{
	static int (*const renders[])(FILE *out, struct subject *s) = {
		json_show, json_maps, json_extents, json_threads, json_diff,
		json_log, json_ps,
	};

	for (size_t i = 0; i < sizeof(renders) / sizeof(renders[0]); i++) {
		char *text = NULL, why[256] = "";
		yajl_val root;
		size_t len;
		FILE *out = open_memstream(&text, &len);

		assert_int_equal(renders[i](out, s), 0);
		fclose(out);
		for (const char *p = text; *p; p++)
			assert_true((unsigned char)*p >= ' ' || *p == '\n');
		root = yajl_tree_parse(text, why, sizeof(why));
		if (!root)
			fail_msg("json %zu of %s: %s", i, s->name, why);
		yajl_tree_free(root);
		free(text);
	}
}

static void json(void **state)
{
	(void)state;
	with_each_name(check_json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(text_in_utf8),
		cmocka_unit_test(csv),
		cmocka_unit_test(json),
	};

	fill_long_names();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
