// SPDX-License-Identifier: GPL-2.0
/* LINK: user/annotate/annotate.c user/annotate/annotate_child.c user/build_id.c */
/* LINK: user/annotate/elf_file.c user/annotate/golayout.c */
/* LINK: user/annotate/golayout_table.c user/annotate/golayout_stripped.c */
/* LINK: user/annotate/gopclntab.c user/annotate/goruntime.c */
/* LINK: user/annotate/goframes.c user/annotate/gorace.c */
/* LINK: user/annotate/elf_variable.c */
/* LINK: user/annotate/goruntime_heap.c user/annotate/malloc.c user/annotate/mem.c */
/* LINK: user/privileges.c user/proc.c user/progress.c tests/vm/lib/objects.c */
/* LINK: user/annotate/elfutils.c user/library.c */
/*
 * The targets that say what is where, run on this machine, and read without the
 * module: all that the client adds to a walk, on several versions of Go.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "annotate/annotate.h"
#include "model/classify.h"
#include "live.h"
#include "../vm/lib/objects.h"

#define PLACES	200	/* that are asked for */

struct live {
	pid_t pid;
	int in, out;
	char said[65536];
	struct vmw_aspace as;
};

static void become(const char *program, char *const argv[], int in, int out)
{
	/* Should a test fail, it does not stay behind. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	execv(program, argv);
	_exit(127);
}

/* Skips the test if the program has not been built. */
static void start(struct live *l, const char *name, const char *scenario,
		  const char *number)
{
	const char *build = getenv("BUILD");
	char path[512];
	char *const argv[] = { path, (char *)scenario, (char *)number, NULL };
	size_t len = 0;
	int in[2], out[2];

	*l = (struct live){ .pid = -1 };
	snprintf(path, sizeof(path), "%s/tests/vm/targets/%s",
		 build ? build : "build", name);
	if (access(path, X_OK))
		skip();
	assert_int_equal(pipe(in) | pipe(out), 0);
	l->pid = fork();
	if (!l->pid)
		become(path, argv, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	l->in = in[1];
	l->out = out[0];
	while (!strstr(l->said, "ready\n")) {
		ssize_t n = read(l->out, l->said + len,
				 sizeof(l->said) - 1 - len);

		assert_true(n > 0);
		len += n;
	}
}

static void end(struct live *l)
{
	vmw_aspace_deinit(&l->as);
	kill(l->pid, SIGKILL);
	waitpid(l->pid, NULL, 0);
	close(l->in);
	close(l->out);
}

static void read_again(struct live *l)
{
	uint64_t addrs[PLACES];
	struct vmw_annotate_request req = {
		.runtime = true, .all_frames = true, .addrs = addrs,
	};
	struct vmw_error err = { "" };

	vmw_aspace_deinit(&l->as);
	live_read(&l->as, l->pid);
	req.nr_addrs = vmw_objects_addresses(l->said, addrs, PLACES);
	assert_int_equal(vmw_annotate(&l->as, &req, &err), 0);
}

static void check_all(struct live *l, size_t least)
{
	size_t checked = 0;

	assert_int_equal(vmw_objects_check(l->said, &l->as, &checked), 0);
	assert_true(checked >= least);
}

/* That saved frame pointers lead the same way is seen of the most. */
static void check_frames(const struct vmw_runtime *rt)
{
	size_t linked = 0;

	for (size_t i = 0; i < rt->nr_frames; i++)
		linked += rt->frames[i].linked;
	print_message("# %zu frames, %zu with rbp\n", rt->nr_frames, linked);
	assert_true(linked >= 20 && linked > rt->nr_frames / 2);
}

/* What has no label is a thread's stack, or small. */
static void check_segments(struct live *l)
{
	struct vmw_segments segs;

	assert_int_equal(vmw_classify(&l->as, &segs), 0);
	for (size_t i = 0; i < segs.nr; i++) {
		const struct vmw_segment *s = &segs.seg[i];

		if (s->kind != VMW_SEG_ANON || s->name)
			continue;
		if (s->usage.mapped > 2 << 20)
			print_message("# no name: %" PRIx64 "-%" PRIx64 "\n",
				      s->start, s->end);
		assert_true(s->usage.mapped <= 2 << 20);
	}
	vmw_segments_deinit(&segs);
}

static void check_program(struct live *l, const char *name,
			  enum vmw_evidence source)
{
	start(l, name, "few", NULL);
	read_again(l);
	print_message("# %s: %s, source %u, %zu goroutines and stacks, %zu "
		      "spans, %zu labels %s\n", name, l->as.runtime.version,
		      l->as.runtime.source, l->as.runtime.nr_gs,
		      l->as.runtime.nr_spans, l->as.runtime.nr_labels,
		      l->as.runtime.note);
	assert_int_equal(l->as.runtime.source, source);
	assert_int_equal(l->as.runtime.torn, 0);
	check_all(l, 25);
#ifdef __x86_64__
	check_frames(&l->as.runtime);
#endif
}

static void check_go(const char *name, enum vmw_evidence source)
{
	struct live l;

	check_program(&l, name, source);
	assert_int_equal(vmw_objects_unexplained(&l.as, 2 << 20), 0);
	end(&l);
}

/* What its race detector allocates is for the most part known, not all of it. */
static void check_race(const char *name)
{
	struct live l;

	check_program(&l, name, VMW_EVIDENCE_DWARF);
	end(&l);
}

static void test_go(void **state)
{
	(void)state;
	check_go("go_addr", VMW_EVIDENCE_DWARF);
}

static void test_go_1_15(void **state)
{
	(void)state;
	check_go("go_addr-1.15", VMW_EVIDENCE_DWARF);
}

static void test_go_1_24(void **state)
{
	(void)state;
	check_go("go_addr-1.24", VMW_EVIDENCE_DWARF);
}

static void test_go_1_27(void **state)
{
	(void)state;
	check_go("go_addr-1.27", VMW_EVIDENCE_DWARF);
}

static void test_go_pie(void **state)
{
	(void)state;
	check_go("go_addr-pie", VMW_EVIDENCE_DWARF);
}

static void test_go_nodwarf(void **state)
{
	(void)state;
	check_go("go_addr-nodwarf", VMW_EVIDENCE_SYMTAB);
}

/* No symbols, no profiler's table: some of the runtime's own stays nameless. */
static void test_go_stripped(void **state)
{
	struct live l;
	size_t checked = 0;

	(void)state;
	start(&l, "go_addr-stripped", "few", NULL);
	read_again(&l);
	assert_int_equal(l.as.runtime.source, VMW_EVIDENCE_PATTERN);
	l.as.runtime.nr_symbols = 0;
	assert_int_equal(vmw_objects_check(l.said, &l.as, &checked), 0);
	assert_true(checked >= 25);
	assert_int_equal(vmw_objects_unexplained(&l.as, 2 << 20), 0);
	end(&l);
}

static void test_go_race(void **state)
{
	(void)state;
	check_race("go_addr-race");
}

static void test_go_race_1_15(void **state)
{
	(void)state;
	check_race("go_addr-race-1.15");
}

static void test_go_race_1_27(void **state)
{
	(void)state;
	check_race("go_addr-race-1.27");
}

static void test_go_many(void **state)
{
	struct live l;

	(void)state;
	start(&l, "go_addr", "many", "10000");
	read_again(&l);
	assert_true(l.as.runtime.nr_gs >= 10020);
	assert_int_equal(l.as.runtime.torn, 0);
	check_all(&l, 50);
	end(&l);
}

static void test_go_deep(void **state)
{
	struct live l;

	(void)state;
	start(&l, "go_addr", "deep", "20000");
	read_again(&l);
	check_all(&l, 25);
	end(&l);
}

static void test_go_heap(void **state)
{
	struct live l;

	(void)state;
	start(&l, "go_addr", "heap", "256");
	read_again(&l);
	check_all(&l, 25);
	assert_int_equal(vmw_objects_unexplained(&l.as, 2 << 20), 0);
	end(&l);
}

/* Whatever it changes meanwhile, what stays is where it is. */
static void test_go_churning(void **state)
{
	struct live l;

	(void)state;
	setenv("GODEBUG", "gcshrinkstackoff=1", 1);
	start(&l, "go_addr", "churn", NULL);
	unsetenv("GODEBUG");
	for (int i = 0; i < 50; i++) {
		read_again(&l);
		if (!l.as.runtime.nr_gs)
			print_message("# no goroutine: %s\n", l.as.runtime.note);
		check_all(&l, 25);
	}
	end(&l);
}

static void test_glibc(void **state)
{
	struct live l;

	(void)state;
	start(&l, "malloc", NULL, NULL);
	read_again(&l);
	check_all(&l, 15);
	assert_string_equal(l.as.runtime.version, "");
	end(&l);
}

/* A runtime that is a trap: an end, a word about it, and nothing made up. */
static void check_hostile(const char *how, const char *seed)
{
	struct live l;
	size_t i;

	start(&l, "go_hostile", how, seed);
	read_again(&l);
	if (!seed)
		assert_string_not_equal(l.as.runtime.note, "");
	for (i = 0; i < l.as.runtime.nr_labels; i++)
		assert_non_null(vmw_aspace_find_vma(&l.as,
						    l.as.runtime.labels[i].start));
	for (i = 1; i < l.as.runtime.nr_spans; i++)
		assert_true(l.as.runtime.spans[i].start >=
			    l.as.runtime.spans[i - 1].end);
	end(&l);
}

static void test_hostile(void **state)
{
	const char *told = getenv("NOISE_SEEDS");
	const int seeds = told ? atoi(told) : 30;
	char seed[16];

	(void)state;
	check_hostile("loop", NULL);
	check_hostile("huge", NULL);
	check_hostile("wild", NULL);
	for (int i = 0; i < seeds; i++) {
		snprintf(seed, sizeof(seed), "%d", i);
		check_hostile("noise", seed);
	}
}

static void test_cgo(void **state)
{
	struct live l;

	(void)state;
	start(&l, "go_addr_cgo", NULL, NULL);
	read_again(&l);
	assert_int_equal(l.as.runtime.source, VMW_EVIDENCE_DWARF);
	assert_int_equal(l.as.runtime.torn, 0);
	check_all(&l, 13);
	check_segments(&l);
	end(&l);
}

static uint64_t *presence(const struct vmw_aspace *as, size_t *nr)
{
	uint64_t *entries = NULL;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%u/pagemap", as->mm.pid);
	f = fopen(path, "r");
	assert_non_null(f);
	*nr = 0;
	for (size_t i = 0; i < as->nr_vmas; i++) {
		const struct vmwalk_vma *v = &as->vmas[i].info;
		size_t pages = (v->end - v->start) >> 12;

		if (!(v->flags & VMWALK_VMA_F_ANON) || pages > 1 << 16)
			continue;
		entries = realloc(entries, (*nr + pages) * sizeof(*entries));
		assert_non_null(entries);
		fseek(f, (v->start >> 12) * 8, SEEK_SET);
		assert_int_equal(fread(entries + *nr, 8, pages, f), pages);
		*nr += pages;
	}
	fclose(f);
	return entries;
}

/* Not one page comes to be there by our looking at it. */
static void test_nothing_is_planted(void **state)
{
	size_t before_nr, after_nr, differ = 0;
	uint64_t *before, *after;
	struct live l;

	(void)state;
	start(&l, "go_addr", "few", NULL);
	kill(l.pid, SIGSTOP);
	usleep(100000);
	live_read(&l.as, l.pid);
	before = presence(&l.as, &before_nr);
	read_again(&l);
	check_all(&l, 25);
	after = presence(&l.as, &after_nr);
	assert_int_equal(before_nr, after_nr);
	for (size_t i = 0; i < after_nr; i++)
		differ += (before[i] ^ after[i]) >> 61 != 0;
	assert_int_equal(differ, 0);
	free(before);
	free(after);
	end(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_go),
		cmocka_unit_test(test_go_1_15),
		cmocka_unit_test(test_go_1_24),
		cmocka_unit_test(test_go_1_27),
		cmocka_unit_test(test_go_pie),
		cmocka_unit_test(test_go_nodwarf),
		cmocka_unit_test(test_go_stripped),
		cmocka_unit_test(test_go_race),
		cmocka_unit_test(test_go_race_1_15),
		cmocka_unit_test(test_go_race_1_27),
		cmocka_unit_test(test_go_many),
		cmocka_unit_test(test_go_deep),
		cmocka_unit_test(test_go_heap),
		cmocka_unit_test(test_go_churning),
		cmocka_unit_test(test_glibc),
		cmocka_unit_test(test_cgo),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_nothing_is_planted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
