// SPDX-License-Identifier: GPL-2.0
/*
 * What the process's runtime said of its memory, and which files its images are
 * of: written where it changed, read with as little trust as over the pipe that
 * it once came by.
 */
#include "store_db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/runtime_pack.h"
#include "store_rows.h"

struct writing {
	struct vmw_store *store;
	const struct vmw_snapshot *s;
	int64_t process;
	struct vmw_query names, add_name;
	struct vmw_query runs, add_run;
	struct vmw_query frames, add_frames;
	struct vmw_pack pack;
	struct vmw_error *err;
};

static int no_memory(struct vmw_error *err)
{
	return vmw_error_set(err, -ENOMEM, "no memory for the snapshot");
}

static void bind_name(struct vmw_query *q, const void *arg)
{
	vmw_put_text(q, arg);
}

static int64_t name_id(struct writing *w, const char *name)
{
	return vmw_find_or_add(&w->names, &w->add_name, bind_name, name);
}

static void bind_run(struct vmw_query *q, const void *arg)
{
	const struct vmw_pack *p = arg;

	vmw_put(q, vmw_hash_more(VMW_HASH_EMPTY, p->data, p->len));
	vmw_put_blob(q, p->data, p->len);
}

/* Of goroutines that wait in the same place the frames are the same. */
static int64_t frames_id(struct writing *w, const struct vmw_g *g)
{
	const struct vmw_call *frames = w->s->as.runtime.frames;

	if (!g->nr_frames)
		return 0;
	vmw_pack_reset(&w->pack);
	vmw_pack_frames(&w->pack, g->sp, frames + g->first_frame, g->nr_frames);
	return vmw_find_or_add(&w->frames, &w->add_frames, bind_run, &w->pack);
}

static void fill_g(struct writing *w, const struct vmw_g *g, struct vmw_store_row *row)
{
	const int64_t values[] = {
		[VMW_G_ADDR] = g->addr,
		[VMW_G_ID] = g->id,
		[VMW_G_LO] = g->lo,
		[VMW_G_HI] = g->hi,
		[VMW_G_SP] = g->sp,
		[VMW_G_KIND] = g->kind,
		[VMW_G_STATUS] = g->status,
		[VMW_G_TID] = g->tid,
		[VMW_G_SOURCE] = g->source,
		[VMW_G_WAIT] = name_id(w, g->wait),
		[VMW_G_START] = name_id(w, g->start),
		[VMW_G_FRAMES] = frames_id(w, g),
	};

	memcpy(row->v, values, sizeof(values));
}

static void fill_label(struct writing *w, const struct vmw_label *l,
		       struct vmw_store_row *row)
{
	const int64_t values[] = {
		[VMW_LABEL_START] = l->start,
		[VMW_LABEL_STOP] = l->end,
		[VMW_LABEL_KIND] = l->kind,
		[VMW_LABEL_SOURCE] = l->source,
		[VMW_LABEL_SURE] = l->sure,
		[VMW_LABEL_NAME] = name_id(w, l->name),
	};

	memcpy(row->v, values, sizeof(values));
}

static void fill_image(struct writing *w, const struct vmw_image *image,
		       struct vmw_store_row *row)
{
	row->v[VMW_IMAGE_INO] = image->ino;
	row->v[VMW_IMAGE_DEV_MAJOR] = image->dev_major;
	row->v[VMW_IMAGE_DEV_MINOR] = image->dev_minor;
	row->v[VMW_IMAGE_BUILD_ID] = name_id(w, image->build_id);
}

static int compare_rows(const void *a, const void *b)
{
	const struct vmw_store_row *r = a, *s = b;
	const uint64_t x = r->v[0], y = s->v[0];

	return (x > y) - (x < y);
}

