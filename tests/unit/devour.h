/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that somebody made to do harm: bytes changed, and whatever they give then
 * looked at from all sides.
 */
#ifndef DEVOUR_H
#define DEVOUR_H

#include "collection.h"
#include "diff/diff.h"
#include "render/export.h"

#define FLIPS	1000	/* files of hostile bytes, unless the environment says another */

static inline unsigned int setting(const char *name, unsigned int otherwise)
{
	const char *value = getenv(name);

	return value && *value ? strtoul(value, NULL, 0) : otherwise;
}

static inline void show_place(FILE *out, const struct vmw_style *style,
			      const struct vmw_aspace *as, uint64_t addr)
{
	const struct vmw_place place = { .addr = addr };

	vmw_render_where(out, style, as, &place, 1);
	vmw_json_where(out, as, &place, 1);
}

/* Of the page of each extent, and of one behind them. */
static inline void show_ways(const struct vmw_snapshot *s)
{
	for (size_t i = 0; s->ways.packed.len && i < s->as.nr_extents; i++) {
		struct vmw_pte pte = { .addr = s->as.extents[i].start };

		vmw_ways_find(&s->ways, &s->as, &s->info, &pte);
		pte.addr = ~s->as.extents[i].start;
		vmw_ways_find(&s->ways, &s->as, &s->info, &pte);
	}
}

/* No view trusts the model less than it was checked. */
static inline void show_all(const struct vmw_snapshot *s)
{
	static const struct vmw_style style = { .width = 100, .utf8 = true };
	FILE *out = fopen("/dev/null", "we");
	const struct vmw_aspace *as = &s->as;
	struct vmw_segments segs;
	struct vmw_diff diff;

	assert_int_equal(vmw_classify(as, &segs), 0);
	vmw_render_show(out, &style, as, &segs);
	vmw_render_maps(out, &style, as);
	vmw_render_map(out, &style, as, &segs);
	vmw_render_extents(out, &style, as, true);
	vmw_render_threads(out, &style, as, &segs);
	vmw_render_tables(out, &style, as, &segs);
	vmw_render_go(out, &style, as);
	vmw_json_go(out, as);
	for (size_t i = 0; i < as->runtime.nr_labels; i += 100)
		show_place(out, &style, as, as->runtime.labels[i].start);
	for (size_t i = 0; i < as->runtime.nr_spans; i += 100)
		show_place(out, &style, as, as->runtime.spans[i].end - 1);
	show_ways(s);
	vmw_render_stamp(out, as);
	vmw_json_show(out, as, &segs);
	vmw_json_extents(out, as, true);
	vmw_json_tables(out, as, &segs);
	vmw_export_json(out, s);
	vmw_export_csv(out, s, true);
	vmw_export_openmetrics(out, s);
	assert_int_equal(vmw_diff_make(as, &segs, as, &segs, true, &diff), 0);
	vmw_diff_deinit(&diff);
	vmw_segments_deinit(&segs);
	fclose(out);
}

/* Opens, and reads whatever it gives; how many snapshots that were. */
static inline size_t devour(const char *path)
{
	struct vmw_error err = { "" };
	struct vmw_snapshot *s;
	struct vmw_store *store;
	uint64_t number = 0;
	size_t nr = 0;

	if (vmw_store_open(&store, path, VMW_STORE_READ, &err)) {
		assert_true(*err.text);
		return 0;
	}
	for (int i = 0; i < 100; i++) {
		err.text[0] = '\0';
		if (vmw_store_next(store, number, &number, &err) || !number)
			break;
		if (vmw_store_load(store, number, &s, &err)) {
			assert_true(*err.text);
			continue;
		}
		nr++;
		show_all(s);
		vmw_snapshot_destroy(s);
	}
	vmw_store_close(store);
	return nr;
}

static inline void write_file(const char *path, const char *data, size_t len)
{
	FILE *f = fopen(path, "we");

	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

static inline char *read_file(const char *path, size_t *len)
{
	char *data = NULL;
	FILE *in = fopen(path, "re"), *out = open_memstream(&data, len);
	int byte;

	while ((byte = getc(in)) != EOF)
		putc(byte, out);
	fclose(in);
	fclose(out);
	return data;
}

/* Bytes turned over, pages swapped, ends cut off. */
static inline void mangle(char *data, size_t *len)
{
	const size_t page = 1024;
	size_t a, b;

	for (int i = rand() % 8; i >= 0; i--) {
		a = rand() % *len;
		b = rand() % *len;
		switch (rand() % 5) {
		case 0:
			data[a] ^= 1 << rand() % 8;
			break;
		case 1:
			data[a] = rand() % 2 ? 0xff : 0;
			break;
		case 2:
			data[a] = rand();
			break;
		case 3:
			a = a / page * page;
			b = b / page * page;
			if (a + page <= *len && b + page <= *len)
				memmove(data + a, data + b, page);
			break;
		case 4:
			if (!(rand() % 8) && a > 100)
				*len = a;
			break;
		}
	}
}

/* The file's tables are anybody's to write to. */
static inline void run_sql(struct collection *c, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(c->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

#endif
