/* SPDX-License-Identifier: GPL-2.0 */
/* SQLite, opened with the first collection. Private to the store's files. */
#ifndef VMW_SQLITE_H
#define VMW_SQLITE_H

#include <sqlite3.h>

#include "error.h"

/* The functions of SQLite, by their names without "sqlite3_". */
struct vmw_sql {
	__typeof__(sqlite3_bind_blob64) *bind_blob64;
	__typeof__(sqlite3_bind_int64) *bind_int64;
	__typeof__(sqlite3_bind_null) *bind_null;
	__typeof__(sqlite3_bind_text) *bind_text;
	__typeof__(sqlite3_busy_timeout) *busy_timeout;
	__typeof__(sqlite3_close) *close;
	__typeof__(sqlite3_column_blob) *column_blob;
	__typeof__(sqlite3_column_bytes) *column_bytes;
	__typeof__(sqlite3_column_int64) *column_int64;
	__typeof__(sqlite3_column_text) *column_text;
	__typeof__(sqlite3_column_type) *column_type;
	__typeof__(sqlite3_db_config) *db_config;
	__typeof__(sqlite3_errmsg) *errmsg;
	__typeof__(sqlite3_exec) *exec;
	__typeof__(sqlite3_extended_result_codes) *extended_result_codes;
	__typeof__(sqlite3_finalize) *finalize;
	__typeof__(sqlite3_free) *free;
	__typeof__(sqlite3_last_insert_rowid) *last_insert_rowid;
	__typeof__(sqlite3_limit) *limit;
	__typeof__(sqlite3_mprintf) *mprintf;
	__typeof__(sqlite3_open_v2) *open_v2;
	__typeof__(sqlite3_prepare_v2) *prepare_v2;
	__typeof__(sqlite3_reset) *reset;
	__typeof__(sqlite3_step) *step;
	__typeof__(sqlite3_str_appendall) *str_appendall;
	__typeof__(sqlite3_str_appendf) *str_appendf;
	__typeof__(sqlite3_str_finish) *str_finish;
	__typeof__(sqlite3_str_new) *str_new;
	__typeof__(sqlite3_system_errno) *system_errno;
};

/* Filled by vmw_sqlite_open(), before which there is no struct vmw_store. */
extern struct vmw_sql vmw_sql;

/* Returns 0, or -ENOENT with @err filled: no SQLite, or one that is too old. */
int vmw_sqlite_open(struct vmw_error *err);

#endif
