// SPDX-License-Identifier: GPL-2.0
/*
 * A snapshot is written: what is as it was in the one before is left alone.
 */
#include "store_db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "model/classify.h"
#include "model/pack.h"
#include "store_rows.h"

/* What many VMAs have in common. */
struct mapping {
	const struct vmwalk_vma *vma;	/* NULL: none yet */
	int64_t kind, name;		/* of names, 0: none */
	int64_t id;
};

/* A row of contents, and a VMA that has it. */
struct content_found {
	const struct vmw_vma *vma;	/* NULL: none yet */
	uint64_t hash;
	int64_t id;
};

#define LATELY	16

/* One snapshot on its way into the file. */
struct writing {
	struct vmw_store *store;
	struct vmw_snapshot *s;
	struct vmw_segments segs;
	int64_t process, kernel;
	struct vmw_query names, add_name;
	struct vmw_query contents, add_content;
	struct vmw_query mappings, add_mapping;
	struct vmw_pack extents, frames;
	/* What was found lately, since VMAs are often alike; by hash. */
	struct content_found contents_found[LATELY];
	struct mapping mappings_found[LATELY];
	int64_t kinds[VMW_SEG_KINDS];	/* names of them; 0: not looked up yet */
	struct vmw_error *err;
};

static int no_memory(const struct writing *w)
{
	return vmw_error_set(w->err, -ENOMEM, "no memory for the snapshot");
}

static void bind_name(struct vmw_query *q, const void *arg)
{
	vmw_put_text(q, arg);
}

/* 0: none. */
static int64_t name_id(struct writing *w, const char *name)
{
	return name ? vmw_find_or_add(&w->names, &w->add_name, bind_name, name) : 0;
}

static void bind_process(struct vmw_query *q, const void *arg)
{
	const struct vmw_snapshot *s = arg;

	vmw_put_text(q, s->origin.host);
	vmw_put_text(q, s->origin.boot);
	vmw_put(q, s->as.mm.pid);
	vmw_put(q, s->as.mm.start_time);
	vmw_put_text(q, s->origin.exe);
	vmw_put_text(q, s->origin.build_id);
}

static int find_process(struct writing *w)
{
	struct vmw_query find, add;

	find = vmw_query(w->store, "SELECT id FROM processes WHERE host = ? "
			 "AND boot = ? AND pid = ? AND start_time = ? AND "
			 "exe = ? AND build_id = ?");
	add = vmw_query(w->store, "INSERT INTO processes (host, boot, pid, "
			"start_time, exe, build_id) VALUES (?, ?, ?, ?, ?, ?)");
	w->process = vmw_find_or_add(&find, &add, bind_process, w->s);
	return vmw_query_end_both(&find, &add, w->err);
}

static int write_head(struct writing *w)
{
	const struct vmw_fields *aspace = &vmw_fields_of_aspace;
	const struct vmw_fields *end = &vmw_fields_of_end;
	const struct vmw_fields *mm = &vmw_fields_of_mm;
	sqlite3_str *sql = vmw_sql.str_new(NULL);
	struct vmw_snapshot *s = w->s;
	struct vmw_query q;

	vmw_sql.str_appendall(sql, "INSERT INTO snapshots (uuid, process, "
			      "kernel, time, label, note");
	vmw_sql_columns(sql, "", aspace, "");
	vmw_sql_columns(sql, "end_", end, "");
	vmw_sql_columns(sql, "mm_", mm, "");
	vmw_sql.str_appendall(sql, ") VALUES (?, ?, ?, ?, ?, ?");
	vmw_sql_marks(sql, aspace->nr + end->nr + mm->nr);
	vmw_sql.str_appendall(sql, ")");
	q = vmw_query_take(w->store, vmw_sql.str_finish(sql));
	vmw_put_blob(&q, s->uuid, sizeof(s->uuid));
	vmw_put(&q, w->process);
	vmw_put(&q, w->kernel);
	vmw_put(&q, s->time);
	vmw_put_text(&q, s->label);
	vmw_put_text(&q, s->note);
	vmw_put_fields(&q, aspace, &s->as);
	vmw_put_fields(&q, end, &s->as.end);
	vmw_put_fields(&q, mm, &s->as.mm);
	vmw_run(&q);
	s->number = vmw_sql.last_insert_rowid(w->store->db);
	return vmw_query_end(&q, w->err);
}

/* What is behind a VMA: without an address, so that others may have the same. */
struct content {
	const struct writing *w;
	const struct vmwalk_pages *pages;
	const struct vmwalk_tables *tables;
	uint64_t hash;
	struct vmw_usage usage;
};

