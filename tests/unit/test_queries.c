// SPDX-License-Identifier: GPL-2.0
/* LIBS: sqlite3 */
/*
 * docs/collection-schema.md: its queries run and have an answer, and it names
 * what there is.
 */
#include "collection.h"

#define DOC	"docs/collection-schema.md"

static char *document(void)
{
	FILE *in = fopen(DOC, "re");
	char *text = NULL;
	size_t room = 0;

	assert_non_null(in);
	assert_true(getdelim(&text, &room, '\0', in) > 0);
	fclose(in);
	return text;
}

/* A program at two moments: the heap grew, and more is mapped. */
static struct vmw_snapshot *make_moment(int nr)
{
	const struct vmwalk_pages pages = {
		.pss = PAGE << VMWALK_PSS_SHIFT, .private_dirty = PAGE,
	};
	const struct vmwalk_tables tables = { .pte = 1 };
	const struct vmw_thread thread = {
		.tid = 78, .comm = "worker", .state = 'S', .has_regs = true,
		.sp = 0x7ffe1000, .pc = 0x401000, .fs_base = 0x802000,
	};
	struct vmw_snapshot *s = vmw_snapshot_create();
	struct fixture f = { 0 };

	fill_info(&s->info);
	vmw_aspace_init(&f.as, SHIFT);
	f.as.flags = VMW_SNAPSHOT_FLAGS;
	f.as.mm.pid = 77;
	f.as.mm.start_code = 0x400000;
	f.as.mm.start_brk = 0x800000;
	f.as.mm.task_size = 0x7ffffffff000;
	f.as.complete = true;
	add(&f, 0x400000, 4, R | X | FILE_, 5, "/bin/target");
	extent(&f, 4, VMWALK_KIND_FILE | VMWALK_STATE_EXEC);
	assert_int_equal(vmw_aspace_add_tables(&f.as, &tables), 0);
	add(&f, 0x800000, 8 + 8 * nr, R | W | ANON, 0, "[heap]");
	extent(&f, 2 + 4 * nr, VMWALK_KIND_ANON | WDA);
	extent(&f, 6 + 4 * nr, VMWALK_KIND_NONE);
	add(&f, 0x7f1000000000, 2, R | X | FILE_, 6, "/lib/x.so");
	extent(&f, 2, VMWALK_KIND_FILE | VMWALK_STATE_EXEC);
	assert_int_equal(vmw_aspace_add_pages(&f.as, &pages), 0);
	if (nr)
		add(&f, 0x7f2000000000, 2, R | W | ANON, 0, NULL);
	if (nr)
		extent(&f, 2, VMWALK_KIND_ZERO);
	f.as.vmas[0].info.dev_major = 8;
	f.as.vmas[0].info.dev_minor = 1;
	f.as.vmas[0].info.offset = 0x3000;
	assert_int_equal(vmw_aspace_add_thread(&f.as, &thread), 0);
	vmw_aspace_finish(&f.as);
	s->as = f.as;
	s->time = 1700000000000000000 + nr * 50000000;
	strcpy(s->origin.host, "web1");
	strcpy(s->origin.exe, "/bin/target");
	return s;
}

static void fill(struct collection *c)
{
	for (int i = 0; i < 2; i++) {
		struct vmw_snapshot *s = make_moment(i);

		append(c, s);
		vmw_snapshot_destroy(s);
	}
}

/* How many rows @sql has. */
static int rows(struct collection *c, const char *sql)
{
	sqlite3_stmt *stmt;
	sqlite3 *db;
	int nr = 0, code;

	assert_int_equal(sqlite3_open(c->path, &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
		nr++;
	if (code != SQLITE_DONE)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return nr;
}

/* Each holds what it is called: reading back what was written does not tell. */
static void values_in_columns(void **state)
{
	struct collection *c = *state;

	fill(c);
	assert_int_equal(rows(c, "SELECT 1 FROM threads WHERE nr = 0 AND tid = 78 AND "
			      "state = unicode('S') AND has_regs = 1 AND running = 0 AND "
			      "sp = 0x7ffe1000 AND pc = 0x401000 AND fs_base = 0x802000"), 1);
	assert_int_equal(rows(c, "SELECT 1 FROM vmas WHERE start = 0x400000 AND "
			      "stop = 0x404000 AND first = 0x400000 AND offset = 0x3000 AND "
			      "ino = 5 AND dev_major = 8 AND dev_minor = 1 AND "
			      "page_shift = 12 AND shmem_swapped = 0"), 1);
}

static void queries(void **state)
{
	struct collection *c = *state;
	char *text = document(), *sql = text, *end;
	int nr = 0;

	fill(c);
	while ((sql = strstr(sql, "```sql\n"))) {
		sql += strlen("```sql\n");
		end = strstr(sql, "```");
		assert_non_null(end);
		*end = '\0';
		if (!rows(c, sql))
			fail_msg("no answer: %s", sql);
		sql = end + 1;
		nr++;
	}
	assert_int_equal(nr, 10);
	free(text);
}

/* Is `@name`, or `PREFIX*` of it, in the paragraph of @table? */
static bool is_named(const char *doc, const char *table, const char *name)
{
	char key[80];
	const char *at, *end;

	snprintf(key, sizeof(key), "\n`%s`: ", table);
	at = strstr(doc, key);
	end = at ? strstr(at, "\n\n") : NULL;
	snprintf(key, sizeof(key), "`%s`", name);
	if (!strncmp(name, "end_", 4) || !strncmp(name, "mm_", 3) ||
	    !strncmp(name, "table_", 6))
		snprintf(key, sizeof(key), "`%.*s*`",
			 (int)(strchr(name, '_') + 1 - name), name);
	at = at ? strstr(at, key) : NULL;
	return at && at < end;
}

static void columns(void **state)
{
	static const char *const tables[] = {
		"snapshots", "kernels", "vmas", "vma_rows", "mappings", "contents",
		"threads",
	};
	static const char *const common[] = {
		"id", "process", "since", "until", "kernel",
	};
	struct collection *c = *state;
	char *doc = document();
	sqlite3_stmt *stmt;
	sqlite3 *db;

	fill(c);
	assert_int_equal(sqlite3_open(c->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT name FROM "
					    "pragma_table_info(?)", -1, &stmt,
					    NULL), SQLITE_OK);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		sqlite3_reset(stmt);
		sqlite3_bind_text(stmt, 1, tables[i], -1, SQLITE_STATIC);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			const char *name =
				(const char *)sqlite3_column_text(stmt, 0);
			bool known = is_named(doc, tables[i], name);

			for (int k = 0; k < 5; k++)
				known |= !strcmp(name, common[k]);
			if (!known)
				fail_msg("%s.%s is not told of", tables[i],
					 name);
		}
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	free(doc);
}

static void version(void **state)
{
	struct collection *c = *state;
	char *doc = document(), said[64];

	fill(c);
	snprintf(said, sizeof(said), "\n`user_version`: %d.",
		 (int)query(c, "PRAGMA user_version"));
	assert_non_null(strstr(doc, said));
	free(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(queries),
		test_of(columns),
		test_of(values_in_columns),
		test_of(version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