/* By ascending key, which the model's order need not be. */
static int write_rows(struct writing *w, const struct vmw_row_kind *kind,
		      struct vmw_store_row *rows, size_t nr)
{
	if (nr)
		qsort(rows, nr, sizeof(*rows), compare_rows);
	return vmw_rows_write(w->store, kind, w->process, w->s->number, rows,
			      nr, w->err);
}

static int write_gs(struct writing *w)
{
	const struct vmw_runtime *rt = &w->s->as.runtime;
	struct vmw_store_row *rows = calloc(rt->nr_gs + 1, sizeof(*rows));
	int ret;

	if (!rows)
		return no_memory(w->err);
	for (size_t i = 0; i < rt->nr_gs; i++)
		fill_g(w, &rt->gs[i], &rows[i]);
	ret = w->pack.failed ? no_memory(w->err) :
			       write_rows(w, &vmw_rows_of_gs, rows,
					  rt->nr_gs);
	free(rows);
	return ret;
}

static int write_labels(struct writing *w)
{
	const struct vmw_runtime *rt = &w->s->as.runtime;
	struct vmw_store_row *rows = calloc(rt->nr_labels + 1, sizeof(*rows));
	int ret;

	if (!rows)
		return no_memory(w->err);
	for (size_t i = 0; i < rt->nr_labels; i++)
		fill_label(w, &rt->labels[i], &rows[i]);
	ret = write_rows(w, &vmw_rows_of_labels, rows, rt->nr_labels);
	free(rows);
	return ret;
}

static int write_images(struct writing *w)
{
	const struct vmw_snapshot *s = w->s;
	struct vmw_store_row *rows = calloc(s->nr_images + 1, sizeof(*rows));
	int ret;

	if (!rows)
		return no_memory(w->err);
	for (size_t i = 0; i < s->nr_images; i++)
		fill_image(w, &s->images[i], &rows[i]);
	ret = write_rows(w, &vmw_rows_of_images, rows, s->nr_images);
	free(rows);
	return ret;
}

static int write_spans(struct writing *w)
{
	const struct vmw_runtime *rt = &w->s->as.runtime;
	struct vmw_store_row *rows = calloc(rt->nr_spans + 1, sizeof(*rows));
	size_t nr = 0, run;
	int ret = 0;

	if (!rows)
		return no_memory(w->err);
	for (size_t i = 0; i < rt->nr_spans; i += run) {
		run = vmw_spans_run(&rt->spans[i], rt->nr_spans - i);
		vmw_pack_reset(&w->pack);
		vmw_pack_spans(&w->pack, &rt->spans[i], run);
		if (w->pack.failed)
			ret = no_memory(w->err);
		rows[nr].v[VMW_SPANS_START] = rt->spans[i].start;
		rows[nr++].v[VMW_SPANS_RUN] =
			vmw_find_or_add(&w->runs, &w->add_run, bind_run,
					&w->pack);
	}
	if (!ret)
		ret = write_rows(w, &vmw_rows_of_spans, rows, nr);
	free(rows);
	return ret;
}

static int write_head(struct writing *w)
{
	const struct vmw_fields *f = &vmw_fields_of_runtime;
	sqlite3_str *sql;
	struct vmw_query q;

	if (!w->s->as.runtime.known)
		return 0;
	sql = vmw_sql.str_new(NULL);
	vmw_sql.str_appendall(sql, "INSERT INTO runtimes (snapshot");
	vmw_sql_columns(sql, "", f, "");
	vmw_sql.str_appendall(sql, ") VALUES (?");
	vmw_sql_marks(sql, f->nr);
	vmw_sql.str_appendall(sql, ")");
	q = vmw_query_take(w->store, vmw_sql.str_finish(sql));
	vmw_put(&q, w->s->number);
	vmw_put_fields(&q, f, &w->s->as.runtime);
	vmw_run(&q);
	return vmw_query_end(&q, w->err);
}

static int write_all(struct writing *w)
{
	int ret;

	ret = write_head(w);
	if (!ret)
		ret = write_gs(w);
	if (!ret)
		ret = write_labels(w);
	if (!ret)
		ret = write_spans(w);
	return ret ? ret : write_images(w);
}

