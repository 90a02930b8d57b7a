// SPDX-License-Identifier: GPL-2.0
/*
 * A snapshot that is replayed tells what a live reading of that moment told: to
 * the byte, in every view. And what is cut out of one is what a walk that asked
 * for less would have brought.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/oracle.h"
#include "lib/target.h"

#include "render/export.h"
#include "render/render.h"
#include "source.h"
#include "store/import.h"
#include "store/store.h"
#include "take.h"

#define TRIES		5
#define PLACES		50	/* of each sort */
#define COLLECTION	"/tmp/replay.vmwalk"
#define EXCHANGED	"/tmp/exchanged.vmwalk"	/* by JSON */
#define FILES		"/tmp/replay-files"

static const struct vmw_annotate_request runtime = { .runtime = true };

struct program {
	const char *argv[4];
};

struct view {
	const char *name;
	uint32_t flags;
	int (*render)(FILE *out, const struct vmw_aspace *as,
		      const struct vmw_segments *segs);
	bool annotate;		/* with what the process's memory says */
};

static const struct vmw_style style = {
	.units = VMW_UNITS_KIB, .utf8 = true, .color = true, .width = 200,
};

static int show(FILE *out, const struct vmw_aspace *as,
		const struct vmw_segments *segs)
{
	return vmw_render_show(out, &style, as, segs);
}

static int maps(FILE *out, const struct vmw_aspace *as,
		const struct vmw_segments *segs)
{
	(void)segs;
	return vmw_render_maps(out, &style, as);
}

static int map(FILE *out, const struct vmw_aspace *as,
	       const struct vmw_segments *segs)
{
	return vmw_render_map(out, &style, as, segs);
}

static int extents(FILE *out, const struct vmw_aspace *as,
		   const struct vmw_segments *segs)
{
	(void)segs;
	return vmw_render_extents(out, &style, as, true);
}

static int json_extents(FILE *out, const struct vmw_aspace *as,
			const struct vmw_segments *segs)
{
	(void)segs;
	return vmw_json_extents(out, as, true);
}

static int threads(FILE *out, const struct vmw_aspace *as,
		   const struct vmw_segments *segs)
{
	return vmw_render_threads(out, &style, as, segs);
}

static int tables(FILE *out, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	return vmw_render_tables(out, &style, as, segs);
}

static int go(FILE *out, const struct vmw_aspace *as,
	      const struct vmw_segments *segs)
{
	(void)segs;
	return vmw_render_go(out, &style, as);
}

static int json_go(FILE *out, const struct vmw_aspace *as,
		   const struct vmw_segments *segs)
{
	(void)segs;
	return vmw_json_go(out, as);
}

/* Of the start of each label, of the end of some spans, of each stack pointer. */
static size_t fill_places(const struct vmw_aspace *as,
			  const struct vmw_segments *segs, struct vmw_place *p)
{
	const struct vmw_runtime *rt = &as->runtime;
	size_t nr = 0;

	for (size_t i = 0; i < rt->nr_labels && nr < PLACES; i++)
		p[nr++].addr = rt->labels[i].start;
	for (size_t i = 0; i < rt->nr_spans && nr < 2 * PLACES; i++)
		p[nr++].addr = rt->spans[i].end - 1;
	for (size_t i = 0; i < as->nr_threads && nr < 3 * PLACES; i++)
		p[nr++].addr = as->threads[i].sp;
	for (size_t i = 0; i < nr; i++) {
		p[i].vma = vmw_aspace_find_vma(as, p[i].addr);
		if (p[i].vma)
			p[i].segment = &segs->seg[segs->of_vma[p[i].vma -
							       as->vmas]];
	}
	return nr;
}

static int where(FILE *out, const struct vmw_aspace *as,
		 const struct vmw_segments *segs)
{
	struct vmw_place places[3 * PLACES] = { 0 };
	size_t nr = fill_places(as, segs, places);

	return vmw_render_where(out, &style, as, places, nr) ? :
	       vmw_json_where(out, as, places, nr);
}

#define E	VMWALK_WALK_F_EXTENTS
#define N	VMWALK_WALK_F_ENTRY
#define A	VMWALK_WALK_F_ABSENCE
#define G	VMWALK_WALK_F_PAGES
#define P	VMWALK_WALK_F_PHYS
#define B	VMWALK_WALK_F_TABLES
#define T	VMWALK_WALK_F_THREADS

