// SPDX-License-Identifier: GPL-2.0
/* Sizes, names, and what is made of those that nobody should print as is. */
#include <locale.h>

#include "everything.h"

static const char *size(enum vmw_units units, uint64_t bytes)
{
	const struct vmw_style style = { .units = units };
	static char buf[32];

	return vmw_size(&style, SHIFT, bytes, buf, sizeof(buf));
}

static void sizes(void **state)
{
	(void)state;
	assert_string_equal(size(VMW_UNITS_KIB, 0), "0");
	assert_string_equal(size(VMW_UNITS_KIB, 1), "1");
	assert_string_equal(size(VMW_UNITS_KIB, 4096), "4");
	assert_string_equal(size(VMW_UNITS_KIB, UINT64_MAX),
			    "18014398509481984");
	assert_string_equal(size(VMW_UNITS_PAGES, 4097), "2");
	assert_string_equal(size(VMW_UNITS_BYTES, UINT64_MAX),
			    "18446744073709551615");
	assert_string_equal(size(VMW_UNITS_HUMAN, 1023), "1023");
	assert_string_equal(size(VMW_UNITS_HUMAN, 1024), "1.0K");
	assert_string_equal(size(VMW_UNITS_HUMAN, 1536 << 10), "1.5M");
	assert_string_equal(size(VMW_UNITS_HUMAN, 10000), "9.8K");
	assert_string_equal(size(VMW_UNITS_HUMAN, 64 << 20), "64M");
	assert_string_equal(size(VMW_UNITS_HUMAN, (uint64_t)1 << 40), "1.0T");
	assert_string_equal(size(VMW_UNITS_HUMAN, UINT64_MAX), "16E");
}

static void everything_has_a_name(void **state)
{
	struct fixture *f = *state;

	for (int kind = 0; kind <= VMWALK_KIND_MAX; kind++)
		assert_true(strlen(vmw_kind_name(kind)) > 1);
	assert_string_equal(vmw_kind_name(15), "unknown");
	for (int kind = 0; kind < VMW_SEG_KINDS; kind++)
		assert_non_null(vmw_segment_color(kind));
	assert_string_equal(vmw_leaf_size_name(&f->as, 0), "4K");
	assert_string_equal(vmw_leaf_size_name(&f->as, PMD), "2M");
	assert_string_equal(vmw_leaf_size_name(&f->as, PUD), "1G");
}

static void check_escape(const char *name, const char *expected)
{
	char buf[256];

	vmw_escape_name(name, buf, sizeof(buf));
	assert_string_equal(buf, expected);
}

static void names_in_utf8(void **state)
{
	(void)state;
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	check_escape("/lib/libc.so.6", "/lib/libc.so.6");
	check_escape("ä\xf0\x9f\x90\x9b", "ä\xf0\x9f\x90\x9b");
	check_escape("two\nlines\033[m", "two\\012lines\\033[m");
	check_escape("\302\23331m", "\\302\\23331m");
	check_escape("a\u202eb\u200b", "a\\342\\200\\256b\\342\\200\\213");
	check_escape("\xff\xc3", "\\377\\303");
	check_escape("\x7f", "\\177");
}

/* A terminal of one byte per character may take any of these for a command. */
static void names_in_ascii(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C");
	check_escape("plain \\x1b", "plain \\x1b");
	check_escape("\u06db", "\\333\\233");
}

static void names_are_cut_between_characters(void **state)
{
	char buf[16];

	(void)state;
	for (size_t room = 1; room < sizeof(buf); room++) {
		memset(buf, 'x', sizeof(buf));
		vmw_escape_name("\033\033\033\033", buf, room);
		assert_int_equal(strlen(buf), (room - 1) / 4 * 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(sizes),
		test(everything_has_a_name),
		test(names_in_utf8),
		test(names_in_ascii),
		test(names_are_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
