// SPDX-License-Identifier: GPL-2.0
/* LINK: user/tui/state.c user/tui/layout.c */
/* The live view without a terminal: what keys do, and what there is to be seen. */
#include <locale.h>

#include "everything.h"
#include "tui/layout.h"

#define HEIGHT	5

static const struct vmw_style plain = { .width = 100 };

struct view {
	struct fixture *f;
	struct vmw_watch_state s;
	struct vmw_watch_subject subject;
	struct vmw_watch_layout layout;
};

static void lay_out(struct view *v)
{
	vmw_watch_layout_deinit(&v->layout);
	assert_int_equal(vmw_watch_lay_out(&v->s, &plain, &v->subject,
					   &v->layout), 0);
	vmw_watch_settle(&v->s, v->layout.row, v->layout.nr);
}

static void start(struct view *v, struct fixture *f)
{
	*v = (struct view){
		.f = f,
		.s = { .height = HEIGHT, .page_size = PAGE },
		.subject = { .as = &f->as, .segs = &f->segs,
			     .page = "first line\nsecond line\n" },
	};
	lay_out(v);
}

static enum vmw_watch_todo press(struct view *v, int key)
{
	const enum vmw_watch_todo todo =
		vmw_watch_key(&v->s, key, v->layout.row, v->layout.nr);

	if (todo == VMW_TODO_LAY_OUT || todo == VMW_TODO_READ_PAGE)
		lay_out(v);
	return todo;
}

static void type(struct view *v, const char *text)
{
	while (*text)
		press(v, *text++);
}

static const struct vmw_watch_cursor *cursor(const struct view *v)
{
	return &v->s.at[v->s.view];
}

static const char *line(const struct view *v)
{
	assert_true(cursor(v)->row < v->layout.nr);
	return v->layout.row[cursor(v)->row].text;
}

static void begins(const char *text, const char *with)
{
	if (strncmp(text, with, strlen(with)))
		fail_msg("'%s' does not begin with '%s'", text, with);
}

static void on_screen(const struct view *v)
{
	const struct vmw_watch_cursor *c = cursor(v);

	assert_true(c->row < v->layout.nr || !c->row);
	assert_true(c->top <= c->row && c->row < c->top + HEIGHT);
}

static void cursor_moves(void **state)
{
	struct view v;

	start(&v, *state);
	begins(line(&v), "text ");
	press(&v, VMW_KEY_DOWN);
	begins(line(&v), "rodata ");
	press(&v, VMW_KEY_UP);
	press(&v, VMW_KEY_UP);
	begins(line(&v), "text ");
	press(&v, VMW_KEY_PAGE_DOWN);
	on_screen(&v);
	assert_int_equal(cursor(&v)->row, HEIGHT);
	press(&v, VMW_KEY_END);
	/* Not to the total, which is of no address. */
	begins(line(&v), "vsyscall ");
	on_screen(&v);
	for (int i = 0; i < 50; i++)
		press(&v, VMW_KEY_DOWN);
	begins(line(&v), "vsyscall ");
	press(&v, VMW_KEY_HOME);
	assert_int_equal(cursor(&v)->top, 0);
	vmw_watch_layout_deinit(&v.layout);
}

static void opened_and_closed(void **state)
{
	struct view v;

	start(&v, *state);
	press(&v, '/');
	type(&v, "kind=heap");
	assert_string_equal(v.s.filter, "kind=heap");
	assert_true(v.s.typing);
	press(&v, VMW_KEY_ENTER);
	assert_false(v.s.typing);
	begins(line(&v), "heap ");
	assert_int_equal(press(&v, VMW_KEY_ENTER), VMW_TODO_LAY_OUT);
	assert_int_equal(v.s.view, VMW_WATCH_EXTENTS);
	begins(line(&v), "800000-808000 ");
	press(&v, VMW_KEY_DOWN);
	press(&v, VMW_KEY_DOWN);
	begins(line(&v), "  802000-805000 ");
	assert_int_equal(press(&v, VMW_KEY_ENTER), VMW_TODO_READ_PAGE);
	assert_int_equal(v.s.page, 0x802000);
	assert_string_equal(line(&v), "first line");
	assert_int_equal(press(&v, 'n'), VMW_TODO_READ_PAGE);
	assert_int_equal(v.s.page, 0x803000);
	assert_int_equal(press(&v, 'b'), VMW_TODO_READ_PAGE);
	assert_int_equal(v.s.page, 0x802000);
	press(&v, VMW_KEY_ESCAPE);
	begins(line(&v), "  802000-805000 ");
	press(&v, VMW_KEY_ESCAPE);
	begins(line(&v), "heap ");
	press(&v, VMW_KEY_ESCAPE);
	assert_string_equal(v.s.filter, "");
	/* Of all rows, still the one that it was at. */
	begins(line(&v), "heap ");
	assert_int_equal(press(&v, VMW_KEY_ESCAPE), VMW_TODO_NOTHING);
	vmw_watch_layout_deinit(&v.layout);
}

