// SPDX-License-Identifier: GPL-2.0
/* A whole command, from its start to its end; what it says goes nowhere. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

extern char **environ;

int vmw_ask_command(const char *const argv[], uint64_t *peak)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage = { 0 };
	int status, ret;
	pid_t child;

	if (posix_spawn_file_actions_init(&actions) ||
	    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO,
					     "/dev/null", O_WRONLY, 0))
		return -ENOMEM;
	ret = posix_spawnp(&child, argv[0], &actions, NULL,
			   (char *const *)argv, environ);
	if (!ret && wait4(child, &status, 0, &usage) != child)
		ret = errno;
	posix_spawn_file_actions_destroy(&actions);
	/* Of whichever had most, the command or a child that it has waited for. */
	if (peak)
		*peak = usage.ru_maxrss;
	if (ret)
		return ret == ENOENT ? -EOPNOTSUPP : -ret;
	/* 2: of another version, to which it is no command. */
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
		return -EOPNOTSUPP;
	return status ? -EIO : 0;
}
