// SPDX-License-Identifier: GPL-2.0
/* LIBS: sqlite3 */
/* What a collection gives back is what was put into it, to the last byte. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "everything.h"
#include "store.h"

#define ALL	(VMW_SNAPSHOT_FLAGS | VMWALK_WALK_F_PHYS)

struct collection {
	char dir[64], path[96];
	struct vmw_error err;
};

static int setup_collection(void **state)
{
	struct collection *c = calloc(1, sizeof(*c));

	strcpy(c->dir, "/tmp/vmw-store.XXXXXX");
	assert_non_null(mkdtemp(c->dir));
	snprintf(c->path, sizeof(c->path), "%s/c.vmwalk", c->dir);
	*state = c;
	return 0;
}

static int teardown_collection(void **state)
{
	struct collection *c = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", c->dir);
	assert_int_equal(system(command), 0);
	free(c);
	return 0;
}

static struct vmw_store *open_store(struct collection *c,
				    enum vmw_store_mode mode)
{
	struct vmw_store *store = NULL;
	int ret = vmw_store_open(&store, c->path, mode, &c->err);

	if (ret)
		fail_msg("%d: %s", ret, c->err.text);
	return store;
}

static void fill_info(struct vmw_info *info)
{
	*info = (struct vmw_info){
		.abi = 2, .version = "0.1", .arch = "x86_64",
		.page_shift = SHIFT, .can = VMWALK_CAN_MAPS, .chunk = 256,
		.levels = { { "pgd", 39, 512 }, { "pud", 30, 512 },
			    { "pmd", 21, 512 }, { "pte", 12, 512 } },
		.nr_levels = 4,
		.hugepages = { 2 << 20, 1 << 30 }, .nr_hugepages = 2,
		.bits = { { "_PAGE_PRESENT", 0, 1, 31, 3 },
			  { "_PAGE_PKEY", 59, 4, 1, 1 } },
		.nr_bits = 2,
	};
}

/* Numbers that no other member has. */
static void fill_numbers(void *of, size_t bytes, uint64_t seed)
{
	uint64_t *word = of;

	for (size_t i = 0; i < bytes / sizeof(*word); i++)
		word[i] = seed + i;
}

static void add_frames(struct fixture *f, uint64_t start, uint32_t pages,
		       uint32_t state, uint64_t frame)
{
	const uint64_t words[] = { VMWALK_EXTENT(pages, state), frame };

	add(f, start, pages, R | W | ANON, 0, NULL);
	assert_int_equal(vmw_aspace_add_extents(&f->as, words, sizeof(words)),
			 0);
}

static void fill_vmas(struct fixture *f)
{
	const struct vmw_thread thread = {
		.tid = 78, .comm = "two\nlines", .state = 'S', .has_regs = true,
		.sp = 0x20000800, .pc = ~0ULL, .fs_base = 1ULL << 63,
	};
	struct vmw_aspace *as = &f->as;

	add_frames(f, 0x10000000, 16, VMWALK_KIND_ANON | WDA,
		   VMWALK_FRAME(0x1234, 0));
	fill_numbers(&as->vmas[0].pages, sizeof(as->vmas[0].pages), 1ULL << 40);
	as->vmas[0].tables.pte = 7;
	as->vmas[0].tables.pgd_entries = 1ULL << 33;
	add_frames(f, 0x20000000, 1, VMWALK_KIND_SWAP,
		   VMWALK_FRAME(0xfffff, 3));
	add_frames(f, 0x30000000, 1, VMWALK_KIND_FILE | VMWALK_STATE_MAPS,
		   VMWALK_FRAME((1ULL << VMWALK_FRAME_SHIFT) - 1,
				VMWALK_FRAME_NO_NODE));
	add_frames(f, 0x40000000, UINT32_MAX, VMWALK_KIND_NONE, 0);
	add(f, 0x7f1000000000, 2, R | X | FILE_, 6, HOSTILE);
	add(f, 0xffffffffff600000, 1, X | VMWALK_VMA_F_GATE, 0, "[vsyscall]");
	as->vmas[as->nr_vmas - 1].info.shmem_swapped = PAGE;
	assert_int_equal(vmw_aspace_add_thread(as, &thread), 0);
}

