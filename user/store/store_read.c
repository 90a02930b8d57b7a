// SPDX-License-Identifier: GPL-2.0
/*
 * A snapshot is read. Nothing that is in the file is believed: numbers are held
 * against their limits here, VMAs and extents by the model.
 */
#include "store_db.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/pack.h"
#include "store_rows.h"

/* More than any process can have; a few bytes of a file could claim them all. */
#define VMAS_MAX	(4 << 20)
#define EXTENTS_MAX	(64 << 20)
#define THREADS_MAX	(4 << 20)
#define STATES_MAX	(1 << 20)

struct reading {
	struct vmw_store *store;
	struct vmw_snapshot *s;
	int64_t process, kernel;
	/* States by their ids, the lowest first. */
	struct vmw_store_state *states;
	size_t nr_states;
	struct vmw_error *err;
};

static int damaged(const struct reading *r, const char *what)
{
	return vmw_store_damaged(r->store, what, r->err);
}

static bool head_is_sane(const struct vmw_snapshot *s)
{
	const struct vmw_aspace *as = &s->as;

	return as->vsyscall <= VMW_VSYSCALL_EMULATE && s->number &&
	       as->end.consistency <= VMWALK_BEST_EFFORT &&
	       !(as->mm.pid >> 31) && as->mm.task_size;
}

static int read_head(struct reading *r)
{
	const struct vmw_fields *fields[] = {
		&vmw_fields_of_aspace,
		r->store->version < 3 ? &vmw_fields_of_old_end :
					&vmw_fields_of_end,
		&vmw_fields_of_mm,
	};
	static const char *const prefixes[] = { "", "end_", "mm_" };
	sqlite3_str *sql = vmw_sql.str_new(NULL);
	struct vmw_snapshot *s = r->s;
	const void *uuid;
	struct vmw_query q;
	size_t len = 0;
	int ret;

	vmw_sql.str_appendall(sql, "SELECT uuid, process, kernel, time, label, "
			      "note");
	for (int i = 0; i < 3; i++)
		vmw_sql_columns(sql, prefixes[i], fields[i], "");
	vmw_sql.str_appendall(sql, " FROM snapshots WHERE id = ?");
	q = vmw_query_take(r->store, vmw_sql.str_finish(sql));
	vmw_put(&q, s->number);
	if (vmw_next_row(&q)) {
		uuid = vmw_get_blob(&q, &len);
		if (len == sizeof(s->uuid))
			memcpy(s->uuid, uuid, len);
		r->process = vmw_get(&q);
		r->kernel = vmw_get(&q);
		s->time = vmw_get(&q);
		vmw_get_string(&q, s->label, sizeof(s->label), "label");
		vmw_get_string(&q, s->note, sizeof(s->note), "note");
		vmw_get_fields(&q, fields[0], &s->as);
		vmw_get_fields(&q, fields[1], &s->as.end);
		vmw_get_fields(&q, fields[2], &s->as.mm);
	}
	ret = vmw_query_end(&q, r->err);
	if (!ret && (len != sizeof(s->uuid) || !head_is_sane(s)))
		ret = damaged(r, "the snapshot");
	return ret;
}

static int read_process(struct reading *r)
{
	struct vmw_origin *o = &r->s->origin;
	struct vmw_query q;
	bool found;
	int ret;

	q = vmw_query(r->store, "SELECT host, boot, exe, build_id "
		      "FROM processes WHERE id = ?");
	vmw_put(&q, r->process);
	found = vmw_next_row(&q);
	if (found) {
		vmw_get_string(&q, o->host, sizeof(o->host), "host");
		vmw_get_string(&q, o->boot, sizeof(o->boot), "boot");
		vmw_get_string(&q, o->exe, sizeof(o->exe), "exe");
		vmw_get_string(&q, o->build_id, sizeof(o->build_id),
			       "build_id");
	}
	ret = vmw_query_end(&q, r->err);
	return ret || found ? ret : damaged(r, "the snapshot's process");
}

static int load_head(struct reading *r)
{
	int ret;

	ret = read_head(r);
	if (!ret)
		ret = read_process(r);
	return ret ? ret : vmw_store_read_kernel(r->store, r->kernel, r->s,
						 r->err);
}

