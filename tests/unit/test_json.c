// SPDX-License-Identifier: GPL-2.0
/*
 * The JSON writer: whatever goes in, yajl reads back a document, with the
 * value that was meant, and nothing in it can move a cursor.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <yajl/yajl_tree.h>

#include "render/json.h"

/* U+FFFD */
#define BAD	"\xef\xbf\xbd"

static void check_tame(const char *text)
{
	for (; *text; text++) {
		assert_true((unsigned char)*text >= ' ' || *text == '\n');
		assert_int_not_equal(*text, 0x7f);
		if ((unsigned char)*text == 0xc2)
			assert_true((unsigned char)text[1] >= 0xa0);
	}
}

/* Writes {"s": @value} and returns the value read back. */
static char *round_trip(const char *value)
{
	const char *path[2] = { "s" };
	char *text, error[256], *back;
	struct vmw_json *j;
	yajl_val root, value_read;
	size_t len;
	FILE *out;

	out = open_memstream(&text, &len);
	j = vmw_json_create(out);
	vmw_json_object_begin(j, NULL);
	vmw_json_string(j, "s", value);
	vmw_json_object_end(j);
	assert_int_equal(vmw_json_destroy(j), 0);
	fclose(out);
	check_tame(text);
	assert_int_equal(text[len - 1], '\n');
	root = yajl_tree_parse(text, error, sizeof(error));
	assert_non_null(root);
	value_read = yajl_tree_get(root, path, yajl_t_string);
	assert_non_null(value_read);
	back = strdup(value_read->u.string);
	yajl_tree_free(root);
	free(text);
	return back;
}

static void check_string(const char *value, const char *expected)
{
	char *back = round_trip(value);

	assert_string_equal(back, expected);
	free(back);
}

static void plain_strings_come_back(void **state)
{
	(void)state;
	check_string("", "");
	check_string("/usr/lib/x86_64-linux-gnu/libc.so.6",
		     "/usr/lib/x86_64-linux-gnu/libc.so.6");
	check_string("\"quoted\" and back\\slashed", "\"quoted\" and back\\slashed");
	check_string("ä ‰ \xf0\x9f\x90\x9b", "ä ‰ \xf0\x9f\x90\x9b");
}

static void control_characters_come_back_escaped(void **state)
{
	char all[32];

	(void)state;
	for (int i = 0; i < 31; i++)
		all[i] = i + 1;
	all[31] = '\0';
	check_string(all, all);
	check_string("a\177b", "a\177b");
	check_string("csi \302\23331m", "csi \302\23331m");
	check_string("\xc2\x80\xc2\x9f\xc2\xa0", "\xc2\x80\xc2\x9f\xc2\xa0");
}

static void what_is_not_utf8_is_replaced(void **state)
{
	(void)state;
	check_string("\xff", BAD);
	check_string("a\200b", "a" BAD "b");
	check_string("cut \xc3", "cut " BAD);
	check_string("cut \xe2\x82", "cut " BAD BAD);
	check_string("cut \xf0\x9f\x90", "cut " BAD BAD BAD);
	check_string("overlong \xc0\xaf", "overlong " BAD BAD);
	check_string("overlong \xe0\x80\xaf", "overlong " BAD BAD BAD);
	check_string("surrogate \xed\xa0\x80", "surrogate " BAD BAD BAD);
	check_string("beyond \xf4\x90\x80\x80", "beyond " BAD BAD BAD BAD);
	check_string("\xf5\x80\x80\x80", BAD BAD BAD BAD);
}

/* Any two bytes, the second of which may start, go on with or end something. */
static void every_pair_of_bytes_is_valid(void **state)
{
	char pair[3] = "";

	(void)state;
	for (int a = 1; a < 256; a++) {
		for (int b = 1; b < 256; b++) {
			pair[0] = a;
			pair[1] = b;
			free(round_trip(pair));
		}
	}
}

static void typed_fields(void **state)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct vmw_json *j = vmw_json_create(out);

	(void)state;
	vmw_json_object_begin(j, NULL);
	vmw_json_uint(j, "u", UINT64_MAX);
	vmw_json_bool(j, "b", true);
	vmw_json_address(j, "a", 0xffffffffff600000);
	vmw_json_string(j, "n", NULL);
	vmw_json_array_begin(j, "l");
	vmw_json_uint(j, NULL, 0);
	vmw_json_object_begin(j, NULL);
	vmw_json_object_end(j);
	vmw_json_array_end(j);
	vmw_json_object_end(j);
	assert_int_equal(vmw_json_destroy(j), 0);
	fclose(out);
	assert_string_equal(text, "{\"u\":18446744073709551615,\"b\":true,"
			    "\"a\":\"0xffffffffff600000\",\"n\":null,"
			    "\"l\":[0,{}]}\n");
	free(text);
}

static void misuse_is_an_error(void **state)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct vmw_json *j = vmw_json_create(out);

	(void)state;
	vmw_json_object_begin(j, NULL);
	vmw_json_uint(j, NULL, 1);
	vmw_json_object_end(j);
	assert_int_equal(vmw_json_destroy(j), -EINVAL);
	fclose(out);
	free(text);
}

static void a_full_disk_is_an_error(void **state)
{
	FILE *out = fopen("/dev/full", "w");
	struct vmw_json *j;

	(void)state;
	if (!out)
		skip();
	setvbuf(out, NULL, _IONBF, 0);
	j = vmw_json_create(out);
	vmw_json_object_begin(j, NULL);
	vmw_json_object_end(j);
	assert_int_equal(vmw_json_destroy(j), -EIO);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_strings_come_back),
		cmocka_unit_test(control_characters_come_back_escaped),
		cmocka_unit_test(what_is_not_utf8_is_replaced),
		cmocka_unit_test(every_pair_of_bytes_is_valid),
		cmocka_unit_test(typed_fields),
		cmocka_unit_test(misuse_is_an_error),
		cmocka_unit_test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
