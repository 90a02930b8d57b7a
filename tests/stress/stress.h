/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of the stress test: churns, which change an address space without
 * end, and walkers, which read it meanwhile. Each is a process; what they
 * have in common lies in shared memory.
 */
#ifndef VMW_STRESS_H
#define VMW_STRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE	4096UL
#define HUGE	(2UL << 20)

/* The upper bits of an LCG: good enough to vary what is done. */
struct rng {
	uint64_t state;
};

uint32_t vmw_rng(struct rng *r);
/* Below @n. */
uint32_t vmw_below(struct rng *r, uint32_t n);
void vmw_rng_seed(struct rng *r, uint64_t seed, unsigned int role);

/**
 * struct churn - one way to change an address space
 * @name: for people, one word
 * @start: prepares it; NULL, or why this machine cannot do it
 * @step: does one random step. It always runs in the same thread, others run
 *        other churns beside it in the same process
 */
struct churn {
	const char	*name;
	const char	*(*start)(void);
	void		(*step)(struct rng *r);
};

extern const struct churn vmw_churn_areas[], vmw_churn_pages[],
	vmw_churn_huge[], vmw_churn_files[], vmw_churn_tasks[];

#define VMW_CHURNS_MAX	48
#define VMW_VICTIMS	8

/**
 * struct stress - what the processes of the test share
 * @stop: all are to end
 * @ready: the churning process has begun
 * @quiet: the walkers are to leave the module alone most of the time
 * @removing: the module comes and goes: that it is not there is no failure
 * @victims: processes to walk; 0: none. The first is the churning one, once
 *           it is ready: being walked would hold it up
 * @steps: done by each churn
 * @walks: answers read to their end
 * @errors: of them, ended by an error that is allowed
 * @left: answers left half-way
 * @changed: walks that say that the VMAs changed
 * @relocked: walks that took the lock more than once
 * @continued: VMAs that came in more than one record
 * @absent: times that the module was not there
 * @refused: removals of the module that were refused: it was in use
 * @reloads: times that it went and came back
 * @broken: set by the first to find something wrong, which is @what
 * @what: valid when @broken is 2
 */
struct stress {
	atomic_bool	stop;
	atomic_bool	ready;
	atomic_bool	quiet;
	atomic_bool	removing;
	atomic_int	victims[VMW_VICTIMS];
	atomic_ulong	steps[VMW_CHURNS_MAX];
	atomic_ulong	walks;
	atomic_ulong	errors;
	atomic_ulong	left;
	atomic_ulong	changed;
	atomic_ulong	relocked;
	atomic_ulong	continued;
	atomic_ulong	absent;
	atomic_ulong	refused;
	atomic_ulong	reloads;
	atomic_int	broken;
	char		what[512];
};

extern struct stress *vmw_stress;

/* Says what is wrong; the first to do so is heard. */
void vmw_broken(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Puts a process among those that are walked, in a place of its own choice. */
void vmw_victim(struct rng *r, pid_t pid);

/* Forks a process that never returns; it dies with us. */
pid_t vmw_spawn(void (*run)(void *arg), void *arg);

/* churn.c */
size_t vmw_churn_count(void);
const struct churn *vmw_churn(size_t i);
/* The main function of a process that steps the churns of @mask, for good. */
struct churning {
	uint64_t mask;
	uint64_t seed;
};

void vmw_churn_run(void *churning);
/* What a process started by exec() does. */
int vmw_churn_brief(void);

/* Memory that is the caller's alone; they succeed, or the process ends. */
char *vmw_map(size_t len);
char *vmw_map_aligned(size_t len, size_t align, int flags, int fd);
void vmw_touch(char *p, size_t pages);
void vmw_look(const char *p, size_t pages);
/* Contents of a small file, as a number; -1 without it. */
long vmw_read_number(const char *path);
bool vmw_write_text(const char *path, const char *text);

/* settle.c */
/* Objects of a slab cache in use, with those that are only cached given back. */
long vmw_active_objects(const char *cache);
/* True as soon as there are no more than @before, or few more; says how many. */
bool vmw_settles(const char *cache, long before);
/* A number of the environment, which a kernel's command line fills. */
uint64_t vmw_setting(const char *name, uint64_t otherwise);

/* walkers.c */
struct walker {
	const char	*name;
	void		(*round)(struct rng *r);
};

#define VMW_WALKERS	7
extern const struct walker vmw_walkers[VMW_WALKERS];
/* The main function of a process that walks until it is told to stop. */
struct walking {
	size_t walker;
	uint64_t seed;
};

void vmw_walker_run(void *walking);

/* module.c */
bool vmw_module_out(void);
bool vmw_module_in(void);
/* Takes the module out and puts it back, until told to stop. */
void vmw_module_run(void *seed);

#endif
