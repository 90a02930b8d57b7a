// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "target.h"

#define REFCNT "/sys/module/vmwalk/refcnt"
#define PATIENCE 20000	/* milliseconds */

bool vmw_in_child(bool (*part)(void *arg), void *arg)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return false;
	if (!pid) {
		bool ok = part(arg);

		fflush(stdout);
		_exit(ok ? 0 : 1);
	}
	if (waitpid(pid, &status, 0) != pid)
		return false;
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

bool vmw_become_nobody(void)
{
	return !setresgid(VMW_NOBODY, VMW_NOBODY, VMW_NOBODY) &&
	       !setresuid(VMW_NOBODY, VMW_NOBODY, VMW_NOBODY);
}

pid_t vmw_fork_idle(void)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

void vmw_end_idle(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int read_refcnt(void)
{
	FILE *f = fopen(REFCNT, "re");
	int n = -1;

	if (f) {
		if (fscanf(f, "%d", &n) != 1)
			n = -1;
		fclose(f);
	}
	return n;
}

/* A socket's end reaches the module some time after close(), through RCU. */
bool vmw_module_idle(void)
{
	int ms;

	for (ms = 0; ms < PATIENCE; ms += 10) {
		if (read_refcnt() == 0)
			return true;
		poll(NULL, 0, 10);
	}
	vmw_diag(REFCNT " stays %d", read_refcnt());
	return false;
}
