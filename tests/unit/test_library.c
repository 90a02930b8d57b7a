// SPDX-License-Identifier: GPL-2.0
/* Libraries opened when they are needed: all of their functions, or a clear error. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "library.h"

struct functions {
	__typeof__(strlen) *length;
	__typeof__(memcmp) *compare;
};

static const struct vmw_function good[] = {
	{ "strlen", offsetof(struct functions, length) },
	{ "memcmp", offsetof(struct functions, compare) },
};

static const struct vmw_function newer[] = {
	{ "strlen", offsetof(struct functions, length) },
	{ "vmw_no_such_function", offsetof(struct functions, compare) },
};

static struct vmw_library libc(const struct vmw_function *functions)
{
	return (struct vmw_library){
		.soname = "libc.so.6", .package = "libc6",
		.purpose = "count", .functions = functions, .nr = 2,
	};
}

static void opened_once(void **state)
{
	struct vmw_library lib = libc(good);
	struct functions f = { 0 };
	struct vmw_error err = { "" };
	void *handle;

	(void)state;
	assert_int_equal(vmw_library_open(&lib, &f, &err), 0);
	assert_int_equal(f.length("four"), 4);
	assert_int_equal(f.compare("same", "same", 4), 0);
	handle = lib.handle;
	assert_int_equal(vmw_library_open(&lib, &f, &err), 0);
	assert_ptr_equal(lib.handle, handle);
	assert_string_equal(err.text, "");
}

static void check_refused(struct vmw_library *lib, const char *name)
{
	struct functions f = { 0 };
	struct vmw_error err = { "" };

	assert_int_equal(vmw_library_open(lib, &f, &err), -ENOENT);
	assert_null(lib->handle);
	assert_int_equal(strncmp(err.text, "cannot count: ", 14), 0);
	assert_non_null(strstr(err.text, name));
	assert_non_null(strstr(err.text, "package libc6"));
}

static void missing_is_told(void **state)
{
	struct vmw_library lib = libc(good);

	(void)state;
	lib.soname = "libnosuch.so.7";
	check_refused(&lib, "libnosuch.so.7");
}

static void too_old_is_told(void **state)
{
	struct vmw_library lib = libc(newer);

	(void)state;
	check_refused(&lib, "vmw_no_such_function");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opened_once),
		cmocka_unit_test(missing_is_told),
		cmocka_unit_test(too_old_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
