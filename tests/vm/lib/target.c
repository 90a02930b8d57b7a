// SPDX-License-Identifier: GPL-2.0
/* Starts, stops and ends the processes that the tests read. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "target.h"

/* Milliseconds without a word after which a target counts as stuck. */
#define PATIENCE 120000
#define SAID_MAX 16384

void vmw_diag(const char *fmt, ...)
{
	va_list ap;

	fputs("# ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

uint64_t vmw_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

static _Noreturn void become(const char *const argv[], int in, int out)
{
	setpgid(0, 0);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	execv(argv[0], (char *const *)argv);
	fprintf(stderr, "# %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Start of the last complete line of @said. */
static char *last_line(char *said, size_t len)
{
	char *nl;

	if (!len || said[len - 1] != '\n')
		return NULL;
	nl = len > 1 ? memrchr(said, '\n', len - 1) : NULL;
	return nl ? nl + 1 : said;
}

/* Reads up to "ready", "skip" or "fail", which always end what is said. */
static int listen_to(struct vmw_target *t)
{
	struct pollfd p = { .fd = t->out, .events = POLLIN };
	size_t len = 0;

	for (;;) {
		char *line;
		ssize_t n;

		if (poll(&p, 1, PATIENCE) <= 0)
			return -ETIMEDOUT;
		n = read(t->out, t->said + len, SAID_MAX - 1 - len);
		if (n <= 0)
			return n ? -errno : -EPIPE;
		len += n;
		t->said[len] = '\0';
		line = last_line(t->said, len);
		if (!line)
			continue;
		if (!strcmp(line, "ready\n"))
			return 0;
		if (!strncmp(line, "skip ", 5)) {
			line[strcspn(line, "\n")] = '\0';
			t->skip = line + 5;
			return 0;
		}
		if (!strncmp(line, "fail ", 5))
			return -ECANCELED;
	}
}

int vmw_target_start(struct vmw_target *t, const char *const argv[],
		     const char *input)
{
	int in[2], out[2], err;

	*t = (struct vmw_target){ .pid = -1, .in = -1, .out = -1 };
	t->said = calloc(1, SAID_MAX);
	/* Children of the target come to us when it has ended. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (!t->said || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		abort();
	t->pid = fork();
	if (!t->pid)
		become(argv, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	t->in = in[1];
	t->out = out[0];
	if (input && write(t->in, input, strlen(input)) < 0)
		vmw_diag("%s: write: %s", argv[0], strerror(errno));
	err = listen_to(t);
	if (!err)
		return 0;
	vmw_diag("%s %s: %s: %s", argv[0], argv[1] ? argv[1] : "",
		 strerror(-err), t->said);
	vmw_target_end(t);
	return -1;
}

int vmw_target_restart(struct vmw_target *t)
{
	return write(t->in, "\n", 1) == 1 && !listen_to(t) ? 0 : -1;
}

int vmw_target_stop(struct vmw_target *t)
{
	int status;

	/* A process group stop is reported when its last thread has stopped. */
	if (kill(t->pid, SIGSTOP) || waitpid(t->pid, &status, WUNTRACED) < 0)
		return -1;
	return WIFSTOPPED(status) ? 0 : -1;
}

void vmw_target_continue(struct vmw_target *t)
{
	kill(t->pid, SIGCONT);
}

void vmw_target_end(struct vmw_target *t)
{
	if (t->pid > 0) {
		setpgid(t->pid, t->pid);
		kill(-t->pid, SIGKILL);
		/* First itself, then the children that it leaves to us. */
		waitpid(t->pid, NULL, 0);
		while (waitpid(-t->pid, NULL, 0) > 0 || errno == EINTR)
			;
	}
	if (t->in >= 0)
		close(t->in);
	if (t->out >= 0)
		close(t->out);
	free(t->said);
	*t = (struct vmw_target){ .pid = -1, .in = -1, .out = -1 };
}