/* Of a snapshot that has none, what held in the one before holds no longer. */
int vmw_store_write_runtime(struct vmw_store *store, int64_t process,
			    const struct vmw_snapshot *s,
			    struct vmw_error *err)
{
	struct writing w = {
		.store = store, .s = s, .process = process, .err = err,
	};
	struct vmw_error unsaid;
	int ret, ret2;

	w.names = vmw_query(store, "SELECT id FROM names WHERE name = ?");
	w.add_name = vmw_query(store, "INSERT INTO names (name) VALUES (?)");
	w.runs = vmw_query(store, "SELECT id FROM span_runs WHERE hash = ? AND "
			   "packed = ?");
	w.add_run = vmw_query(store, "INSERT INTO span_runs (hash, packed) "
			      "VALUES (?, ?)");
	w.frames = vmw_query(store, "SELECT id FROM frame_runs WHERE hash = ? "
			     "AND packed = ?");
	w.add_frames = vmw_query(store, "INSERT INTO frame_runs (hash, packed) "
				 "VALUES (?, ?)");
	ret = write_all(&w);
	vmw_pack_deinit(&w.pack);
	ret2 = vmw_query_end_both(&w.names, &w.add_name, ret ? &unsaid : err);
	ret = ret ? ret : ret2;
	ret2 = vmw_query_end_both(&w.runs, &w.add_run, ret ? &unsaid : err);
	ret = ret ? ret : ret2;
	ret2 = vmw_query_end_both(&w.frames, &w.add_frames,
				  ret ? &unsaid : err);
	return ret ? ret : ret2;
}

struct reading {
	struct vmw_store *store;
	struct vmw_snapshot *s;
	int64_t process;
	uint64_t spans_end;	/* of those that were read */
	struct vmw_error *err;
};

#define HOLDS	" WHERE process = ?1 AND since <= ?2 AND " \
		"(until IS NULL OR until > ?2) ORDER BY "
#define NAME(id)	"(SELECT name FROM names WHERE names.id = " id ")"

/* Has @add take each row that @sql finds; what it refuses is @what. */
static int read_rows(struct reading *r, const char *sql, const char *what,
		     int (*add)(struct reading *r, struct vmw_query *q))
{
	struct vmw_query q = vmw_query(r->store, sql);
	int ret = 0, ret2;

	vmw_put(&q, r->process);
	vmw_put(&q, r->s->number);
	while (!ret && vmw_next_row(&q))
		ret = add(r, &q);
	ret2 = vmw_query_end(&q, r->err);
	if (ret2)
		return ret2;
	if (ret == -ENOMEM)
		return no_memory(r->err);
	return ret ? vmw_store_damaged(r->store, what, r->err) : 0;
}

/* What @packed holds is the last goroutine's that was read. */
static int add_frames(struct reading *r, const uint8_t *packed, size_t len)
{
	struct vmw_runtime *rt = &r->s->as.runtime;
	struct vmw_unpack u = { packed, packed + len };
	struct vmw_call frames[VMW_FRAMES_OF_G];
	struct vmw_g *g = &rt->gs[rt->nr_gs - 1];
	uint64_t start = g->sp;
	size_t nr = 0;

	while (nr < VMW_FRAMES_OF_G && u.at < u.end)
		if (!vmw_unpack_call(&u, &start, &frames[nr++]))
			return -EPROTO;
	return u.at < u.end ? -EPROTO :
			      vmw_runtime_add_frames(rt, g, frames, nr);
}

static int add_g(struct reading *r, struct vmw_query *q)
{
	struct vmw_g g = { 0 };
	const uint8_t *packed;
	bool has_frames;
	size_t len;
	int ret;

	vmw_get_fields(q, &vmw_fields_of_g, &g);
	has_frames = vmw_get(q);
	packed = vmw_get_blob(q, &len);
	if (q->bad)
		return 0;
	if (has_frames != !!len)
		return -EPROTO;
	ret = vmw_aspace_add_g(&r->s->as, &g);
	return ret || !len ? ret : add_frames(r, packed, len);
}