static struct vmw_snapshot *make(void)
{
	struct vmw_snapshot *s = vmw_snapshot_create();
	struct fixture f = { 0 };
	struct vmw_aspace *as = &f.as;

	fill_info(&s->info);
	vmw_aspace_init(as, SHIFT);
	as->flags = ALL;
	fill_numbers(&as->mm, sizeof(as->mm), 1ULL << 63);
	as->mm.pid = 77;
	as->mm.flags = 1;
	as->mm.reserved = 0;
	as->mm.vmas = 3;
	as->end = (struct vmwalk_end){ 1ULL << 63, 2, 3, 2, 5, 6 };
	as->complete = true;
	as->stopped = true;
	as->retries = 2;
	as->can = s->info.can;
	memcpy(as->levels, s->info.levels, sizeof(as->levels));
	as->nr_levels = s->info.nr_levels;
	as->vsyscall = VMW_VSYSCALL_EMULATE;
	strcpy(as->comm, "ev\033\xff\nl");
	strcpy(as->kernel, "6.1.0-test");
	strcpy(as->machine, "x86_64");
	fill_vmas(&f);
	vmw_aspace_finish(as);
	s->as = *as;
	s->time = 1700000000123456789;
	strcpy(s->note, "before new(int); DROP TABLE vmas; --'\"");
	strcpy(s->origin.host, "a host");
	strcpy(s->origin.boot, "b00t");
	strcpy(s->origin.exe, "/bin/\xff exe");
	strcpy(s->origin.build_id, "abcdef");
	return s;
}

static void same_aspace(const struct vmw_aspace *a, const struct vmw_aspace *b)
{
	assert_memory_equal(&a->mm, &b->mm, sizeof(a->mm));
	assert_memory_equal(&a->end, &b->end, sizeof(a->end));
	assert_memory_equal(a->levels, b->levels, sizeof(a->levels));
	assert_int_equal(a->nr_levels, b->nr_levels);
	assert_int_equal(a->complete, b->complete);
	assert_int_equal(a->retries, b->retries);
	assert_int_equal(a->stopped, b->stopped);
	assert_int_equal(a->page_shift, b->page_shift);
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(a->can, b->can);
	assert_string_equal(a->comm, b->comm);
	assert_string_equal(a->kernel, b->kernel);
	assert_string_equal(a->machine, b->machine);
	assert_int_equal(a->vsyscall, b->vsyscall);
	assert_int_equal(a->nr_vmas, b->nr_vmas);
	assert_int_equal(a->nr_extents, b->nr_extents);
	assert_int_equal(a->nr_threads, b->nr_threads);
	for (size_t i = 0; i < a->nr_vmas; i++) {
		const struct vmw_vma *v = &a->vmas[i], *w = &b->vmas[i];

		assert_memory_equal(&v->info, &w->info, sizeof(v->info));
		assert_int_equal(!v->name, !w->name);
		if (v->name)
			assert_string_equal(v->name, w->name);
		assert_int_equal(v->first_extent, w->first_extent);
		assert_int_equal(v->nr_extents, w->nr_extents);
		assert_memory_equal(&v->usage, &w->usage, sizeof(v->usage));
		assert_memory_equal(&v->pages, &w->pages, sizeof(v->pages));
		assert_memory_equal(&v->tables, &w->tables, sizeof(v->tables));
	}
	for (size_t i = 0; i < a->nr_extents; i++) {
		assert_int_equal(a->extents[i].start, b->extents[i].start);
		assert_int_equal(a->extents[i].pages, b->extents[i].pages);
		assert_int_equal(a->extents[i].state, b->extents[i].state);
		assert_int_equal(a->extents[i].frame, b->extents[i].frame);
	}
	for (size_t i = 0; i < a->nr_threads; i++) {
		const struct vmw_thread *t = &a->threads[i], *u = &b->threads[i];

		assert_int_equal(t->tid, u->tid);
		assert_string_equal(t->comm, u->comm);
		assert_int_equal(t->state, u->state);
		assert_int_equal(t->has_regs, u->has_regs);
		assert_int_equal(t->running, u->running);
		assert_int_equal(t->sp, u->sp);
		assert_int_equal(t->pc, u->pc);
		assert_int_equal(t->fs_base, u->fs_base);
	}
}