static void filter_being_typed(void **state)
{
	struct view v;
	size_t all;

	start(&v, *state);
	all = v.layout.nr;
	press(&v, '/');
	type(&v, "perm=");
	/* No permission yet, so nothing is left out. */
	assert_int_equal(v.layout.nr, all);
	type(&v, "rwq");
	press(&v, VMW_KEY_BACKSPACE);
	assert_string_equal(v.s.filter, "perm=rw");
	assert_true(v.layout.nr < all);
	/* Keys are text now. */
	assert_int_equal(press(&v, 's'), VMW_TODO_LAY_OUT);
	assert_int_equal(press(&v, 0x7ff), VMW_TODO_NOTHING);
	for (int i = 0; i < 1000; i++)
		press(&v, 'x');
	assert_int_equal(strlen(v.s.filter), VMW_WATCH_FILTER - 1);
	press(&v, VMW_KEY_ESCAPE);
	assert_int_equal(v.layout.nr, all);
	press(&v, '/');
	type(&v, "no such name");
	assert_int_equal(v.layout.nr, 0);
	on_screen(&v);
	press(&v, VMW_KEY_ENTER);
	assert_int_equal(press(&v, VMW_KEY_ENTER), VMW_TODO_NOTHING);
	assert_int_equal(press(&v, VMW_KEY_DOWN), VMW_TODO_DRAW);
	vmw_watch_layout_deinit(&v.layout);
}

/* Text, a heap, and two mappings without a name. */
static void add_anon(struct fixture *f)
{
	vmw_segments_deinit(&f->segs);
	vmw_aspace_deinit(&f->as);
	vmw_aspace_init(&f->as, SHIFT);
	f->as.mm.start_code = 0x400000;
	add(f, 0x400000, 4, R | X | FILE_, 5, "/bin/target");
	extent(f, 4, VMWALK_KIND_FILE | VMWALK_STATE_EXEC);
	add(f, 0x800000, 8, R | W | ANON, 0, "[heap]");
	extent(f, 8, VMWALK_KIND_ANON);
	for (int i = 0; i < 2; i++) {
		add(f, 0x7f0000000000 + 0x1000000 * i, 8, R | W | ANON, 0, NULL);
		extent(f, 8, VMWALK_KIND_ANON);
	}
	vmw_aspace_finish(&f->as);
	assert_int_equal(vmw_classify(&f->as, &f->segs), 0);
}

static void sorted_and_unfolded(void **state)
{
	struct fixture *f = *state;
	struct view v;
	size_t folded;

	add_anon(f);
	start(&v, f);
	press(&v, VMW_KEY_DOWN);
	press(&v, 'o');
	/* The cursor goes with its row. */
	begins(line(&v), "heap ");
	press(&v, VMW_KEY_HOME);
	begins(line(&v), "2 anon ");
	folded = v.layout.nr;
	assert_int_equal(press(&v, VMW_KEY_ENTER), VMW_TODO_LAY_OUT);
	assert_int_equal(v.s.view, VMW_WATCH_SEGMENTS);
	assert_int_equal(v.layout.nr, folded + 1);
	press(&v, 'a');
	assert_int_equal(v.layout.nr, folded);
	for (int i = 0; i < 6; i++)
		press(&v, 'o');
	assert_int_equal(v.s.sort, 0);
	vmw_watch_layout_deinit(&v.layout);
}