static const struct view views[] = {
	{ "show", E | T, show, true },
	{ "show --sharing", E | T | G, show, true },
	{ "show --json", E | T, vmw_json_show, true },
	{ "show --sharing --json", E | T | G, vmw_json_show, false },
	{ "maps", E | T, maps, false },
	{ "maps --json", E | T, vmw_json_maps, false },
	{ "map", E | T, map, true },
	{ "extents", E | N, extents, false },
	{ "extents --why", E | N | A, extents, false },
	{ "extents --sharing", E | N | G, extents, false },
	{ "extents --phys", E | N | P, extents, false },
	{ "extents with all", E | N | A | G | P, extents, false },
	{ "extents --json", E | N | A | G | P, json_extents, false },
	{ "threads", E | T, threads, true },
	{ "threads --json", E | T, vmw_json_threads, true },
	{ "go", E | T, go, true },
	{ "go --json", E | T, json_go, true },
	{ "where", E | T, where, true },
	{ "tables", E | B | T, tables, false },
	{ "tables --json", E | B | T, vmw_json_tables, false },
};

#define NR_VIEWS (sizeof(views) / sizeof(views[0]))

static char *render(const struct view *v, const struct vmw_aspace *as)
{
	struct vmw_segments segs;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(vmw_classify(as, &segs), 0);
	assert_int_equal(v->render(out, as, &segs), 0);
	assert_int_equal(vmw_render_stamp(out, as), 0);
	vmw_segments_deinit(&segs);
	fclose(out);
	return text;
}

static void say_difference(const char *view, const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] && a[i] == b[i])
		i++;
	i = i > 60 ? i - 60 : 0;
	vmw_diag("%s: '%.120s' is replayed as '%.120s'", view, a + i, b + i);
}

/* What a walk tells of itself is another's in another walk. */
static void forget_walk(struct vmw_aspace *as)
{
	as->end = (struct vmwalk_end){ .consistency = VMWALK_BEST_EFFORT };
	as->retries = 0;
}

static struct vmw_snapshot *take(pid_t pid)
{
	char target[16];
	const struct vmw_take_request req = {
		.target = target, .flags = VMW_SNAPSHOT_FLAGS | P,
		.runtime = true,
	};
	struct vmw_snapshot *s;
	struct vmw_error err;

	snprintf(target, sizeof(target), "%d", pid);
	if (vmw_take(&req, &s, &err))
		fail_msg("%s", err.text);
	return s;
}

static struct vmw_aspace project(const struct vmw_aspace *from,
				 const struct view *v)
{
	const struct vmw_part part = { .flags = v->flags };
	struct vmw_aspace as;
	struct vmw_error err;

	if (vmw_project(from, &part, &as, &err))
		fail_msg("%s", err.text);
	if (v->annotate)
		assert_int_equal(vmw_runtime_copy(&as.runtime, &from->runtime),
				 0);
	return as;
}

static void keep(const char *path, struct vmw_snapshot *s)
{
	struct vmw_store *store;
	struct vmw_error err;

	assert_int_equal(vmw_store_open(&store, path, VMW_STORE_APPEND, &err), 0);
	if (vmw_store_add(store, s, &err))
		fail_msg("%s", err.text);
	vmw_store_close(store);
}

/* What becomes of it where it is exported and imported. */
static struct vmw_snapshot *exchange(const struct vmw_snapshot *s)
{
	struct vmw_snapshot *t;
	struct vmw_error err;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(vmw_export_json(out, s), 0);
	fclose(out);
	if (vmw_import_json(text, len, &t, &err))
		fail_msg("%s", err.text);
	free(text);
	return t;
}

/* The last of the collection is @s, view by view. */
static void check_kept(const char *path, const struct vmw_snapshot *s)
{
	struct vmw_capture_request req = { 0 };
	struct vmw_source *src;
	struct vmw_aspace a, b;
	struct vmw_error err;
	char *x, *y;

	assert_int_equal(vmw_source_open(&src, path, false, &err), 0);
	for (size_t i = 0; i < NR_VIEWS; i++) {
		a = project(&s->as, &views[i]);
		req.flags = views[i].flags;
		assert_int_equal(vmw_source_read(src, &req, &b, &err), 0);
		if (views[i].annotate)
			assert_int_equal(vmw_source_annotate(src, &b, &runtime,
							     &err), 0);
		x = render(&views[i], &a);
		y = render(&views[i], &b);
		if (strcmp(x, y)) {
			say_difference(views[i].name, x, y);
			fail();
		}
		free(x);
		free(y);
		vmw_aspace_deinit(&a);
		vmw_aspace_deinit(&b);
	}
	vmw_source_close(src);
}

