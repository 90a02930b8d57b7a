// SPDX-License-Identifier: GPL-2.0
/* A collection is opened, and its snapshots are found. */
#include "store_db.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE_MS	10000	/* for another who writes */
#define LENGTH_MAX	(256 << 20)	/* bytes of a value: a hundred million extents */
#define MAGIC		"SQLite format 3"	/* and its NUL */
#define MAGIC_LEN	16

/* A FIFO would have us wait for ever, a directory have SQLite say little. */
static int check_kind(const char *path, const struct stat *st,
		      struct vmw_error *err)
{
	if (S_ISDIR(st->st_mode))
		return vmw_error_set(err, -EISDIR, "'%.200s' is a directory, "
				     "not a collection", path);
	if (!S_ISREG(st->st_mode))
		return vmw_error_set(err, -EINVAL, "'%.200s' is not a regular "
				     "file", path);
	return 0;
}

static int check_magic(const char *path, int fd, const struct stat *st,
		       struct vmw_error *err)
{
	char magic[MAGIC_LEN];

	if (!st->st_size)
		return vmw_error_set(err, -EBADMSG, "'%.200s' is empty: there "
				     "is no snapshot in it", path);
	if (pread(fd, magic, MAGIC_LEN, 0) != MAGIC_LEN ||
	    memcmp(magic, MAGIC, MAGIC_LEN))
		return vmw_error_set(err, -EBADMSG, "'%.200s' is not a "
				     "collection: not even an SQLite file",
				     path);
	return 0;
}

/* Before SQLite sees it. An empty file may become one, unless it is read. */
static int check_file(const char *path, enum vmw_store_mode mode,
		      struct vmw_error *err)
{
	struct stat st;
	int fd, ret;

	if (stat(path, &st))
		return vmw_error_set(err, -errno, "cannot open '%.200s': %s",
				     path, strerror(errno));
	ret = check_kind(path, &st, err);
	if (ret)
		return ret;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return vmw_error_set(err, -errno, "cannot read '%.200s': %s",
				     path, strerror(errno));
	if (mode == VMW_STORE_READ || st.st_size)
		ret = check_magic(path, fd, &st, err);
	close(fd);
	return ret;
}

/* Of its owner alone: addresses of a process are nobody else's business. */
static int create_file(const char *path, struct vmw_error *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EEXIST ? 0 :
			vmw_error_set(err, -errno, "cannot create '%.200s': %s",
				      path, strerror(errno));
	fchmod(fd, 0600);
	close(fd);
	return 0;
}

