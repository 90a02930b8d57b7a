// SPDX-License-Identifier: GPL-2.0
#include "sqlite.h"

#include <stddef.h>

#include "library.h"

#define ENTRY(name) { "sqlite3_" #name, offsetof(struct vmw_sql, name) }

static const struct vmw_function functions[] = {
	ENTRY(bind_blob64),
	ENTRY(bind_int64),
	ENTRY(bind_null),
	ENTRY(bind_text),
	ENTRY(busy_timeout),
	ENTRY(close),
	ENTRY(column_blob),
	ENTRY(column_bytes),
	ENTRY(column_int64),
	ENTRY(column_text),
	ENTRY(column_type),
	ENTRY(db_config),
	ENTRY(errmsg),
	ENTRY(exec),
	ENTRY(extended_result_codes),
	ENTRY(finalize),
	ENTRY(free),
	ENTRY(last_insert_rowid),
	ENTRY(limit),
	ENTRY(mprintf),
	ENTRY(open_v2),
	ENTRY(prepare_v2),
	ENTRY(reset),
	ENTRY(step),
	ENTRY(str_appendall),
	ENTRY(str_appendf),
	ENTRY(str_finish),
	ENTRY(str_new),
	ENTRY(system_errno),
};

_Static_assert(sizeof(functions) / sizeof(functions[0]) ==
	       sizeof(struct vmw_sql) / sizeof(void *), "none is left out");

struct vmw_sql vmw_sql;

int vmw_sqlite_open(struct vmw_error *err)
{
	static struct vmw_library lib = {
		.soname = "libsqlite3.so.0",
		.package = "libsqlite3-0",
		.purpose = "deal with collections",
		.functions = functions,
		.nr = sizeof(functions) / sizeof(functions[0]),
	};

	return vmw_library_open(&lib, &vmw_sql, err);
}