/* A walk for less; 1 if it tells something else than the snapshot's part. */
static bool differs(const struct view *v, pid_t pid, struct vmw_snapshot *s)
{
	struct vmw_aspace live, part = project(&s->as, v);
	struct vmw_error err;
	bool different;
	char *x, *y;

	assert_int_equal(vmw_read(pid, v->flags, &live), 0);
	if (v->annotate)
		assert_int_equal(vmw_annotate(&live, &runtime, &err), 0);
	forget_walk(&live);
	forget_walk(&part);
	x = render(v, &live);
	y = render(v, &part);
	different = strcmp(x, y);
	if (different)
		say_difference(v->name, x, y);
	free(x);
	free(y);
	vmw_aspace_deinit(&live);
	vmw_aspace_deinit(&part);
	return different;
}

/*
 * Others map the same files, and the kernel reclaims and migrates: what differs
 * is looked at again, with a new snapshot.
 */
static void check_parts(pid_t pid)
{
	struct vmw_snapshot *s = take(pid);

	for (size_t i = 0; i < NR_VIEWS; i++) {
		int tries = 1;

		while (differs(&views[i], pid, s)) {
			assert_true(tries++ < TRIES);
			vmw_snapshot_destroy(s);
			s = take(pid);
		}
	}
	vmw_snapshot_destroy(s);
}

static void check(pid_t pid)
{
	struct vmw_snapshot *s = take(pid), *exchanged;

	assert_true(s->as.nr_vmas > 0);
	assert_true(s->as.nr_threads > 0);
	keep(COLLECTION, s);
	check_kept(COLLECTION, s);
	exchanged = exchange(s);
	keep(EXCHANGED, exchanged);
	check_kept(EXCHANGED, s);
	vmw_snapshot_destroy(exchanged);
	vmw_snapshot_destroy(s);
	check_parts(pid);
}

static struct vmw_target target;

static int start_program(void **state)
{
	const struct program *p = *state;

	*state = &target;
	return vmw_target_start(&target, p->argv, NULL);
}

static int end_target(void **state)
{
	struct vmw_target *t = *state;

	vmw_target_end(t);
	return 0;
}

static void test_program(void **state)
{
	struct vmw_target *t = *state;

	if (t->skip) {
		vmw_diag("skipped: %s", t->skip);
		skip();
	}
	assert_int_equal(vmw_target_stop(t), 0);
	check(t->pid);
}

static void test_init(void **state)
{
	(void)state;
	check(1);
}

static int setup(void **state)
{
	(void)state;
	unlink(COLLECTION);
	unlink(EXCHANGED);
	return mkdir(FILES, 0700);
}

#define PROGRAM(label, ...)						\
	{ label, test_program, start_program, end_target,		\
	  &(struct program){ .argv = { __VA_ARGS__ } } }
#define SCENARIO(program, name)						\
	PROGRAM(#program ": " name, VMW_TARGET_DIR "/" #program, name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROGRAM("one page", VMW_TARGET_DIR "/onepage"),
		SCENARIO(static_c, "sections"),
		SCENARIO(anon, "heap"),
		SCENARIO(anon, "permissions"),
		SCENARIO(anon, "zero"),
		SCENARIO(anon, "reserved"),
		SCENARIO(anon, "threads"),
		SCENARIO(anon, "forked"),
		SCENARIO(anon, "dropped"),
		PROGRAM("file: cow", VMW_TARGET_DIR "/file", "cow", FILES),
		PROGRAM("file: shared", VMW_TARGET_DIR "/file", "shared", FILES),
		PROGRAM("file: odd_name", VMW_TARGET_DIR "/file", "odd_name",
			FILES),
		PROGRAM("file: long_name", VMW_TARGET_DIR "/file", "long_name",
			FILES),
		SCENARIO(shm, "memfd"),
		SCENARIO(shm, "sysv"),
		SCENARIO(huge, "thp"),
		SCENARIO(huge, "thp_split"),
		SCENARIO(huge, "hugetlb_private"),
		SCENARIO(huge, "hugetlb_shared"),
		SCENARIO(swap, "anon"),
		SCENARIO(swap, "shmem"),
		SCENARIO(pfn, "devmem"),
		SCENARIO(absent, "file"),
		SCENARIO(absent, "guard"),
		SCENARIO(big, "vmas"),
		SCENARIO(big, "alternating"),
		SCENARIO(go_addr, "few"),
		PROGRAM("malloc", VMW_TARGET_DIR "/malloc"),
		PROGRAM("Go, static", VMW_TARGET_DIR "/go_static"),
		PROGRAM("Go with cgo", VMW_TARGET_DIR "/go_cgo"),
		cmocka_unit_test(test_init),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
