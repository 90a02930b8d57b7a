// SPDX-License-Identifier: GPL-2.0
/* The tables of a collection, and the views that are for people. */
#include "store_db.h"

#include <errno.h>

/*
 * What lasts is written once: a row of vma_rows and threads holds from the snapshot
 * since on, up to the one before until; of those of its own process.
 */
static const char tables[] =
	"CREATE TABLE names (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  name TEXT NOT NULL UNIQUE\n"
	");\n"
	"CREATE TABLE states (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  state INTEGER NOT NULL UNIQUE\n"
	");\n"
	"CREATE TABLE processes (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  host TEXT NOT NULL,\n"
	"  boot TEXT NOT NULL,\n"
	"  pid INTEGER NOT NULL,\n"
	"  start_time INTEGER NOT NULL,\n"
	"  exe TEXT NOT NULL,\n"
	"  build_id TEXT NOT NULL,\n"
	"  UNIQUE (host, boot, pid, start_time, exe, build_id)\n"
	");\n"
	"CREATE TABLE threads (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  process INTEGER NOT NULL,\n"
	"  since INTEGER NOT NULL,\n"
	"  until INTEGER,\n"
	"  nr INTEGER NOT NULL,\n"
	"  tid INTEGER NOT NULL,\n"
	"  comm INTEGER NOT NULL,\n"
	"  state INTEGER NOT NULL,\n"
	"  has_regs INTEGER NOT NULL,\n"
	"  running INTEGER NOT NULL,\n"
	"  sp INTEGER NOT NULL,\n"
	"  pc INTEGER NOT NULL,\n"
	"  fs_base INTEGER NOT NULL\n"
	");\n"
	"CREATE INDEX threads_until ON threads (process, until);\n";

/* A name, "" for none. */
#define NAME(id)	"(SELECT name FROM names WHERE id = " id ")"
#define HEX(address)	"printf('%x', " address ")"
/* A row that holds in snapshot s. */
#define HOLDS(row)	row ".process = s.process AND " row ".since <= s.id AND " \
			"(" row ".until IS NULL OR " row ".until > s.id)"
/* The same of vmas, whose rows are found by an until that cannot be NULL. */
#define VMA_HOLDS(row)	row ".process = s.process AND " row ".since <= s.id AND " \
			"(" row ".until = 0 OR " row ".until > s.id)"
#define BIT(bits, mask, letter) \
	"CASE WHEN " bits " & " #mask " THEN '" letter "' ELSE '-' END"

/*
 * Unpacks: hexadecimal digits, by the chunk, make bytes; bytes make numbers: the
 * table number(nr, value).
 */
#define NUMBERS(blob) \
	"    WITH RECURSIVE chunk(base, hex) AS (\n" \
	"      SELECT 0, hex(substr(" blob ", 1, 256))" \
	" WHERE length(" blob ")\n" \
	"      UNION ALL SELECT base + 256," \
	" hex(substr(" blob ", base + 257, 256))\n" \
	"      FROM chunk WHERE base + 256 < length(" blob ")),\n" \
	"    place(i) AS (SELECT 0" \
	" UNION ALL SELECT i + 1 FROM place WHERE i < 255),\n" \
	"    byte(at, high, low) AS (SELECT base + i,\n" \
	"      instr('0123456789ABCDEF', substr(hex, 2 * i + 1, 1)) - 1,\n" \
	"      instr('0123456789ABCDEF', substr(hex, 2 * i + 2, 1)) - 1\n" \
	"      FROM chunk JOIN place ON 2 * i < length(hex)),\n" \
	"    digit(nr, at, bits) AS (SELECT count(*) FILTER (WHERE high < 8)" \
	" OVER (ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),\n" \
	"      at, (high & 7) * 16 + low FROM byte),\n" \
	"    place7(nr, bits, shift) AS (SELECT nr, bits," \
	" 7 * (row_number() OVER (PARTITION BY nr ORDER BY at) - 1)" \
	" FROM digit),\n" \
	"    number(nr, value) AS (SELECT nr, sum(bits << shift) FROM place7" \
	" GROUP BY nr),\n"

/*
 * Ten thousand VMAs are rows of two dozen bytes: what many have in common is in
 * mappings, sizes are in units of 4 KiB, and there is no index beside the table.
 */
