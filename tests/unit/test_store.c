// SPDX-License-Identifier: GPL-2.0
/* LIBS: sqlite3 */
/* What a collection gives back is what was put into it, to the last byte. */
#include <sys/stat.h>

#include "collection.h"

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
	assert_int_equal(a->nr_swaps, b->nr_swaps);
	for (size_t i = 0; i < a->nr_swaps; i++)
		assert_string_equal(a->swaps[i], b->swaps[i]);
	assert_int_equal(a->swaps_used, b->swaps_used);
	for (size_t i = 0; i < a->nr_vmas; i++) {
		const struct vmw_vma *v = &a->vmas[i], *w = &b->vmas[i];

		assert_memory_equal(&v->info, &w->info, sizeof(v->info));
		assert_int_equal(!v->name, !w->name);
		if (v->name)
			assert_string_equal(v->name, w->name);
		assert_int_equal(v->first_extent, w->first_extent);
		assert_int_equal(v->nr_extents, w->nr_extents);
		assert_memory_equal(&v->usage, &w->usage, sizeof(v->usage));
		assert_memory_equal(vmw_vma_pages(a, v), vmw_vma_pages(b, w),
				    sizeof(struct vmwalk_pages));
		assert_memory_equal(vmw_vma_tables(a, v), vmw_vma_tables(b, w),
				    sizeof(struct vmwalk_tables));
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
	same_runtime(a, b);
}

/* As one that was taken before there was anything to take of it. */
static void forget_runtime(struct vmw_snapshot *s)
{
	vmw_runtime_deinit(&s->as.runtime);
	free(s->images);
	s->images = NULL;
	s->nr_images = 0;
	s->as.nr_swaps = 0;
	s->as.end.hold_max_steps = 0;
}

static void check_way(const struct vmw_snapshot *s, uint64_t addr,
		      const struct vmw_pte *is)
{
	struct vmw_pte pte = { .addr = addr };

	assert_int_equal(vmw_ways_find(&s->ways, &s->as, &s->info, &pte), 0);
	assert_int_equal(pte.nr_entries, is->nr_entries);
	assert_memory_equal(pte.entries, is->entries,
			    is->nr_entries * sizeof(is->entries[0]));
	assert_int_equal(pte.state, is->state);
	assert_int_equal(pte.frame, is->frame);
	assert_int_equal(pte.top, is->top);
	assert_int_equal(pte.has_page, is->has_page);
	if (is->has_page)
		assert_memory_equal(&pte.page, &is->page, sizeof(pte.page));
}

static void ways_of_addresses(void **state)
{
	const struct vmw_pte first = way(0x10000000, 4, true);
	const struct vmw_pte third = way(0x10002000, 4, true);
	const struct vmw_pte last = way(0x40000000, 3, false);
	struct vmw_pte none = { .addr = 0x10003000 };
	struct collection *c = *state;
	struct vmw_snapshot *s = make(), *t;

	add_ways(s);
	append(c, s);
	t = load(c, NULL);
	check_way(t, 0x10000123, &first);
	check_way(t, 0x10002000, &third);
	check_way(t, 0x40000000, &last);
	check_way(t, 0x401fffff, &last);
	assert_int_equal(vmw_ways_find(&t->ways, &t->as, &t->info, &none),
			 -ENOENT);
	/* Cut anywhere, it ends or is an error. */
	while (t->ways.packed.len--) {
		none.addr = 0x50000000;
		assert_true(vmw_ways_find(&t->ways, &t->as, &t->info, &none) <
			    0);
	}
	t->ways.packed.len = 0;
	vmw_snapshot_destroy(t);
	vmw_snapshot_destroy(s);
}

