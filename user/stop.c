// SPDX-License-Identifier: GPL-2.0
#include "stop.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "proc.h"

#define NAP_NS		100000
#define NAPS_MAX	50000	/* then a thread counts as one that cannot stop */

struct tracee {
	pid_t tid;	/* 0: it has exited, or could not be stopped */
	int signal;	/* that it was about to get, 0 if none */
};

struct vmw_stop {
	pid_t pid;
	struct tracee *threads;
	size_t nr;
	sigset_t signals;	/* that were blocked before */
};

/* Who traces the thread: 0 for nobody, -1 if it has exited. */
static pid_t tracer_of(pid_t tid)
{
	char path[64], status[4096];
	const char *state, *tracer;

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	if (vmw_proc_read(path, status, sizeof(status)) < 0)
		return -1;
	state = strstr(status, "\nState:\t");
	if (!state || strchr("ZX", state[strlen("\nState:\t")]))
		return -1;
	tracer = strstr(status, "\nTracerPid:");
	return tracer ? atoi(tracer + strlen("\nTracerPid:")) : 0;
}

/* Why PTRACE_SEIZE failed; 0 if that does not matter. */
static int refusal(const struct vmw_stop *s, pid_t tid, int error,
		   struct vmw_error *err)
{
	pid_t tracer = tracer_of(tid);

	if (error == ESRCH || tracer < 0)
		return 0;
	if (s->pid == getpid())
		return vmw_error_set(err, -EINVAL, "vmwalk cannot stop itself");
	if (tracer)
		return vmw_error_set(err, -EBUSY, "cannot stop process %d: it "
				     "is being traced by PID %d", s->pid,
				     tracer);
	if (error == EPERM)
		return vmw_error_set(err, -EPERM, "not permitted to stop "
				     "process %d: CAP_SYS_PTRACE is needed, "
				     "and no security module against it",
				     s->pid);
	return vmw_error_set(err, -error, "cannot stop thread %d: %s", tid,
			     strerror(error));
}

static bool is_seized(const struct vmw_stop *s, pid_t tid)
{
	for (size_t i = 0; i < s->nr; i++)
		if (s->threads[i].tid == tid)
			return true;
	return false;
}

static int seize(struct vmw_stop *s, pid_t tid, struct vmw_error *err)
{
	struct tracee *threads;

	threads = reallocarray(s->threads, s->nr + 1, sizeof(*threads));
	if (!threads)
		return vmw_error_set(err, -ENOMEM, "no memory for the threads");
	s->threads = threads;
	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL))
		return refusal(s, tid, errno, err);
	threads[s->nr++] = (struct tracee){ .tid = tid };
	/* If it fails the thread has exited: waitpid() will tell. */
	ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
	return 0;
}

/* Seizes the threads that are not yet. */
static int seize_new(struct vmw_stop *s, struct vmw_error *err)
{
	struct dirent *entry;
	char path[64];
	DIR *tasks;
	pid_t tid;
	int ret = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", s->pid);
	tasks = opendir(path);
	if (!tasks)
		return vmw_error_set(err, -ESRCH,
				     "no process %d (it may have exited)",
				     s->pid);
	while (!ret && (entry = readdir(tasks))) {
		tid = atoi(entry->d_name);
		if (tid && !is_seized(s, tid))
			ret = seize(s, tid, err);
	}
	closedir(tasks);
	return ret;
}

/*
 * It stops by our interrupt, by a group stop, or with a signal that came first:
 * that one is still to be delivered.
 */
static int await_stop(struct tracee *t, struct vmw_error *err)
{
	const struct timespec nap = { .tv_nsec = NAP_NS };
	const pid_t tid = t->tid;
	int status;
	pid_t ret;

	for (unsigned int i = 0; i < NAPS_MAX; i++) {
		ret = waitpid(tid, &status, __WALL | WNOHANG);
		if (ret > 0 && WIFSTOPPED(status)) {
			t->signal = status >> 16 ? 0 : WSTOPSIG(status);
			return 0;
		}
		if (ret) {
			t->tid = 0;
			return 0;
		}
		nanosleep(&nap, NULL);
	}
	t->tid = 0;
	return vmw_error_set(err, -ETIMEDOUT, "thread %d does not stop: it is "
			     "in a sleep that nothing interrupts", tid);
}

/* A thread that runs may start others: all stand still when none is new. */
static int stop_all(struct vmw_stop *s, struct vmw_error *err)
{
	size_t stopped;
	int ret;

	do {
		stopped = s->nr;
		ret = seize_new(s, err);
		for (size_t i = stopped; !ret && i < s->nr; i++)
			ret = await_stop(&s->threads[i], err);
	} while (!ret && s->nr > stopped);
	if (!ret && !s->nr)
		ret = vmw_error_set(err, -ESRCH,
				    "no process %d (it may have exited)",
				    s->pid);
	return ret;
}

/* Nobody is to stop us meanwhile from the terminal, and the process with us. */
static void block_terminal_stops(sigset_t *old)
{
	sigset_t stops;

	sigemptyset(&stops);
	sigaddset(&stops, SIGTSTP);
	sigaddset(&stops, SIGTTIN);
	sigaddset(&stops, SIGTTOU);
	sigprocmask(SIG_BLOCK, &stops, old);
}

int vmw_stop_begin(struct vmw_stop **stop, pid_t pid, struct vmw_error *err)
{
	struct vmw_stop *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return vmw_error_set(err, -ENOMEM, "no memory for the threads");
	s->pid = pid;
	block_terminal_stops(&s->signals);
	ret = stop_all(s, err);
	if (ret) {
		vmw_stop_end(s);
		return ret;
	}
	*stop = s;
	return 0;
}

static bool detach(const struct tracee *t)
{
	return !ptrace(PTRACE_DETACH, t->tid, NULL, (void *)(long)t->signal);
}

/*
 * One that has not stopped yet cannot be let go, and one that was killed
 * meanwhile does not end before we have taken note of it.
 */
static void let_go(struct tracee *t)
{
	struct vmw_error unsaid;

	if (t->tid && !detach(t) && !await_stop(t, &unsaid) && t->tid)
		detach(t);
}

void vmw_stop_end(struct vmw_stop *stop)
{
	if (!stop)
		return;
	/* The leader last: it does not come to its end before the others. */
	for (size_t i = stop->nr; i-- > 0;)
		let_go(&stop->threads[i]);
	sigprocmask(SIG_SETMASK, &stop->signals, NULL);
	free(stop->threads);
	free(stop);
}
