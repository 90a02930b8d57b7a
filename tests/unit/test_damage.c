// SPDX-License-Identifier: GPL-2.0
/* LIBS: sqlite3 */
/*
 * Collections that are damaged, or made to do harm: by bytes, by tables, and by each
 * column of each table there is. What is wrong is told, or does not matter; nothing
 * is read past its end, and nothing is changed.
 */
#include "devour.h"

#define TABLES_OF_IT	"SELECT name FROM sqlite_schema WHERE type = 'table' AND " \
			"name NOT LIKE 'sqlite_%'"

/* Snapshots of everything there is to keep. */
static char *make_file(struct collection *c, int nr, size_t *len)
{
	for (int i = 0; i < nr; i++) {
		struct vmw_snapshot *s = make();

		s->as.threads[0].sp += i;
		add_ways(s);
		append(c, s);
		vmw_snapshot_destroy(s);
	}
	return read_file(c->path, len);
}

static void hostile_bytes(void **state)
{
	const unsigned int flips = setting("FLIPS", FLIPS);
	struct collection *c = *state;
	size_t len, size, nr = 0;
	char *data = make_file(c, 3, &len), *copy = malloc(len);

	assert_non_null(copy);
	srand(setting("SEED", 1));
	for (unsigned int i = 0; i < flips; i++) {
		memcpy(copy, data, len);
		size = len;
		mangle(copy, &size);
		write_file(c->path, copy, size);
		nr += devour(c->path);
	}
	print_message("%u files of hostile bytes: %zu snapshots read\n", flips, nr);
	/* Most of them still say something. */
	assert_true(nr > flips / 4);
	free(copy);
	free(data);
}