static int add_label(struct reading *r, struct vmw_query *q)
{
	struct vmw_label l = { 0 };

	vmw_get_fields(q, &vmw_fields_of_label, &l);
	return q->bad ? 0 : vmw_aspace_add_label(&r->s->as, &l);
}

static int add_spans(struct reading *r, struct vmw_query *q)
{
	struct vmw_go_span span;
	struct vmw_unpack u;
	uint64_t end;
	size_t len;
	int ret = 0;

	end = vmw_get(q);
	u.at = vmw_get_blob(q, &len);
	u.end = u.at + len;
	if (!len || end < r->spans_end)
		return -EPROTO;
	while (!ret && u.at < u.end)
		ret = vmw_unpack_span(&u, &end, &span) ?
		      vmw_aspace_add_span(&r->s->as, &span) : -EPROTO;
	r->spans_end = end;
	return ret;
}

static int add_image(struct reading *r, struct vmw_query *q)
{
	struct vmw_image image = { 0 };

	vmw_get_fields(q, &vmw_fields_of_image, &image);
	return q->bad ? 0 : vmw_snapshot_add_image(r->s, &image);
}

static int read_head(struct reading *r)
{
	const struct vmw_fields *f = &vmw_fields_of_runtime;
	struct vmw_runtime *rt = &r->s->as.runtime;
	sqlite3_str *sql = vmw_sql.str_new(NULL);
	struct vmw_query q;
	int ret;

	vmw_sql.str_appendall(sql, "SELECT snapshot");
	vmw_sql_columns(sql, "", f, "");
	vmw_sql.str_appendall(sql, " FROM runtimes WHERE snapshot = ?");
	q = vmw_query_take(r->store, vmw_sql.str_finish(sql));
	vmw_put(&q, r->s->number);
	if (vmw_next_row(&q)) {
		vmw_get(&q);
		vmw_get_fields(&q, f, rt);
		rt->known = true;
	}
	ret = vmw_query_end(&q, r->err);
	if (!ret && rt->source >= VMW_EVIDENCES)
		ret = vmw_store_damaged(r->store, "the runtime", r->err);
	return ret;
}

static int read_body(struct reading *r)
{
	int ret;

	ret = read_rows(r, "SELECT addr, goid, lo, hi, sp, kind, status, tid, "
			"source, " NAME("wait") ", " NAME("start") ", "
			"frames IS NOT NULL, (SELECT packed FROM frame_runs "
			"WHERE frame_runs.id = frames) FROM goroutines" HOLDS
			"addr", "a goroutine", add_g);
	if (!ret)
		ret = read_rows(r, "SELECT start, stop, kind, source, sure, "
				NAME("labels.name") " FROM labels" HOLDS "start",
				"a label", add_label);
	if (!ret)
		ret = read_rows(r, "SELECT start, packed FROM spans "
				"LEFT JOIN span_runs ON span_runs.id = run" HOLDS "start",
				"spans", add_spans);
	vmw_runtime_finish(&r->s->as.runtime);
	return ret;
}

int vmw_store_read_runtime(struct vmw_store *store, int64_t process,
			   struct vmw_snapshot *s, struct vmw_error *err)
{
	struct reading r = {
		.store = store, .s = s, .process = process, .err = err,
	};
	int ret;

	if (store->version < 3)
		return 0;
	ret = read_head(&r);
	if (!ret && s->as.runtime.known)
		ret = read_body(&r);
	if (ret)
		return ret;
	return read_rows(&r, "SELECT ino, dev_major, dev_minor, "
			 NAME("build_id") " FROM images" HOLDS "ino < 0, ino",
			 "an image", add_image);
}
