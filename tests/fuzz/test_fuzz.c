// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzes the module's fronts: several processes ask right, nearly right and wrong, of
 * processes that change, come and go; one of them is killed now and then, wherever
 * it is. What comes back must be well formed, an error one that is meant, and what
 * is right be served throughout; nothing of it all may be left. FUZZ_SECONDS,
 * FUZZ_MESSAGES (0: as many as that time allows) and FUZZ_SEED, which is printed,
 * set how much; the order in which processes run, nobody.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../vm/lib/child.h"
#include "../vm/lib/target.h"
#include "fuzz.h"

#define WORKERS		4
#define PATIENCE	60000	/* ms for a worker to end its round */
#define LIFE		300	/* ms of the worker that is killed */

struct fuzz *vmw_fuzz;

static uint64_t seed;
static unsigned int tests;

static void report(bool ok, const char *name)
{
	printf("%sok %u - %s\n", ok ? "" : "not ", ++tests, name);
	fflush(stdout);
}

/* Refused for its form, for what it asks of, for how it is read. */
static bool meant(int error)
{
	switch (-error) {
	case 0:
	case EINVAL: case ERANGE: case EOPNOTSUPP: case ESRCH: case EPERM:
	case EBUSY: case E2BIG: case EFAULT: case EMSGSIZE: case EINTR:
	case ENOBUFS: case EAGAIN: case ENOENT: case ESPIPE: case EPIPE:
		return true;
	default:
		return false;
	}
}

bool vmw_fuzz_answer(int error)
{
	if (error <= 0 && -error < VMW_FUZZ_ERRNOS)
		atomic_fetch_add(&vmw_fuzz->errors[-error], 1);
	return error > 0 || meant(error);
}

static bool is_over(void)
{
	return atomic_load(&vmw_stress->stop) || atomic_load(&vmw_stress->broken) == 2;
}

static unsigned int choose(struct rng *r)
{
	unsigned int sum = 0, n;

	for (unsigned int i = 0; i < vmw_fuzz_nr_rounds; i++)
		sum += vmw_fuzz_rounds[i].weight;
	n = vmw_below(r, sum);
	for (unsigned int i = 0; ; i++) {
		if (n < vmw_fuzz_rounds[i].weight)
			return i;
		n -= vmw_fuzz_rounds[i].weight;
	}
}

static void work(void *role)
{
	struct rng r;

	vmw_rng_seed(&r, seed, *(unsigned int *)role);
	while (!is_over()) {
		unsigned int i = choose(&r);

		vmw_fuzz_rounds[i].run(&r);
		atomic_fetch_add(&vmw_fuzz->rounds[i], 1);
	}
}

/* Maps, touches, protects, unmaps, for good. */
static void change(void *unused)
{
	struct rng r;
	char *p;

	(void)unused;
	vmw_rng_seed(&r, seed, 100);
	for (;;) {
		size_t pages = 1 + vmw_below(&r, 600);

		p = vmw_map(pages * PAGE);
		vmw_touch(p, pages);
		mprotect(p, pages / 2 * PAGE, PROT_READ);
		munmap(p, pages * PAGE);
		poll(NULL, 0, vmw_below(&r, 4));
	}
}

/* Children that exist for a moment only. */
static void come_and_go(void *unused)
{
	struct rng r;

	(void)unused;
	vmw_rng_seed(&r, seed, 101);
	for (;;) {
		pid_t pid = fork();

		if (!pid) {
			poll(NULL, 0, vmw_below(&r, 100));
			_exit(0);
		}
		vmw_victim(&r, pid);
		waitpid(pid, NULL, 0);
	}
}

static void idle(void *unused)
{
	(void)unused;
	for (;;)
		pause();
}

