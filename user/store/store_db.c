// SPDX-License-Identifier: GPL-2.0
#include "store_db.h"

#include <errno.h>
#include <string.h>

struct vmw_query vmw_query(struct vmw_store *store, const char *sql)
{
	struct vmw_query q = { .store = store };

	if (!sql)
		q.error = SQLITE_NOMEM;
	else
		q.error = vmw_sql.prepare_v2(store->db, sql, -1, &q.stmt, NULL);
	return q;
}

struct vmw_query vmw_query_take(struct vmw_store *store, char *sql)
{
	struct vmw_query q = vmw_query(store, sql);

	vmw_sql.free(sql);
	return q;
}

static void bound(struct vmw_query *q, int code)
{
	if (!q->error)
		q->error = code;
}

void vmw_put(struct vmw_query *q, int64_t value)
{
	bound(q, vmw_sql.bind_int64(q->stmt, ++q->at, value));
}

void vmw_put_null(struct vmw_query *q)
{
	bound(q, vmw_sql.bind_null(q->stmt, ++q->at));
}

void vmw_put_text(struct vmw_query *q, const char *text)
{
	bound(q, vmw_sql.bind_text(q->stmt, ++q->at, text, -1, SQLITE_STATIC));
}

void vmw_put_blob(struct vmw_query *q, const void *data, size_t len)
{
	bound(q, vmw_sql.bind_blob64(q->stmt, ++q->at, len ? data : "", len,
				     SQLITE_STATIC));
}

void vmw_put_fields(struct vmw_query *q, const struct vmw_fields *f,
		    const void *of)
{
	for (size_t i = 0; i < f->nr; i++) {
		if (f->field[i].type == VMW_FIELD_TEXT)
			vmw_put_text(q, vmw_field_text(&f->field[i], of));
		else
			vmw_put(q, vmw_field_get(&f->field[i], of));
	}
}

bool vmw_next_row(struct vmw_query *q)
{
	int code;

	if (q->error || q->bad)
		return false;
	q->at = -1;
	code = vmw_sql.step(q->stmt);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		q->error = code;
	return code == SQLITE_ROW;
}

int64_t vmw_get(struct vmw_query *q)
{
	return vmw_sql.column_int64(q->stmt, ++q->at);
}

const char *vmw_get_text(struct vmw_query *q)
{
	if (vmw_sql.column_type(q->stmt, ++q->at) != SQLITE_TEXT)
		return NULL;
	return (const char *)vmw_sql.column_text(q->stmt, q->at);
}

void vmw_get_string(struct vmw_query *q, char *to, size_t size,
		    const char *what)
{
	const char *text = vmw_get_text(q);

	if (!text || strlen(text) >= size)
		q->bad = what;
	else
		strcpy(to, text);
}

const void *vmw_get_blob(struct vmw_query *q, size_t *len)
{
	const void *data = NULL;

	*len = 0;
	if (vmw_sql.column_type(q->stmt, ++q->at) != SQLITE_BLOB)
		return NULL;
	data = vmw_sql.column_blob(q->stmt, q->at);
	*len = vmw_sql.column_bytes(q->stmt, q->at);
	return data ? data : "";
}

void vmw_get_fields(struct vmw_query *q, const struct vmw_fields *f, void *of)
{
	const char *text;

	for (size_t i = 0; i < f->nr; i++) {
		if (f->field[i].type != VMW_FIELD_TEXT) {
			if (!vmw_field_set(&f->field[i], of, vmw_get(q)))
				q->bad = f->field[i].name;
			continue;
		}
		text = vmw_get_text(q);
		if (!text || !vmw_field_set_text(&f->field[i], of, text))
			q->bad = f->field[i].name;
	}
}

void vmw_query_reset(struct vmw_query *q)
{
	if (q->stmt)
		vmw_sql.reset(q->stmt);
	q->at = 0;
}

void vmw_run(struct vmw_query *q)
{
	while (vmw_next_row(q))
		;
	vmw_query_reset(q);
}

int vmw_query_end(struct vmw_query *q, struct vmw_error *err)
{
	int ret = 0;

	if (q->error)
		ret = vmw_store_error(q->store, q->error, err);
	else if (q->bad)
		ret = vmw_store_damaged(q->store, q->bad, err);
	vmw_sql.finalize(q->stmt);
	q->stmt = NULL;
	return ret;
}

