// SPDX-License-Identifier: GPL-2.0
#include "progress.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S	1000000000ULL
#define PATIENCE	NS_PER_S	/* before there is a line */
#define PAUSE		(NS_PER_S / 10)	/* between two of them */

static struct {
	const char *what;
	unsigned int depth;	/* of work within work; 1: what is told of */
	uint64_t next;		/* when to write: ns of the monotonic clock */
	bool wanted, asked;	/* is there a terminal, and is that known? */
	bool shown;
} progress;

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* One that can take back what is on a line. */
static bool is_terminal(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb");
}

void vmw_progress_begin(const char *what)
{
	if (progress.depth++)
		return;
	if (!progress.asked)
		progress.wanted = is_terminal();
	progress.asked = true;
	progress.what = what;
	if (progress.wanted)
		progress.next = now() + PATIENCE;
}

void vmw_progress_step(uint64_t done, uint64_t total)
{
	if (!progress.wanted || progress.depth != 1 || now() < progress.next)
		return;
	if (total)
		fprintf(stderr, "\r\033[Kvmwalk: %s: %" PRIu64 " of %" PRIu64
			", %.0f%%", progress.what, done, total,
			100. * done / total);
	else
		fprintf(stderr, "\r\033[Kvmwalk: %s: %" PRIu64, progress.what,
			done);
	fflush(stderr);
	progress.shown = true;
	progress.next = now() + PAUSE;
}

void vmw_progress_clear(void)
{
	if (progress.shown)
		fputs("\r\033[K", stderr);
	progress.shown = false;
}

void vmw_progress_end(void)
{
	if (!--progress.depth)
		vmw_progress_clear();
}

void vmw_progress_off(void)
{
	vmw_progress_clear();
	progress.wanted = false;
	progress.asked = true;
}
