// SPDX-License-Identifier: GPL-2.0
#include "watch.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "feed.h"
#include "layout.h"
#include "progress.h"
#include "screen.h"

#define NS_PER_S	1000000000

enum { KEYS, SIGNALS, TICK, PROCESS, LABELS, FDS };

struct watch {
	const struct vmw_watch_request *req;
	struct vmw_style style;
	struct vmw_feed *feed;
	struct vmw_screen *screen;
	struct pollfd fds[FDS];
	sigset_t old_signals;

	struct vmw_reading *now, *before;	/* .before: NULL, or what was shown */
	struct vmw_diff diff;	/* if there is .before */
	char *page;		/* what `pte` says of .state.page */
	uint64_t readings;
	bool ended;		/* the process */
	char message[512];	/* of what happened last; "": nothing */

	struct vmw_watch_state state;
	struct vmw_watch_layout layout;
	bool drawn;		/* what there is to be seen is on the screen */
	bool quit;
};

/* One line, whatever names there are in it. */
static void tell(struct watch *w, const char *text)
{
	vmw_escape_name(text, w->message, sizeof(w->message));
	w->drawn = false;
}

static struct vmw_watch_subject subject_of(const struct watch *w)
{
	return (struct vmw_watch_subject){
		.as = &w->now->as, .segs = &w->now->segs,
		.diff = w->before ? &w->diff : NULL, .page = w->page,
	};
}

static void lay_out(struct watch *w)
{
	const struct vmw_watch_subject subject = subject_of(w);

	vmw_watch_layout_deinit(&w->layout);
	w->style.width = vmw_screen_width(w->screen);
	if (vmw_watch_lay_out(&w->state, &w->style, &subject, &w->layout))
		tell(w, "no memory for this view");
	w->drawn = false;
}

static void name_reading(const struct watch *w, char *buf, size_t size)
{
	const char *state = "";

	if (w->ended)
		state = ", ENDED";
	else if (w->state.paused)
		state = ", paused";
	if (vmw_feed_is_live(w->feed))
		snprintf(buf, size, "reading %" PRIu64 "%s", w->readings, state);
	else
		snprintf(buf, size, "%s", w->now->name);
}

static void draw(struct watch *w)
{
	const struct vmw_watch_subject subject = subject_of(w);
	char who[192], name[160], head[384], sums[320], hint[256];
	struct vmw_frame frame = {
		.head = { head, sums, w->message }, .foot = hint,
		.title = w->layout.title,
		.row = w->layout.row, .nr = w->layout.nr,
	};

	vmw_watch_head(&w->style, &subject, who, sizeof(who));
	name_reading(w, name, sizeof(name));
	snprintf(head, sizeof(head), "%s: %s", name, who);
	vmw_watch_sums(&w->style, &subject, sums, sizeof(sums));
	vmw_watch_hint(&w->state, hint, sizeof(hint));
	w->state.height = vmw_screen_height(w->screen, &frame);
	vmw_watch_settle(&w->state, w->layout.row, w->layout.nr);
	frame.top = w->state.at[w->state.view].top;
	frame.cursor = w->state.at[w->state.view].row;
	vmw_screen_draw(w->screen, &frame);
	w->drawn = true;
}

static void forget(struct vmw_reading *r)
{
	if (!r)
		return;
	vmw_reading_deinit(r);
	free(r);
}

/* The same mapping of the same program has these where they were. */
static bool is_other_program(const struct vmw_reading *a,
			     const struct vmw_reading *b)
{
	return strcmp(a->program, b->program) ||
	       a->as.mm.start_code != b->as.mm.start_code ||
	       a->as.mm.start_stack != b->as.mm.start_stack;
}

/* What was shown is now what came before. Of another program nothing is the same. */
static void take_over(struct watch *w, struct vmw_reading *r)
{
	const bool other = w->now && vmw_feed_is_live(w->feed) &&
			   is_other_program(w->now, r);
	char text[sizeof(w->message)];

	if (w->before)
		vmw_diff_deinit(&w->diff);
	forget(w->before);
	w->before = w->now;
	w->now = r;
	w->readings++;
	if (other) {
		forget(w->before);
		w->before = NULL;
		snprintf(text, sizeof(text), "it became another program: %.200s",
			 r->program);
		tell(w, text);
	}
	if (w->before && vmw_diff_make(&w->before->as, &w->before->segs,
				       &r->as, &r->segs, false, &w->diff)) {
		forget(w->before);
		w->before = NULL;
	}
	w->state.page_size = (uint64_t)1 << r->as.page_shift;
}