int vmw_exec(struct vmw_store *store, const char *sql, struct vmw_error *err)
{
	int code = vmw_sql.exec(store->db, sql, NULL, NULL, NULL);

	return code ? vmw_store_error(store, code, err) : 0;
}

int vmw_store_damaged(struct vmw_store *store, const char *what,
		      struct vmw_error *err)
{
	return vmw_error_set(err, -EBADMSG, "'%.200s' is damaged, or not made "
			     "by vmwalk: what it holds as %.60s cannot be",
			     store->path, what);
}

/* The disk's own answer, where there is one. */
static int write_failed(struct vmw_store *store, struct vmw_error *err)
{
	const int error = vmw_sql.system_errno(store->db);

	return vmw_error_set(err, error ? -error : -EIO, "cannot read or write "
			     "'%.200s': %s; the snapshots that were complete "
			     "are", store->path,
			     error ? strerror(error) : "input/output error");
}

int vmw_store_error(struct vmw_store *store, int code, struct vmw_error *err)
{
	const char *path = store->path;

	switch (code & 0xff) {
	case SQLITE_FULL:
		return vmw_error_set(err, -ENOSPC, "no room for '%.200s': the "
				     "disk is full; the snapshots that were "
				     "complete are", path);
	case SQLITE_IOERR:
		return write_failed(store, err);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return vmw_error_set(err, -EBUSY, "'%.200s' is being written "
				     "by somebody else: try again", path);
	case SQLITE_NOMEM:
		return vmw_error_set(err, -ENOMEM, "no memory for '%.200s'",
				     path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return vmw_error_set(err, -EACCES, "not permitted to write "
				     "'%.200s'", path);
	case SQLITE_CANTOPEN:
		return vmw_error_set(err, -EACCES, "cannot open '%.200s', or "
				     "what belongs to it beside it: %s", path,
				     strerror(vmw_sql.system_errno(store->db)));
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return vmw_error_set(err, -EBADMSG, "'%.200s' is damaged (%s): "
				     "sqlite3's .recover may save what is left",
				     path, vmw_sql.errmsg(store->db));
	default:
		return vmw_error_set(err, -EBADMSG, "'%.200s' is not a "
				     "collection of vmwalk's, or damaged: %s",
				     path, vmw_sql.errmsg(store->db));
	}
}

void vmw_sql_columns(sqlite3_str *sql, const char *prefix,
		     const struct vmw_fields *f, const char *suffix)
{
	for (size_t i = 0; i < f->nr; i++)
		vmw_sql.str_appendf(sql, ", %s%s%s", prefix, f->field[i].name,
				    suffix);
}

void vmw_sql_match(sqlite3_str *sql, const char *prefix,
		   const struct vmw_fields *f)
{
	for (size_t i = 0; i < f->nr; i++)
		vmw_sql.str_appendf(sql, " AND %s%s IS ?", prefix,
				    f->field[i].name);
}

void vmw_sql_marks(sqlite3_str *sql, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		vmw_sql.str_appendall(sql, ", ?");
}

uint64_t vmw_hash_more(uint64_t hash, const void *data, size_t len)
{
	const uint8_t *at = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * 0x100000001b3;
	return hash;
}

int64_t vmw_find_or_add(struct vmw_query *find, struct vmw_query *add,
			void (*bind)(struct vmw_query *q, const void *arg),
			const void *arg)
{
	int64_t id = 0;

	bind(find, arg);
	if (vmw_next_row(find))
		id = vmw_get(find);
	vmw_query_reset(find);
	if (id || find->error)
		return id;
	bind(add, arg);
	vmw_run(add);
	return vmw_sql.last_insert_rowid(add->store->db);
}

int vmw_query_end_both(struct vmw_query *find, struct vmw_query *add,
		       struct vmw_error *err)
{
	struct vmw_error unsaid;
	int ret = vmw_query_end(find, err);
	int ret2 = vmw_query_end(add, ret ? &unsaid : err);

	return ret ? ret : ret2;
}
