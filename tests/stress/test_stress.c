// SPDX-License-Identifier: GPL-2.0
/*
 * Walks a process that never keeps still: each way of changing alone, then all
 * at once, then while the module itself comes and goes; last, that nothing of
 * it all is left. The time is STRESS_SECONDS in all, and chance is set by
 * STRESS_SEED, which is printed; the order in which processes run is not.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../vm/lib/child.h"
#include "../vm/lib/oracle.h"
#include "../vm/lib/raw.h"
#include "../vm/lib/target.h"
#include "stress.h"

/*
 * ms for walkers to end their rounds, and for a churn to take a step: to compact
 * all memory takes an emulated machine long where others want its host as well.
 */
#define PATIENCE	120000
#define LIFE		700	/* ms of a churning process, if it may be killed */

static uint64_t seed;
static unsigned int tests;

/* TAP */

static void report(bool ok, const char *name, const char *skip)
{
	printf("%sok %u - %s%s%s\n", ok ? "" : "not ", ++tests, name,
	       skip ? " # SKIP " : "", skip ? skip : "");
	fflush(stdout);
}

/* Phases */

struct phase {
	const char *name;
	uint64_t churns;	/* mask */
	uint64_t ms;
	bool kill;		/* the churning process, now and then */
	bool remove;		/* the module, too */
};

/* Returns when it has begun. */
static pid_t start_churn(const struct phase *p)
{
	struct churning what = { p->churns, seed++ };
	uint64_t end = vmw_now_ms() + PATIENCE;
	pid_t pid;

	atomic_store(&vmw_stress->ready, false);
	pid = vmw_spawn(vmw_churn_run, &what);
	while (!atomic_load(&vmw_stress->ready) && vmw_now_ms() < end)
		poll(NULL, 0, 5);
	if (vmw_now_ms() >= end)
		vmw_broken("the churning process does not begin");
	return pid;
}

static pid_t start_walker(size_t i)
{
	return vmw_spawn(vmw_walker_run, &(struct walking){ i, seed });
}

