// SPDX-License-Identifier: GPL-2.0
/*
 * bench TARGET...: starts each target, stops it, asks all contenders about it.
 * Prints for report.awk, one to a line:
 *
 *	clock instructions|tsc		what is counted
 *	cost TARGET CONTENDER N		that many
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

#define PID "PID"

static const struct {
	const char *name;
	const char *argv[4];
} commands[] = {
	{ "vmwalk-PID", { "vmwalk", PID } },
	{ "pmap-X", { "pmap", "-X", PID } },
	{ "pmap-x", { "pmap", "-x", PID } },
	{ "cat-smaps", { "cat", "/proc/" PID "/smaps" } },
};

/**
 * struct scene - a target and who is asked about it
 * @name: one word
 * @program: its file
 * @argument: the program's, or NULL
 * @without: contenders that would take minutes; others have been asked of less
 * @commands: whole commands too
 */
struct scene {
	const char	*name;
	const char	*program;
	const char	*argument;
	const char	*without;
	bool		commands;
};

static const struct scene scenes[] = {
	{ "dense", "target", "dense", "", true },
	{ "thp", "target", "thp", "", false },
	{ "sparse", "target", "tables-32768", "", false },
	{ "tables-512", "target", "tables-512", "", false },
	{ "tables-4096", "target", "tables-4096", "", false },
	{ "untouched-1G", "target", "untouched-1G", "", false },
	{ "untouched-64G", "target", "untouched-64G", "", false },
	{ "untouched-1T", "target", "untouched-1T", "pagemap", false },
	{ "alternating", "target", "alternating", "", false },
	{ "random", "target", "random", "", false },
	{ "vmas-10k", "target", "vmas-10000", "", true },
	{ "vmas-60k", "target", "vmas-60000", "", false },
	{ "files", "target", "files", "", false },
	{ "goroutines", "goroutines", NULL, "", true },
};

static void report(const char *target, const char *contender, uint64_t cost,
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

/* Asked about ourselves first: what is set up once is not timed. */
static int timed(const struct contender *c, pid_t pid, uint64_t *cost)
{
	int ret = c->ask(getpid());
	uint64_t start;

	if (ret)
		return ret;
	start = now();
	ret = c->ask(pid);
	*cost = now() - start;
	return ret;
}

static void ask_all(const struct scene *s, pid_t pid)
{
	struct answer common = { 0 };
	uint64_t cost = 0;
	size_t i;

	for (i = 0; i < sizeof(contenders) / sizeof(contenders[0]); i++) {
		const struct contender *c = &contenders[i];
		struct answer said = { 0 };
		int ret;

		if (!strcmp(s->without, c->name))
			continue;
		ret = timed(c, pid, &cost);
		report(s->name, c->name, cost, ret);
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

static void ask_commands(const struct scene *s, pid_t pid)
{
	const char *argv[5] = { 0 };
	uint64_t start;
	size_t i, j;
	int ret;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		/* The first time it comes from the file. */
		for (j = 0; j < 4; j++)
			argv[j] = filled(commands[i].argv[j], getpid());
		ret = vmw_ask_command(argv);
		for (j = 0; j < 4; j++)
			argv[j] = filled(commands[i].argv[j], pid);
		start = now();
		if (!ret)
			ret = vmw_ask_command(argv);
		report(s->name, commands[i].name, now() - start, ret);
	}
}

static void run(const struct scene *s, const char *dir)
{
	const char *argv[4] = { filled(NULL, 0), s->argument, "/bench-files" };
	struct vmw_target t;
	char program[256];

	snprintf(program, sizeof(program), "%s/%s", dir, s->program);
	argv[0] = program;
	if (vmw_target_start(&t, argv, NULL) || t.skip) {
		printf("wrong %s target %s\n", s->name,
		       t.skip ? t.skip : "did not start");
		bad = true;
		return;
	}
	vmw_target_stop(&t);
	ask_all(s, t.pid);
	if (s->commands)
		ask_commands(s, t.pid);
	vmw_target_end(&t);
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
	for (i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
		if (wanted(scenes[i].name, argv + 2))
			run(&scenes[i], argv[1]);
	return bad;
}
