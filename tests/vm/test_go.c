// SPDX-License-Identifier: GPL-2.0
/*
 * What the client makes of a Go program's memory and of malloc()'s, against what
 * the programs say of themselves: several versions of Go, in several shapes; while
 * they are still, while they run, and while they are held.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "annotate/annotate.h"
#include "model/classify.h"
#include "lib/objects.h"
#include "lib/oracle.h"
#include "lib/target.h"
#include "stop.h"

#define SNAPSHOTS	1000	/* of a program that runs, or as many as time permits */
#define HELD		100	/* of one that is held, likewise */
#define EXPLAINED	(2 << 20)	/* bytes: nothing larger is left without a name */
#define PLACES		200

static struct vmw_target target;
static struct vmw_aspace as;
/* `make check-churn`: so many snapshots of what churns, however long they take. */
static unsigned int all_of;

static int end_target(void **state)
{
	(void)state;
	vmw_aspace_deinit(&as);
	vmw_target_end(&target);
	return 0;
}

static void start(const char *name, const char *scenario, const char *number)
{
	char path[256];
	const char *const argv[] = { path, scenario, number, NULL };

	snprintf(path, sizeof(path), VMW_TARGET_DIR "/%s", name);
	assert_int_equal(vmw_target_start(&target, argv, NULL), 0);
}

static void read_all(void)
{
	uint64_t addrs[PLACES];
	struct vmw_annotate_request req = { .runtime = true, .addrs = addrs };
	struct vmw_error err = { "" };

	vmw_aspace_deinit(&as);
	assert_int_equal(vmw_read(target.pid, VMWALK_WALK_F_EXTENTS |
				  VMWALK_WALK_F_THREADS, &as), 0);
	req.nr_addrs = vmw_objects_addresses(target.said, addrs, PLACES);
	assert_int_equal(vmw_annotate(&as, &req, &err), 0);
	if (as.runtime.note[0] || as.runtime.torn)
		vmw_diag("%s, %zu torn", as.runtime.note, (size_t)as.runtime.torn);
}

static void check_claims(size_t least)
{
	size_t checked = 0;

	assert_int_equal(vmw_objects_check(target.said, &as, &checked), 0);
	assert_true(checked >= least);
}

static void describe(const char *what, const struct vmw_vma *vma)
{
	vmw_diag("%s %llx-%llx, flags %x, %llu bytes present: %s", what,
		 (unsigned long long)vma->info.start,
		 (unsigned long long)vma->info.end, vma->info.flags,
		 (unsigned long long)vma->usage.present, vma->name ? vma->name : "-");
}

/* What is there in the place of @addr, and next to it: a failure should say why. */
static void describe_around(uint64_t addr)
{
	const struct vmw_vma *vma = vmw_aspace_find_vma(&as, addr);
	const size_t i = vma ? vma - as.vmas : 0;

	if (!vma)
		return;
	if (i)
		describe("  below", vma - 1);
	describe("  there", vma);
	if (i + 1 < as.nr_vmas)
		describe("  above", vma + 1);
}

/* No segment of nameless anonymous memory is larger than what may be. */
static bool is_explained(void)
{
	struct vmw_segments segs;
	bool all = true;

	assert_int_equal(vmw_classify(&as, &segs), 0);
	for (size_t i = 0; i < segs.nr; i++) {
		const struct vmw_segment *s = &segs.seg[i];

		if (s->kind != VMW_SEG_ANON || s->name ||
		    s->usage.mapped <= EXPLAINED)
			continue;
		vmw_diag("%llx-%llx: %llu bytes that nothing explains",
			 (unsigned long long)s->start, (unsigned long long)s->end,
			 (unsigned long long)s->usage.mapped);
		describe_around(s->start);
		all = false;
	}
	vmw_segments_deinit(&segs);
	return all;
}

/* Which stack is thread @t on, NULL if none that is known. */
static const char *stack_of(const struct vmw_segments *segs,
			    const struct vmw_thread *t)
{
	static const char *const kinds[VMW_G_KINDS] = {
		"goroutine", "g0", "gsignal", "its g",
	};
	const struct vmw_g *g = vmw_runtime_g_of_sp(&as.runtime, t->sp);
	const struct vmw_vma *vma = vmw_aspace_find_vma(&as, t->sp);
	const struct vmw_segment *s;

	if (g && (g->kind == VMW_G_USER || g->tid == t->tid))
		return kinds[g->kind];
	if (g || !vma)
		return NULL;
	s = &segs->seg[segs->of_vma[vma - as.vmas]];
	if (s->kind == VMW_SEG_THREAD_STACK && s->tid == t->tid)
		return "pthread";
	if (s->kind == VMW_SEG_STACK && t->tid == (pid_t)as.mm.pid)
		return "[stack]";
	return NULL;
}

