// SPDX-License-Identifier: GPL-2.0
#include "annotate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "elfutils.h"
#include "privileges.h"
#include "proc.h"
#include "progress.h"

#define MEMORY_MAX	(1ULL << 30)	/* bytes more than we have ourselves */
#define CPU_MAX		30		/* seconds */
#define TIME_MAX	60		/* likewise, by the clock */
#define SLICE		200	/* ms between two looks at how long it has taken */
#define PIPE_FD		3		/* of the child, its only file */

static void limit(int resource, uint64_t max)
{
	const struct rlimit l = { .rlim_cur = max, .rlim_max = max };

	setrlimit(resource, &l);
}

/* Bytes of our own address space. */
static uint64_t own_size(void)
{
	unsigned long long pages = 0;
	char text[128];

	if (vmw_proc_read("/proc/self/statm", text, sizeof(text)) > 0)
		sscanf(text, "%llu", &pages);
	return pages * sysconf(_SC_PAGESIZE);
}

/*
 * What ends the child ends it, whatever its parent does about it. What a terminal
 * sends is the parent's: it stays as it is.
 */
static void default_signals(void)
{
	static const int signals[] = {
		SIGABRT, SIGALRM, SIGBUS, SIGFPE, SIGILL, SIGPIPE, SIGSEGV, SIGXCPU,
	};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		signal(signals[i], SIG_DFL);
		sigaddset(&set, signals[i]);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/*
 * Gives up what the child does not need: our files above all. The pipe may be in
 * the place of a standard one that was closed.
 */
static int confine(int pipe, pid_t parent)
{
	int null;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		return -ESRCH;
	if (pipe != PIPE_FD && dup2(pipe, PIPE_FD) < 0)
		return -errno;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd < PIPE_FD; fd++)
		if (null < 0 || dup2(null, fd) < 0)
			return -errno;
	if (close_range(PIPE_FD + 1, ~0U, 0))
		return -errno;
	vmw_privileges_read_only();
	limit(RLIMIT_AS, own_size() + MEMORY_MAX);
	/* SIGXCPU; at the hard limit it would be SIGKILL, as of whoever else. */
	setrlimit(RLIMIT_CPU, &(struct rlimit){ CPU_MAX, CPU_MAX + 1 });
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	default_signals();
	alarm(TIME_MAX);
	return 0;
}

static int send_all(const void *buf, size_t len)
{
	const char *at = buf;

	while (len) {
		ssize_t n = write(PIPE_FD, at, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			at += n;
			len -= n;
		}
	}
	return 0;
}

/* Each with its frames behind it. */
static int send_gs(const struct vmw_runtime *rt)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < rt->nr_gs; i++) {
		const struct vmw_g *g = &rt->gs[i];

		ret = send_all(g, sizeof(*g));
		if (!ret && g->nr_frames)
			ret = send_all(rt->frames + g->first_frame,
				       g->nr_frames * sizeof(*rt->frames));
	}
	return ret;
}

static int send_runtime(const struct vmw_runtime *rt)
{
	struct vmw_annotate_header h = {
		.source = rt->source, .torn = rt->torn, .unread = rt->unread,
		.nr_gs = rt->nr_gs, .nr_spans = rt->nr_spans,
		.nr_labels = rt->nr_labels, .nr_symbols = rt->nr_symbols,
		.nr_slots = rt->nr_slots,
	};
	int ret;

	memcpy(h.version, rt->version, sizeof(h.version));
	memcpy(h.note, rt->note, sizeof(h.note));
	ret = send_all(&h, sizeof(h));
	if (!ret)
		ret = send_gs(rt);
	if (!ret)
		ret = send_all(rt->spans, rt->nr_spans * sizeof(*rt->spans));
	if (!ret)
		ret = send_all(rt->labels, rt->nr_labels * sizeof(*rt->labels));
	if (!ret)
		ret = send_all(rt->symbols,
			       rt->nr_symbols * sizeof(*rt->symbols));
	if (!ret)
		ret = send_all(rt->slots, rt->nr_slots * sizeof(*rt->slots));
	return ret;
}

static void __attribute__((noreturn))
run_child(const struct vmw_aspace *as, const struct vmw_annotate_request *req,
	  int pipe, pid_t parent)
{
	struct vmw_runtime rt = { 0 };
	int ret = confine(pipe, parent);

	if (!ret)
		ret = vmw_annotate_read(as, req, &rt);
	if (!ret)
		ret = send_runtime(&rt);
	_exit(ret ? 1 : 0);
}

/* The parent's end of the pipe. */
struct vmw_annotation {
	pid_t child;
	bool runtime;		/* was asked for */
	int fd;
	struct timespec until;
	size_t at, filled;	/* what is left of .buf */
	char buf[65536];
};

