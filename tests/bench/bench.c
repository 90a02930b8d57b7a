// SPDX-License-Identifier: GPL-2.0
/*
 * bench TARGET...: starts each target, stops it, asks all contenders about it.
 * Prints for report.awk, one to a line:
 *
 *	clock instructions|tsc		what is counted
 *	cost TARGET CONTENDER N		that many
 *	bytes TARGET CONTENDER N		in the files that it has left
 *	wrong TARGET CONTENDER ...	it did not say what another had said
 *
 * Ends with 1 if somebody was wrong or failed.
 */
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "target.h"

char *vmw_arena;
static bool bad;

static const char *const fact_names[NR_FACTS] = {
	[FACT_VMAS] = "vmas",
	[FACT_PRESENT] = "present",
	[FACT_SWAPPED] = "swapped",
	[FACT_RUNS] = "runs",
	[FACT_RSS] = "rss",
	[FACT_PSS] = "pss",
	[FACT_PSS_SUM] = "pss-sum",
	[FACT_SHARED] = "shared",
	[FACT_PRIVATE] = "private",
};

static void hash_run(struct runs *r)
{
	const uint64_t word[] = { r->start, r->end, r->state };
	uint64_t pages = (r->end - r->start) >> 12;
	size_t i;

	if (!r->state)
		return;
	if (r->state == 1)
		r->present += pages;
	else
		r->swapped += pages;
	for (i = 0; i < 3; i++)
		r->hash = (r->hash ^ word[i]) * 0x100000001b3;
}

void vmw_runs_add(struct runs *r, uint64_t start, uint64_t end,
		  unsigned int state)
{
	if (start == r->end && state == r->state) {
		r->end = end;
		return;
	}
	hash_run(r);
	r->start = start;
	r->end = end;
	r->state = state;
}

void vmw_runs_tell(struct runs *r, struct answer *a)
{
	hash_run(r);
	r->state = 0;
	tell(a, FACT_PRESENT, r->present);
	tell(a, FACT_SWAPPED, r->swapped);
	tell(a, FACT_RUNS, r->hash);
}

/* The floor: a module that loads every entry of every table once. */
static int ask_floor(pid_t pid)
{
	FILE *f = fopen("/sys/module/vmwalk_floor/parameters/pid", "we");

	if (!f)
		return -errno;
	fprintf(f, "%d\n", pid);
	return fclose(f) ? -errno : 0;
}

static const struct contender contenders[] = {
	{ "floor", ask_floor, NULL },
	{ "vmwalk", vmw_ask_extents, vmw_read_extents },
	{ "vmwalk-vmas", vmw_ask_vmas, vmw_read_vmas },
	{ "vmwalk-entries", vmw_ask_entries, vmw_read_extents },
	{ "vmwalk-pages", vmw_ask_pages, vmw_read_pages },
	{ "maps", vmw_ask_maps, vmw_read_maps },
	{ "smaps", vmw_ask_smaps, vmw_read_smaps },
	{ "smaps_rollup", vmw_ask_rollup, vmw_read_rollup },
	{ "pagemap", vmw_ask_pagemap, vmw_read_pagemap },
	{ "scan", vmw_ask_scan, vmw_read_scan },
};

/* Asked about all processes, not about one. */
static const struct contender of_all[] = {
	{ "vmwalk-tasks", vmw_ask_tasks, NULL },
	{ "status", vmw_ask_statuses, NULL },
	{ "smaps_rollup", vmw_ask_rollups, NULL },
};

#define PID "PID"

struct command {
	const char *name;
	const char *argv[4];
};

static const struct command commands[] = {
	{ "vmwalk-PID", { "vmwalk", PID } },
	{ "pmap-X", { "pmap", "-X", PID } },
	{ "pmap-x", { "pmap", "-x", PID } },
	{ "cat-smaps", { "cat", "/proc/" PID "/smaps" } },
};

/* One after the other: a collection is made, and added to. */
#define KEEPER "/bench-files/" PID ".vmwalk"
static const struct command keepers[] = {
	{ "snap-first", { "vmwalk", "snap", "-o" KEEPER, PID } },
	{ "snap-next", { "vmwalk", "snap", "-o" KEEPER, PID } },
	{ "snap-third", { "vmwalk", "snap", "-o" KEEPER, PID } },
};

static const struct command commands_of_all[] = {
	{ "vmwalk-ps", { "vmwalk", "ps" } },
	/* The shell's own cat would be another. Kernel threads have no smaps. */
	{ "cat-status", { "sh", "-c", "exec /share/cat /proc/[0-9]*/status" } },
	{ "cat-rollup", { "sh", "-c", "/share/cat /proc/[0-9]*/smaps_rollup 2>/dev/null; :" } },
};

#define NR(array)	(sizeof(array) / sizeof((array)[0]))