static const char *const hostile[] = {
	"PRAGMA user_version = 99",
	"PRAGMA user_version = -1",
	"PRAGMA application_id = 1",
	"CREATE TRIGGER t AFTER INSERT ON names BEGIN "
	"DELETE FROM snapshots; END",
	"CREATE VIRTUAL TABLE more USING fts5(text)",
	"DROP TABLE vma_rows; CREATE VIEW vma_rows AS SELECT * FROM threads",
	"DROP TABLE mappings; CREATE VIEW mappings AS WITH RECURSIVE n(id) AS "
	"(SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n",
	"DROP TABLE contents",
	"DROP VIEW v_vmas; DROP VIEW v_segments; DROP VIEW v_growth; "
	"DROP VIEW v_extents; DROP VIEW vmas; "
	"ALTER TABLE vma_rows DROP COLUMN shmem_swapped",
	"UPDATE snapshots SET label = randomblob(100)",
	"UPDATE snapshots SET label = printf('%.100c', 'x')",
	"UPDATE snapshots SET uuid = x'00'",
	"UPDATE snapshots SET vsyscall = 77",
	"UPDATE snapshots SET end_consistency = 3",
	"UPDATE snapshots SET complete = 2",
	"UPDATE snapshots SET mm_pid = -1",
	"UPDATE snapshots SET mm_task_size = 0",
	"UPDATE snapshots SET comm = 'longer than a name of fifteen'",
	"UPDATE snapshots SET process = 99",
	"UPDATE snapshots SET kernel = 99",
	"UPDATE kernels SET page_shift = 63",
	"UPDATE kernels SET page_shift = 0",
	"UPDATE kernels SET levels = 'pgd:99:512'",
	"UPDATE kernels SET levels = printf('%.100000c', 'x')",
	"UPDATE kernels SET levels = 'a:1:1 b:1:1 c:1:1 d:1:1 e:1:1 f:1:1'",
	"UPDATE kernels SET bits = 'x:63:2:1:1'",
	"UPDATE kernels SET hugepages = 'two'",
	"UPDATE kernels SET release = NULL WHERE 0; UPDATE kernels SET "
	"release = printf('%.100c', 'x')",
	"UPDATE vma_rows SET size = 0",
	"UPDATE vma_rows SET size = -1",
	"UPDATE vma_rows SET size = 1 << 40",
	"UPDATE vma_rows SET size = 1 << 62",
	"UPDATE vma_rows SET start = start + 1",
	"UPDATE OR REPLACE vma_rows SET start = 0",
	"UPDATE vma_rows SET skipped = size * 4096",
	"UPDATE vma_rows SET skipped = -4096",
	"UPDATE vma_rows SET mapping = 999",
	"UPDATE mappings SET page_shift = 64",
	"UPDATE mappings SET page_shift = -1",
	"UPDATE mappings SET flags = flags | 1048576",
	"UPDATE mappings SET flags = 1 << 40",
	"UPDATE contents SET extents = x'ffffffffffffffffffffff'",
	"UPDATE contents SET extents = x'00'",
	"UPDATE contents SET extents = x'0001'",
	"UPDATE contents SET extents = x'ffffffffffffffffff0101'",
	"UPDATE contents SET extents = zeroblob(1000000)",
	"UPDATE contents SET extents = x'01ff7f'",
	"UPDATE contents SET frames = NULL",
	"UPDATE vma_rows SET content = 999",
	"UPDATE vma_rows SET content = 999 WHERE start = 0x10000000",
	"UPDATE vma_rows SET mapping = 999 WHERE start = 0x10000000",
	"UPDATE mappings SET name = 999 WHERE name",
	"UPDATE contents SET table_pte = 1 << 40",
	"UPDATE states SET state = 1 << 40 WHERE id = 1",
	"DELETE FROM states",
	"UPDATE threads SET tid = -1",
	"UPDATE threads SET state = 27",
	"UPDATE threads SET has_regs = 7",
	"UPDATE threads SET comm = 99",
	"DROP TABLE runtimes",
	"DROP TABLE goroutines",
	"DROP TABLE images",
	"UPDATE runtimes SET source = 7",
	"UPDATE runtimes SET torn = -1",
	"UPDATE runtimes SET version = printf('%.100c', 'x')",
	"UPDATE runtimes SET note = x'00'",
	"UPDATE goroutines SET kind = 4",
	"UPDATE goroutines SET tid = -1",
	"UPDATE goroutines SET tid = 1 << 31",
	"UPDATE goroutines SET status = 1 << 32",
	"UPDATE goroutines SET source = -1",
	"UPDATE goroutines SET lo = hi WHERE hi",
	"UPDATE goroutines SET lo = 0 WHERE hi",
	"UPDATE goroutines SET hi = -1",
	"UPDATE goroutines SET sp = 1",
	"UPDATE goroutines SET wait = 999999",
	"UPDATE goroutines SET start = (SELECT id FROM names WHERE "
	"length(name) < 64); INSERT INTO names VALUES(7777, "
	"printf('%.64c', 'x')); UPDATE goroutines SET start = 7777",
	"UPDATE goroutines SET frames = 999 WHERE frames",
	"UPDATE goroutines SET frames = (SELECT id FROM frame_runs)",
	"UPDATE frame_runs SET packed = x''",
	"UPDATE frame_runs SET packed = 'text'",
	"UPDATE frame_runs SET packed = x'01'",
	"UPDATE frame_runs SET packed = x'0180'",
	"UPDATE frame_runs SET packed = x'0100'",
	"UPDATE frame_runs SET packed = x'01ffffffffffffffffff01'",
	"UPDATE frame_runs SET packed = x'01ffffff7f'",
	"UPDATE frame_runs SET packed = zeroblob(1000000)",
	"UPDATE frame_runs SET packed = replace(hex(zeroblob(5000)), '0', 'x')",
	"WITH RECURSIVE n(i, s) AS (SELECT 1, '0110' UNION ALL SELECT i + 1, "
	"s || '0110' FROM n WHERE i < 2000) UPDATE frame_runs SET packed = "
	"CAST(replace(replace((SELECT s FROM n WHERE i = 2000), '01', char(1)), "
	"'10', char(16)) AS BLOB)",
	"UPDATE swaps SET name = 999",
	"UPDATE entries SET packed = x''",
	"UPDATE entries SET packed = 'text'",
	"UPDATE labels SET stop = start",
	"UPDATE labels SET stop = -1",
	"UPDATE labels SET start = 0",
	"UPDATE labels SET kind = 7",
	"UPDATE labels SET source = 7",
	"UPDATE spans SET start = 0",
	"UPDATE spans SET start = -1",
	"UPDATE spans SET start = (SELECT min(start) FROM spans)",
	"UPDATE spans SET run = (SELECT max(run) FROM spans)",
	"UPDATE span_runs SET packed = x''",
	"UPDATE span_runs SET packed = 'text'",
	"UPDATE span_runs SET packed = x'0001'",
	"UPDATE span_runs SET packed = x'000000000000'",
	"UPDATE span_runs SET packed = x'00808001000000ff01'",
	"UPDATE span_runs SET packed = x'ffffffffffffffffff01ff0100000000'",
	"UPDATE span_runs SET packed = x'00010200000000'",
	"UPDATE span_runs SET packed = zeroblob(1000000)",
	"UPDATE images SET build_id = 999999",
	"UPDATE images SET dev_major = -1",
	"INSERT INTO names VALUES(8888, printf('%.64c', 'x')); "
	"UPDATE images SET build_id = 8888",
};