static const char vma_tables[] =
	"CREATE TABLE mappings (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  flags INTEGER NOT NULL,\n"
	"  kind INTEGER NOT NULL,\n"
	"  name INTEGER,\n"
	"  ino INTEGER NOT NULL,\n"
	"  dev_major INTEGER NOT NULL,\n"
	"  dev_minor INTEGER NOT NULL,\n"
	"  page_shift INTEGER NOT NULL\n"
	");\n"
	"CREATE INDEX mappings_flags ON mappings (flags, kind, name, ino);\n"
	"CREATE TABLE vma_rows (\n"
	"  process INTEGER NOT NULL,\n"
	"  until INTEGER NOT NULL DEFAULT 0,\n"
	"  start INTEGER NOT NULL,\n"
	"  since INTEGER NOT NULL,\n"
	"  size INTEGER NOT NULL,\n"
	"  skipped INTEGER NOT NULL,\n"
	"  offset INTEGER NOT NULL,\n"
	"  mapping INTEGER NOT NULL,\n"
	"  shmem_swapped INTEGER NOT NULL,\n"
	"  content INTEGER NOT NULL,\n"
	"  back INTEGER NOT NULL,\n"
	"  PRIMARY KEY (process, until, start)\n"
	") WITHOUT ROWID;\n";

static const char vma_views[] =
	"CREATE VIEW vmas AS SELECT r.process, r.since, r.until,\n"
	"  r.start, r.start + r.size * 4096 AS stop,"
	" r.start + r.skipped AS first, r.offset,\n"
	"  m.ino, m.dev_major, m.dev_minor, m.flags, m.page_shift,"
	" r.shmem_swapped,\n"
	"  m.name, r.content, m.kind,"
	" CASE WHEN r.back THEN r.start - r.back * 4096 END AS segment\n"
	"  FROM vma_rows r JOIN mappings m ON m.id = r.mapping;\n"

	"CREATE VIEW v_vmas AS SELECT s.id AS snapshot,\n"
	"  v.start, v.stop, " HEX("v.start") " || '-' || " HEX("v.stop")
	" AS range,\n"
	"  " BIT("v.flags", 1, "r") " || " BIT("v.flags", 2, "w") " || "
	BIT("v.flags", 4, "x")
	" || CASE WHEN v.flags & 8 THEN 's' ELSE 'p' END AS perms,\n"
	"  v.offset, v.dev_major, v.dev_minor, v.ino, " NAME("v.name")
	" AS name,\n"
	"  " NAME("v.kind") " AS kind, ifnull(v.segment, v.start) AS segment,\n"
	"  v.stop - v.start AS mapped,\n"
	"  CASE WHEN v.flags & 524295 THEN 0 ELSE v.stop - v.start END"
	" AS reserved,\n"
	"  c.present, c.resident, c.anon, c.file, c.shmem, c.zero, c.pfn,"
	" c.hugetlb, c.anon_huge,\n"
	"  c.swapped + v.shmem_swapped AS swapped, c.other,\n"
	"  c.pss >> 12 AS pss, c.shared_clean, c.shared_dirty,"
	" c.private_clean, c.private_dirty, c.referenced,\n"
	"  v.content\n"
	"  FROM snapshots s JOIN vmas v ON " VMA_HOLDS("v")
	" JOIN contents c ON c.id = v.content;\n"

	"CREATE VIEW v_segments AS SELECT snapshot, kind, max(name) AS name,\n"
	"  segment AS start, " HEX("segment") " AS address,\n"
	"  count(*) AS vmas, sum(mapped) AS mapped, sum(reserved) AS reserved,\n"
	"  sum(present) AS present, sum(resident) AS resident,"
	" sum(swapped) AS swapped,\n"
	"  sum(anon_huge) AS anon_huge, sum(pss) AS pss,\n"
	"  sum(private_clean + private_dirty) AS private\n"
	"  FROM v_vmas GROUP BY snapshot, kind, segment;\n"

	/* How each kind of segment went on since the snapshot before. */
	"CREATE VIEW v_growth AS SELECT g.snapshot, s.process, g.kind,"
	" g.mapped, g.resident, g.swapped,\n"
	"  g.mapped - lag(g.mapped) OVER w AS mapped_growth,\n"
	"  g.resident - lag(g.resident) OVER w AS resident_growth,\n"
	"  g.swapped - lag(g.swapped) OVER w AS swapped_growth\n"
	"  FROM (SELECT snapshot, kind, sum(mapped) AS mapped,"
	" sum(resident) AS resident, sum(swapped) AS swapped\n"
	"    FROM v_vmas GROUP BY snapshot, kind) g\n"
	"  JOIN snapshots s ON s.id = g.snapshot\n"
	"  WINDOW w AS (PARTITION BY s.process, g.kind ORDER BY g.snapshot);\n"

	/*
	 * Of packed numbers every two are an extent. json_each() has them
	 * unpacked for the VMAs that a query is about, and for no others.
	 */
	"CREATE VIEW v_extents AS SELECT v.snapshot, v.start AS vma,\n"
	"  v.first + (e.value ->> 0) * v.page_size AS start,\n"
	"  " HEX("v.first + (e.value ->> 0) * v.page_size") " AS address,\n"
	"  e.value ->> 1 AS pages, t.*\n"
	"  FROM (SELECT s.id AS snapshot, v.start, v.first, c.extents,"
	" 1 << k.page_shift AS page_size\n"
	"    FROM snapshots s JOIN kernels k ON k.id = s.kernel\n"
	"    JOIN vmas v ON " VMA_HOLDS("v")
	" JOIN contents c ON c.id = v.content) v\n"
	"  JOIN json_each((\n"
	NUMBERS("v.extents")
	"    extent(nr, pages, state, done) AS (SELECT nr, value,"
	" lead(value) OVER (ORDER BY nr),\n"
	"      sum(CASE WHEN nr % 2 THEN 0 ELSE value END)"
	" OVER (ORDER BY nr) - value FROM number)\n"
	"    SELECT json_group_array(json_array(done, pages, state))"
	" FROM extent WHERE NOT nr % 2)) e\n"
	"  JOIN v_states t ON t.id = e.value ->> 2;\n";

