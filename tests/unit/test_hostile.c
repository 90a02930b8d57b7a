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

#include "tui/layout.h"
#include "views.h"

static char long_path[4097], long_name[256], long_wide[3 * 85 + 1];
static char long_marks[4097];

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
	long_path, long_name, long_wide, long_marks,
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
	/* Of which none takes a column. */
	for (size_t i = 0; i + 2 < sizeof(long_marks); i += 2)
		memcpy(long_marks + i, "\xcc\x81", 2);
	memcpy(long_marks, "/e", 2);
}

/* A process all of whose names are @name. */
static struct fixture *build(const char *name, bool later)
{
	struct fixture *f = calloc(1, sizeof(*f));
	const uint64_t pages = later ? 3 : 2;
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
		{ GO_ARENA, R | W | ANON, VMWALK_KIND_ANON, 0 },
		{ 0x7f0000000000, R | W | ANON, VMWALK_KIND_ANON, 0 },
		{ 0x7f1000000000, R | X | FILE_, VMWALK_KIND_FILE, 6 },
		{ 0x7f2000000000, R | FILE_, VMWALK_KIND_FILE, 7 },
		{ 0x7f3000000000, R | W | FILE_ | VMWALK_VMA_F_SHARED |
		  VMWALK_VMA_F_SHMEM, VMWALK_KIND_SHMEM, 8 },
	};

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
	add_runtime(f, name, later);
	add_tables(f);
	add_frames(f, later);
	assert_int_equal(vmw_classify(&f->as, &f->segs), 0);
	return f;
}

static int where_csv(FILE *out, struct subject *s)
{
	struct vmw_place places[] = {
		place_at(s->a, 0x7f1000000010), place_at(s->a, 0x1000),
	};

	places[0].symbol = s->name;
	return vmw_csv_where(out, &s->style, &s->a->as, places, 2);
}

static int go_stacks(FILE *out, struct subject *s)
{
	return vmw_csv_go(out, &s->style, &s->a->as, "stacks");
}

static int go_spans(FILE *out, struct subject *s)
{
	return vmw_csv_go(out, &s->style, &s->a->as, "spans");
}

static int go_arenas(FILE *out, struct subject *s)
{
	return vmw_csv_go(out, &s->style, &s->a->as, "arenas");
}

static int go_runtime(FILE *out, struct subject *s)
{
	return vmw_csv_go(out, &s->style, &s->a->as, "runtime");
}

/* All that the live view can have on the screen. */
static int watch(FILE *out, struct subject *s)
{
	const struct vmw_watch_subject subject = {
		.as = &s->b->as, .segs = &s->b->segs, .diff = &s->diff,
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

static const struct view watched = { "watch", watch };

/* A title that numbers stand under, in views of one table; NULL: none. */
static const char *aligned(const struct view *v)
{
	static const struct {
		const char *view, *title;
	} tables[] = {
		{ "show", "MAPPED" }, { "show-all", "MAPPED" },
		{ "show-columns", "MAPPED" }, { "log", "NR" }, { "ps", "RESIDENT" },
		{ "shared", "FRAMES" },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!strcmp(tables[i].view, v->name))
			return tables[i].title;
	return NULL;
}

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
	if (aligned(v))
		check_aligned(text, aligned(v), s->style.width, what);
	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		columns = place_characters(text, len, at, 1 << 16, what);
		if (columns > s->style.width)
			fail_msg("%s: %zu columns: %.*s", what, columns, (int)len,
				 text);
	}
}

static void check_view(const struct view *v, struct subject *s)
{
	char *text = view_on_terminal(v, s);

	check_text(s, v, text);
	free(text);
}

static void check_views(struct subject *s)
{
	for (size_t i = 0; i < NR_VIEWS; i++)
		check_view(&views[i], s);
	check_view(&watched, s);
}

static void with_each_name(void (*check)(struct subject *s))
{
	for (size_t i = 0; i < NR_NAMES; i++) {
		struct subject s = { .name = names[i] };

		s.a = build(names[i], false);
		s.b = build(names[i], true);
		assert_int_equal(vmw_diff_make(&s.a->as, &s.a->segs, &s.b->as,
					       &s.b->segs, true, &s.diff), 0);
		check(&s);
		free_subject(&s);
	}
}

static void check_widths(struct subject *s)
{
	static const unsigned int widths[] = { 40, 60, 80, 120, 200, 250 };

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

static int csv_levels(FILE *out, struct subject *s)
{
	return vmw_csv_levels(out, &s->style, &s->a->as, &s->a->segs);
}

static int csv_diff_stacks(FILE *out, struct subject *s)
{
	return vmw_csv_diff_runtime(out, &s->style, &s->diff, "stacks");
}

static int csv_diff_spans(FILE *out, struct subject *s)
{
	return vmw_csv_diff_runtime(out, &s->style, &s->diff, "spans");
}

static int csv_diff_labels(FILE *out, struct subject *s)
{
	return vmw_csv_diff_runtime(out, &s->style, &s->diff, "labels");
}

static void check_csv(struct subject *s)
{
	static int (*const renders[])(FILE *out, struct subject *s) = {
		view_show, view_show_all, view_show_columns, view_maps,
		view_extents, view_threads, view_tables, view_log, view_ps,
		where_csv, view_diff, view_diff_extents, view_shared,
		view_shared_extents, go_stacks, go_spans, go_arenas, go_runtime,
		csv_levels, csv_diff_stacks, csv_diff_spans, csv_diff_labels,
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
	return vmw_json_show(out, &s->a->as, &s->a->segs);
}

static int json_maps(FILE *out, struct subject *s)
{
	return vmw_json_maps(out, &s->a->as, &s->a->segs);
}

static int json_extents(FILE *out, struct subject *s)
{
	return vmw_json_extents(out, &s->a->as, true);
}

static int json_threads(FILE *out, struct subject *s)
{
	return vmw_json_threads(out, &s->a->as, &s->a->segs);
}

static int json_tables(FILE *out, struct subject *s)
{
	return vmw_json_tables(out, &s->a->as, &s->a->segs);
}

static int json_go(FILE *out, struct subject *s)
{
	return vmw_json_go(out, &s->a->as);
}

static int json_where(FILE *out, struct subject *s)
{
	struct vmw_place places[] = {
		place_at(s->a, 0x7f1000000010), place_at(s->a, 0x1000),
		place_at(s->a, GO_ARENA), place_at(s->a, 0x400010),
	};

	places[0].symbol = s->name;
	return vmw_json_where(out, &s->a->as, places, 4);
}

static int json_pte(FILE *out, struct subject *s)
{
	struct vmw_info info;
	struct vmw_pte pte = make_way(&info);
	const struct vmw_place place = vmw_place_of_pte(&s->a->as, &pte);
	int ret;

	ret = vmw_json_pte(out, &info, &s->a->as, &place, &pte);
	vmw_pte_deinit(&pte);
	return ret;
}

static int json_shared(FILE *out, struct subject *s)
{
	return put_shared(out, s, false, true);
}

static int json_shared_extents(FILE *out, struct subject *s)
{
	return put_shared(out, s, true, true);
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
		json_show, json_maps, json_extents, json_threads, json_tables,
		json_go, json_where, json_pte, json_shared,
		json_shared_extents, json_diff, json_log, json_ps,
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