/* What is read of it, or why it is not; the file is as it was. */
static size_t devour_unchanged(struct collection *c)
{
	size_t len, len2, nr;
	char *before = read_file(c->path, &len), *after;

	nr = devour(c->path);
	after = read_file(c->path, &len2);
	assert_int_equal(len, len2);
	assert_memory_equal(before, after, len);
	free(before);
	free(after);
	return nr;
}

static void hostile_tables(void **state)
{
	struct collection *c = *state;
	size_t len, told = 0;
	char *data = make_file(c, 1, &len);

	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		write_file(c->path, data, len);
		run_sql(c, hostile[i]);
		if (!devour_unchanged(c))
			told++;
		else
			print_message("taken: %s\n", hostile[i]);
	}
	free(data);
	/* UPDATE threads SET has_regs says nothing. */
	assert_int_equal(told + 1, sizeof(hostile) / sizeof(hostile[0]));
}

/* What is put into each column of each table. */
static const char *const values[] = {
	"NULL", "-1", "9223372036854775807", "'text'", "1 << 32", "x'ff'", "x''",
	"1.5e300", "zeroblob(100000)", "printf('%.100000c', 'x')",
};

#define NR_VALUES (sizeof(values) / sizeof(values[0]))

/* Names, a line each. */
static char *list(struct collection *c, const char *sql)
{
	sqlite3_stmt *stmt;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	sqlite3 *db;

	assert_int_equal(sqlite3_open(c->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		fprintf(out, "%s\n", (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	fclose(out);
	return text;
}

/* Who has written it need not have kept to what its tables ask for. */
static void lift_constraints(struct collection *c)
{
	run_sql(c, "PRAGMA writable_schema = ON;"
		"UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') "
		"WHERE type = 'table'");
}

/* A collection that was damaged, so far as SQLite lets one, by @fmt with @a and @b. */
static void damage(struct collection *c, const char *data, size_t len,
		   const char *fmt, const char *a, const char *b)
{
	char sql[512];
	sqlite3 *db;

	write_file(c->path, data, len);
	assert_int_equal(sqlite3_open(c->path, &db), SQLITE_OK);
	snprintf(sql, sizeof(sql), fmt, a, b);
	sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
}

/* Another snapshot of that process: it is there, or why it is not was said. */
static void append_somehow(struct collection *c)
{
	struct vmw_snapshot *s = make();
	struct vmw_store *store;

	c->err.text[0] = '\0';
	if (vmw_store_open(&store, c->path, VMW_STORE_APPEND, &c->err)) {
		assert_true(*c->err.text);
	} else {
		if (vmw_store_add(store, s, &c->err))
			assert_true(*c->err.text);
		vmw_store_close(store);
	}
	vmw_snapshot_destroy(s);
}

/* The @nr-th column of all gets every other value; how many of these are told. */
static size_t damage_column(struct collection *c, const char *data, size_t len,
			    const char *table, const char *column, size_t nr)
{
	char set[160];
	size_t told = 0;

	for (size_t i = nr % 2; i < NR_VALUES; i += 2) {
		snprintf(set, sizeof(set), "%s = %s", column, values[i]);
		damage(c, data, len, "UPDATE OR REPLACE %s SET %s", table, set);
		told += !devour_unchanged(c);
	}
	append_somehow(c);
	return told;
}

/*
 * Each column of each table: a table that is added is tested as well. In each table
 * there is something that is noticed.
 */
static void damaged_columns(void **state)
{
	struct collection *c = *state;
	char *data, *tables, *columns, *table, *column, *at, *at2, sql[128];
	size_t len, told, nr = 0, all_told = 0;

	free(make_file(c, 1, &len));
	lift_constraints(c);
	data = read_file(c->path, &len);
	tables = list(c, TABLES_OF_IT);
	for (table = strtok_r(tables, "\n", &at); table;
	     table = strtok_r(NULL, "\n", &at)) {
		snprintf(sql, sizeof(sql), "SELECT name FROM pragma_table_info('%s')",
			 table);
		write_file(c->path, data, len);
		columns = list(c, sql);
		told = 0;
		for (column = strtok_r(columns, "\n", &at2); column;
		     column = strtok_r(NULL, "\n", &at2), nr++)
			told += damage_column(c, data, len, table, column, nr);
		if (!told)
			fail_msg("whatever is in table %s, it is not noticed", table);
		all_told += told;
		free(columns);
	}
	print_message("%zu columns, %zu values each, %zu of them told\n", nr,
		      NR_VALUES / 2, all_told);
	free(tables);
	free(data);
}

/* It is not even looked into: one of its tables is none. */
static bool open_is_refused(struct collection *c, const char *table)
{
	struct vmw_store *store;

	if (!vmw_store_open(&store, c->path, VMW_STORE_READ, &c->err)) {
		vmw_store_close(store);
		return false;
	}
	return strstr(c->err.text, table);
}

/* A table that is missing, or that is none and might go on for ever. */
static void damaged_tables(void **state)
{
	struct collection *c = *state;
	size_t len;
	char *data = make_file(c, 1, &len), *tables, *table, *at;

	tables = list(c, TABLES_OF_IT);
	for (table = strtok_r(tables, "\n", &at); table;
	     table = strtok_r(NULL, "\n", &at)) {
		damage(c, data, len, "DROP TABLE %s", table, NULL);
		if (devour_unchanged(c))
			fail_msg("%s: not missed", table);
		damage(c, data, len, "DELETE FROM %s", table, NULL);
		devour_unchanged(c);
		append_somehow(c);
		damage(c, data, len, "DROP TABLE %s; CREATE VIEW %s AS WITH RECURSIVE "
		       "n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) "
		       "SELECT id FROM n", table, table);
		assert_int_equal(devour_unchanged(c), 0);
		assert_true(open_is_refused(c, table));
	}
	free(tables);
	free(data);
}

/* A row is missing that others refer to: what it held is not left out in silence. */
static void damaged_references(void **state)
{
	static const char *const referred_to[] = {
		"names", "states", "processes", "kernels", "mappings", "contents",
		"frame_runs", "span_runs",
	};
	struct collection *c = *state;
	size_t len;
	char *data = make_file(c, 1, &len);

	for (size_t i = 0; i < sizeof(referred_to) / sizeof(referred_to[0]); i++) {
		damage(c, data, len, "DELETE FROM %s WHERE id = (SELECT max(id) FROM "
		       "%s)", referred_to[i], referred_to[i]);
		if (devour_unchanged(c))
			fail_msg("a row of %s: not missed", referred_to[i]);
	}
	free(data);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test_of(hostile_bytes),
		test_of(hostile_tables),
		test_of(damaged_columns),
		test_of(damaged_tables),
		test_of(damaged_references),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