/**
 * struct scene - a target and who is asked about it
 * @name: one word
 * @program: its file
 * @argument: the program's, one word or two, or NULL
 * @without: a contender that would take minutes; it has been asked of less
 * @also: whole COMMANDS too; what is KEPT of it; or not about it, but about
 *	  EVERYBODY; or nothing but what is said of its RUNTIME
 */
struct scene {
	const char	*name;
	const char	*program;
	const char	*argument;
	const char	*without;
	enum { NOTHING, COMMANDS = 1, KEPT = 2, EVERYBODY = 4, RUNTIME = 8 } also;
};

static const struct scene scenes[] = {
	{ "dense", "target", "dense", "", COMMANDS },
	{ "thp", "target", "thp", "", NOTHING },
	{ "sparse", "target", "tables-32768", "", NOTHING },
	{ "tables-512", "target", "tables-512", "", NOTHING },
	{ "tables-4096", "target", "tables-4096", "", NOTHING },
	{ "untouched-1G", "target", "untouched-1G", "", NOTHING },
	{ "untouched-64G", "target", "untouched-64G", "", NOTHING },
	{ "untouched-1T", "target", "untouched-1T", "pagemap", NOTHING },
	{ "alternating", "target", "alternating", "", KEPT },
	{ "random", "target", "random", "", NOTHING },
	{ "vmas-10k", "target", "vmas-10000", "", COMMANDS | KEPT },
	{ "vmas-60k", "target", "vmas-60000", "", NOTHING },
	{ "files", "target", "files", "", NOTHING },
	{ "goroutines", "goroutines", NULL, "", COMMANDS },
	{ "processes", "target", "processes", "", EVERYBODY },
	{ "go-few", "go_addr", "few", "", RUNTIME },
	{ "go-10k", "go_addr", "many 10000", "", RUNTIME },
	{ "go-heap", "go_addr", "heap 1024", "", RUNTIME },
	{ "go-deep", "go_addr", "deep 100000", "", RUNTIME },
	{ "go-churn", "go_addr", "churn", "", RUNTIME },
};

void vmw_report(const char *target, const char *contender, uint64_t cost,
		int ret)
{
	if (!ret) {
		printf("cost %s %s %" PRIu64 "\n", target, contender, cost);
	} else if (ret != -EOPNOTSUPP) {
		printf("wrong %s %s %s\n", target, contender, strerror(-ret));
		bad = true;
	}
	fflush(stdout);
}

/* Takes over what nobody has said before, holds the rest against it. */
static void compare(const char *target, const char *contender,
		    struct answer *common, const struct answer *said)
{
	size_t i;

	for (i = 0; i < NR_FACTS; i++) {
		if (!said->known[i])
			continue;
		if (!common->known[i])
			tell(common, i, said->fact[i]);
		if (common->fact[i] == said->fact[i])
			continue;
		printf("wrong %s %s %s: %" PRIu64 " instead of %" PRIu64 "\n",
		       target, contender, fact_names[i], said->fact[i],
		       common->fact[i]);
		bad = true;
	}
}

/* What is this small, an interrupt or the like weighs on. */
#define SMALL	4000000

/* Asked about ourselves first: what is set up once is not timed. */
static int timed(const struct contender *c, pid_t pid, uint64_t *cost)
{
	int tries, ret = c->ask(getpid());
	uint64_t start, took;

	*cost = UINT64_MAX;
	for (tries = 0; !ret && tries < 3; tries++) {
		start = now();
		ret = c->ask(pid);
		took = now() - start;
		if (took < *cost)
			*cost = took;
		if (took > SMALL)
			break;
	}
	return ret;
}

static void ask_each(const struct scene *s, pid_t pid, const struct contender *c,
		     size_t nr)
{
	struct answer common = { 0 };
	uint64_t cost = 0;
	int ret;

	for (; nr--; c++) {
		struct answer said = { 0 };

		if (!strcmp(s->without, c->name))
			continue;
		ret = timed(c, pid, &cost);
		vmw_report(s->name, c->name, cost, ret);
		if (ret || !c->read)
			continue;
		c->read(&said);
		compare(s->name, c->name, &common, &said);
	}
}

/* @word with PID put in; NULL stays. */
static const char *filled(const char *word, pid_t pid)
{
	const char *at = word ? strstr(word, PID) : NULL;
	char *out;

	if (!at)
		return word;
	if (asprintf(&out, "%.*s%d%s", (int)(at - word), word, pid,
		     at + strlen(PID)) < 0)
		abort();
	return out;
}

/* The first time, about ourselves, it comes from the file. */
static int timed_command(const struct command *c, pid_t pid, uint64_t *cost)
{
	const pid_t pids[] = { getpid(), pid };
	const char *argv[5];
	uint64_t start;
	size_t i, j;
	int ret = 0;

	for (i = 0; i < NR(pids) && !ret; i++) {
		for (j = 0; j < NR(argv); j++)
			argv[j] = j < 4 ? filled(c->argv[j], pids[i]) : NULL;
		start = now();
		ret = vmw_ask_command(argv, NULL);
		*cost = now() - start;
	}
	return ret;
}