/* Each thread is on a stack that has a name. */
static bool are_on_stacks(void)
{
	struct vmw_segments segs;
	bool all = true;

	assert_int_equal(vmw_classify(&as, &segs), 0);
	for (size_t i = 0; i < as.nr_threads; i++) {
		const struct vmw_thread *t = &as.threads[i];

		assert_true(t->has_regs);
		if (stack_of(&segs, t))
			continue;
		vmw_diag("the stack of thread %d is not known: sp %llx, fs_base %llx",
			 t->tid, (unsigned long long)t->sp,
			 (unsigned long long)t->fs_base);
		describe_around(t->sp);
		all = false;
	}
	vmw_segments_deinit(&segs);
	return all;
}

/*
 * All of it is known, of a target that may just be making a thread: that has mapped
 * what is nothing yet, and is on no stack. It is given time, and looked at again.
 */
static void check_known(bool held)
{
	for (int i = 0; i < 100 && !(is_explained() && are_on_stacks()); i++) {
		if (held)
			vmw_target_continue(&target);
		usleep(10000);
		if (held)
			assert_int_equal(vmw_target_stop(&target), 0);
		read_all();
	}
	assert_true(is_explained());
	assert_true(are_on_stacks());
}

static void check_program(const char *name, enum vmw_evidence source)
{
	start(name, "few", NULL);
	assert_int_equal(vmw_target_stop(&target), 0);
	read_all();
	vmw_diag("%s: %s, %zu goroutines and stacks, %zu spans, %zu labels%s",
		 name, as.runtime.version, as.runtime.nr_gs,
		 as.runtime.nr_spans, as.runtime.nr_labels, as.runtime.note);
	assert_int_equal(as.runtime.source, source);
	assert_int_equal(as.runtime.torn, 0);
#ifdef __x86_64__
	assert_true(as.runtime.nr_frames >= as.runtime.nr_gs);
	assert_true(as.runtime.nr_slots > 0);
#endif
	/* Without symbols none can be found. */
	if (source == VMW_EVIDENCE_PATTERN)
		as.runtime.nr_symbols = 0;
	check_claims(25);
}

static void check_go(const char *name, enum vmw_evidence source)
{
	check_program(name, source);
	assert_true(is_explained());
	assert_true(are_on_stacks());
}

#define TEST_GO(test, name, source)		\
static void test(void **state)			\
{						\
	(void)state;				\
	check_go(name, source);			\
}

TEST_GO(test_go, "go_addr", VMW_EVIDENCE_DWARF)
TEST_GO(test_go_1_15, "go_addr-1.15", VMW_EVIDENCE_DWARF)
TEST_GO(test_go_1_24, "go_addr-1.24", VMW_EVIDENCE_DWARF)
TEST_GO(test_go_1_27, "go_addr-1.27", VMW_EVIDENCE_DWARF)
TEST_GO(test_pie, "go_addr-pie", VMW_EVIDENCE_DWARF)
TEST_GO(test_nodwarf, "go_addr-nodwarf", VMW_EVIDENCE_SYMTAB)

#ifdef __x86_64__
TEST_GO(test_stripped, "go_addr-stripped", VMW_EVIDENCE_PATTERN)
#else
/* The patterns are of x86's code. What is not known is not made up, but said. */
static void test_stripped(void **state)
{
	(void)state;
	start("go_addr-stripped", "few", NULL);
	read_all();
	assert_int_equal(as.runtime.source, VMW_EVIDENCE_TLS);
	assert_int_equal(as.runtime.nr_spans, 0);
	assert_non_null(strstr(as.runtime.note, "neither DWARF nor a table"));
}
#endif

/* Has the place where the race detector keeps what it knows of @addr that name? */
static bool is_shadow(uint64_t addr)
{
	const struct vmw_label *l = vmw_runtime_label_at(&as.runtime, addr);

	return l && !strcmp(l->name, "race detector, shadow of memory");
}

/* The shadow of each arena has a name, and what else the detector allocates. */
static void check_race(const char *name, enum vmw_evidence source)
{
	const uint64_t shadow = 0x200000000000;
	size_t arenas = 0;

	check_program(name, source);
	for (size_t i = 0; i < as.runtime.nr_labels; i++) {
		const struct vmw_label *l = &as.runtime.labels[i];

		if (l->kind != VMW_LABEL_GO_ARENA)
			continue;
		assert_true(is_shadow(shadow + 2 * l->start) ||
			    is_shadow(shadow + 4 * l->start));
		arenas++;
	}
	assert_true(arenas > 0);
	check_known(true);
	vmw_target_continue(&target);
	read_all();
	check_known(false);
}