static void hash_content(struct content *c)
{
	uint64_t hash = VMW_HASH_EMPTY;

	hash = vmw_hash_more(hash, c->w->extents.data, c->w->extents.len);
	hash = vmw_hash_more(hash, c->w->frames.data, c->w->frames.len);
	hash = vmw_hash_more(hash, c->pages, sizeof(*c->pages));
	c->hash = vmw_hash_more(hash, c->tables, sizeof(*c->tables));
}

static void put_if(struct vmw_query *q, bool asked, const struct vmw_fields *f,
		   const void *of)
{
	if (asked)
		vmw_put_fields(q, f, of);
	else
		for (size_t i = 0; i < f->nr; i++)
			vmw_put_null(q);
}

static void bind_content(struct vmw_query *q, const void *arg)
{
	const struct content *c = arg;
	const struct writing *w = c->w;
	const uint32_t flags = w->s->as.flags;

	vmw_put(q, c->hash);
	if (flags & VMWALK_WALK_F_EXTENTS)
		vmw_put_blob(q, w->extents.data, w->extents.len);
	else
		vmw_put_null(q);
	if (flags & VMWALK_WALK_F_PHYS)
		vmw_put_blob(q, w->frames.data, w->frames.len);
	else
		vmw_put_null(q);
	vmw_put_fields(q, &vmw_fields_of_usage, &c->usage);
	put_if(q, flags & VMWALK_WALK_F_PAGES, &vmw_fields_of_pages, c->pages);
	put_if(q, flags & VMWALK_WALK_F_TABLES, &vmw_fields_of_tables, c->tables);
}

static char *sql_of_content(bool add)
{
	const struct vmw_fields *usage = &vmw_fields_of_usage;
	const struct vmw_fields *pages = &vmw_fields_of_pages;
	const struct vmw_fields *tables = &vmw_fields_of_tables;
	sqlite3_str *sql = vmw_sql.str_new(NULL);

	if (add) {
		vmw_sql.str_appendall(sql, "INSERT INTO contents (hash, "
				      "extents, frames");
		vmw_sql_columns(sql, "", usage, "");
		vmw_sql_columns(sql, "", pages, "");
		vmw_sql_columns(sql, "table_", tables, "");
		vmw_sql.str_appendall(sql, ") VALUES (?, ?, ?");
		vmw_sql_marks(sql, usage->nr + pages->nr + tables->nr);
		vmw_sql.str_appendall(sql, ")");
	} else {
		vmw_sql.str_appendall(sql, "SELECT id FROM contents WHERE "
				      "hash = ? AND extents IS ? AND "
				      "frames IS ?");
		vmw_sql_match(sql, "", usage);
		vmw_sql_match(sql, "", pages);
		vmw_sql_match(sql, "table_", tables);
	}
	return vmw_sql.str_finish(sql);
}

static int pack_extents(struct writing *w, const struct vmw_vma *vma)
{
	const struct vmw_extent *e = w->s->as.extents + vma->first_extent;
	uint64_t next = 0;
	uint32_t id;
	int ret;

	vmw_pack_reset(&w->extents);
	vmw_pack_reset(&w->frames);
	for (size_t i = 0; i < vma->nr_extents; i++, e++) {
		ret = vmw_store_state(w->store, e->state, &id, w->err);
		if (ret)
			return ret;
		vmw_pack_number(&w->extents, e->pages);
		vmw_pack_number(&w->extents, id);
		if (w->s->as.flags & VMWALK_WALK_F_PHYS)
			vmw_pack_frame(&w->frames, &next, e->frame, e->pages);
	}
	return w->extents.failed || w->frames.failed ? no_memory(w) : 0;
}

static bool same_sums(const struct vmw_aspace *as, const struct vmw_vma *a,
		      const struct vmw_vma *b)
{
	return !memcmp(&a->usage, &b->usage, sizeof(a->usage)) &&
	       !memcmp(vmw_vma_pages(as, a), vmw_vma_pages(as, b),
		       sizeof(struct vmwalk_pages)) &&
	       !memcmp(vmw_vma_tables(as, a), vmw_vma_tables(as, b),
		       sizeof(struct vmwalk_tables));
}

/* Of one address space, whose columns are all there or all NULL. */
static bool same_content(const struct vmw_aspace *as, const struct vmw_vma *a,
			 const struct vmw_vma *b)
{
	const struct vmw_extent *e = as->extents + a->first_extent;
	const struct vmw_extent *f = as->extents + b->first_extent;

	if (a->nr_extents != b->nr_extents ||
	    a->info.shmem_swapped != b->info.shmem_swapped ||
	    !same_sums(as, a, b))
		return false;
	for (size_t i = 0; i < a->nr_extents; i++)
		if (e[i].pages != f[i].pages || e[i].state != f[i].state ||
		    e[i].frame != f[i].frame)
			return false;
	return true;
}