static void ask_commands(const struct scene *s, pid_t pid, const struct command *c,
			 size_t nr)
{
	uint64_t cost = 0;
	int ret;

	for (; nr--; c++) {
		ret = timed_command(c, pid, &cost);
		vmw_report(s->name, c->name, cost, ret);
	}
}

static uint64_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_size;
}

/* What is kept to be looked at later: instructions, and bytes that it adds. */
static void ask_keepers(const struct scene *s, pid_t pid)
{
	const char *path = filled(KEEPER, pid);
	uint64_t cost = 0, before, start;
	size_t i;
	int ret;

	for (i = 0; i < NR(keepers); i++) {
		before = size_of(path);
		ret = timed_command(&keepers[i], pid, &cost);
		vmw_report(s->name, keepers[i].name, cost, ret);
		printf("bytes %s %s %" PRIu64 "\n", s->name, keepers[i].name,
		       size_of(path) - before);
	}
	start = now();
	ret = vmw_keep_copies(pid);
	cost = now() - start;
	vmw_report(s->name, "copies.gz", cost, ret);
	printf("bytes %s copies.gz %" PRIu64 "\n", s->name, size_of(VMW_COPIES));
	unlink(VMW_COPIES);
	unlink(path);
}

static void ask_all(const struct scene *s, pid_t pid, const char *said)
{
	if (s->also == RUNTIME) {
		vmw_ask_go(s->name, pid, said);
		return;
	}
	if (s->also == EVERYBODY) {
		ask_each(s, pid, of_all, NR(of_all));
		ask_commands(s, pid, commands_of_all, NR(commands_of_all));
		return;
	}
	ask_each(s, pid, contenders, NR(contenders));
	if (s->also & COMMANDS)
		ask_commands(s, pid, commands, NR(commands));
	if (s->also & KEPT)
		ask_keepers(s, pid);
}

static void run(const struct scene *s, const char *dir)
{
	char program[256], argument[64];
	const char *argv[4] = { program, s->argument, "/bench-files" };
	struct vmw_target t;
	char *number;

	snprintf(program, sizeof(program), "%s/%s", dir, s->program);
	if (s->argument && strchr(s->argument, ' ')) {
		snprintf(argument, sizeof(argument), "%s", s->argument);
		number = strchr(argument, ' ');
		*number++ = '\0';
		argv[1] = argument;
		argv[2] = number;
	}
	if (vmw_target_start(&t, argv, NULL) || t.skip) {
		printf("wrong %s target %s\n", s->name,
		       t.skip ? t.skip : "did not start");
		bad = true;
		return;
	}
	vmw_target_stop(&t);
	ask_all(s, t.pid, t.said);
	vmw_target_end(&t);
}

/* What a process that runs notices: "mmap-mean" and "mmap-max" for targets. */
static void run_latency(void)
{
	static const struct contender asking[] = {
		{ "nobody", NULL, NULL },
		{ "vmwalk", vmw_ask_extents, NULL },
		{ "vmwalk-pages", vmw_ask_pages, NULL },
		{ "smaps", vmw_ask_smaps, NULL },
	};
	uint64_t mean, max;
	size_t i;
	int ret;

	for (i = 0; i < NR(asking); i++) {
		ret = vmw_latency(asking[i].ask, &mean, &max);
		vmw_report("mmap-mean", asking[i].name, mean, ret);
		vmw_report("mmap-max", asking[i].name, max, ret);
	}
}

/* Two instructions a round, if that is what the clock counts and nobody breaks in. */
static const char *clock_kind(void)
{
	const uint64_t rounds = 10000;
	int tries;

	for (tries = 0; tries < 10; tries++) {
		uint64_t n = rounds, start = now();

		__asm__ volatile("1: dec %0; jnz 1b" : "+r"(n));
		if ((now() - start + rounds / 100) / (rounds / 50) == 100)
			return "instructions";
	}
	return "tsc";
}

static bool wanted(const char *name, char **patterns)
{
	for (; *patterns; patterns++)
		if (!fnmatch(*patterns, name, 0))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 3)
		return 2;
	vmw_arena = mmap(NULL, ARENA, PROT_READ | PROT_WRITE, MAP_PRIVATE |
			 MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (vmw_arena == MAP_FAILED)
		return 1;
	printf("clock %s\n", clock_kind());
	for (i = 0; i < NR(scenes); i++)
		if (wanted(scenes[i].name, argv + 2))
			run(&scenes[i], argv[1]);
	if (wanted("mmap", argv + 2))
		run_latency();
	return bad;
}