static void read_page(struct watch *w)
{
	struct vmw_error err;

	free(w->page);
	w->page = NULL;
	if (vmw_feed_page(w->feed, &w->style, &w->now->as, w->state.page,
			  &w->page, &err))
		tell(w, err.text);
}

static int read_now(struct watch *w, struct vmw_error *err)
{
	struct vmw_reading *r = calloc(1, sizeof(*r));
	int ret;

	if (!r)
		return vmw_error_set(err, -ENOMEM, "no memory for a reading");
	ret = vmw_feed_read(w->feed, r, err);
	if (ret) {
		free(r);
		return ret;
	}
	take_over(w, r);
	return 0;
}

/* What is seen stays, if there is nothing new. */
static void read_again(struct watch *w)
{
	struct vmw_error err;
	int ret;

	if (w->ended)
		return;
	ret = read_now(w, &err);
	/* In the middle of an exec(), or of its end, it has no memory. */
	if (ret && ret != -ESRCH)
		tell(w, err.text);
	if (ret)
		return;
	if (w->state.view == VMW_WATCH_PAGE)
		read_page(w);
	lay_out(w);
}

/* Segments that have got names did not change: there is nothing to compare with. */
static void take_labels(struct watch *w)
{
	const bool first = vmw_feed_take_labels(w->feed);

	if (!first || w->state.paused)
		return;
	read_again(w);
	if (w->before)
		vmw_diff_deinit(&w->diff);
	forget(w->before);
	w->before = NULL;
	lay_out(w);
}

static void note_end(struct watch *w)
{
	char text[64];

	w->ended = true;
	w->fds[PROCESS].fd = -1;
	snprintf(text, sizeof(text), "process %u ended: this is the last reading "
		 "of it", w->now->as.mm.pid);
	tell(w, text);
}

static void take_snapshot(struct watch *w)
{
	char text[sizeof(w->message)];
	struct vmw_error err;
	uint64_t number;

	if (vmw_feed_snapshot(w->feed, w->req->output, &number, &err)) {
		tell(w, err.text);
		return;
	}
	snprintf(text, sizeof(text), "kept as %.300s@%" PRIu64, w->req->output,
		 number);
	tell(w, text);
}

static void step(struct watch *w, bool later)
{
	struct vmw_error err;

	if (vmw_feed_step(w->feed, later, &err))
		tell(w, err.text);
	else
		read_again(w);
}

static void follow(struct watch *w, int key)
{
	w->message[0] = '\0';
	w->drawn = false;
	switch (vmw_watch_key(&w->state, key, w->layout.row, w->layout.nr)) {
	case VMW_TODO_NOTHING:
	case VMW_TODO_DRAW:
		break;
	case VMW_TODO_READ_PAGE:
		read_page(w);
		lay_out(w);
		break;
	case VMW_TODO_LAY_OUT:
		lay_out(w);
		break;
	case VMW_TODO_READ:
		read_again(w);
		break;
	case VMW_TODO_SNAPSHOT:
		take_snapshot(w);
		break;
	case VMW_TODO_EARLIER:
		step(w, false);
		break;
	case VMW_TODO_LATER:
		step(w, true);
		break;
	case VMW_TODO_QUIT:
		w->quit = true;
		break;
	}
}

static void take_keys(struct watch *w)
{
	int key;

	while (!w->quit && (key = vmw_screen_key(w->screen)))
		follow(w, key);
}

static void take_signal(struct watch *w)
{
	struct signalfd_siginfo info;

	if (read(w->fds[SIGNALS].fd, &info, sizeof(info)) != sizeof(info))
		return;
	switch (info.ssi_signo) {
	case SIGTSTP:
		vmw_screen_stop(w->screen);
		break;
	case SIGWINCH:
		vmw_screen_resize(w->screen);
		break;
	default:
		w->quit = true;
		return;
	}
	lay_out(w);
}