/* As small as a page, and all of it again. */
static void map_zooms(void **state)
{
	uint64_t start_before;
	struct view v;

	start(&v, *state);
	assert_int_equal(press(&v, 'm'), VMW_TODO_LAY_OUT);
	assert_int_equal(v.s.view, VMW_WATCH_MAP);
	begins(line(&v) + strspn(line(&v), " "), "00400000 ");
	for (int i = 0; i < 100; i++)
		press(&v, VMW_KEY_DOWN);
	for (int i = 0; i < 10; i++)
		press(&v, VMW_KEY_UP);
	start_before = cursor(&v)->start;
	for (int i = 0; i < 100; i++) {
		press(&v, '+');
		on_screen(&v);
		assert_true(v.layout.row[cursor(&v)->row].end);
	}
	assert_in_range(start_before, v.s.zoom_start, v.s.zoom_last);
	assert_int_equal(v.s.zoom_start % PAGE, 0);
	assert_in_range(v.s.zoom_last - v.s.zoom_start, PAGE - 1, 4 * PAGE);
	for (int i = 0; i < 100; i++)
		press(&v, '-');
	assert_int_equal(v.s.zoom_last, 0);
	assert_int_equal(press(&v, VMW_KEY_ENTER), VMW_TODO_LAY_OUT);
	assert_int_equal(v.s.view, VMW_WATCH_EXTENTS);
	press(&v, 'm');
	press(&v, 'm');
	assert_int_equal(v.s.view, VMW_WATCH_SEGMENTS);
	vmw_watch_layout_deinit(&v.layout);
}

static void keys_of_every_view(void **state)
{
	static const struct {
		int key;
		enum vmw_watch_todo todo;
	} keys[] = {
		{ 's', VMW_TODO_SNAPSHOT }, { 'r', VMW_TODO_READ },
		{ VMW_KEY_LEFT, VMW_TODO_EARLIER },
		{ VMW_KEY_RIGHT, VMW_TODO_LATER }, { 'q', VMW_TODO_QUIT },
		{ 'p', VMW_TODO_DRAW }, { -1, VMW_TODO_NOTHING },
	};
	struct view v;

	start(&v, *state);
	for (int view = 0; view < VMW_WATCH_VIEWS; view++) {
		v.s.view = view;
		lay_out(&v);
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			assert_int_equal(press(&v, keys[i].key), keys[i].todo);
		on_screen(&v);
	}
	v.s.view = VMW_WATCH_MAP;
	press(&v, '?');
	assert_int_equal(v.s.view, VMW_WATCH_HELP);
	press(&v, '?');
	assert_int_equal(v.s.view, VMW_WATCH_MAP);
	vmw_watch_layout_deinit(&v.layout);
}

/* Each key that does something is in the list of keys. */
static void help_has_every_key(void **state)
{
	struct view v;
	char name[8];

	start(&v, *state);
	v.s.view = VMW_WATCH_HELP;
	lay_out(&v);
	for (int key = '!'; key < 127; key++) {
		bool works = false, listed = false;

		for (int view = 0; view < VMW_WATCH_HELP; view++) {
			struct vmw_watch_state s = v.s;
			struct vmw_watch_row row = {
				.text = "", .start = PAGE, .end = 3 * PAGE,
			};

			s.view = view;
			s.zoom_last = 16 * PAGE - 1;
			works |= vmw_watch_key(&s, key, &row, 1);
		}
		for (size_t i = 0; i < v.layout.nr; i++) {
			const char *keys = v.layout.row[i].text;

			snprintf(name, sizeof(name), "%c ", key);
			for (size_t at = 0; *keys != ' ' && at < 19; at++)
				listed |= !strncmp(keys + at, name, 2) &&
					  (!at || keys[at - 1] == ' ');
		}
		/* These go without saying: '=' is '+' unshifted, 'h' is '?'. */
		if (works && !listed && !strchr("=h", key))
			fail_msg("'%c' does something and is not in the list",
				 key);
		if (!works && listed)
			fail_msg("'%c' is in the list and does nothing", key);
	}
	vmw_watch_layout_deinit(&v.layout);
}