static const char views[] =
	"CREATE VIEW v_snapshots AS SELECT s.id AS snapshot,\n"
	"  strftime('%Y-%m-%d %H:%M:%f', s.time / 1000000 / 1000.0, 'unixepoch')"
	" AS time,\n"
	"  s.label, s.note, p.host, p.pid, s.comm, p.exe, p.build_id,\n"
	"  k.release AS kernel, k.machine,\n"
	"  CASE WHEN NOT s.complete THEN 'incomplete'"
	" WHEN s.end_consistency = 0 THEN 'consistent'"
	" WHEN s.end_consistency = 1 THEN 'changed'"
	" ELSE 'best effort' END AS consistency,\n"
	"  s.mm_mapped AS mapped,"
	" s.mm_rss_anon + s.mm_rss_file + s.mm_rss_shmem AS rss,\n"
	"  s.mm_swap AS swap, s.mm_page_tables AS page_tables\n"
	"  FROM snapshots s JOIN processes p ON p.id = s.process"
	" JOIN kernels k ON k.id = s.kernel;\n"

	"CREATE VIEW v_threads AS SELECT s.id AS snapshot, t.tid,"
	" " NAME("t.comm") " AS comm,\n"
	"  char(t.state) AS state, " HEX("t.sp") " AS sp, " HEX("t.pc") " AS pc,"
	" " HEX("t.fs_base") " AS fs_base, t.running\n"
	"  FROM snapshots s JOIN threads t ON " HOLDS("t") ";\n"

	"CREATE VIEW v_states AS SELECT id, state,\n"
	"  CASE state & 15 WHEN 0 THEN 'none' WHEN 1 THEN 'anon'"
	" WHEN 2 THEN 'file' WHEN 3 THEN 'shmem' WHEN 4 THEN 'zero'"
	" WHEN 5 THEN 'pfn' WHEN 6 THEN 'swap' WHEN 7 THEN 'migration'"
	" WHEN 8 THEN 'hwpoison' WHEN 9 THEN 'device' WHEN 10 THEN 'marker'"
	" WHEN 11 THEN 'bad' WHEN 12 THEN 'guard' ELSE 'unknown' END AS kind,\n"
	"  state >> 4 & 3 AS level, state >> 6 & 1 AS hugetlb,"
	" state >> 7 & 1 AS shared,\n"
	"  CASE WHEN state & 15 THEN state >> 8 & 1 END AS write,"
	" CASE WHEN state & 15 THEN state >> 9 & 1 END AS exec,"
	" CASE WHEN state & 15 THEN state >> 10 & 1 END AS dirty,\n"
	"  state >> 11 & 1 AS accessed, state >> 12 & 1 AS soft_dirty,"
	" state >> 15 & 1 AS ksm, state >> 16 & 1 AS mlocked,\n"
	"  state >> 21 & 15 AS folio_order, state >> 25 & 127 AS maps,\n"
	"  CASE WHEN NOT state & 15 THEN state >> 8 & 1 END AS cached\n"
	"  FROM states;\n";

