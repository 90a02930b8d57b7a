// SPDX-License-Identifier: GPL-2.0
/* Churns of processes: address spaces that appear, are replaced and go. */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"

/* Children copy on write, and exit or are killed in the middle of it. */

static char *inherited;

static const char *fork_start(void)
{
	inherited = vmw_map(256 * PAGE);
	vmw_touch(inherited, 256);
	return NULL;
}

static void fork_step(struct rng *r)
{
	pid_t pid = fork();

	if (!pid) {
		vmw_touch(inherited, vmw_below(r, 256));
		usleep(vmw_below(r, 5000));
		vmw_touch(inherited, 256);
		_exit(0);
	}
	if (pid < 0)
		return;
	vmw_victim(r, pid);
	vmw_touch(inherited + vmw_below(r, 256) * PAGE, 1);
	if (vmw_below(r, 2)) {
		usleep(vmw_below(r, 3000));
		kill(pid, SIGKILL);
	}
	waitpid(pid, NULL, 0);
}

/* Children become another program under the walker's eyes. */

static const char *exec_start(void)
{
	return NULL;
}

static void exec_step(struct rng *r)
{
	char *const argv[] = { "stress", "brief", NULL };
	pid_t pid = fork();

	if (!pid) {
		usleep(vmw_below(r, 2000));
		execv("/proc/self/exe", argv);
		_exit(1);
	}
	if (pid < 0)
		return;
	vmw_victim(r, pid);
	waitpid(pid, NULL, 0);
}

/* Threads, and their stacks. */

static void *run_brief(void *arg)
{
	char deep[16 * PAGE];

	vmw_touch(deep, 16);
	return arg;
}

static const char *threads_start(void)
{
	return NULL;
}

static void threads_step(struct rng *r)
{
	pthread_t id[4];
	size_t nr = 1 + vmw_below(r, 4), i;

	for (i = 0; i < nr; i++)
		if (pthread_create(&id[i], NULL, run_brief, NULL))
			break;
	while (i--)
		pthread_join(id[i], NULL);
}

const struct churn vmw_churn_tasks[] = {
	{ "fork", fork_start, fork_step },
	{ "exec", exec_start, exec_step },
	{ "threads", threads_start, threads_step },
	{ NULL },
};
