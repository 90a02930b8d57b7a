/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the store's files have in common. Private to them.
 *
 * A query's values are bound, and its columns read, one after the other. Errors
 * stick: check once, at the end.
 */
#ifndef VMW_STORE_DB_H
#define VMW_STORE_DB_H

#include "model/fields.h"
#include "sqlite.h"
#include "store.h"

#define VMW_STORE_APPLICATION	0x766d776b	/* "vmwk" */
#define VMW_STORE_VERSION	3

/* States by their number in a collection. */
struct vmw_store_state {
	uint32_t state;
	uint32_t id;
};

struct vmw_store {
	sqlite3 *db;
	char *path;
	int version;		/* of its schema */
	/* By ascending state; forgotten when a transaction fails. */
	struct vmw_store_state *states;
	size_t nr_states;
};

struct vmw_query {
	struct vmw_store *store;
	sqlite3_stmt *stmt;
	int at;			/* parameter bound, or column read, last */
	int error;		/* SQLITE_*, 0 if all went well */
	const char *bad;	/* what a value was wrong of, NULL: none */
};

struct vmw_query vmw_query(struct vmw_store *store, const char *sql);
/* @sql is sqlite3_malloc()ed, and freed here; NULL is want of memory. */
struct vmw_query vmw_query_take(struct vmw_store *store, char *sql);

void vmw_put(struct vmw_query *q, int64_t value);
void vmw_put_null(struct vmw_query *q);
void vmw_put_text(struct vmw_query *q, const char *text);
/* Must stay until the query is reset. NULL data of no length is empty. */
void vmw_put_blob(struct vmw_query *q, const void *data, size_t len);
void vmw_put_fields(struct vmw_query *q, const struct vmw_fields *f,
		    const void *of);

/* True: there is a row, whose columns can be read. */
bool vmw_next_row(struct vmw_query *q);
int64_t vmw_get(struct vmw_query *q);
/* NULL where it is NULL, or not text. */
const char *vmw_get_text(struct vmw_query *q);
/* Fits @size bytes, NUL included, or is not taken and q->bad. */
void vmw_get_string(struct vmw_query *q, char *to, size_t size,
		    const char *what);
const void *vmw_get_blob(struct vmw_query *q, size_t *len);
void vmw_get_fields(struct vmw_query *q, const struct vmw_fields *f, void *of);

/* For a query without rows: runs it, and it can be bound anew. */
void vmw_run(struct vmw_query *q);
void vmw_query_reset(struct vmw_query *q);
/* Frees. Returns 0, or a negative errno with @err filled. */
int vmw_query_end(struct vmw_query *q, struct vmw_error *err);
/* One without values and rows, or several. */
int vmw_exec(struct vmw_store *store, const char *sql, struct vmw_error *err);

/* A negative errno for what SQLite says now; @code: SQLITE_*. */
int vmw_store_error(struct vmw_store *store, int code, struct vmw_error *err);
/* The file is not as vmwalk writes them. */
int vmw_store_damaged(struct vmw_store *store, const char *what,
		      struct vmw_error *err);

/* Appends ", PREFIXname" for each, and @suffix. */
void vmw_sql_columns(sqlite3_str *sql, const char *prefix,
		     const struct vmw_fields *f, const char *suffix);

/* FNV-1a, to find equals by; they are compared besides. */
#define VMW_HASH_EMPTY	0xcbf29ce484222325U
uint64_t vmw_hash_more(uint64_t hash, const void *data, size_t len);

/*
 * The row that @find finds, or one that @add makes: both of the same values in
 * the same order, bound by @bind.
 */
int64_t vmw_find_or_add(struct vmw_query *find, struct vmw_query *add,
			void (*bind)(struct vmw_query *q, const void *arg),
			const void *arg);
int vmw_query_end_both(struct vmw_query *find, struct vmw_query *add,
		       struct vmw_error *err);
/* Appends " AND PREFIXname IS ?" for each; ", ?" so many times. */
void vmw_sql_match(sqlite3_str *sql, const char *prefix,
		   const struct vmw_fields *f);
void vmw_sql_marks(sqlite3_str *sql, size_t nr);

/* store_kernel.c: what was told of a kernel; @id is its row. */
int vmw_store_write_kernel(struct vmw_store *store,
			   const struct vmw_snapshot *s, int64_t *id,
			   struct vmw_error *err);
int vmw_store_read_kernel(struct vmw_store *store, int64_t id,
			  struct vmw_snapshot *s, struct vmw_error *err);

/* store_runtime.c: what the process's runtime said, and its files. */
int vmw_store_write_runtime(struct vmw_store *store, int64_t process,
			    const struct vmw_snapshot *s,
			    struct vmw_error *err);
int vmw_store_read_runtime(struct vmw_store *store, int64_t process,
			   struct vmw_snapshot *s, struct vmw_error *err);

/* store_schema.c: an empty file becomes a collection; an older one, of today. */
int vmw_store_create(struct vmw_store *store, struct vmw_error *err);
int vmw_store_migrate(struct vmw_store *store, int version,
		      struct vmw_error *err);

#endif