static void same_snapshot(const struct vmw_snapshot *a,
			  const struct vmw_snapshot *b)
{
	assert_int_equal(a->number, b->number);
	assert_memory_equal(a->uuid, b->uuid, sizeof(a->uuid));
	assert_int_equal(a->time, b->time);
	assert_string_equal(a->label, b->label);
	assert_string_equal(a->note, b->note);
	assert_string_equal(a->origin.host, b->origin.host);
	assert_string_equal(a->origin.boot, b->origin.boot);
	assert_string_equal(a->origin.exe, b->origin.exe);
	assert_string_equal(a->origin.build_id, b->origin.build_id);
	assert_memory_equal(&a->info, &b->info, sizeof(a->info));
	same_aspace(&a->as, &b->as);
}

static void append(struct collection *c, struct vmw_snapshot *s)
{
	struct vmw_store *store = open_store(c, VMW_STORE_APPEND);
	int ret = vmw_store_add(store, s, &c->err);

	if (ret)
		fail_msg("%d: %s", ret, c->err.text);
	vmw_store_close(store);
}

static struct vmw_snapshot *load(struct collection *c, const char *which)
{
	struct vmw_store *store = open_store(c, VMW_STORE_READ);
	struct vmw_snapshot *s = NULL;
	uint64_t number;
	int ret;

	ret = vmw_store_find(store, which, &number, &c->err);
	if (!ret)
		ret = vmw_store_load(store, number, &s, &c->err);
	if (ret)
		fail_msg("%d: %s", ret, c->err.text);
	vmw_store_close(store);
	return s;
}