static int content_id(struct writing *w, const struct vmw_vma *vma, int64_t *id)
{
	struct content c = {
		.w = w, .usage = vma->usage,
		.pages = vmw_vma_pages(&w->s->as, vma),
		.tables = vmw_vma_tables(&w->s->as, vma),
	};
	struct content_found *found;
	int ret = pack_extents(w, vma);

	if (ret)
		return ret;
	/* The VMA itself tells what of it is not in the extents. */
	c.usage.swapped -= vma->info.shmem_swapped;
	hash_content(&c);
	found = &w->contents_found[c.hash % LATELY];
	if (!found->vma || found->hash != c.hash ||
	    !same_content(&w->s->as, found->vma, vma))
		found->id = vmw_find_or_add(&w->contents, &w->add_content,
					    bind_content, &c);
	found->vma = vma;
	found->hash = c.hash;
	*id = found->id;
	return 0;
}

static int64_t kind_id(struct writing *w, enum vmw_segment_kind kind)
{
	if (!w->kinds[kind])
		w->kinds[kind] = name_id(w, vmw_segment_kind_name(kind));
	return w->kinds[kind];
}

static void bind_mapping(struct vmw_query *q, const void *arg)
{
	const struct mapping *m = arg;

	vmw_put(q, m->vma->flags);
	vmw_put(q, m->kind);
	if (m->name)
		vmw_put(q, m->name);
	else
		vmw_put_null(q);
	vmw_put(q, m->vma->ino);
	vmw_put(q, m->vma->dev_major);
	vmw_put(q, m->vma->dev_minor);
	vmw_put(q, m->vma->page_shift);
}

static bool same_mapping(const struct mapping *a, const struct mapping *b)
{
	const struct vmwalk_vma *v = a->vma, *w = b->vma;

	return v && a->kind == b->kind && a->name == b->name &&
	       v->flags == w->flags && v->ino == w->ino &&
	       v->dev_major == w->dev_major && v->dev_minor == w->dev_minor &&
	       v->page_shift == w->page_shift;
}

static int64_t mapping_id(struct writing *w, const struct vmw_vma *vma,
			  enum vmw_segment_kind kind)
{
	struct mapping m = {
		.vma = &vma->info, .kind = kind_id(w, kind),
		.name = name_id(w, vma->name),
	};
	const uint64_t key[] = { m.kind, m.name, m.vma->flags, m.vma->ino };
	const uint64_t hash = vmw_hash_more(VMW_HASH_EMPTY, key, sizeof(key));
	struct mapping *found = &w->mappings_found[hash % LATELY];

	if (!same_mapping(found, &m)) {
		m.id = vmw_find_or_add(&w->mappings, &w->add_mapping,
				       bind_mapping, &m);
		*found = m;
	}
	return found->id;
}

static int fill_vma(struct writing *w, size_t i, struct vmw_store_row *row)
{
	const struct vmw_segment *seg = &w->segs.seg[w->segs.of_vma[i]];
	const struct vmw_vma *vma = &w->s->as.vmas[i];
	const struct vmwalk_vma *v = &vma->info;
	const int64_t values[] = {
		[VMW_VMA_START] = v->start,
		[VMW_VMA_SIZE] = (v->end - v->start) >> 12,
		[VMW_VMA_SKIPPED] = v->from - v->start,
		[VMW_VMA_OFFSET] = v->offset,
		[VMW_VMA_MAPPING] = mapping_id(w, vma, seg->kind),
		[VMW_VMA_SHMEM_SWAPPED] = v->shmem_swapped,
		[VMW_VMA_BACK] = (int64_t)(v->start - seg->start) >> 12,
	};

	memcpy(row->v, values, sizeof(values));
	return content_id(w, vma, &row->v[VMW_VMA_CONTENT]);
}

static int fill_thread(struct writing *w, size_t i, struct vmw_store_row *row)
{
	const struct vmw_thread *t = &w->s->as.threads[i];
	const int64_t values[] = {
		[VMW_THREAD_NR] = i,
		[VMW_THREAD_TID] = t->tid,
		[VMW_THREAD_COMM] = name_id(w, t->comm),
		[VMW_THREAD_STATE] = (unsigned char)t->state,
		[VMW_THREAD_HAS_REGS] = t->has_regs,
		[VMW_THREAD_RUNNING] = t->running,
		[VMW_THREAD_SP] = t->sp,
		[VMW_THREAD_PC] = t->pc,
		[VMW_THREAD_FS_BASE] = t->fs_base,
	};

	memcpy(row->v, values, sizeof(values));
	return 0;
}

static int write_rows(struct writing *w, const struct vmw_row_kind *kind,
		      size_t nr, int (*fill)(struct writing *w, size_t i,
					     struct vmw_store_row *row))
{
	struct vmw_store_row *rows = calloc(nr + 1, sizeof(*rows));
	int ret = rows ? 0 : no_memory(w);

