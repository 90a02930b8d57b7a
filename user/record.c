// SPDX-License-Identifier: GPL-2.0
#include "record.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

#define NS_PER_S	1000000000

enum { TICK, SIGNALS, PROCESS, FDS };

struct recording {
	struct vmw_store *store;
	const struct vmw_record_request *req;
	struct vmw_recorded *out;
	struct pollfd fds[FDS];
	uint64_t ends;		/* nanoseconds, CLOCK_MONOTONIC; 0: never */
	char exe[PATH_MAX];	/* of the snapshot before */
	struct vmw_error *err;
};

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * (uint64_t)NS_PER_S + t.tv_nsec;
}

static int open_timer(uint64_t interval)
{
	const struct timespec t = {
		.tv_sec = interval / NS_PER_S, .tv_nsec = interval % NS_PER_S,
	};
	const struct itimerspec spec = { .it_interval = t, .it_value = t };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	if (fd >= 0 && timerfd_settime(fd, 0, &spec, NULL)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int open_all(struct recording *r)
{
	const pid_t pid = r->req->pid;
	int error;

	for (int i = 0; i < FDS; i++)
		r->fds[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	r->fds[PROCESS].fd = syscall(SYS_pidfd_open, pid, 0);
	if (r->fds[PROCESS].fd < 0) {
		error = errno;
		return vmw_error_set(r->err, -error, "cannot watch process %d: "
				     "%s", pid, strerror(error));
	}
	r->fds[SIGNALS].fd = open_signals();
	if (r->fds[SIGNALS].fd >= 0)
		r->fds[TICK].fd = open_timer(r->req->interval);
	if (r->fds[TICK].fd >= 0)
		return 0;
	error = errno;
	return vmw_error_set(r->err, -error, "cannot set up a timer: %s",
			     strerror(error));
}

static void close_all(struct recording *r)
{
	for (int i = 0; i < FDS; i++)
		if (r->fds[i].fd >= 0)
			close(r->fds[i].fd);
}

static bool has_exited(const struct recording *r)
{
	struct pollfd p = { .fd = r->fds[PROCESS].fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

static void note(struct recording *r, const struct vmw_snapshot *s)
{
	struct vmw_recorded *out = r->out;

	if (!out->snapshots++)
		out->first = s->number;
	else if (strcmp(r->exe, s->origin.exe))
		out->programs++;
	out->last = s->number;
	if (!s->as.complete || s->as.end.consistency == VMWALK_CHANGED)
		out->mixtures++;
	strcpy(r->exe, s->origin.exe);
}

/*
 * A process that is becoming another program has no memory to look at, or not
 * the same for long enough: the next tick will find it.
 */
static int tick(struct recording *r)
{
	struct vmw_take_request take = r->req->take;
	struct vmw_snapshot *s;
	char target[16];
	int ret;

	snprintf(target, sizeof(target), "%d", r->req->pid);
	take.target = target;
	ret = vmw_take(&take, &s, r->err);
	if (ret == -ESRCH || ret == -EAGAIN) {
		r->out->missed += !has_exited(r);
		return 0;
	}
	if (ret)
		return ret;
	if (!r->out->snapshots && r->req->note)
		snprintf(s->note, sizeof(s->note), "%s", r->req->note);
	ret = vmw_store_add(r->store, s, r->err);
	if (!ret)
		note(r, s);
	vmw_snapshot_destroy(s);
	return ret;
}

/* Milliseconds until it is to end, for poll(). */
static int patience(const struct recording *r)
{
	const uint64_t t = now();

	if (!r->ends)
		return -1;
	return t < r->ends ? (r->ends - t) / 1000000 + 1 : 0;
}

static int take_tick(struct recording *r)
{
	uint64_t ticks;

	if (read(r->fds[TICK].fd, &ticks, sizeof(ticks)) != sizeof(ticks))
		return 0;
	r->out->missed += ticks - 1;
	return tick(r);
}

static int run(struct recording *r)
{
	int ret;

	ret = tick(r);
	while (!ret) {
		vmw_progress_step(r->out->snapshots, 0);
		if (poll(r->fds, FDS, patience(r)) < 0 && errno != EINTR)
			return vmw_error_set(r->err, -errno, "cannot wait: %s",
					     strerror(errno));
		if (r->fds[PROCESS].revents) {
			r->out->end = VMW_RECORD_EXIT;
			return 0;
		}
		if (r->fds[SIGNALS].revents) {
			r->out->end = VMW_RECORD_SIGNAL;
			return 0;
		}
		if (r->ends && now() >= r->ends) {
			r->out->end = VMW_RECORD_TIME;
			return 0;
		}
		if (r->fds[TICK].revents)
			ret = take_tick(r);
	}
	return ret;
}

int vmw_record(struct vmw_store *store, const struct vmw_record_request *req,
	       struct vmw_recorded *out, struct vmw_error *err)
{
	struct recording r = {
		.store = store, .req = req, .out = out, .err = err,
		.ends = req->duration ? now() + req->duration : 0,
	};
	int ret;

	*out = (struct vmw_recorded){ 0 };
	ret = open_all(&r);
	vmw_progress_begin("snapshots recorded");
	if (!ret)
		ret = run(&r);
	vmw_progress_end();
	close_all(&r);
	if (!ret && !out->snapshots)
		ret = vmw_error_set(err, -ESRCH, "process %d ended before there "
				    "was a snapshot of it", req->pid);
	return ret;
}
