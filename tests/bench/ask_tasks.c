// SPDX-License-Identifier: GPL-2.0
/* A file of every process there is, as ps and its like read them. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

static int ask(const char *name)
{
	DIR *proc = opendir("/proc");
	struct dirent *d;
	pid_t pid;

	if (!proc)
		return -errno;
	while ((d = readdir(proc))) {
		pid = strtol(d->d_name, NULL, 10);
		/* Kernel threads have no address space, others may go. */
		if (pid > 0)
			vmw_slurp(pid, name);
	}
	closedir(proc);
	return 0;
}

int vmw_ask_statuses(pid_t pid)
{
	(void)pid;
	return ask("status");
}

int vmw_ask_rollups(pid_t pid)
{
	(void)pid;
	return ask("smaps_rollup");
}