/* It ends by our hand alone. */
static void end_churn(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, WNOHANG) == pid) {
		vmw_broken("the churning process ended by itself: status %x",
			   status);
		return;
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

/* All of @churns have taken steps. */
static bool all_stepped(uint64_t churns)
{
	for (size_t i = 0; i < vmw_churn_count(); i++)
		if (churns >> i & 1 && !vmw_stress->steps[i])
			return false;
	return true;
}

/* Walks met what a walk can meet. */
static bool all_met(void)
{
	return vmw_stress->changed && vmw_stress->relocked && vmw_stress->continued &&
	       vmw_stress->errors;
}

/*
 * For the phase's time, and until each churn took a step; if the target is killed as
 * well, until all has been met, for as long as a churn may take.
 */
static bool is_over(const struct phase *p, uint64_t begin)
{
	uint64_t ms = vmw_now_ms() - begin;

	if (atomic_load(&vmw_stress->broken) == 2)
		return true;
	if (ms >= p->ms + PATIENCE && !all_stepped(p->churns))
		vmw_broken("a churn takes no step");
	if (p->kill && !all_met() && ms < p->ms + PATIENCE)
		return false;
	return ms >= p->ms && all_stepped(p->churns);
}

static void churn_for(const struct phase *p)
{
	pid_t pid = start_churn(p);
	uint64_t begin = vmw_now_ms(), born = begin;

	while (!is_over(p, begin)) {
		poll(NULL, 0, 10);
		if (!p->kill || vmw_now_ms() < born + LIFE)
			continue;
		end_churn(pid);
		pid = start_churn(p);
		born = vmw_now_ms();
	}
	end_churn(pid);
}

/* Waits for the end of @nr processes, and then for the orphans. */
static void reap(const pid_t *pids, size_t nr)
{
	uint64_t end = vmw_now_ms() + PATIENCE;
	int status;

	for (size_t i = 0; i < nr; i++) {
		while (waitpid(pids[i], &status, WNOHANG) == 0) {
			if (vmw_now_ms() > end) {
				vmw_broken("a walker does not end");
				kill(pids[i], SIGKILL);
			}
			poll(NULL, 0, 5);
		}
		if (!WIFEXITED(status) || WEXITSTATUS(status))
			vmw_broken("a walker ended with status %x", status);
	}
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

static void run_phase(const struct phase *p)
{
	pid_t pids[VMW_WALKERS + 1];
	size_t nr = 0;

	atomic_store(&vmw_stress->stop, false);
	atomic_store(&vmw_stress->removing, p->remove);
	atomic_store(&vmw_stress->broken, 0);
	for (size_t i = 0; i < VMW_VICTIMS; i++)
		atomic_store(&vmw_stress->victims[i], 0);
	for (; nr < VMW_WALKERS; nr++)
		pids[nr] = start_walker(nr);
	if (p->remove)
		pids[nr++] = vmw_spawn(vmw_module_run, &seed);
	churn_for(p);
	atomic_store(&vmw_stress->stop, true);
	atomic_store(&vmw_stress->quiet, false);
	reap(pids, nr);
	if (p->remove && !vmw_module_in() && errno != EEXIST)
		vmw_broken("the module does not load: %m");
	if (atomic_load(&vmw_stress->broken))
		vmw_diag("%s: %s", p->name, vmw_stress->what);
	report(!atomic_load(&vmw_stress->broken), p->name, NULL);
}

/* Why this churn cannot be, found out in a process of its own. */
static const char *why_not(const struct churn *c)
{
	static char why[128];
	int fds[2], status;
	ssize_t len;
	pid_t pid;

	if (pipe(fds))
		return "no pipe";
	fflush(stdout);
	pid = fork();
	if (!pid) {
		const char *s = c->start();

		_exit(s && write(fds[1], s, strlen(s)) < 0);
	}
	close(fds[1]);
	len = read(fds[0], why, sizeof(why) - 1);
	close(fds[0]);
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return "it cannot even start";
	why[len > 0 ? len : 0] = '\0';
	return len > 0 ? why : NULL;
}

/* Each alone; the mask of those that can be. */
static uint64_t run_alone(uint64_t ms)
{
	uint64_t can = 0;

	for (size_t i = 0; i < vmw_churn_count(); i++) {
		const struct churn *c = vmw_churn(i);
		const char *why = why_not(c);

		if (why) {
			report(true, c->name, why);
			continue;
		}
		can |= 1ULL << i;
		run_phase(&(struct phase){
			.name = c->name, .churns = 1ULL << i, .ms = ms,
		});
	}
	return can;
}

/* What the phases add up to: a test that meets nothing proves nothing. */

static void say_counts(uint64_t can)
{
	const struct stress *s = vmw_stress;

	vmw_diag("%lu walks, %lu of them ended by an error, %lu more left",
		 s->walks, s->errors, s->left);
	vmw_diag("%lu say changed, %lu took the lock again, %lu records continue",
		 s->changed, s->relocked, s->continued);
	vmw_diag("module: %lu reloads, %lu refused, %lu times not there",
		 s->reloads, s->refused, s->absent);
	for (size_t i = 0; i < vmw_churn_count(); i++)
		if (can >> i & 1)
			vmw_diag("%-14s %lu steps", vmw_churn(i)->name,
				 s->steps[i]);
}

static void check_counts(uint64_t can)
{
	const struct stress *s = vmw_stress;

	say_counts(can);
	report(s->changed, "walks were crossed by changes", NULL);
	report(s->relocked && s->continued,
	       "the lock was let go, and VMAs went on", NULL);
	report(s->errors, "victims ended while they were walked", NULL);
	report(s->reloads && s->refused && s->absent,
	       "the module went, was held and was missed", NULL);
}

/* What must be as it was. */

/* We cannot both read and keep still: a child reads us, while we wait. */
static bool walks_true(void *arg)
{
	struct vmw_aspace as;

	(void)arg;
	return !vmw_oracle_check(getppid(), &as);
}

static bool reloads(void)
{
	return vmw_module_idle() && vmw_module_out() && vmw_module_in() &&
	       vmw_raw_alive();
}

/* What churns hurry, for the whole machine. */
static const char *const settings[] = {
	"/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs",
	"/sys/kernel/mm/transparent_hugepage/khugepaged/alloc_sleep_millisecs",
	"/sys/kernel/mm/transparent_hugepage/khugepaged/pages_to_scan",
	"/sys/kernel/mm/ksm/run",
	"/sys/kernel/mm/ksm/sleep_millisecs",
	"/sys/kernel/mm/ksm/pages_to_scan",
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

static void save_settings(long values[SETTINGS])
{
	for (size_t i = 0; i < SETTINGS; i++)
		values[i] = vmw_read_number(settings[i]);
}

static void restore_settings(const long values[SETTINGS])
{
	char text[32];

	for (size_t i = 0; i < SETTINGS; i++) {
		snprintf(text, sizeof(text), "%ld", values[i]);
		if (values[i] >= 0)
			vmw_write_text(settings[i], text);
	}
}

int main(int argc, char **argv)
{
	long mms, tasks, saved[SETTINGS];
	uint64_t ms, can;

	if (argc > 1 && !strcmp(argv[1], "brief"))
		return vmw_churn_brief();
	ms = vmw_setting("STRESS_SECONDS", 6) * 1000;
	seed = vmw_setting("STRESS_SEED", time(NULL) % 1000000);
	vmw_stress = mmap(NULL, sizeof(*vmw_stress), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (vmw_stress == MAP_FAILED)
		return 1;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	vmw_diag("STRESS_SEED=%llu STRESS_SECONDS=%llu", (unsigned long long)seed,
		 (unsigned long long)ms / 1000);
	save_settings(saved);
	mms = vmw_active_objects("mm_struct");
	tasks = vmw_active_objects("task_struct");

	can = run_alone(ms / 2 / vmw_churn_count());
	run_phase(&(struct phase){ "all at once", can, ms / 4, true, false });
	run_phase(&(struct phase){ "and the module", can, ms / 4, true, true });
	restore_settings(saved);
	check_counts(can);
	report(vmw_module_idle(), "nobody holds the module", NULL);
	report(vmw_in_child(walks_true, NULL), "a walk agrees with /proc", NULL);
	report(vmw_settles("mm_struct", mms), "no address space is left", NULL);
	report(vmw_settles("task_struct", tasks), "no process is left", NULL);
	report(reloads(), "the module goes and comes back", NULL);
	printf("1..%u\n", tests);
	return 0;
}