/* Those whose columns are the model's members. */
static char *tables_of_fields(void)
{
	sqlite3_str *sql = vmw_sql.str_new(NULL);

	vmw_sql.str_appendall(sql, "CREATE TABLE kernels (\n"
			      "  id INTEGER PRIMARY KEY,\n"
			      "  release TEXT NOT NULL, machine TEXT NOT NULL");
	vmw_sql_columns(sql, "", &vmw_fields_of_info, " NOT NULL");
	vmw_sql.str_appendall(sql, ",\n  levels TEXT NOT NULL,"
			      " hugepages TEXT NOT NULL, bits TEXT NOT NULL\n"
			      ");\n"
			      "CREATE TABLE snapshots (\n"
			      "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
			      "  uuid BLOB NOT NULL UNIQUE,\n"
			      "  process INTEGER NOT NULL,"
			      " kernel INTEGER NOT NULL,\n"
			      "  time INTEGER NOT NULL,"
			      " label TEXT NOT NULL, note TEXT NOT NULL");
	vmw_sql_columns(sql, "", &vmw_fields_of_aspace, " NOT NULL");
	vmw_sql_columns(sql, "end_", &vmw_fields_of_old_end, " INTEGER NOT NULL");
	vmw_sql_columns(sql, "mm_", &vmw_fields_of_mm, " INTEGER NOT NULL");
	vmw_sql.str_appendall(sql, "\n);\n"
			      "CREATE TABLE contents (\n"
			      "  id INTEGER PRIMARY KEY,\n"
			      "  hash INTEGER NOT NULL,"
			      " extents BLOB, frames BLOB");
	vmw_sql_columns(sql, "", &vmw_fields_of_usage, " INTEGER NOT NULL");
	vmw_sql_columns(sql, "", &vmw_fields_of_pages, " INTEGER");
	vmw_sql_columns(sql, "table_", &vmw_fields_of_tables, " INTEGER");
	vmw_sql.str_appendall(sql, "\n);\n"
			      "CREATE INDEX contents_hash ON contents (hash);\n");
	return vmw_sql.str_finish(sql);
}

static int stamp(struct vmw_store *store, struct vmw_error *err)
{
	char *sql = vmw_sql.mprintf("PRAGMA application_id = %d;"
				    "PRAGMA user_version = %d",
				    VMW_STORE_APPLICATION, VMW_STORE_VERSION);
	int ret = sql ? vmw_exec(store, sql, err) :
			vmw_store_error(store, SQLITE_NOMEM, err);

	vmw_sql.free(sql);
	store->version = VMW_STORE_VERSION;
	return ret;
}

/* Up to version 2 vmas was a table of all that its view tells. */
static const char vmas_of_version_2[] =
	"INSERT INTO mappings (flags, kind, name, ino, dev_major, dev_minor,"
	" page_shift)\n"
	"  SELECT DISTINCT flags, kind, name, ino, dev_major, dev_minor,"
	" page_shift FROM vmas;\n"
	"INSERT INTO vma_rows (process, until, start, since, size, skipped,"
	" offset, mapping, shmem_swapped, content, back)\n"
	"  SELECT v.process, ifnull(v.until, 0), v.start, v.since,"
	" (v.stop - v.start) / 4096, v.first - v.start,\n"
	"  v.offset, m.id, v.shmem_swapped, v.content,"
	" ifnull((v.start - v.segment) / 4096, 0)\n"
	"  FROM vmas v JOIN mappings m ON m.flags = v.flags"
	" AND m.kind = v.kind AND m.name IS v.name AND m.ino = v.ino\n"
	"  AND m.dev_major = v.dev_major AND m.dev_minor = v.dev_minor"
	" AND m.page_shift = v.page_shift;\n"
	"DROP VIEW IF EXISTS v_growth;\n"
	"DROP VIEW IF EXISTS v_segments;\n"
	"DROP VIEW IF EXISTS v_extents;\n"
	"DROP VIEW IF EXISTS v_vmas;\n"
	"DROP TABLE vmas;\n";

/* What version 2 has more than 1. */
static const char version_2[] =
	"CREATE TABLE entries (\n"
	"  snapshot INTEGER PRIMARY KEY,\n"
	"  top INTEGER NOT NULL,\n"
	"  packed BLOB NOT NULL\n"
	");\n";