static unsigned int start_victims(pid_t pids[3])
{
	pids[0] = vmw_spawn(change, NULL);
	pids[1] = vmw_spawn(come_and_go, NULL);
	pids[2] = vmw_spawn(idle, NULL);
	atomic_store(&vmw_stress->victims[0], pids[0]);
	atomic_store(&vmw_stress->victims[1], pids[2]);
	return 3;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static pid_t start_worker(unsigned int role)
{
	return vmw_spawn(work, &role);
}

static void reap(pid_t pid)
{
	uint64_t end_ms = vmw_now_ms() + PATIENCE;
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (vmw_now_ms() > end_ms) {
			vmw_broken("a fuzzing process hangs");
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return;
		}
		poll(NULL, 0, 5);
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		vmw_broken("a fuzzing process ended with status %x", status);
}

/* What was never met was not tested. */
static bool met_all(void)
{
	static const int errors[] = { 0, EINVAL, ERANGE, EOPNOTSUPP, ESRCH, EFAULT };
	bool all = vmw_fuzz->left;

	for (unsigned int i = 0; i < vmw_fuzz_nr_rounds; i++)
		all = all && vmw_fuzz->rounds[i];
	for (unsigned int i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		all = all && vmw_fuzz->errors[errors[i]];
	return all;
}

/* A slow machine takes longer to meet all. */
static bool enough(uint64_t end_ms)
{
	if (atomic_load(&vmw_stress->broken) == 2 || vmw_now_ms() >= end_ms + PATIENCE)
		return true;
	if (vmw_fuzz->limit && atomic_load(&vmw_fuzz->messages) >= vmw_fuzz->limit)
		return true;
	return vmw_now_ms() >= end_ms && met_all();
}

/* The last worker is killed and replaced; how often. */
static unsigned int fuzz_for(uint64_t ms)
{
	pid_t workers[WORKERS], victims[3];
	unsigned int nr = start_victims(victims), killed = 0, i;
	uint64_t now = vmw_now_ms(), end_ms = now + ms, born = now;

	for (i = 0; i < WORKERS; i++)
		workers[i] = start_worker(i);
	while (!enough(end_ms)) {
		poll(NULL, 0, 5);
		if (vmw_now_ms() < born + LIFE)
			continue;
		end(workers[WORKERS - 1]);
		workers[WORKERS - 1] = start_worker(WORKERS + ++killed);
		born = vmw_now_ms();
	}
	atomic_store(&vmw_stress->stop, true);
	for (i = 0; i < WORKERS; i++)
		reap(workers[i]);
	for (i = 0; i < nr; i++)
		end(victims[i]);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return killed;
}

static bool open_shared(void)
{
	for (unsigned int i = 0; i < VMW_FUZZ_SHARED; i++) {
		vmw_fuzz->sockets[i] = vmw_raw_open();
		if (vmw_fuzz->sockets[i] < 0)
			return false;
	}
	vmw_fuzz->files[0] = open("/sys/kernel/debug/vmwalk/walk", O_RDWR | O_CLOEXEC);
	vmw_fuzz->files[1] = open("/sys/kernel/debug/vmwalk/pte", O_RDWR | O_CLOEXEC);
	return vmw_fuzz->files[0] >= 0 && vmw_fuzz->files[1] >= 0;
}

static void close_shared(void)
{
	for (unsigned int i = 0; i < VMW_FUZZ_SHARED; i++)
		close(vmw_fuzz->sockets[i]);
	close(vmw_fuzz->files[0]);
	close(vmw_fuzz->files[1]);
}

static void say_counts(uint64_t ms, unsigned int killed)
{
	unsigned long n = vmw_fuzz->messages;

	vmw_diag("%lu messages in %llu ms, %llu a second; %lu bytes answered", n,
		 (unsigned long long)ms, (unsigned long long)(ms ? n * 1000 / ms : 0),
		 vmw_fuzz->bytes);
	vmw_diag("%lu dumps left, %u processes killed", vmw_fuzz->left, killed);
	for (unsigned int i = 0; i < vmw_fuzz_nr_rounds; i++)
		vmw_diag("%-14s %lu rounds", vmw_fuzz_rounds[i].name, vmw_fuzz->rounds[i]);
	for (int e = 0; e < VMW_FUZZ_ERRNOS; e++)
		if (vmw_fuzz->errors[e])
			vmw_diag("%-14s %lu answers", e ? strerrorname_np(e) : "no error",
				 vmw_fuzz->errors[e]);
}

static void *shared(size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
	uint64_t ms = vmw_setting("FUZZ_SECONDS", 8) * 1000, begin;
	long mms, tasks;
	unsigned int killed;

	seed = vmw_setting("FUZZ_SEED", time(NULL) % 1000000);
	vmw_stress = shared(sizeof(*vmw_stress));
	vmw_fuzz = shared(sizeof(*vmw_fuzz));
	vmw_fuzz->limit = vmw_setting("FUZZ_MESSAGES", 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGPIPE, SIG_IGN);
	vmw_diag("FUZZ_SEED=%llu FUZZ_SECONDS=%llu FUZZ_MESSAGES=%lu",
		 (unsigned long long)seed, (unsigned long long)ms / 1000, vmw_fuzz->limit);
	mms = vmw_active_objects("mm_struct");
	tasks = vmw_active_objects("task_struct");

	report(open_shared(), "sockets and files for all");
	begin = vmw_now_ms();
	killed = fuzz_for(ms);
	say_counts(vmw_now_ms() - begin, killed);
	close_shared();
	if (atomic_load(&vmw_stress->broken))
		vmw_diag("%s", vmw_stress->what);
	report(!atomic_load(&vmw_stress->broken), "what is right is served, the rest refused");
	report(killed && met_all(), "every kind was met, and every refusal");
	report(vmw_module_idle() && vmw_raw_alive(), "nobody holds the module, which answers");
	report(vmw_settles("mm_struct", mms), "no address space is left");
	report(vmw_settles("task_struct", tasks), "no process is left");
	report(vmw_module_out() && vmw_module_in() && vmw_raw_alive(),
	       "the module goes and comes back");
	printf("1..%u\n", tests);
	return 0;
}
