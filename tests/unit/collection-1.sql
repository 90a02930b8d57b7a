-- SPDX-License-Identifier: GPL-2.0
-- A collection of version 1, as the sqlite3 shell dumps it.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE kernels (
  id INTEGER PRIMARY KEY,
  release TEXT NOT NULL, machine TEXT NOT NULL, abi NOT NULL, version NOT NULL, arch NOT NULL, page_shift NOT NULL, can NOT NULL, walk_flags NOT NULL, chunk NOT NULL, message_max NOT NULL, atomic_max NOT NULL,
  levels TEXT NOT NULL, hugepages TEXT NOT NULL, bits TEXT NOT NULL
);
INSERT INTO kernels VALUES(1,'6.1.0-test','x86_64',2,'0.1','x86_64',12,32,0,256,0,0,'pgd:39:512 pud:30:512 pmd:21:512 pte:12:512','2097152 1073741824','_PAGE_PRESENT:0:1:31:3 _PAGE_PKEY:59:4:1:1');
CREATE TABLE snapshots (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid BLOB NOT NULL UNIQUE,
  process INTEGER NOT NULL, kernel INTEGER NOT NULL,
  time INTEGER NOT NULL, label TEXT NOT NULL, note TEXT NOT NULL, comm NOT NULL, flags NOT NULL, complete NOT NULL, retries NOT NULL, stopped NOT NULL, sums_only NOT NULL, vsyscall NOT NULL, end_walk_ns INTEGER NOT NULL, end_hold_max_ns INTEGER NOT NULL, end_locks INTEGER NOT NULL, end_consistency INTEGER NOT NULL, end_vmas INTEGER NOT NULL, end_tables INTEGER NOT NULL, mm_pid INTEGER NOT NULL, mm_flags INTEGER NOT NULL, mm_start_time INTEGER NOT NULL, mm_start_code INTEGER NOT NULL, mm_end_code INTEGER NOT NULL, mm_start_data INTEGER NOT NULL, mm_end_data INTEGER NOT NULL, mm_start_brk INTEGER NOT NULL, mm_brk INTEGER NOT NULL, mm_start_stack INTEGER NOT NULL, mm_arg_start INTEGER NOT NULL, mm_arg_end INTEGER NOT NULL, mm_env_start INTEGER NOT NULL, mm_env_end INTEGER NOT NULL, mm_mmap_base INTEGER NOT NULL, mm_task_size INTEGER NOT NULL, mm_mapped INTEGER NOT NULL, mm_rss_file INTEGER NOT NULL, mm_rss_anon INTEGER NOT NULL, mm_rss_shmem INTEGER NOT NULL, mm_swap INTEGER NOT NULL, mm_page_tables INTEGER NOT NULL, mm_vmas INTEGER NOT NULL, mm_hiwater_rss INTEGER NOT NULL, mm_hiwater_vm INTEGER NOT NULL, mm_locked INTEGER NOT NULL, mm_pinned INTEGER NOT NULL, mm_data INTEGER NOT NULL, mm_exec INTEGER NOT NULL, mm_stack INTEGER NOT NULL
);
INSERT INTO snapshots VALUES(1,X'5f97b19f4dd46cd453a29d64085b70f7',1,1,1700000000123456789,'old','before new(int); DROP TABLE vmas; --''"',replace('evÿ\nl','\n',char(10)),127,1,2,1,0,3,-9223372036854775808,2,3,2,5,6,77,1,-9223372036854775807,-9223372036854775806,-9223372036854775805,-9223372036854775804,-9223372036854775803,-9223372036854775802,-9223372036854775801,-9223372036854775800,-9223372036854775799,-9223372036854775798,-9223372036854775797,-9223372036854775796,-9223372036854775795,-9223372036854775794,-9223372036854775793,-9223372036854775792,-9223372036854775791,-9223372036854775790,-9223372036854775789,-9223372036854775788,3,-9223372036854775786,-9223372036854775785,-9223372036854775784,-9223372036854775783,-9223372036854775782,-9223372036854775781,-9223372036854775780);
CREATE TABLE contents (
  id INTEGER PRIMARY KEY,
  hash INTEGER NOT NULL, extents BLOB, frames BLOB, present INTEGER NOT NULL, resident INTEGER NOT NULL, anon INTEGER NOT NULL, file INTEGER NOT NULL, shmem INTEGER NOT NULL, zero INTEGER NOT NULL, pfn INTEGER NOT NULL, hugetlb INTEGER NOT NULL, hugetlb_shared INTEGER NOT NULL, anon_huge INTEGER NOT NULL, swapped INTEGER NOT NULL, other INTEGER NOT NULL, pss INTEGER, pss_anon INTEGER, pss_file INTEGER, pss_shmem INTEGER, pss_dirty INTEGER, pss_locked INTEGER, shared_clean INTEGER, shared_dirty INTEGER, private_clean INTEGER, private_dirty INTEGER, referenced INTEGER, ksm INTEGER, lazyfree INTEGER, table_pte INTEGER, table_pmd INTEGER, table_pud INTEGER, table_p4d INTEGER, table_deposited INTEGER, table_pte_entries INTEGER, table_pmd_entries INTEGER, table_pud_entries INTEGER, table_p4d_entries INTEGER, table_pgd_entries INTEGER
);
INSERT INTO contents VALUES(1,2680986550826397109,X'1001',X'd19101',65536,65536,65536,0,0,0,0,0,0,0,0,0,1099511627776,1099511627777,1099511627778,1099511627779,1099511627780,1099511627781,1099511627782,1099511627783,1099511627784,1099511627785,1099511627786,1099511627787,1099511627788,7,0,0,0,0,0,0,0,0,8589934592);
INSERT INTO contents VALUES(2,7589654142594348926,X'0102',X'feffff0103',0,0,0,0,0,0,0,0,0,0,4096,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO contents VALUES(3,5184068051752556778,X'0103',X'feffffffffffff1fff1f',4096,4096,0,4096,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO contents VALUES(4,271717447685254958,X'ffffffff0f04',X'00',0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO contents VALUES(5,3880543910414739013,X'',X'',0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
CREATE TABLE names (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
INSERT INTO names VALUES(1,'anon');
INSERT INTO names VALUES(2,replace(replace('/tmp/[2J]0;x\n\rÂ›1mÿâ€®\x1b.so','\r',char(13)),'\n',char(10)));
INSERT INTO names VALUES(3,'library');
INSERT INTO names VALUES(4,'[vsyscall]');
INSERT INTO names VALUES(5,'vsyscall');
INSERT INTO names VALUES(6,replace('two\nlines','\n',char(10)));
CREATE TABLE states (
  id INTEGER PRIMARY KEY,
  state INTEGER NOT NULL UNIQUE
);
INSERT INTO states VALUES(1,3329);
INSERT INTO states VALUES(2,6);
INSERT INTO states VALUES(3,4261412866);
INSERT INTO states VALUES(4,0);
CREATE TABLE processes (
  id INTEGER PRIMARY KEY,
  host TEXT NOT NULL,
  boot TEXT NOT NULL,
  pid INTEGER NOT NULL,
  start_time INTEGER NOT NULL,
  exe TEXT NOT NULL,
  build_id TEXT NOT NULL,
  UNIQUE (host, boot, pid, start_time, exe, build_id)
);
INSERT INTO processes VALUES(1,'a host','b00t',77,-9223372036854775807,'/bin/ÿ exe','abcdef');
CREATE TABLE vmas (
  id INTEGER PRIMARY KEY,
  process INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,
  start INTEGER NOT NULL,
  stop INTEGER NOT NULL,
  first INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  ino INTEGER NOT NULL,
  dev_major INTEGER NOT NULL,
  dev_minor INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  page_shift INTEGER NOT NULL,
  shmem_swapped INTEGER NOT NULL,
  name INTEGER,
  content INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  segment INTEGER
);
INSERT INTO vmas VALUES(1,1,1,NULL,268435456,268500992,268435456,0,0,0,0,32771,12,0,NULL,1,1,NULL);
INSERT INTO vmas VALUES(2,1,1,NULL,536870912,536875008,536870912,0,0,0,0,32771,12,0,NULL,2,1,NULL);
INSERT INTO vmas VALUES(3,1,1,NULL,805306368,805310464,805306368,0,0,0,0,32771,12,0,NULL,3,1,NULL);
INSERT INTO vmas VALUES(4,1,1,NULL,1073741824,17593259782144,1073741824,0,0,0,0,32771,12,0,NULL,4,1,NULL);
INSERT INTO vmas VALUES(5,1,1,NULL,139706696204288,139706696212480,139706696204288,0,6,8,1,65541,12,0,2,5,3,NULL);
INSERT INTO vmas VALUES(6,1,1,NULL,-10485760,-10481664,-10485760,0,0,0,0,524292,12,4096,4,5,5,NULL);
CREATE TABLE threads (
  id INTEGER PRIMARY KEY,
  process INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,
  nr INTEGER NOT NULL,
  tid INTEGER NOT NULL,
  comm INTEGER NOT NULL,
  state INTEGER NOT NULL,
  has_regs INTEGER NOT NULL,
  running INTEGER NOT NULL,
  sp INTEGER NOT NULL,
  pc INTEGER NOT NULL,
  fs_base INTEGER NOT NULL
);
INSERT INTO threads VALUES(1,1,1,NULL,0,78,6,83,1,0,536872960,-1,-9223372036854775808);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('snapshots',1);
CREATE INDEX contents_hash ON contents (hash);
CREATE INDEX vmas_until ON vmas (process, until);
CREATE INDEX threads_until ON threads (process, until);
CREATE VIEW v_snapshots AS SELECT s.id AS snapshot,
  strftime('%Y-%m-%d %H:%M:%f', s.time / 1000000 / 1000.0, 'unixepoch') AS time,
  s.label, s.note, p.host, p.pid, s.comm, p.exe, p.build_id,
  k.release AS kernel, k.machine,
  CASE WHEN NOT s.complete THEN 'incomplete' WHEN s.end_consistency = 0 THEN 'consistent' WHEN s.end_consistency = 1 THEN 'changed' ELSE 'best effort' END AS consistency,
  s.mm_mapped AS mapped, s.mm_rss_anon + s.mm_rss_file + s.mm_rss_shmem AS rss,
  s.mm_swap AS swap, s.mm_page_tables AS page_tables
  FROM snapshots s JOIN processes p ON p.id = s.process JOIN kernels k ON k.id = s.kernel;
CREATE VIEW v_vmas AS SELECT s.id AS snapshot,
  v.start, v.stop, printf('%x', v.start) || '-' || printf('%x', v.stop) AS range,
  CASE WHEN v.flags & 1 THEN 'r' ELSE '-' END || CASE WHEN v.flags & 2 THEN 'w' ELSE '-' END || CASE WHEN v.flags & 4 THEN 'x' ELSE '-' END || CASE WHEN v.flags & 8 THEN 's' ELSE 'p' END AS perms,
  v.offset, v.dev_major, v.dev_minor, v.ino, (SELECT name FROM names WHERE id = v.name) AS name,
  (SELECT name FROM names WHERE id = v.kind) AS kind, ifnull(v.segment, v.start) AS segment,
  v.stop - v.start AS mapped,
  CASE WHEN v.flags & 524295 THEN 0 ELSE v.stop - v.start END AS reserved,
  c.present, c.resident, c.anon, c.file, c.shmem, c.zero, c.pfn, c.hugetlb, c.anon_huge,
  c.swapped + v.shmem_swapped AS swapped, c.other,
  c.pss >> 12 AS pss, c.shared_clean, c.shared_dirty, c.private_clean, c.private_dirty, c.referenced,
  v.content
  FROM snapshots s JOIN vmas v ON v.process = s.process AND v.since <= s.id AND (v.until IS NULL OR v.until > s.id) JOIN contents c ON c.id = v.content;
CREATE VIEW v_segments AS SELECT snapshot, kind, max(name) AS name,
  segment AS start, printf('%x', segment) AS address,
  count(*) AS vmas, sum(mapped) AS mapped, sum(reserved) AS reserved,
  sum(present) AS present, sum(resident) AS resident, sum(swapped) AS swapped,
  sum(anon_huge) AS anon_huge, sum(pss) AS pss,
  sum(private_clean + private_dirty) AS private
  FROM v_vmas GROUP BY snapshot, kind, segment;
CREATE VIEW v_growth AS SELECT g.snapshot, s.process, g.kind, g.mapped, g.resident, g.swapped,
  g.mapped - lag(g.mapped) OVER w AS mapped_growth,
  g.resident - lag(g.resident) OVER w AS resident_growth,
  g.swapped - lag(g.swapped) OVER w AS swapped_growth
  FROM (SELECT snapshot, kind, sum(mapped) AS mapped, sum(resident) AS resident, sum(swapped) AS swapped
    FROM v_vmas GROUP BY snapshot, kind) g
  JOIN snapshots s ON s.id = g.snapshot
  WINDOW w AS (PARTITION BY s.process, g.kind ORDER BY g.snapshot);
CREATE VIEW v_threads AS SELECT s.id AS snapshot, t.tid, (SELECT name FROM names WHERE id = t.comm) AS comm,
  char(t.state) AS state, printf('%x', t.sp) AS sp, printf('%x', t.pc) AS pc, printf('%x', t.fs_base) AS fs_base, t.running
  FROM snapshots s JOIN threads t ON t.process = s.process AND t.since <= s.id AND (t.until IS NULL OR t.until > s.id);
CREATE VIEW v_states AS SELECT id, state,
  CASE state & 15 WHEN 0 THEN 'none' WHEN 1 THEN 'anon' WHEN 2 THEN 'file' WHEN 3 THEN 'shmem' WHEN 4 THEN 'zero' WHEN 5 THEN 'pfn' WHEN 6 THEN 'swap' WHEN 7 THEN 'migration' WHEN 8 THEN 'hwpoison' WHEN 9 THEN 'device' WHEN 10 THEN 'marker' WHEN 11 THEN 'bad' WHEN 12 THEN 'guard' ELSE 'unknown' END AS kind,
  state >> 4 & 3 AS level, state >> 6 & 1 AS hugetlb, state >> 7 & 1 AS shared,
  CASE WHEN state & 15 THEN state >> 8 & 1 END AS write, CASE WHEN state & 15 THEN state >> 9 & 1 END AS exec, CASE WHEN state & 15 THEN state >> 10 & 1 END AS dirty,
  state >> 11 & 1 AS accessed, state >> 12 & 1 AS soft_dirty, state >> 15 & 1 AS ksm, state >> 16 & 1 AS mlocked,
  state >> 21 & 15 AS folio_order, state >> 25 & 127 AS maps,
  CASE WHEN NOT state & 15 THEN state >> 8 & 1 END AS cached
  FROM states;
CREATE VIEW v_extents AS SELECT v.snapshot, v.start AS vma,
  v.first + (e.value ->> 0) * v.page_size AS start,
  printf('%x', v.first + (e.value ->> 0) * v.page_size) AS address,
  e.value ->> 1 AS pages, t.*
  FROM (SELECT s.id AS snapshot, v.start, v.first, c.extents, 1 << k.page_shift AS page_size
    FROM snapshots s JOIN kernels k ON k.id = s.kernel
    JOIN vmas v ON v.process = s.process AND v.since <= s.id AND (v.until IS NULL OR v.until > s.id) JOIN contents c ON c.id = v.content) v
  JOIN json_each((
    WITH RECURSIVE chunk(base, hex) AS (
      SELECT 0, hex(substr(v.extents, 1, 256)) WHERE length(v.extents)
      UNION ALL SELECT base + 256, hex(substr(v.extents, base + 257, 256))
      FROM chunk WHERE base + 256 < length(v.extents)),
    place(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM place WHERE i < 255),
    byte(at, high, low) AS (SELECT base + i,
      instr('0123456789ABCDEF', substr(hex, 2 * i + 1, 1)) - 1,
      instr('0123456789ABCDEF', substr(hex, 2 * i + 2, 1)) - 1
      FROM chunk JOIN place ON 2 * i < length(hex)),
    digit(nr, at, bits) AS (SELECT count(*) FILTER (WHERE high < 8) OVER (ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
      at, (high & 7) * 16 + low FROM byte),
    place7(nr, bits, shift) AS (SELECT nr, bits, 7 * (row_number() OVER (PARTITION BY nr ORDER BY at) - 1) FROM digit),
    number(nr, value) AS (SELECT nr, sum(bits << shift) FROM place7 GROUP BY nr),
    extent(nr, pages, state, done) AS (SELECT nr, value, lead(value) OVER (ORDER BY nr),
      sum(CASE WHEN nr % 2 THEN 0 ELSE value END) OVER (ORDER BY nr) - value FROM number)
    SELECT json_group_array(json_array(done, pages, state)) FROM extent WHERE NOT nr % 2)) e
  JOIN v_states t ON t.id = e.value ->> 2;
COMMIT;