/* What an older vmwalk wrote: read as it is, and then of today. */
static void of_version(struct collection *c, int version)
{
	struct vmw_snapshot *s = make(), *t;
	char command[256];

	snprintf(command, sizeof(command), "{ cat tests/unit/collection-[1-%d].sql; "
		 "echo 'PRAGMA user_version = %d; PRAGMA application_id = "
		 "1986885483; PRAGMA journal_mode = WAL;'; } | sqlite3 %s "
		 ">/dev/null", version, version, c->path);
	assert_int_equal(system(command), 0);
	assert_int_equal(query(c, "PRAGMA user_version"), version);
	t = load(c, "old");
	forget_runtime(s);
	strcpy(s->label, "old");
	s->number = 1;
	memcpy(s->uuid, t->uuid, sizeof(s->uuid));
	same_snapshot(s, t);
	assert_int_equal(query(c, "PRAGMA user_version"), version);
	vmw_snapshot_destroy(t);
	vmw_snapshot_destroy(s);

	s = make();
	strcpy(s->label, "new");
	add_ways(s);
	append(c, s);
	assert_int_equal(query(c, "PRAGMA user_version"), 3);
	assert_int_equal(query(c, "SELECT count(*) FROM v_vmas WHERE snapshot = 1"),
			 s->as.nr_vmas);
	assert_int_equal(query(c, "SELECT count(*) FROM v_extents WHERE snapshot = 1"),
			 query(c, "SELECT count(*) FROM v_extents WHERE snapshot = 2"));
	assert_int_equal(query(c, "SELECT sum(mapped) FROM v_growth WHERE snapshot = 1"),
			 query(c, "SELECT sum(mapped) FROM v_segments WHERE snapshot = 2"));
	t = load(c, "new");
	same_snapshot(s, t);
	assert_int_equal(t->ways.packed.len, s->ways.packed.len);
	vmw_snapshot_destroy(t);
	t = load(c, "old");
	assert_int_equal(t->ways.packed.len, 0);
	assert_false(t->as.runtime.known);
	vmw_snapshot_destroy(t);
	vmw_snapshot_destroy(s);
}

static void of_version_1(void **state)
{
	of_version(*state, 1);
}