static void take_tick(struct watch *w)
{
	uint64_t ticks;

	if (read(w->fds[TICK].fd, &ticks, sizeof(ticks)) == sizeof(ticks) &&
	    !w->state.paused)
		read_again(w);
}

/* A terminal that is gone has no keys any more. */
static void take_events(struct watch *w)
{
	if (w->fds[SIGNALS].revents)
		take_signal(w);
	if (w->fds[KEYS].revents & (POLLHUP | POLLERR | POLLNVAL))
		w->quit = true;
	else if (w->fds[KEYS].revents)
		take_keys(w);
	if (w->fds[LABELS].revents)
		take_labels(w);
	if (w->fds[TICK].revents && !w->quit)
		take_tick(w);
	if (w->fds[PROCESS].fd >= 0 && w->fds[PROCESS].revents)
		note_end(w);
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

static int open_signals(struct watch *w)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGTSTP);
	sigaddset(&set, SIGWINCH);
	if (sigprocmask(SIG_BLOCK, &set, &w->old_signals))
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int open_events(struct watch *w, struct vmw_error *err)
{
	w->fds[KEYS].fd = STDIN_FILENO;
	w->fds[PROCESS].fd = vmw_feed_fd(w->feed);
	w->fds[SIGNALS].fd = open_signals(w);
	if (w->fds[SIGNALS].fd < 0)
		return vmw_error_set(err, -errno, "cannot wait for signals: %s",
				     strerror(errno));
	if (!vmw_feed_is_live(w->feed))
		return 0;
	w->fds[TICK].fd = open_timer(w->req->interval);
	return w->fds[TICK].fd >= 0 ? 0 :
		vmw_error_set(err, -errno, "cannot set up a timer: %s",
			      strerror(errno));
}

/* Signals may end it now, should the terminal not take its leave. */
static void close_events(struct watch *w)
{
	if (w->fds[SIGNALS].fd >= 0) {
		close(w->fds[SIGNALS].fd);
		sigprocmask(SIG_SETMASK, &w->old_signals, NULL);
	}
	if (w->fds[TICK].fd >= 0)
		close(w->fds[TICK].fd);
}

/*
 * Drawn is what is true when the terminal has room: one that is slow sees fewer
 * readings, and none is kept for it.
 */
static int run(struct watch *w, struct vmw_error *err)
{
	struct pollfd *fds = w->fds;
	int timeout;

	lay_out(w);
	while (!w->quit) {
		if (!w->drawn && vmw_screen_is_ready(w->screen))
			draw(w);
		timeout = w->drawn ? -1 : 50;
		for (int i = 0; i < FDS; i++)
			fds[i].revents = 0;
		fds[LABELS].fd = vmw_feed_labels_fd(w->feed);
		if (poll(fds, FDS, timeout) < 0) {
			if (errno != EINTR)
				return vmw_error_set(err, -errno, "cannot wait: "
						     "%s", strerror(errno));
			w->drawn = false;
			continue;
		}
		take_events(w);
	}
	return 0;
}

static int show(struct watch *w, struct vmw_error *err)
{
	int ret;

	ret = read_now(w, err);
	if (ret)
		return ret;
	ret = open_events(w, err);
	if (!ret)
		ret = vmw_screen_open(&w->screen, w->req->style.color, err);
	if (!ret)
		ret = run(w, err);
	close_events(w);
	vmw_screen_close(w->screen);
	return ret;
}

int vmw_watch(const struct vmw_watch_request *req, struct vmw_error *err)
{
	struct watch *w = calloc(1, sizeof(*w));
	int ret;

	if (!w)
		return vmw_error_set(err, -ENOMEM, "no memory");
	vmw_progress_off();
	w->req = req;
	w->style = req->style;
	w->state.height = 1;
	for (int i = 0; i < FDS; i++)
		w->fds[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	if (req->filter)
		snprintf(w->state.filter, sizeof(w->state.filter), "%s",
			 req->filter);
	ret = vmw_feed_open(&w->feed, req->target, req->atomic, err);
	if (!ret)
		ret = show(w, err);
	vmw_watch_layout_deinit(&w->layout);
	if (w->before)
		vmw_diff_deinit(&w->diff);
	forget(w->before);
	forget(w->now);
	free(w->page);
	vmw_feed_close(w->feed);
	free(w);
	return ret;
}