/* Whatever is in the file, it is data: nothing of it runs. */
static int distrust(struct vmw_store *store, struct vmw_error *err)
{
	static const int off[] = {
		SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER,
		SQLITE_DBCONFIG_ENABLE_VIEW, SQLITE_DBCONFIG_DQS_DML,
		SQLITE_DBCONFIG_DQS_DDL,
	};

	vmw_sql.db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		vmw_sql.db_config(store->db, off[i], 0, NULL);
	vmw_sql.limit(store->db, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
	vmw_sql.limit(store->db, SQLITE_LIMIT_ATTACHED, 0);
	vmw_sql.limit(store->db, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
	vmw_sql.extended_result_codes(store->db, 1);
	vmw_sql.busy_timeout(store->db, PATIENCE_MS);
	return vmw_exec(store, "PRAGMA cell_size_check = ON;"
			"PRAGMA mmap_size = 0", err);
}

static int read_pragma(struct vmw_store *store, const char *pragma, int *value,
		       struct vmw_error *err)
{
	struct vmw_query q = vmw_query(store, pragma);

	*value = vmw_next_row(&q) ? vmw_get(&q) : 0;
	return vmw_query_end(&q, err);
}

/* What is read; a view in place of one could go on for ever. */
#define TABLES	"'names', 'states', 'processes', 'kernels', 'snapshots', " \
		"'mappings', 'vma_rows', 'contents', 'threads', 'entries', " \
		"'swaps', 'runtimes', 'goroutines', 'frame_runs', 'labels', " \
		"'spans', 'span_runs', 'images', iif((SELECT user_version < 3 FROM " \
		"pragma_user_version), 'vmas', '')"

/* Tables are tables, and nothing stands beside them that acts. */
static int check_schema(struct vmw_store *store, struct vmw_error *err)
{
	struct vmw_query q = vmw_query(store, "SELECT name FROM sqlite_schema "
				       "WHERE type = 'trigger' OR "
				       "type = 'table' AND rootpage = 0 OR "
				       "type = 'view' AND name IN (" TABLES ")");
	char name[64] = "";
	const char *text;
	int ret;

	if (vmw_next_row(&q)) {
		text = vmw_get_text(&q);
		snprintf(name, sizeof(name), "%s", text ? text : "?");
	}
	ret = vmw_query_end(&q, err);
	if (!ret && *name)
		ret = vmw_error_set(err, -EBADMSG, "'%.200s' is not as vmwalk "
				    "makes collections: '%s' in it is a "
				    "trigger, a view or a virtual table", store->path,
				    name);
	return ret;
}

static int check_version(struct vmw_store *store, int version,
			 enum vmw_store_mode mode, struct vmw_error *err)
{
	if (version > VMW_STORE_VERSION || version < 1)
		return vmw_error_set(err, -EBADMSG, "'%.200s' is a collection "
				     "of version %d, and this vmwalk knows 1 "
				     "to %d: it takes a newer vmwalk",
				     store->path, version, VMW_STORE_VERSION);
	if (version == VMW_STORE_VERSION || mode == VMW_STORE_READ)
		return 0;
	return vmw_store_migrate(store, version, err);
}

/* Under a lock, if it may have to be made or changed. */
static int settle_schema(struct vmw_store *store, enum vmw_store_mode mode,
			 struct vmw_error *err)
{
	int application, version, objects, ret;

	ret = read_pragma(store, "PRAGMA application_id", &application, err);
	if (!ret)
		ret = read_pragma(store, "PRAGMA user_version", &version, err);
	if (!ret)
		ret = read_pragma(store, "SELECT count(*) FROM sqlite_schema",
				  &objects, err);
	if (ret)
		return ret;
	if (!application && !version && !objects)
		return mode == VMW_STORE_APPEND ?
		       vmw_store_create(store, err) :
		       vmw_error_set(err, -ENOENT, "'%.200s' holds no snapshot "
				     "yet", store->path);
	if (application != VMW_STORE_APPLICATION)
		return vmw_error_set(err, -EBADMSG, "'%.200s' is an SQLite "
				     "file, but not a collection of vmwalk's",
				     store->path);
	store->version = version;
	ret = check_schema(store, err);
	return ret ? ret : check_version(store, version, mode, err);
}

static int open_append(struct vmw_store *store, struct vmw_error *err)
{
	int ret, code;

	code = vmw_sql.open_v2(store->path, &store->db, SQLITE_OPEN_READWRITE |
			       SQLITE_OPEN_NOMUTEX, NULL);
	if (code)
		return vmw_store_error(store, code, err);
	ret = distrust(store, err);
	if (!ret)
		/* Small pages: there are many tables, most of a few rows. */
		ret = vmw_exec(store, "PRAGMA page_size = 1024;"
			       "PRAGMA journal_mode = WAL;"
			       "PRAGMA synchronous = FULL;"
			       "BEGIN IMMEDIATE", err);
	if (ret)
		return ret;
	ret = settle_schema(store, VMW_STORE_APPEND, err);
	if (!ret)
		return vmw_exec(store, "COMMIT", err);
	vmw_sql.exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return ret;
}

/* "file:…?immutable=1", or NULL. */
static char *uri_of(const char *path)
{
	sqlite3_str *uri = vmw_sql.str_new(NULL);

	vmw_sql.str_appendall(uri, "file:");
	for (; *path; path++)
		vmw_sql.str_appendf(uri, strchr("?#%", *path) ? "%%%02x" : "%c",
				    (unsigned char)*path);
	vmw_sql.str_appendall(uri, "?immutable=1");
	return vmw_sql.str_finish(uri);
}

/* Nobody writes it, or has left it in mid-writing. */
static bool is_at_rest(const char *path)
{
	char wal[PATH_MAX + 8];
	struct stat st;

	snprintf(wal, sizeof(wal), "%.*s-wal", PATH_MAX, path);
	return stat(wal, &st) || !st.st_size;
}

static int open_read_as(struct vmw_store *store, const char *name, int flags,
			struct vmw_error *err)
{
	int ret, code;

	code = name ? vmw_sql.open_v2(name, &store->db, SQLITE_OPEN_READONLY |
				      SQLITE_OPEN_NOMUTEX | flags, NULL) :
		      SQLITE_NOMEM;
	if (code)
		return vmw_store_error(store, code, err);
	ret = distrust(store, err);
	return ret ? ret : settle_schema(store, VMW_STORE_READ, err);
}

/* What nobody writes needs nothing beside it, and no right to write there. */
static int open_read(struct vmw_store *store, struct vmw_error *err)
{
	char *uri;
	int ret;

	if (!is_at_rest(store->path))
		return open_read_as(store, store->path, 0, err);
	uri = uri_of(store->path);
	ret = open_read_as(store, uri, SQLITE_OPEN_URI, err);
	vmw_sql.free(uri);
	return ret;
}

int vmw_store_open(struct vmw_store **out, const char *path,
		   enum vmw_store_mode mode, struct vmw_error *err)
{
	struct vmw_store *store;
	int ret = vmw_sqlite_open(err);

	if (!ret && mode == VMW_STORE_APPEND)
		ret = create_file(path, err);
	if (!ret)
		ret = check_file(path, mode, err);
	if (ret)
		return ret;
	store = calloc(1, sizeof(*store));
	if (store)
		store->path = strdup(path);
	if (!store || !store->path)
		ret = vmw_error_set(err, -ENOMEM, "no memory for '%.200s'",
				    path);
	else
		ret = mode == VMW_STORE_READ ? open_read(store, err) :
					       open_append(store, err);
	if (ret)
		vmw_store_close(store);
	else
		*out = store;
	return ret;
}

void vmw_store_close(struct vmw_store *store)
{
	if (!store)
		return;
	vmw_sql.close(store->db);
	free(store->states);
	free(store->path);
	free(store);
}

static int find_from_end(struct vmw_store *store, int64_t back,
			 uint64_t *number, struct vmw_error *err)
{
	struct vmw_query q = vmw_query(store, "SELECT id FROM snapshots "
				       "ORDER BY id DESC LIMIT 1 OFFSET ?");

	vmw_put(&q, back - 1);
	*number = vmw_next_row(&q) ? vmw_get(&q) : 0;
	return vmw_query_end(&q, err);
}

static int find_number(struct vmw_store *store, int64_t id, uint64_t *number,
		       struct vmw_error *err)
{
	struct vmw_query q = vmw_query(store, "SELECT id FROM snapshots "
				       "WHERE id = ?");

	vmw_put(&q, id);
	*number = vmw_next_row(&q) ? vmw_get(&q) : 0;
	return vmw_query_end(&q, err);
}

/* Collections that were merged may have a label twice. */
static int find_label(struct vmw_store *store, const char *label,
		      uint64_t *number, struct vmw_error *err)
{
	struct vmw_query q = vmw_query(store, "SELECT min(id), max(id) "
				       "FROM snapshots WHERE label = ?");
	uint64_t last = 0;
	int ret;

	vmw_put_text(&q, label);
	if (vmw_next_row(&q)) {
		*number = vmw_get(&q);
		last = vmw_get(&q);
	}
	ret = vmw_query_end(&q, err);
	if (!ret && *number != last)
		ret = vmw_error_set(err, -EEXIST, "label '%.64s' is of several "
				    "snapshots, %llu and %llu: give a number",
				    label, (unsigned long long)*number,
				    (unsigned long long)last);
	return ret;
}

int vmw_store_find(struct vmw_store *store, const char *which, uint64_t *number,
		   struct vmw_error *err)
{
	char *end;
	long long nr;
	int ret;

	*number = 0;
	errno = 0;
	nr = which && *which ? strtoll(which, &end, 10) : -1;
	if (which && *which && (*end || errno))
		ret = find_label(store, which, number, err);
	else if (nr < 0)
		ret = find_from_end(store, -nr, number, err);
	else
		ret = find_number(store, nr, number, err);
	if (ret || *number)
		return ret;
	if (!which || !*which)
		return vmw_error_set(err, -ENOENT, "'%.200s' holds no snapshot "
				     "yet", store->path);
	return vmw_error_set(err, -ENOENT, "'%.200s' holds no snapshot '%.64s':"
			     " see 'vmwalk log'", store->path, which);
}

int vmw_store_next(struct vmw_store *store, uint64_t after, uint64_t *number,
		   struct vmw_error *err)
{
	struct vmw_query q = vmw_query(store, "SELECT min(id) FROM snapshots "
				       "WHERE id > ?");

	vmw_put(&q, after);
	*number = vmw_next_row(&q) ? vmw_get(&q) : 0;
	return vmw_query_end(&q, err);
}

static int has(struct vmw_query *q, bool *has, struct vmw_error *err)
{
	*has = vmw_next_row(q);
	return vmw_query_end(q, err);
}

int vmw_store_has_uuid(struct vmw_store *store, const uint8_t uuid[16],
		       bool *found, struct vmw_error *err)
{
	struct vmw_query q = vmw_query(store, "SELECT 1 FROM snapshots "
				       "WHERE uuid = ?");

	vmw_put_blob(&q, uuid, 16);
	return has(&q, found, err);
}

int vmw_store_has_label(struct vmw_store *store, const char *label, bool *found,
			struct vmw_error *err)
{
	struct vmw_query q = vmw_query(store, "SELECT 1 FROM snapshots "
				       "WHERE label = ?");

	vmw_put_text(&q, label);
	return has(&q, found, err);
}