static int64_t query(struct collection *c, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t value;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(c->path, &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

static void what_was_put_in(void **state)
{
	struct collection *c = *state;
	struct vmw_snapshot *s = make(), *t;
	struct stat st;

	append(c, s);
	assert_int_equal(s->number, 1);
	t = load(c, NULL);
	same_snapshot(s, t);
	vmw_snapshot_destroy(t);
	vmw_snapshot_destroy(s);
	assert_int_equal(stat(c->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void less_was_asked_for(void **state)
{
	const uint32_t flags[] = {
		0, VMWALK_WALK_F_EXTENTS, VMWALK_WALK_F_THREADS,
		VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_PAGES |
		VMWALK_WALK_F_ATOMIC,
	};
	struct collection *c = *state;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		const struct vmw_part part = { .flags = flags[i] };
		struct vmw_snapshot *s = make(), *t;
		struct vmw_aspace as;

		assert_int_equal(vmw_project(&s->as, &part, &as, &c->err), 0);
		if (flags[i] & VMWALK_WALK_F_ATOMIC)
			as.flags |= VMWALK_WALK_F_ATOMIC;
		vmw_aspace_deinit(&s->as);
		s->as = as;
		append(c, s);
		t = load(c, "-1");
		same_snapshot(s, t);
		vmw_snapshot_destroy(t);
		vmw_snapshot_destroy(s);
	}
}

static void only_what_changed(void **state)
{
	struct collection *c = *state;
	struct vmw_snapshot *s[3], *t;
	char which[8];

	for (int i = 0; i < 3; i++) {
		s[i] = make();
		s[i]->time += i;
		s[i]->as.mm.rss_anon += i;
	}
	s[1]->as.extents[0].state ^= VMWALK_STATE_DIRTY;
	s[2]->as.threads[0].sp++;
	for (int i = 0; i < 3; i++)
		append(c, s[i]);
	assert_int_equal(query(c, "SELECT count(*) FROM snapshots"), 3);
	assert_int_equal(query(c, "SELECT count(*) FROM vmas"), 6 + 2);
	assert_int_equal(query(c, "SELECT count(*) FROM threads"), 2);
	/* The third is as the first: its content is there. */
	assert_int_equal(query(c, "SELECT count(*) FROM contents WHERE "
			       "anon > 0"), 2);
	for (int i = 0; i < 3; i++) {
		snprintf(which, sizeof(which), "%d", i + 1);
		t = load(c, which);
		same_snapshot(s[i], t);
		vmw_snapshot_destroy(t);
		vmw_snapshot_destroy(s[i]);
	}
}

static int find(struct collection *c, const char *which, uint64_t *number)
{
	struct vmw_store *store = open_store(c, VMW_STORE_READ);
	int ret = vmw_store_find(store, which, number, &c->err);

	vmw_store_close(store);
	return ret;
}

static void found_by_number_and_label(void **state)
{
	static const char *const labels[] = { "one", "two", "two" };
	struct collection *c = *state;
	uint64_t number;

	for (int i = 0; i < 3; i++) {
		struct vmw_snapshot *s = make();

		strcpy(s->label, labels[i]);
		append(c, s);
		vmw_snapshot_destroy(s);
	}
	assert_int_equal(find(c, "", &number), 0);
	assert_int_equal(number, 3);
	assert_int_equal(find(c, "-3", &number), 0);
	assert_int_equal(number, 1);
	assert_int_equal(find(c, "2", &number), 0);
	assert_int_equal(number, 2);
	assert_int_equal(find(c, "one", &number), 0);
	assert_int_equal(number, 1);
	assert_int_equal(find(c, "two", &number), -EEXIST);
	assert_int_equal(find(c, "none", &number), -ENOENT);
	assert_int_equal(find(c, "4", &number), -ENOENT);
	assert_int_equal(find(c, "-4", &number), -ENOENT);
	assert_int_equal(find(c, "0", &number), -ENOENT);
	assert_int_equal(find(c, "99999999999999999999", &number), -ENOENT);
}

static void labels(void **state)
{
	(void)state;
	assert_true(vmw_label_is_valid("before-new"));
	assert_true(vmw_label_is_valid("1st"));
	assert_false(vmw_label_is_valid(""));
	assert_false(vmw_label_is_valid("12"));
	assert_false(vmw_label_is_valid("-1"));
	assert_false(vmw_label_is_valid("a b"));
	assert_false(vmw_label_is_valid("a@b"));
	assert_false(vmw_label_is_valid("\033[1m"));
}

static void views_add_up(void **state)
{
	struct collection *c = *state;
	struct vmw_snapshot *s = make();
	uint64_t pages = 0;

	for (size_t i = 0; i < s->as.nr_extents; i++)
		pages += s->as.extents[i].pages;
	append(c, s);
	s->as.mm.rss_file++;
	append(c, (memset(s->uuid, 0, sizeof(s->uuid)), s));
	assert_int_equal(query(c, "SELECT count(*) FROM v_snapshots"), 2);
	assert_int_equal(query(c, "SELECT count(*) FROM v_vmas WHERE "
			       "snapshot = 2"), 6);
	assert_int_equal(query(c, "SELECT count(*) FROM v_threads"), 2);
	assert_int_equal(query(c, "SELECT count(*) FROM v_extents WHERE "
			       "snapshot = 2"), s->as.nr_extents);
	assert_int_equal(query(c, "SELECT sum(pages) FROM v_extents WHERE "
			       "snapshot = 2"), pages);
	assert_int_equal(query(c, "SELECT count(*) FROM v_extents e JOIN "
			       "v_vmas v ON v.snapshot = e.snapshot AND "
			       "v.start = e.vma AND e.start >= v.start AND "
			       "e.start + e.pages * 4096 <= v.stop"),
			 2 * s->as.nr_extents);
	assert_int_equal(query(c, "SELECT sum(resident) FROM v_segments "
			       "WHERE snapshot = 1"), 17 * PAGE);
	assert_int_equal(query(c, "SELECT sum(abs(resident_growth)) FROM "
			       "v_growth WHERE snapshot = 2"), 0);
	vmw_snapshot_destroy(s);
}

#define test_of(f) \
	cmocka_unit_test_setup_teardown(f, setup_collection, teardown_collection)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(what_was_put_in),
		test_of(less_was_asked_for),
		test_of(only_what_changed),
		test_of(found_by_number_and_label),
		test_of(labels),
		test_of(views_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
