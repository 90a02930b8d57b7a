/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bench: many ways to ask how a process's memory is mapped, each timed by
 * the same clock, on the same process, which is stopped. What they answer is
 * compared: who is fast and wrong has lost.
 */
#ifndef VMW_BENCH_H
#define VMW_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What an answer says. Two that say the same thing must say it alike; what is
 * the sum of figures that were rounded by VMA compares with its like only.
 */
enum fact {
	FACT_VMAS,		/* how many, but for the vsyscall page */
	FACT_PRESENT,		/* pages with an entry, but for raw frames */
	FACT_SWAPPED,		/* pages in swap */
	FACT_RUNS,		/* a hash of the runs of present and swapped pages */
	FACT_RSS,		/* KiB */
	FACT_PSS,		/* KiB, rounded by VMA */
	FACT_PSS_SUM,		/* KiB, rounded once */
	FACT_SHARED,		/* KiB */
	FACT_PRIVATE,		/* KiB */
	NR_FACTS
};

struct answer {
	uint64_t fact[NR_FACTS];
	bool known[NR_FACTS];
};

static inline void tell(struct answer *a, enum fact f, uint64_t value)
{
	a->fact[f] = value;
	a->known[f] = true;
}

/* Runs of present (1) and swapped (2) pages as they ascend; neighbours merge. */
struct runs {
	uint64_t start, end;	/* addresses of the run under way */
	unsigned int state;
	uint64_t present, swapped;	/* pages */
	uint64_t hash;
};

void vmw_runs_add(struct runs *r, uint64_t start, uint64_t end,
		  unsigned int state);
void vmw_runs_tell(struct runs *r, struct answer *a);

/*
 * Room for what a contender is told, mapped and touched before the clock runs:
 * no page fault of the reader's counts.
 */
#define ARENA (96UL << 20)
extern char *vmw_arena;

/**
 * struct contender - one way to ask
 * @name: one word
 * @ask: the timed part: asks about @pid, keeps the answer in the arena. 0, or a
 *       negative errno; -EOPNOTSUPP: not on this kernel
 * @read: what the answer said; NULL if only its cost is of interest
 */
struct contender {
	const char	*name;
	int		(*ask)(pid_t pid);
	void		(*read)(struct answer *a);
};

/* ask_vmwalk.c */
int vmw_ask_vmas(pid_t pid);
int vmw_ask_extents(pid_t pid);
int vmw_ask_entries(pid_t pid);
int vmw_ask_pages(pid_t pid);
/* About all processes. */
int vmw_ask_tasks(pid_t pid);
void vmw_read_vmas(struct answer *a);
void vmw_read_extents(struct answer *a);
void vmw_read_pages(struct answer *a);

/* ask_proc.c */
int vmw_ask_maps(pid_t pid);
int vmw_ask_smaps(pid_t pid);
int vmw_ask_rollup(pid_t pid);
void vmw_read_maps(struct answer *a);
void vmw_read_smaps(struct answer *a);
void vmw_read_rollup(struct answer *a);

/* ask_pagemap.c */
int vmw_ask_pagemap(pid_t pid);
int vmw_ask_scan(pid_t pid);
void vmw_read_pagemap(struct answer *a);
void vmw_read_scan(struct answer *a);

/* ask_tasks.c: about all processes; @pid is one of them */
int vmw_ask_statuses(pid_t pid);
int vmw_ask_rollups(pid_t pid);

/* An open /proc/@pid/@name, or a negative errno. */
int vmw_open_proc(pid_t pid, const char *name);
/* All of it into the arena; its length or a negative errno. */
ssize_t vmw_slurp(pid_t pid, const char *name);

/* copies.c: into a file */
#define VMW_COPIES "/bench-files/copies.gz"
int vmw_keep_copies(pid_t pid);

/* bench.c: a line of what it prints */
void vmw_report(const char *target, const char *contender, uint64_t cost, int ret);

/* ask_go.c: about a stopped program that has said where something of its is */
void vmw_ask_go(const char *scene, pid_t of, const char *said);

/* command.c: @peak, in KiB, may be NULL */
int vmw_ask_command(const char *const argv[], uint64_t *peak);

/*
 * latency.c: of mmap() and munmap() of a process that @ask asks about all the time,
 * or nobody if it is NULL.
 */
int vmw_latency(int (*ask)(pid_t pid), uint64_t *mean, uint64_t *max);

/* Instructions if QEMU counts them, else cycles or whatever the TSC counts. */
static inline uint64_t now(void)
{
	return __builtin_ia32_rdtsc();
}

#endif
