// SPDX-License-Identifier: GPL-2.0
#include "store_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct vmw_row_kind vmw_rows_of_vmas = {
	.table = "vma_rows",
	.columns = "start, size, skipped, offset, mapping, shmem_swapped, "
		   "content, back",
	.nr = VMW_VMA_COLUMNS,
	.clustered = true,
};

const struct vmw_row_kind vmw_rows_of_threads = {
	.table = "threads",
	.columns = "nr, tid, comm, state, has_regs, running, sp, pc, fs_base",
	.nr = VMW_THREAD_COLUMNS,
};

const struct vmw_row_kind vmw_rows_of_gs = {
	.table = "goroutines",
	.columns = "addr, goid, lo, hi, sp, kind, status, tid, source, wait, "
		   "start, frames",
	.nr = VMW_G_COLUMNS,
	.null = 1U << VMW_G_FRAMES,
};

const struct vmw_row_kind vmw_rows_of_labels = {
	.table = "labels",
	.columns = "start, stop, kind, source, sure, name",
	.nr = VMW_LABEL_COLUMNS,
};

const struct vmw_row_kind vmw_rows_of_spans = {
	.table = "spans",
	.columns = "start, run",
	.nr = VMW_SPANS_COLUMNS,
};

const struct vmw_row_kind vmw_rows_of_images = {
	.table = "images",
	.columns = "ino, dev_major, dev_minor, build_id",
	.nr = VMW_IMAGE_COLUMNS,
};

/* A row that holds to this day. */
struct open_row {
	int64_t id;
	struct vmw_store_row row;
};

struct rows {
	struct vmw_store *store;
	const struct vmw_row_kind *kind;
	int64_t process, number;
	struct open_row *open;	/* by ascending key */
	size_t nr_open;
	struct vmw_query close, add;
};

static int compare_open(const void *a, const void *b)
{
	const struct open_row *r = a, *s = b;
	const uint64_t x = r->row.v[0], y = s->row.v[0];

	return x < y ? -1 : x > y;
}

static void read_open(struct rows *r, struct vmw_query *q)
{
	struct open_row *open;
	size_t room = 0;

	while (vmw_next_row(q)) {
		if (r->nr_open == room) {
			room = room ? 2 * room : 64;
			open = reallocarray(r->open, room, sizeof(*open));
			if (!open) {
				q->error = SQLITE_NOMEM;
				return;
			}
			r->open = open;
		}
		open = &r->open[r->nr_open++];
		*open = (struct open_row){ .id = vmw_get(q) };
		for (unsigned int i = 0; i < r->kind->nr; i++)
			open->row.v[i] = vmw_get(q);
	}
}

static int find_open(struct rows *r, struct vmw_error *err)
{
	struct vmw_query q;
	char *sql;
	int ret;

	sql = vmw_sql.mprintf("SELECT %s, %s FROM %s WHERE process = ? AND "
			      "until IS %s", r->kind->clustered ? "0" : "id",
			      r->kind->columns, r->kind->table,
			      r->kind->clustered ? "0" : "NULL");
	q = vmw_query_take(r->store, sql);
	vmw_put(&q, r->process);
	read_open(r, &q);
	ret = vmw_query_end(&q, err);
	if (!ret && r->nr_open)
		qsort(r->open, r->nr_open, sizeof(*r->open), compare_open);
	return ret;
}

static void close_row(struct rows *r, const struct open_row *open)
{
	vmw_put(&r->close, r->number);
	if (r->kind->clustered) {
		vmw_put(&r->close, r->process);
		vmw_put(&r->close, open->row.v[0]);
	} else {
		vmw_put(&r->close, open->id);
	}
	vmw_run(&r->close);
}

static void add_row(struct rows *r, const struct vmw_store_row *row)
{
	vmw_put(&r->add, r->process);
	vmw_put(&r->add, r->number);
	for (unsigned int i = 0; i < r->kind->nr; i++)
		if (!row->v[i] && r->kind->null >> i & 1)
			vmw_put_null(&r->add);
		else
			vmw_put(&r->add, row->v[i]);
	vmw_run(&r->add);
}

