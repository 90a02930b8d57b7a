// SPDX-License-Identifier: GPL-2.0
/*
 * The views as people have looked at them and found them good: tests/unit/golden, at
 * 40, 80, 120 and 200 columns. VMWALK_GOLDEN=write writes them anew, to be looked at.
 */
#include <locale.h>

#include "views.h"

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

static void compare(const struct view *v, struct subject *s)
{
	const char *how = getenv("VMWALK_GOLDEN");
	char path[128], *text = view_on_terminal(v, s), *golden;

	snprintf(path, sizeof(path), "tests/unit/golden/%s-%u%s.txt", v->name,
		 s->style.width, s->style.color ? "-color" : "");
	if (how && !strcmp(how, "write")) {
		write_golden(path, text);
		free(text);
		return;
	}
	golden = read_golden(path);
	if (strcmp(golden, text))
		fail_msg("%s is otherwise now:\n%s", path, text);
	free(golden);
	free(text);
}

static void ascii(void **state)
{
	static const unsigned int widths[] = { 40, 80, 120, 200 };
	struct subject s;

	(void)state;
	setlocale(LC_CTYPE, "C");
	make_subject(&s, HOSTILE);
	for (size_t i = 0; i < NR_VIEWS; i++)
		for (size_t k = 0; k < sizeof(widths) / sizeof(widths[0]); k++) {
			s.style = (struct vmw_style){ .width = widths[k] };
			compare(&views[i], &s);
		}
	free_subject(&s);
}

static void colored(void **state)
{
	struct subject s;

	(void)state;
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	make_subject(&s, "main.func1");
	s.style = (struct vmw_style){
		.width = 120, .utf8 = true, .color = true,
		.units = VMW_UNITS_HUMAN,
	};
	for (size_t i = 0; i < NR_VIEWS; i++)
		compare(&views[i], &s);
	free_subject(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascii),
		cmocka_unit_test(colored),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