static int read_states(struct reading *r)
{
	struct vmw_store_state *states;
	struct vmw_query q;
	size_t room = 0;

	q = vmw_query(r->store, "SELECT id, state FROM states ORDER BY id");
	while (vmw_next_row(&q)) {
		const int64_t id = vmw_get(&q), state = vmw_get(&q);

		if (r->nr_states == STATES_MAX || id != (uint32_t)id ||
		    state != (uint32_t)state) {
			q.bad = "states";
			break;
		}
		if (r->nr_states == room) {
			room = room ? 2 * room : 256;
			states = reallocarray(r->states, room, sizeof(*states));
			if (!states) {
				q.error = SQLITE_NOMEM;
				break;
			}
			r->states = states;
		}
		r->states[r->nr_states++] = (struct vmw_store_state){
			.id = id, .state = state,
		};
	}
	return vmw_query_end(&q, r->err);
}

static const struct vmw_store_state *state_of(const struct reading *r,
					      uint64_t id)
{
	size_t low = 0, high = r->nr_states;

	/* Most often there is no gap. */
	if (id && id <= high && r->states[id - 1].id == id)
		return &r->states[id - 1];
	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (r->states[mid].id == id)
			return &r->states[mid];
		if (r->states[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* One extent, in pieces if it is longer than a record can tell. */
static int add_extent(struct vmw_aspace *as, uint64_t pages, uint32_t state,
		      uint64_t frame)
{
	const bool phys = as->flags & VMWALK_WALK_F_PHYS;
	uint64_t words[2], nr;
	int ret = 0;

	if (!pages || as->nr_extents >= EXTENTS_MAX)
		return -EPROTO;
	for (; !ret && pages; pages -= nr) {
		nr = pages < VMWALK_EXTENT_PAGES_MAX ? pages :
						       VMWALK_EXTENT_PAGES_MAX;
		words[0] = VMWALK_EXTENT(nr, state);
		words[1] = frame;
		ret = vmw_aspace_add_extents(as, words, sizeof(words[0]) <<
					     phys);
		frame += frame ? nr : 0;
	}
	return ret;
}

static int add_extents(struct reading *r, struct vmw_unpack *extents,
		       struct vmw_unpack *frames)
{
	const bool phys = r->s->as.flags & VMWALK_WALK_F_PHYS;
	uint64_t pages, id, frame = 0, next = 0;
	const struct vmw_store_state *state;
	int ret = 0;

	while (!ret && extents->at < extents->end) {
		if (!vmw_unpack_number(extents, &pages) ||
		    !vmw_unpack_number(extents, &id))
			return -EPROTO;
		state = state_of(r, id);
		if (!state || (phys && !vmw_unpack_frame(frames, &next, &frame,
							 pages)))
			return -EPROTO;
		ret = add_extent(&r->s->as, pages, state->state, frame);
	}
	return ret;
}

/* False: a number is larger than what it tells of. */
static bool get_vma(struct vmw_query *q, struct vmwalk_vma *info)
{
	int64_t major, minor, flags, shift;

	*info = (struct vmwalk_vma){ .start = vmw_get(q) };
	info->end = vmw_get(q);
	info->from = vmw_get(q);
	info->offset = vmw_get(q);
	info->ino = vmw_get(q);
	major = vmw_get(q);
	minor = vmw_get(q);
	flags = vmw_get(q);
	shift = vmw_get(q);
	info->shmem_swapped = vmw_get(q);
	info->dev_major = major;
	info->dev_minor = minor;
	info->flags = flags;
	info->page_shift = shift;
	return major == info->dev_major && minor == info->dev_minor &&
	       flags == info->flags && shift == info->page_shift &&
	       !(info->flags & VMWALK_VMA_F_CONTINUED);
}

static struct vmw_unpack get_packed(struct vmw_query *q)
{
	struct vmw_unpack u;
	size_t len;

	u.at = vmw_get_blob(q, &len);
	u.end = u.at + len;
	return u;
}

static int add_sums(struct vmw_aspace *as, struct vmw_query *q)
{
	struct vmwalk_tables tables = { 0 };
	struct vmwalk_pages pages = { 0 };
	int ret = 0;

	vmw_get_fields(q, &vmw_fields_of_pages, &pages);
	vmw_get_fields(q, &vmw_fields_of_tables, &tables);
	if (as->flags & VMWALK_WALK_F_PAGES)
		ret = vmw_aspace_add_pages(as, &pages);
	if (!ret && as->flags & VMWALK_WALK_F_TABLES)
		ret = vmw_aspace_add_tables(as, &tables);
	return ret;
}

/* The columns: is all there that the row refers to; those of rows, then of contents. */
static int add_vma(struct reading *r, struct vmw_query *q)
{
	struct vmw_aspace *as = &r->s->as;
	struct vmw_unpack extents, frames;
	struct vmwalk_vma info;
	struct vmw_vma *vma;
	const char *name;
	bool whole, fits;
	int ret;

	whole = vmw_get(q);
	fits = get_vma(q, &info);
	name = vmw_get_text(q);
	if (!whole || !fits || as->nr_vmas >= VMAS_MAX)
		return -EPROTO;
	/* The model cuts what overlaps; in a snapshot nothing does. */
	if (as->nr_vmas && info.start < as->vmas[as->nr_vmas - 1].info.end)
		return -EPROTO;
	ret = vmw_aspace_add_vma(as, &info, name);
	if (ret)
		return ret;
	vma = &as->vmas[as->nr_vmas - 1];
	extents = get_packed(q);
	frames = get_packed(q);
	if (as->flags & VMWALK_WALK_F_EXTENTS)
		ret = add_extents(r, &extents, &frames);
	vmw_get_fields(q, &vmw_fields_of_usage, &vma->usage);
	return ret ? ret : add_sums(as, q);
}

/* Up to version 2 all of a VMA was in one table. */
static char *sql_of_vmas(int version)
{
	sqlite3_str *sql = vmw_sql.str_new(NULL);

	vmw_sql.str_appendall(sql, version < 3 ?
		"SELECT c.id IS NOT NULL AND n.id IS v.name, v.start, v.stop, "
		"v.first, v.offset, v.ino, v.dev_major, v.dev_minor, v.flags, "
		"v.page_shift, v.shmem_swapped" :
		"SELECT c.id IS NOT NULL AND m.id IS NOT NULL AND "
		"n.id IS m.name, v.start, v.start + v.size * 4096, "
		"v.start + v.skipped, v.offset, m.ino, m.dev_major, "
		"m.dev_minor, m.flags, m.page_shift, v.shmem_swapped");
	vmw_sql.str_appendall(sql, ", n.name, c.extents, c.frames");
	vmw_sql_columns(sql, "c.", &vmw_fields_of_usage, "");
	vmw_sql_columns(sql, "c.", &vmw_fields_of_pages, "");
	vmw_sql_columns(sql, "c.table_", &vmw_fields_of_tables, "");
	vmw_sql.str_appendall(sql, version < 3 ?
		" FROM vmas v LEFT JOIN names n ON n.id = v.name" :
		" FROM vma_rows v LEFT JOIN mappings m ON m.id = v.mapping "
		"LEFT JOIN names n ON n.id = m.name");
	vmw_sql.str_appendf(sql, " LEFT JOIN contents c ON c.id = v.content "
			    "WHERE v.process = ?1 AND v.since <= ?2 AND "
			    "(v.until IS %s OR v.until > ?2) "
			    "ORDER BY v.start < 0, v.start",
			    version < 3 ? "NULL" : "0");
	return vmw_sql.str_finish(sql);
}

static int read_vmas(struct reading *r)
{
	struct vmw_query q = vmw_query_take(r->store, sql_of_vmas(r->store->version));
	int ret = 0, ret2;

	vmw_put(&q, r->process);
	vmw_put(&q, r->s->number);
	while (!ret && vmw_next_row(&q))
		ret = add_vma(r, &q);
	ret2 = vmw_query_end(&q, r->err);
	if (ret2)
		return ret2;
	if (ret == -ENOMEM)
		return vmw_error_set(r->err, ret, "no memory for the snapshot");
	return ret ? damaged(r, "VMAs and extents") : 0;
}

static bool fill_thread(struct vmw_query *q, struct vmw_thread *t)
{
	int64_t tid, state;

	tid = vmw_get(q);
	vmw_get_string(q, t->comm, sizeof(t->comm), "a thread's name");
	state = vmw_get(q);
	t->tid = tid;
	t->state = state;
	t->has_regs = vmw_get(q);
	t->running = vmw_get(q);
	t->sp = vmw_get(q);
	t->pc = vmw_get(q);
	t->fs_base = vmw_get(q);
	return tid > 0 && tid == t->tid &&
	       (!state || (state > 0 && state < 128 && isalpha(state)));
}

static int read_threads(struct reading *r)
{
	struct vmw_thread t = { 0 };
	struct vmw_query q;
	int ret = 0, ret2;

	q = vmw_query(r->store, "SELECT t.tid, n.name, t.state, t.has_regs, "
		      "t.running, t.sp, t.pc, t.fs_base FROM threads t "
		      "LEFT JOIN names n ON n.id = t.comm "
		      "WHERE t.process = ?1 AND t.since <= ?2 AND "
		      "(t.until IS NULL OR t.until > ?2) ORDER BY t.nr");
	vmw_put(&q, r->process);
	vmw_put(&q, r->s->number);
	while (!ret && vmw_next_row(&q)) {
		if (!fill_thread(&q, &t) || r->s->as.nr_threads >= THREADS_MAX)
			ret = damaged(r, "a thread");
		else if (vmw_aspace_add_thread(&r->s->as, &t))
			ret = vmw_error_set(r->err, -ENOMEM, "no memory for "
					    "the snapshot");
	}
	ret2 = vmw_query_end(&q, r->err);
	return ret2 ? ret2 : ret;
}

static int read_swaps(struct reading *r)
{
	struct vmw_query q;
	const char *name;

	if (r->store->version < 3)
		return 0;
	q = vmw_query(r->store, "SELECT n.name FROM swaps s "
		      "LEFT JOIN names n ON n.id = s.name "
		      "WHERE s.snapshot = ? ORDER BY s.nr");
	vmw_put(&q, r->s->number);
	while (vmw_next_row(&q)) {
		name = vmw_get_text(&q);
		switch (name ? vmw_aspace_add_swap(&r->s->as, name) : -EPROTO) {
		case 0:
			continue;
		case -ENOMEM:
			q.error = SQLITE_NOMEM;
			break;
		default:
			q.bad = "swap areas";
		}
		break;
	}
	return vmw_query_end(&q, r->err);
}

static int read_entries(struct reading *r)
{
	struct vmw_ways *ways = &r->s->ways;
	struct vmw_query q;
	const void *packed;
	size_t len = 0;

	if (r->store->version < 2)
		return 0;
	q = vmw_query(r->store, "SELECT top, packed FROM entries "
		      "WHERE snapshot = ?");
	vmw_put(&q, r->s->number);
	if (vmw_next_row(&q)) {
		ways->top = vmw_get(&q);
		packed = vmw_get_blob(&q, &len);
		ways->packed.data = malloc(len + 1);
		if (!packed || !len)
			q.bad = "page-table entries";
		else if (!ways->packed.data)
			q.error = SQLITE_NOMEM;
		else
			memcpy(ways->packed.data, packed, len);
		ways->packed.len = len;
		ways->packed.room = len;
	}
	return vmw_query_end(&q, r->err);
}

static int load_body(struct reading *r)
{
	int ret;

	ret = read_states(r);
	if (!ret)
		ret = read_vmas(r);
	if (!ret)
		ret = read_threads(r);
	if (!ret)
		ret = read_swaps(r);
	if (!ret)
		ret = read_entries(r);
	if (ret)
		return ret;
	vmw_aspace_finish(&r->s->as);
	return vmw_store_read_runtime(r->store, r->process, r->s, r->err);
}

static int load(struct vmw_store *store, uint64_t number, bool body,
		struct vmw_snapshot **s, struct vmw_error *err)
{
	struct reading r = {
		.store = store, .s = vmw_snapshot_create(), .err = err,
	};
	int ret;

	if (!r.s)
		return vmw_error_set(err, -ENOMEM, "no memory for the snapshot");
	r.s->number = number;
	ret = load_head(&r);
	if (!ret && body)
		ret = load_body(&r);
	free(r.states);
	if (ret)
		vmw_snapshot_destroy(r.s);
	else
		*s = r.s;
	return ret;
}

int vmw_store_load(struct vmw_store *store, uint64_t number,
		   struct vmw_snapshot **s, struct vmw_error *err)
{
	return load(store, number, true, s, err);
}

int vmw_store_load_head(struct vmw_store *store, uint64_t number,
			struct vmw_snapshot **s, struct vmw_error *err)
{
	return load(store, number, false, s, err);
}