static int milliseconds_left(const struct vmw_annotation *in)
{
	struct timespec now;
	long long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (in->until.tv_sec - now.tv_sec) * 1000LL +
	     (in->until.tv_nsec - now.tv_nsec) / 1000000;
	return ms > 0 ? ms : 0;
}

/* Until there is something; it is told meanwhile that this takes its time. */
static int wait_for(const struct vmw_annotation *in)
{
	struct pollfd p = { .fd = in->fd, .events = POLLIN };
	int left, ready;

	do {
		left = milliseconds_left(in);
		ready = poll(&p, 1, left < SLICE ? left : SLICE);
		vmw_progress_step(TIME_MAX - left / 1000, 0);
	} while ((!ready && left) || (ready < 0 && errno == EINTR));
	return ready;
}

/* Returns 0, -EPIPE for an end before its time, -ETIMEDOUT, or -EIO. */
static int refill(struct vmw_annotation *in)
{
	ssize_t n;
	int ready;

	do {
		ready = wait_for(in);
		n = ready > 0 ? read(in->fd, in->buf, sizeof(in->buf)) : -1;
	} while (ready > 0 && n < 0 && errno == EINTR);
	if (!ready)
		return -ETIMEDOUT;
	if (n <= 0)
		return n ? -EIO : -EPIPE;
	in->at = 0;
	in->filled = n;
	return 0;
}

static int receive(struct vmw_annotation *in, void *buf, size_t len)
{
	char *to = buf;

	while (len) {
		size_t n = in->filled - in->at;
		int ret = n ? 0 : refill(in);

		if (ret)
			return ret;
		n = in->filled - in->at < len ? in->filled - in->at : len;
		memcpy(to, in->buf + in->at, n);
		in->at += n;
		to += n;
		len -= n;
	}
	return 0;
}

#define END_TEXT(text)	((text)[sizeof(text) - 1] = '\0')

static int receive_g(struct vmw_annotation *in, struct vmw_aspace *as)
{
	struct vmw_runtime *rt = &as->runtime;
	struct vmw_call frames[VMW_FRAMES_OF_G];
	struct vmw_g g;
	uint32_t nr;
	int ret = receive(in, &g, sizeof(g));

	if (ret)
		return ret;
	nr = g.nr_frames;
	if (nr > VMW_FRAMES_OF_G)
		return -EPROTO;
	if (nr)
		ret = receive(in, frames, nr * sizeof(*frames));
	if (ret)
		return ret;
	END_TEXT(g.wait);
	END_TEXT(g.start);
	g.nr_frames = 0;
	ret = vmw_aspace_add_g(as, &g);
	return ret ? ret : vmw_runtime_add_frames(rt, &rt->gs[rt->nr_gs - 1],
						  frames, nr);
}

static int receive_span(struct vmw_annotation *in, struct vmw_aspace *as)
{
	struct vmw_go_span s;
	int ret = receive(in, &s, sizeof(s));

	return ret ? ret : vmw_aspace_add_span(as, &s);
}

static int receive_label(struct vmw_annotation *in, struct vmw_aspace *as)
{
	struct vmw_label l;
	int ret = receive(in, &l, sizeof(l));

	if (ret)
		return ret;
	END_TEXT(l.name);
	return vmw_aspace_add_label(as, &l);
}

static int receive_symbol(struct vmw_annotation *in, struct vmw_aspace *as)
{
	struct vmw_runtime_symbol s;
	int ret = receive(in, &s, sizeof(s));

	if (ret)
		return ret;
	END_TEXT(s.name);
	return vmw_runtime_add_symbol(&as->runtime, &s);
}

static int receive_slot(struct vmw_annotation *in, struct vmw_aspace *as)
{
	struct vmw_slot s;
	int ret = receive(in, &s, sizeof(s));

	if (ret)
		return ret;
	END_TEXT(s.in);
	END_TEXT(s.name);
	END_TEXT(s.type);
	return s.kind < VMW_SLOT_KINDS && s.number < s.nr &&
	       s.asked >= s.start && s.asked < s.cfa ?
	       vmw_runtime_add_slot(&as->runtime, &s) : -EPROTO;
}