	for (size_t i = 0; !ret && i < nr; i++)
		ret = fill(w, i, &rows[i]);
	if (!ret)
		ret = vmw_rows_write(w->store, kind, w->process, w->s->number,
				     rows, nr, w->err);
	free(rows);
	return ret;
}

static int write_swaps(struct writing *w)
{
	const struct vmw_aspace *as = &w->s->as;
	struct vmw_query q;

	if (!as->nr_swaps)
		return 0;
	q = vmw_query(w->store, "INSERT INTO swaps (snapshot, nr, name) "
		      "VALUES (?, ?, ?)");
	for (size_t i = 0; i < as->nr_swaps; i++) {
		vmw_put(&q, w->s->number);
		vmw_put(&q, i);
		vmw_put(&q, name_id(w, as->swaps[i]));
		vmw_run(&q);
	}
	return vmw_query_end(&q, w->err);
}

static int write_body(struct writing *w)
{
	struct vmw_store *store = w->store;
	struct vmw_error unsaid;
	int ret, ret2;

	w->names = vmw_query(store, "SELECT id FROM names WHERE name = ?");
	w->add_name = vmw_query(store, "INSERT INTO names (name) VALUES (?)");
	w->contents = vmw_query_take(store, sql_of_content(false));
	w->add_content = vmw_query_take(store, sql_of_content(true));
	w->mappings = vmw_query(store, "SELECT id FROM mappings WHERE flags = ? "
				"AND kind = ? AND name IS ? AND ino = ? AND "
				"dev_major = ? AND dev_minor = ? AND "
				"page_shift = ?");
	w->add_mapping = vmw_query(store, "INSERT INTO mappings (flags, kind, "
				   "name, ino, dev_major, dev_minor, page_shift) "
				   "VALUES (?, ?, ?, ?, ?, ?, ?)");
	ret = write_rows(w, &vmw_rows_of_vmas, w->s->as.nr_vmas, fill_vma);
	if (!ret)
		ret = write_rows(w, &vmw_rows_of_threads, w->s->as.nr_threads,
				 fill_thread);
	if (!ret)
		ret = write_swaps(w);
	vmw_pack_deinit(&w->extents);
	vmw_pack_deinit(&w->frames);
	ret2 = vmw_query_end_both(&w->names, &w->add_name, ret ? &unsaid : w->err);
	ret = ret ? ret : ret2;
	ret2 = vmw_query_end_both(&w->mappings, &w->add_mapping, ret ? &unsaid : w->err);
	ret = ret ? ret : ret2;
	ret2 = vmw_query_end_both(&w->contents, &w->add_content, ret ? &unsaid : w->err);
	return ret ? ret : ret2;
}

static int write_entries(struct writing *w)
{
	const struct vmw_ways *ways = &w->s->ways;
	struct vmw_query q;

	if (!ways->packed.len)
		return 0;
	q = vmw_query(w->store, "INSERT INTO entries (snapshot, top, packed) "
		      "VALUES (?, ?, ?)");
	vmw_put(&q, w->s->number);
	vmw_put(&q, ways->top);
	vmw_put_blob(&q, ways->packed.data, ways->packed.len);
	vmw_run(&q);
	return vmw_query_end(&q, w->err);
}

static int write_all(struct writing *w)
{
	int ret;

	ret = find_process(w);
	if (!ret)
		ret = vmw_store_write_kernel(w->store, w->s, &w->kernel,
					     w->err);
	if (!ret)
		ret = write_head(w);
	if (!ret)
		ret = write_entries(w);
	if (!ret)
		ret = write_body(w);
	return ret ? ret : vmw_store_write_runtime(w->store, w->process, w->s,
						   w->err);
}

static int give_uuid(struct vmw_snapshot *s, struct vmw_error *err)
{
	static const uint8_t none[sizeof(s->uuid)];

	if (memcmp(s->uuid, none, sizeof(none)))
		return 0;
	if (getrandom(s->uuid, sizeof(s->uuid), 0) == sizeof(s->uuid))
		return 0;
	return vmw_error_set(err, -EIO, "no random numbers to be had");
}

int vmw_store_add(struct vmw_store *store, struct vmw_snapshot *s,
		  struct vmw_error *err)
{
	struct writing w = { .store = store, .s = s, .err = err };
	int ret;

	ret = give_uuid(s, err);
	if (ret)
		return ret;
	ret = vmw_classify(&s->as, &w.segs);
	if (ret)
		return no_memory(&w);
	ret = vmw_exec(store, "BEGIN IMMEDIATE", err);
	if (!ret) {
		ret = write_all(&w);
		if (!ret)
			ret = vmw_exec(store, "COMMIT", err);
	}
	if (ret) {
		s->number = 0;
		vmw_store_forget_states(store);
		vmw_sql.exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	}
	vmw_segments_deinit(&w.segs);
	return ret;
}