/* What version 3 has more than 2. */
static const char version_3[] =
	"ALTER TABLE snapshots ADD COLUMN"
	" end_hold_max_steps INTEGER NOT NULL DEFAULT 0;\n"
	"CREATE TABLE swaps (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  snapshot INTEGER NOT NULL,\n"
	"  nr INTEGER NOT NULL,\n"
	"  name INTEGER NOT NULL,\n"
	"  UNIQUE (snapshot, nr)\n"
	");\n"
	"CREATE TABLE runtimes (\n"
	"  snapshot INTEGER PRIMARY KEY,\n"
	"  version TEXT NOT NULL,\n"
	"  source INTEGER NOT NULL,\n"
	"  torn INTEGER NOT NULL,\n"
	"  unread INTEGER NOT NULL,\n"
	"  note TEXT NOT NULL\n"
	");\n"
	"CREATE TABLE goroutines (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  process INTEGER NOT NULL,\n"
	"  since INTEGER NOT NULL,\n"
	"  until INTEGER,\n"
	"  addr INTEGER NOT NULL,\n"
	"  goid INTEGER NOT NULL,\n"
	"  lo INTEGER NOT NULL,\n"
	"  hi INTEGER NOT NULL,\n"
	"  sp INTEGER NOT NULL,\n"
	"  kind INTEGER NOT NULL,\n"
	"  status INTEGER NOT NULL,\n"
	"  tid INTEGER NOT NULL,\n"
	"  source INTEGER NOT NULL,\n"
	"  wait INTEGER NOT NULL,\n"
	"  start INTEGER NOT NULL,\n"
	"  frames INTEGER\n"
	");\n"
	"CREATE INDEX goroutines_until ON goroutines (process, until);\n"
	"CREATE TABLE frame_runs (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  hash INTEGER NOT NULL,\n"
	"  packed BLOB NOT NULL\n"
	");\n"
	"CREATE INDEX frame_runs_hash ON frame_runs (hash);\n"
	"CREATE TABLE labels (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  process INTEGER NOT NULL,\n"
	"  since INTEGER NOT NULL,\n"
	"  until INTEGER,\n"
	"  start INTEGER NOT NULL,\n"
	"  stop INTEGER NOT NULL,\n"
	"  kind INTEGER NOT NULL,\n"
	"  source INTEGER NOT NULL,\n"
	"  sure INTEGER NOT NULL,\n"
	"  name INTEGER NOT NULL\n"
	");\n"
	"CREATE INDEX labels_until ON labels (process, until);\n"
	"CREATE TABLE spans (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  process INTEGER NOT NULL,\n"
	"  since INTEGER NOT NULL,\n"
	"  until INTEGER,\n"
	"  start INTEGER NOT NULL,\n"
	"  run INTEGER NOT NULL\n"
	");\n"
	"CREATE INDEX spans_until ON spans (process, until);\n"
	"CREATE TABLE span_runs (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  hash INTEGER NOT NULL,\n"
	"  packed BLOB NOT NULL\n"
	");\n"
	"CREATE INDEX span_runs_hash ON span_runs (hash);\n"
	"CREATE TABLE images (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  process INTEGER NOT NULL,\n"
	"  since INTEGER NOT NULL,\n"
	"  until INTEGER,\n"
	"  ino INTEGER NOT NULL,\n"
	"  dev_major INTEGER NOT NULL,\n"
	"  dev_minor INTEGER NOT NULL,\n"
	"  build_id INTEGER NOT NULL\n"
	");\n"
	"CREATE INDEX images_until ON images (process, until);\n"

	"CREATE VIEW v_goroutines AS SELECT s.id AS snapshot, g.goid,\n"
	"  CASE g.kind WHEN 0 THEN 'goroutine' WHEN 1 THEN 'g0'"
	" WHEN 2 THEN 'gsignal' ELSE 'current' END AS kind,\n"
	"  CASE g.status WHEN 0 THEN 'idle' WHEN 1 THEN 'runnable'"
	" WHEN 2 THEN 'running' WHEN 3 THEN 'syscall' WHEN 4 THEN 'waiting'"
	" WHEN 5 THEN 'moribund' WHEN 6 THEN 'dead' WHEN 7 THEN 'enqueue'"
	" WHEN 8 THEN 'copystack' WHEN 9 THEN 'preempted'"
	" WHEN 10 THEN 'leaked' WHEN 11 THEN 'dead'"
	" ELSE 'status ' || g.status END AS status,\n"
	"  " NAME("g.wait") " AS wait, g.tid, g.lo, g.hi,\n"
	"  " HEX("g.lo") " || '-' || " HEX("g.hi") " AS stack,"
	" g.hi - g.lo AS size,\n"
	"  CASE WHEN g.sp THEN g.hi - g.sp END AS used,"
	" " NAME("g.start") " AS function\n"
	"  FROM snapshots s JOIN goroutines g ON " HOLDS("g") ";\n"

	"CREATE VIEW v_labels AS SELECT s.id AS snapshot, l.start, l.stop,\n"
	"  " HEX("l.start") " || '-' || " HEX("l.stop") " AS range,\n"
	"  CASE l.kind WHEN 0 THEN 'go-arena' WHEN 1 THEN 'go-runtime'"
	" WHEN 2 THEN 'malloc-brk' WHEN 3 THEN 'malloc-arena'"
	" WHEN 4 THEN 'malloc-top' WHEN 5 THEN 'malloc-reserved'"
	" ELSE 'malloc-mmapped' END AS kind, " NAME("l.name") " AS name\n"
	"  FROM snapshots s JOIN labels l ON " HOLDS("l") ";\n"

	/* As v_extents, with six numbers each. */
	"CREATE VIEW v_spans AS SELECT v.snapshot, v.start + (e.value ->> 0)"
	" AS start,\n"
	"  " HEX("v.start + (e.value ->> 0)") " AS address,\n"
	"  e.value ->> 1 AS bytes,\n"
	"  CASE e.value ->> 5 >> 1 WHEN 0 THEN 'objects' WHEN 1 THEN 'stacks'"
	" WHEN 2 THEN 'work buffers' WHEN 3 THEN 'free'"
	" WHEN 4 THEN 'scavenged' WHEN 5 THEN 'reserved'"
	" ELSE 'unknown' END AS state,\n"
	"  e.value ->> 2 AS elem_size, e.value ->> 3 AS elems,"
	" e.value ->> 4 AS used, e.value ->> 5 & 1 AS noscan\n"
	"  FROM (SELECT s.id AS snapshot, p.start, r.packed\n"
	"    FROM snapshots s JOIN spans p ON " HOLDS("p")
	" JOIN span_runs r ON r.id = p.run) v\n"
	"  JOIN json_each((\n"
	NUMBERS("v.packed")
	"    span(nr, at, bytes, elem_size, elems, used, state) AS (SELECT nr,\n"
	"      sum(CASE WHEN nr % 6 < 2 THEN value ELSE 0 END)"
	" OVER (ORDER BY nr), lead(value) OVER (ORDER BY nr),"
	" lead(value, 2) OVER (ORDER BY nr), lead(value, 3) OVER (ORDER BY nr),"
	" lead(value, 4) OVER (ORDER BY nr), lead(value, 5) OVER (ORDER BY nr)"
	" FROM number)\n"
	"    SELECT json_group_array(json_array(at, bytes, elem_size, elems,"
	" used, state)) FROM span WHERE NOT nr % 6)) e;\n";

static int run_all(struct vmw_store *store, const char *const *sql, size_t nr,
		   struct vmw_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < nr; i++)
		ret = vmw_exec(store, sql[i], err);
	return ret;
}

int vmw_store_create(struct vmw_store *store, struct vmw_error *err)
{
	static const char *const all[] = {
		tables, vma_tables, version_2, views, vma_views, version_3,
	};
	char *sql = tables_of_fields();
	int ret;

	ret = sql ? vmw_exec(store, sql, err) :
		    vmw_store_error(store, SQLITE_NOMEM, err);
	vmw_sql.free(sql);
	if (!ret)
		ret = run_all(store, all, sizeof(all) / sizeof(all[0]), err);
	return ret ? ret : stamp(store, err);
}

int vmw_store_migrate(struct vmw_store *store, int version,
		      struct vmw_error *err)
{
	static const char *const from_2[] = {
		vma_tables, vmas_of_version_2, vma_views, version_3,
	};
	int ret = 0;

	if (version < 2)
		ret = vmw_exec(store, version_2, err);
	if (!ret && version < 3)
		ret = run_all(store, from_2, sizeof(from_2) / sizeof(from_2[0]),
			      err);
	return ret ? ret : stamp(store, err);
}
