// SPDX-License-Identifier: GPL-2.0
/* Numbers as printf() writes them, and tables of odd texts. */
#include <errno.h>
#include <inttypes.h>

#include "everything.h"
#include "render/digits.h"
#include "render/table.h"

static void check_number(uint64_t n)
{
	char ours[VMW_DIGITS + 1], theirs[32], *end;

	ours[VMW_DIGITS] = 'x';
	end = vmw_decimal(ours, n);
	snprintf(theirs, sizeof(theirs), "%" PRIu64, n);
	assert_string_equal(ours, theirs);
	assert_int_equal(end - ours, strlen(theirs));
	for (unsigned int least = 1; least <= 16; least++) {
		end = vmw_hex(ours, n, least);
		snprintf(theirs, sizeof(theirs), "%0*" PRIx64, least, n);
		assert_string_equal(ours, theirs);
		assert_int_equal(end - ours, strlen(theirs));
	}
	assert_int_equal(ours[VMW_DIGITS], 'x');
}

/* Around each power of two and of ten. */
static void numbers(void **state)
{
	(void)state;
	check_number(0);
	for (uint64_t n = 1; n; n <<= 1)
		for (int d = -1; d <= 1; d++)
			check_number(n + d);
	for (uint64_t n = 1; n < UINT64_MAX / 10; n *= 10)
		for (int d = -1; d <= 1; d++)
			check_number(10 * n + d);
	check_number(UINT64_MAX);
}

static struct vmw_table *open_table(struct fixture *f, FILE **out,
				    unsigned int width, bool color)
{
	const struct vmw_style style = { .width = width, .color = color };

	*out = open_text(f);
	return vmw_table_create(*out, &style, SHIFT);
}

static const char *close_table(struct fixture *f, FILE *out, struct vmw_table *t)
{
	assert_int_equal(vmw_table_destroy(t), 0);
	fclose(out);
	return f->text;
}

/* Rows that are not full, and one that nothing follows. */
static void table_rows(void **state)
{
	struct fixture *f = *state;
	FILE *out;
	struct vmw_table *t = open_table(f, &out, 80, false);

	vmw_table_column(t, "A", VMW_COL_NUMBER);
	vmw_table_column(t, "LONG", VMW_COL_TEXT);
	vmw_table_column(t, "C", VMW_COL_TEXT);
	vmw_table_row(t, NULL);
	vmw_table_number(t, 100);
	vmw_table_row(t, NULL);
	vmw_table_hex(t, 0xab, 1);
	vmw_table_range(t, 0x1000, 0x2000);
	vmw_table_text(t, "c", NULL);
	assert_string_equal(close_table(f, out, t),
			    "  A LONG      C\n"
			    "100\n"
			    " ab 1000-2000 c\n");
}

/* What is cut, the widest first, and no further than to its title. */
static void table_cut(void **state)
{
	struct fixture *f = *state;
	FILE *out;
	struct vmw_table *t = open_table(f, &out, 12, false);

	vmw_table_column(t, "NAME", VMW_COL_CUT);
	vmw_table_column(t, "B", VMW_COL_TEXT);
	vmw_table_column(t, "NAME", VMW_COL_CUT);
	vmw_table_row(t, NULL);
	vmw_table_text(t, "0123456789", NULL);
	vmw_table_text(t, "b", NULL);
	vmw_table_text(t, "abcdefghij", NULL);
	assert_string_equal(close_table(f, out, t),
			    "NAME  B NAME\n"
			    "01~89 b a~ij\n");
}

static void table_colors(void **state)
{
	struct fixture *f = *state;
	FILE *out;
	struct vmw_table *t = open_table(f, &out, 80, true);

	vmw_table_column(t, "A", VMW_COL_TEXT);
	vmw_table_column(t, "B", VMW_COL_TEXT);
	vmw_table_row(t, "1");
	vmw_table_text(t, "x", NULL);
	vmw_table_row(t, NULL);
	vmw_table_text(t, "y", "31");
	vmw_table_text(t, "z", NULL);
	assert_string_equal(close_table(f, out, t),
			    "A B\n"
			    "\033[1mx\033[0m\n"
			    "\033[31my\033[0m z\n");
}

/* A cell too many is a mistake that is told, not one that is made. */
static void table_overfull(void **state)
{
	struct fixture *f = *state;
	FILE *out;
	struct vmw_table *t = open_table(f, &out, 80, false);

	vmw_table_column(t, "A", VMW_COL_TEXT);
	vmw_table_row(t, NULL);
	vmw_table_text(t, "x", NULL);
	vmw_table_text(t, "y", NULL);
	assert_int_equal(vmw_table_destroy(t), -EINVAL);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		test(table_rows),
		test(table_cut),
		test(table_colors),
		test(table_overfull),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
