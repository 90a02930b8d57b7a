// SPDX-License-Identifier: GPL-2.0
/*
 * The views as people have looked at them and found them good: tests/unit/golden, at
 * 80, 120 and 200 columns. VMWALK_GOLDEN=write writes them anew, to be looked at.
 */
#include <locale.h>

#include "everything.h"

static int show(FILE *out, const struct vmw_style *style, struct fixture *f)
{
	const struct vmw_show fold = { 0 };

	return vmw_render_show_of(out, style, &f->as, &f->segs, &fold);
}

static int show_all(FILE *out, const struct vmw_style *style, struct fixture *f)
{
	const struct vmw_show all = { .all = true, .sort = "resident" };

	return vmw_render_show_of(out, style, &f->as, &f->segs, &all);
}

static int maps(FILE *out, const struct vmw_style *style, struct fixture *f)
{
	return vmw_render_maps(out, style, &f->as);
}

static int map(FILE *out, const struct vmw_style *style, struct fixture *f)
{
	return vmw_render_map(out, style, &f->as, &f->segs);
}

static int zoomed(FILE *out, const struct vmw_style *style, struct fixture *f)
{
	const struct vmw_zoom zoom = {
		.start = 0xc000100000, .last = 0xc0003fffff, .by_page = true,
	};

	return vmw_render_map_of(out, style, &f->as, &f->segs, &zoom);
}

static int extents(FILE *out, const struct vmw_style *style, struct fixture *f)
{
	return vmw_render_extents(out, style, &f->as, true);
}

static int threads(FILE *out, const struct vmw_style *style, struct fixture *f)
{
	return vmw_render_threads(out, style, &f->as, &f->segs);
}

static const struct view {
	const char *name;
	int (*render)(FILE *out, const struct vmw_style *style,
		      struct fixture *f);
} views[] = {
	{ "show", show }, { "show-all", show_all }, { "maps", maps },
	{ "map", map }, { "map-zoom", zoomed }, { "extents", extents },
	{ "threads", threads },
};

static void write_golden(const char *path, const char *text)
{
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static char *read_golden(const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	if (!in)
		fail_msg("no %s: VMWALK_GOLDEN=write writes it", path);
	if (getdelim(&text, &room, '\0', in) < 0)
		fail_msg("%s is empty", path);
	fclose(in);
	return text;
}

static void compare(const struct view *v, const struct vmw_style *style,
		    struct fixture *f)
{
	const char *how = getenv("VMWALK_GOLDEN");
	FILE *out = open_text(f);
	char path[128], *golden;

	assert_int_equal(v->render(out, style, f), 0);
	fclose(out);
	snprintf(path, sizeof(path), "tests/unit/golden/%s-%u%s.txt", v->name,
		 style->width, style->color ? "-color" : "");
	if (how && !strcmp(how, "write")) {
		write_golden(path, f->text);
		return;
	}
	golden = read_golden(path);
	if (strcmp(golden, f->text))
		fail_msg("%s is otherwise now:\n%s", path, f->text);
	free(golden);
}

static void ascii(void **state)
{
	static const unsigned int widths[] = { 80, 120, 200 };

	setlocale(LC_CTYPE, "C");
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		for (size_t k = 0; k < sizeof(widths) / sizeof(widths[0]); k++) {
			const struct vmw_style style = { .width = widths[k] };

			compare(&views[i], &style, *state);
		}
}

static void colored(void **state)
{
	const struct vmw_style style = {
		.width = 120, .utf8 = true, .color = true,
		.units = VMW_UNITS_HUMAN,
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		compare(&views[i], &style, *state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(ascii),
		test(colored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