/* Both are by ascending key: what is in one alone ends, or begins. */
static void merge(struct rows *r, const struct vmw_store_row *rows, size_t nr)
{
	const struct open_row *open = r->open, *end = open + r->nr_open;

	for (size_t i = 0; i < nr; i++) {
		const uint64_t key = rows[i].v[0];

		while (open < end && (uint64_t)open->row.v[0] < key)
			close_row(r, open++);
		if (open < end && !memcmp(&open->row, &rows[i],
					  sizeof(rows[i]))) {
			open++;
			continue;
		}
		/* It ends before another of its key begins. */
		if (open < end && (uint64_t)open->row.v[0] == key)
			close_row(r, open++);
		add_row(r, &rows[i]);
	}
	while (open < end)
		close_row(r, open++);
}

int vmw_rows_write(struct vmw_store *store, const struct vmw_row_kind *kind,
		   int64_t process, uint64_t number, const struct vmw_store_row *rows,
		   size_t nr, struct vmw_error *err)
{
	struct rows r = {
		.store = store, .kind = kind, .process = process,
		.number = number,
	};
	struct vmw_error unsaid;
	char marks[3 * VMW_G_COLUMNS + 1] = "", *sql;
	int ret, ret2;

	ret = find_open(&r, err);
	if (ret)
		goto out;
	for (unsigned int i = 0; i < kind->nr; i++)
		strcat(marks, ", ?");
	sql = vmw_sql.mprintf("UPDATE %s SET until = ? WHERE %s", kind->table,
			      kind->clustered ? "process = ? AND until = 0 AND "
			      "start = ?" : "id = ?");
	r.close = vmw_query_take(store, sql);
	sql = vmw_sql.mprintf("INSERT INTO %s (process, since, %s) "
			      "VALUES (?, ?%s)", kind->table, kind->columns,
			      marks);
	r.add = vmw_query_take(store, sql);
	merge(&r, rows, nr);
	ret = vmw_query_end(&r.close, err);
	ret2 = vmw_query_end(&r.add, ret ? &unsaid : err);
	ret = ret ? ret : ret2;
out:
	free(r.open);
	return ret;
}

static int compare_states(const void *a, const void *b)
{
	const struct vmw_store_state *s = a, *t = b;

	return s->state < t->state ? -1 : s->state > t->state;
}

void vmw_store_forget_states(struct vmw_store *store)
{
	free(store->states);
	store->states = NULL;
	store->nr_states = 0;
}

/* Looks @state up in the file, makes it if it is not there. */
static int state_in_file(struct vmw_store *store, uint32_t state, uint32_t *id,
			 struct vmw_error *err)
{
	struct vmw_query q;
	int ret;

	q = vmw_query(store, "INSERT OR IGNORE INTO states (state) VALUES (?)");
	vmw_put(&q, state);
	vmw_run(&q);
	ret = vmw_query_end(&q, err);
	if (ret)
		return ret;
	q = vmw_query(store, "SELECT id FROM states WHERE state = ?");
	vmw_put(&q, state);
	*id = vmw_next_row(&q) ? vmw_get(&q) : 0;
	return vmw_query_end(&q, err);
}

int vmw_store_state(struct vmw_store *store, uint32_t state, uint32_t *id,
		    struct vmw_error *err)
{
	struct vmw_store_state key = { .state = state };
	const struct vmw_store_state *known = NULL;
	struct vmw_store_state *states;
	int ret;

	if (store->nr_states)
		known = bsearch(&key, store->states, store->nr_states,
				sizeof(key), compare_states);
	if (known) {
		*id = known->id;
		return 0;
	}
	ret = state_in_file(store, state, &key.id, err);
	if (ret)
		return ret;
	states = reallocarray(store->states, store->nr_states + 1, sizeof(key));
	if (!states)
		return vmw_error_set(err, -ENOMEM, "no memory for the states");
	store->states = states;
	states[store->nr_states++] = key;
	qsort(states, store->nr_states, sizeof(key), compare_states);
	*id = key.id;
	return 0;
}