/* The rows that something happened to have it, in each view; no others. */
static void changes_are_marked(void **state)
{
	struct fixture *f = *state;
	struct vmw_segments before_segs;
	struct vmw_aspace before;
	struct vmw_diff diff;
	size_t marked = 0;
	struct view v;
	struct vmw_vma *heap = NULL;

	for (size_t i = 0; i < f->as.nr_vmas; i++)
		if (f->as.vmas[i].info.start == 0x800000)
			heap = &f->as.vmas[i];
	assert_non_null(heap);
	before = f->as;
	before.extents = malloc(before.nr_extents * sizeof(*before.extents));
	memcpy(before.extents, f->as.extents,
	       before.nr_extents * sizeof(*before.extents));
	before.extents[heap->first_extent + 1].state = VMWALK_KIND_NONE;
	assert_int_equal(vmw_classify(&before, &before_segs), 0);
	assert_int_equal(vmw_diff_make(&before, &before_segs, &f->as, &f->segs,
				       false, &diff), 0);
	start(&v, f);
	for (size_t i = 0; i < v.layout.nr; i++)
		assert_false(v.layout.row[i].changed);
	v.subject.diff = &diff;
	lay_out(&v);
	for (size_t i = 0; i < v.layout.nr; i++)
		if (v.layout.row[i].changed) {
			begins(v.layout.row[i].text, "heap ");
			marked++;
		}
	assert_int_equal(marked, 1);
	v.s.segment = 0x800000;
	v.s.view = VMW_WATCH_EXTENTS;
	lay_out(&v);
	assert_true(v.layout.row[0].changed);
	assert_false(v.layout.row[1].changed);
	assert_true(v.layout.row[2].changed);
	assert_false(v.layout.row[3].changed);
	v.s.view = VMW_WATCH_MAP;
	lay_out(&v);
	for (size_t i = 0; i < v.layout.nr; i++)
		assert_int_equal(v.layout.row[i].changed,
				 v.layout.row[i].start == 0x800000);
	vmw_watch_layout_deinit(&v.layout);
	vmw_diff_deinit(&diff);
	vmw_segments_deinit(&before_segs);
	free(before.extents);
}

/* What is open may be unmapped between two readings. */
static void segment_that_is_gone(void **state)
{
	struct view v;

	start(&v, *state);
	v.s.segment = 0x10000;
	v.s.view = VMW_WATCH_EXTENTS;
	lay_out(&v);
	assert_string_equal(line(&v), "nothing is mapped there any more");
	assert_int_equal(press(&v, VMW_KEY_ENTER), VMW_TODO_NOTHING);
	vmw_watch_layout_deinit(&v.layout);
}

static void any_keys(void **state)
{
	static const int keys[] = {
		VMW_KEY_UP, VMW_KEY_DOWN, VMW_KEY_PAGE_UP, VMW_KEY_PAGE_DOWN,
		VMW_KEY_HOME, VMW_KEY_END, VMW_KEY_ENTER, VMW_KEY_ESCAPE,
		VMW_KEY_BACKSPACE, 'm', '+', '-', 'o', 'a', '/', 'e', 'n', 'b',
		'?', 'p', 'k', '=',
	};
	unsigned int seed = 1;
	struct view v;

	start(&v, *state);
	for (int i = 0; i < 3000; i++) {
		const size_t key = rand_r(&seed) %
				   (sizeof(keys) / sizeof(keys[0]));

		press(&v, keys[key]);
		on_screen(&v);
	}
	vmw_watch_layout_deinit(&v.layout);
}

static void head_and_sums(void **state)
{
	struct fixture *f = *state;
	struct vmw_watch_subject s = { .as = &f->as, .segs = &f->segs };
	struct vmw_diff diff = { .before = f->segs.total };
	char text[320];

	vmw_watch_head(&plain, &s, text, sizeof(text));
	assert_string_equal(text, "pid 76 (ev\\033[1ml\\012name), 17 VMAs, "
			    "1 threads");
	vmw_watch_sums(&plain, &s, text, sizeof(text));
	assert_null(strchr(text, '('));
	diff.before.resident -= 2 * PAGE;
	s.diff = &diff;
	vmw_watch_sums(&plain, &s, text, sizeof(text));
	contains(text, " (+8 KiB), swapped 12 KiB");
	diff.before.resident += 3 * PAGE;
	vmw_watch_sums(&plain, &s, text, sizeof(text));
	contains(text, " (-4 KiB), ");
	for (size_t size = 1; size < 100; size++) {
		char *small = malloc(size);

		vmw_watch_sums(&plain, &s, small, size);
		assert_true(strlen(small) < size);
		free(small);
	}
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(cursor_moves),
		test(opened_and_closed),
		test(filter_being_typed),
		test(sorted_and_unfolded),
		test(map_zooms),
		test(keys_of_every_view),
		test(help_has_every_key),
		test(changes_are_marked),
		test(segment_that_is_gone),
		test(any_keys),
		test(head_and_sums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