static void of_version_2(void **state)
{
	of_version(*state, 2);
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

/* As `merge` does: what two hosts had, one after the other, in one collection. */
static void of_two_hosts(void **state)
{
	struct collection *c = *state, two = *c, both = *c;
	struct vmw_snapshot *s[4], *t, *u;
	char which[8];

	snprintf(two.path, sizeof(two.path), "%.80s/two", c->dir);
	snprintf(both.path, sizeof(both.path), "%.80s/both", c->dir);
	for (int i = 0; i < 4; i++) {
		s[i] = make();
		s[i]->time += i;
		s[i]->as.runtime.gs[1].sp -= i;
		s[i]->as.runtime.spans[5].nr_used += i;
		if (i % 2)
			strcpy(s[i]->origin.host, "another");
		/* The same process of the same pid, that is, but for the host. */
		append(i % 2 ? &two : c, s[i]);
	}
	for (int i = 0; i < 4; i++) {
		snprintf(which, sizeof(which), "%d", i / 2 + 1);
		t = load(i % 2 ? &two : c, which);
		append(&both, t);
		assert_int_equal(t->number, i + 1);
		vmw_snapshot_destroy(t);
	}
	for (int i = 0; i < 4; i++) {
		snprintf(which, sizeof(which), "%d", i / 2 + 1);
		t = load(i % 2 ? &two : c, which);
		snprintf(which, sizeof(which), "%d", i + 1);
		u = load(&both, which);
		t->number = u->number;
		same_snapshot(t, u);
		assert_int_equal(u->as.runtime.gs[1].sp, s[i]->as.runtime.gs[1].sp);
		vmw_snapshot_destroy(t);
		vmw_snapshot_destroy(u);
	}
	assert_int_equal(query(&both, "SELECT count(*) FROM processes"), 2);
	assert_int_equal(query(&both, "SELECT count(*) FROM runtimes"), 4);
	for (int i = 0; i < 4; i++)
		vmw_snapshot_destroy(s[i]);
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
	s[1]->as.runtime.gs[1].sp--;
	s[1]->as.runtime.spans[5].nr_used++;
	for (int i = 0; i < 3; i++)
		append(c, s[i]);
	assert_int_equal(query(c, "SELECT count(*) FROM snapshots"), 3);
	assert_int_equal(query(c, "SELECT count(*) FROM vmas"), 6 + 2);
	assert_int_equal(query(c, "SELECT count(*) FROM threads"), 2);
	assert_int_equal(query(c, "SELECT count(*) FROM goroutines"), 3 + 2);
	assert_int_equal(query(c, "SELECT count(*) FROM labels"), 2);
	assert_int_equal(query(c, "SELECT count(*) FROM images"), 2);
	/* Of the spans' four runs one changes, and back. */
	assert_int_equal(query(c, "SELECT count(*) FROM spans"), 4 + 2);
	assert_int_equal(query(c, "SELECT count(*) FROM span_runs"), 5);
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

/* One of three knows nothing of the runtime: nor does it have the others'. */
static void runtime_comes_and_goes(void **state)
{
	struct collection *c = *state;
	struct vmw_snapshot *s[3], *t;
	char which[8];

	for (int i = 0; i < 3; i++) {
		s[i] = make();
		if (i == 1)
			forget_runtime(s[i]);
		append(c, s[i]);
	}
	for (int i = 0; i < 3; i++) {
		snprintf(which, sizeof(which), "%d", i + 1);
		t = load(c, which);
		same_snapshot(s[i], t);
		vmw_snapshot_destroy(t);
		vmw_snapshot_destroy(s[i]);
	}
	assert_int_equal(query(c, "SELECT count(*) FROM v_goroutines WHERE "
			       "snapshot = 2"), 0);
}

static void runtime_in_views(void **state)
{
	struct collection *c = *state;
	struct vmw_snapshot *s = make();
	const struct vmw_runtime *rt = &s->as.runtime;
	uint64_t bytes = 0, used = 0, objects = 0, noscan = 0, starts = 0;

	for (size_t i = 0; i < rt->nr_spans; i++) {
		bytes += rt->spans[i].end - rt->spans[i].start;
		starts += rt->spans[i].start;
		used += rt->spans[i].nr_used;
		noscan += rt->spans[i].noscan;
		objects += rt->spans[i].state == VMW_SPAN_HEAP &&
			   rt->spans[i].elem_size == 48 &&
			   rt->spans[i].nr_elems == 170;
	}
	append(c, s);
	assert_int_equal(query(c, "SELECT count(*) FROM v_spans"), rt->nr_spans);
	assert_int_equal(query(c, "SELECT sum(start) FROM v_spans"), starts);
	assert_int_equal(query(c, "SELECT sum(bytes) FROM v_spans"), bytes);
	assert_int_equal(query(c, "SELECT sum(used) FROM v_spans"), used);
	assert_int_equal(query(c, "SELECT sum(noscan) FROM v_spans"), noscan);
	assert_int_equal(query(c, "SELECT count(*) FROM v_spans WHERE state = "
			       "'objects' AND elem_size = 48 AND elems = 170"),
			 objects);
	assert_int_equal(query(c, "SELECT bytes FROM v_spans WHERE state = "
			       "'reserved'"), 48 << 20);
	assert_int_equal(query(c, "SELECT used FROM v_goroutines WHERE goid = 7 "
			       "AND status = 'waiting' AND wait = "
			       "'chan receive' AND function = 'main.stay' AND "
			       "stack = '10000000-10002000'"), 0x100);
	assert_int_equal(query(c, "SELECT stop - start FROM v_labels WHERE "
			       "kind = 'malloc-top'"), 0x1123);
	vmw_snapshot_destroy(s);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(what_was_put_in),
		test_of(less_was_asked_for),
		test_of(of_two_hosts),
		test_of(only_what_changed),
		test_of(found_by_number_and_label),
		test_of(labels),
		test_of(views_add_up),
		test_of(ways_of_addresses),
		test_of(of_version_1),
		test_of(of_version_2),
		test_of(runtime_comes_and_goes),
		test_of(runtime_in_views),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