static int receive_runtime(struct vmw_annotation *in, struct vmw_aspace *as)
{
	struct vmw_runtime *rt = &as->runtime;
	struct vmw_annotate_header h;
	int ret = receive(in, &h, sizeof(h));

	if (ret)
		return ret;
	END_TEXT(h.version);
	END_TEXT(h.note);
	if (h.source >= VMW_EVIDENCES)
		return -EPROTO;
	memcpy(rt->version, h.version, sizeof(rt->version));
	memcpy(rt->note, h.note, sizeof(rt->note));
	rt->source = h.source;
	rt->torn = h.torn;
	rt->unread = h.unread;
	for (uint32_t i = 0; !ret && i < h.nr_gs; i++)
		ret = receive_g(in, as);
	for (uint32_t i = 0; !ret && i < h.nr_spans; i++)
		ret = receive_span(in, as);
	for (uint32_t i = 0; !ret && i < h.nr_labels; i++)
		ret = receive_label(in, as);
	for (uint32_t i = 0; !ret && i < h.nr_symbols; i++)
		ret = receive_symbol(in, as);
	for (uint32_t i = 0; !ret && i < h.nr_slots; i++)
		ret = receive_slot(in, as);
	vmw_runtime_finish(rt);
	return ret;
}

/* How the child ended, if it did not do what it was to do. */
static const char *ending(int ret, int status)
{
	const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	if (ret == -ETIMEDOUT || signal == SIGALRM || signal == SIGXCPU)
		return "it took too long";
	if (ret == -EPROTO)
		return "it came to what cannot be";
	if (ret == -EIO)
		return "the reader could not be heard";
	if (signal)
		return "reading it made the reader crash";
	return "it needs more memory or files than the reader may have";
}

static pid_t reap(pid_t child, int *status)
{
	pid_t pid;

	do
		pid = waitpid(child, status, 0);
	while (pid < 0 && errno == EINTR);
	return pid;
}

/* The child may open no file: all that it needs is opened before. */
static int start_child(struct vmw_annotation *a, const struct vmw_aspace *as,
		       const struct vmw_annotate_request *req,
		       struct vmw_error *err)
{
	const pid_t parent = getpid();
	int fds[2], ret;

	ret = vmw_elfutils_open(err);
	if (ret)
		return ret;
	if (pipe2(fds, O_CLOEXEC))
		return vmw_error_set(err, -errno, "cannot make a pipe: %s",
				     strerror(errno));
	a->child = fork();
	if (!a->child)
		run_child(as, req, fds[1], parent);
	ret = a->child < 0 ? -errno : 0;
	close(fds[1]);
	a->fd = fds[0];
	if (!ret)
		return 0;
	close(a->fd);
	return vmw_error_set(err, ret, "cannot start a process: %s",
			     strerror(-ret));
}

int vmw_annotate_begin(const struct vmw_aspace *as,
		       const struct vmw_annotate_request *req,
		       struct vmw_annotation **out, struct vmw_error *err)
{
	struct vmw_annotation *a = calloc(1, sizeof(*a));
	int ret;

	if (!a)
		return vmw_error_set(err, -ENOMEM, "no memory for what the "
				     "process keeps in its memory");
	a->runtime = req->runtime;
	clock_gettime(CLOCK_MONOTONIC, &a->until);
	a->until.tv_sec += TIME_MAX;
	ret = start_child(a, as, req, err);
	if (ret)
		free(a);
	else
		*out = a;
	return ret;
}

int vmw_annotate_fd(const struct vmw_annotation *a)
{
	return a->fd;
}

/* Returns how the child ended. */
static int release(struct vmw_annotation *a, bool kill_it)
{
	int status = 0;

	close(a->fd);
	if (kill_it)
		kill(a->child, SIGKILL);
	reap(a->child, &status);
	free(a);
	return status;
}

void vmw_annotate_cancel(struct vmw_annotation *a)
{
	if (a)
		release(a, true);
}

int vmw_annotate_end(struct vmw_annotation *a, struct vmw_aspace *as,
		     struct vmw_error *err)
{
	const bool runtime = a->runtime;
	int ret, status;

	vmw_runtime_deinit(&as->runtime);
	as->runtime.known = runtime;
	ret = receive_runtime(a, as);
	status = release(a, ret);
	if (ret == -ENOMEM)
		return vmw_error_set(err, ret, "no memory for what the process "
				     "keeps in its memory");
	if (ret) {
		vmw_runtime_deinit(&as->runtime);
		as->runtime.known = runtime;
		vmw_runtime_note(&as->runtime, "what the process keeps in its "
				 "memory was not found out: %s",
				 ending(ret, status));
	}
	return 0;
}

int vmw_annotate(struct vmw_aspace *as, const struct vmw_annotate_request *req,
		 struct vmw_error *err)
{
	struct vmw_annotation *a;
	int ret;

	vmw_runtime_deinit(&as->runtime);
	ret = vmw_annotate_begin(as, req, &a, err);
	if (ret)
		return ret;
	vmw_progress_begin("looking into the program, seconds");
	ret = vmw_annotate_end(a, as, err);
	vmw_progress_end();
	return ret;
}