static void test_race(void **state)
{
	(void)state;
	check_race("go_addr-race", VMW_EVIDENCE_DWARF);
}

static void test_race_1_15(void **state)
{
	(void)state;
	check_race("go_addr-race-1.15", VMW_EVIDENCE_DWARF);
}

static void test_race_1_27(void **state)
{
	(void)state;
	check_race("go_addr-race-1.27", VMW_EVIDENCE_DWARF);
}

#ifdef __x86_64__
static void test_race_stripped(void **state)
{
	(void)state;
	check_race("go_addr-race-stripped", VMW_EVIDENCE_PATTERN);
}
#endif

static void test_many(void **state)
{
	(void)state;
	start("go_addr", "many", "10000");
	read_all();
	assert_true(as.runtime.nr_gs >= 10020);
	check_claims(50);
	assert_true(is_explained());
}

static void test_heap(void **state)
{
	(void)state;
	start("go_addr", "heap", "1024");
	read_all();
	check_claims(25);
	assert_true(is_explained());
}

static void test_deep(void **state)
{
	(void)state;
	start("go_addr", "deep", "100000");
	read_all();
	check_claims(25);
}

static void start_churn(const char *name)
{
	/* Stacks that do not move are those that can be told for sure. */
	setenv("GODEBUG", "gcshrinkstackoff=1", 1);
	start(name, "churn", NULL);
	unsetenv("GODEBUG");
}

/* Snapshots of what churns, taken until there are @most, or time is up. */
struct series {
	uint64_t until;
	unsigned int most, taken, torn;
	size_t checked;		/* labels */
};

static struct series begin_series(unsigned int most)
{
	return (struct series){ .until = vmw_now_ms() + VMW_ENOUGH,
				.most = all_of ? all_of : most };
}

static bool goes_on(const struct series *s)
{
	return s->taken < s->most && (all_of || vmw_now_ms() < s->until);
}

static void take(struct series *s)
{
	size_t checked = 0;

	read_all();
	if (!as.runtime.nr_gs)
		vmw_diag("no goroutine: \"%s\"", as.runtime.note);
	assert_int_equal(vmw_objects_check(target.said, &as, &checked), 0);
	assert_true(checked >= 25);
	s->checked += checked;
	s->torn += as.runtime.torn;
	s->taken++;
}

static void end_series(const struct series *s, const char *what)
{
	vmw_diag("%s: %u snapshots, %zu labels right, none wrong, %u torn", what,
		 s->taken, s->checked, s->torn);
}

static void check_churning(const char *name)
{
	struct series s;

	start_churn(name);
	for (s = begin_series(SNAPSHOTS); goes_on(&s);)
		take(&s);
	end_series(&s, name);
}

static void test_churning(void **state)
{
	(void)state;
	check_churning("go_addr");
}

static void test_churning_1_27(void **state)
{
	(void)state;
	check_churning("go_addr-1.27");
}

static void check_held(const char *name)
{
	struct vmw_error err = { "" };
	struct vmw_stop *stop;
	struct series s;

	start_churn(name);
	for (s = begin_series(HELD); goes_on(&s);) {
		assert_int_equal(vmw_stop_begin(&stop, target.pid, &err), 0);
		take(&s);
		vmw_stop_end(stop);
		/* Each thread may be held in the middle of one change. */
		assert_true(as.runtime.torn <= as.nr_threads);
	}
	end_series(&s, name);
}

static void test_churning_held(void **state)
{
	(void)state;
	check_held("go_addr");
}

static void test_churning_held_1_27(void **state)
{
	(void)state;
	check_held("go_addr-1.27");
}

/* Does @b, of the same VMA as @a later on, have what @a had? */
static bool is_as_before(const struct vmw_vma *a, const struct vmw_vma *b)
{
	if (a->info.start == b->info.start &&
	    !memcmp(&a->usage, &b->usage, sizeof(a->usage)))
		return true;
	describe("before", a);
	describe("after ", b);
	return false;
}

static bool are_extents_as_before(const struct vmw_aspace *before)
{
	const uint32_t used = VMWALK_STATE_ACCESSED;

	/* They may have been cut in other places. */
	if (before->nr_extents != as.nr_extents)
		return true;
	for (size_t i = 0; i < as.nr_extents; i++) {
		const uint32_t a = before->extents[i].state;
		const uint32_t b = as.extents[i].state;

		if ((a | used) != (b | used)) {
			vmw_diag("%llx: state %x, was %x",
				 (unsigned long long)as.extents[i].start, b, a);
			return false;
		}
	}
	return true;
}

/* Nothing has changed in a fresh target, held, by our looking at it. */
static bool is_untouched(const char *name)
{
	struct vmw_aspace before;
	bool same;

	start(name, NULL, NULL);
	assert_int_equal(vmw_target_stop(&target), 0);
	assert_int_equal(vmw_read(target.pid, VMWALK_WALK_F_EXTENTS, &before), 0);
	read_all();
	check_claims(15);
	vmw_aspace_deinit(&as);
	assert_int_equal(vmw_read(target.pid, VMWALK_WALK_F_EXTENTS, &as), 0);
	assert_int_equal(before.nr_vmas, as.nr_vmas);
	same = are_extents_as_before(&before);
	for (size_t i = 0; i < as.nr_vmas; i++)
		same &= is_as_before(&before.vmas[i], &as.vmas[i]);
	vmw_aspace_deinit(&before);
	vmw_target_end(&target);
	return same;
}

/*
 * Not one page comes to be there, or goes, by our looking at it. Of one target the
 * kernel may have moved a page in the meantime, or taken one back: not of each.
 */
static void check_planting(const char *name)
{
	bool same = false;

	for (int i = 0; i < 3 && !same; i++)
		same = is_untouched(name);
	assert_true(same);
}

static void test_planting(void **state)
{
	(void)state;
	check_planting("go_addr");
}

static void test_planting_malloc(void **state)
{
	(void)state;
	check_planting("malloc");
}

/* Each thread is on a stack, whatever the kernel has merged with that. */
static void check_on_stacks(void)
{
	struct vmw_segments segs;

	assert_int_equal(vmw_classify(&as, &segs), 0);
	for (size_t i = 0; i < as.nr_threads; i++) {
		const struct vmw_vma *vma;
		enum vmw_segment_kind kind;

		assert_true(as.threads[i].has_regs);
		vma = vmw_aspace_find_vma(&as, as.threads[i].sp);
		assert_non_null(vma);
		kind = segs.seg[segs.of_vma[vma - as.vmas]].kind;
		assert_true(kind == VMW_SEG_STACK || kind == VMW_SEG_THREAD_STACK);
	}
	vmw_segments_deinit(&segs);
}

static void test_glibc(void **state)
{
	(void)state;
	start("malloc", NULL, NULL);
	read_all();
	assert_string_equal(as.runtime.version, "");
	check_claims(15);
	check_on_stacks();
}

static void test_cgo(void **state)
{
	(void)state;
	start("go_addr_cgo", NULL, NULL);
	read_all();
	assert_int_equal(as.runtime.source, VMW_EVIDENCE_DWARF);
	check_claims(13);
	check_known(false);
	assert_int_equal(vmw_target_stop(&target), 0);
	read_all();
	check_known(true);
	check_claims(21);
}

static void test_hostile(void **state)
{
	static const char *const ways[] = { "loop", "huge", "wild", "noise" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		start("go_hostile", ways[i], NULL);
		read_all();
		assert_string_not_equal(as.runtime.note, "");
		vmw_target_end(&target);
	}
}

#define test(f)	cmocka_unit_test_teardown(f, end_target)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_go),
		test(test_go_1_15),
		test(test_go_1_24),
		test(test_go_1_27),
		test(test_pie),
		test(test_nodwarf),
		test(test_stripped),
		test(test_race),
		test(test_race_1_15),
		test(test_race_1_27),
#ifdef __x86_64__
		test(test_race_stripped),
#endif
		test(test_many),
		test(test_heap),
		test(test_deep),
		test(test_churning),
		test(test_churning_1_27),
		test(test_churning_held),
		test(test_planting),
		test(test_planting_malloc),
		test(test_glibc),
		test(test_cgo),
		test(test_hostile),
	};
	const struct CMUnitTest long_ones[] = {
		test(test_churning),
		test(test_churning_1_27),
		test(test_churning_held),
		test(test_churning_held_1_27),
	};
	const char *snapshots = getenv("CHURN_SNAPSHOTS");

	all_of = snapshots ? strtoul(snapshots, NULL, 10) : 0;
	return all_of ? cmocka_run_group_tests(long_ones, NULL, NULL) :
			cmocka_run_group_tests(tests, NULL, NULL);
}
