/* SPDX-License-Identifier: GPL-2.0 */
/* The reader's side of a target (targets/target.h), or of any program. */
#ifndef VMW_TEST_TARGET_RUN_H
#define VMW_TEST_TARGET_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/aspace.h"

#define VMW_TARGET_DIR "/tests/targets"

struct vmw_target {
	pid_t pid;
	int in, out;		/* its stdin and stdout, our ends */
	char *said;		/* its lines up to "ready" */
	const char *skip;	/* why it cannot be, or NULL */
};

/*
 * Starts argv[0] in a process group of its own, writes @input to it unless
 * NULL and reads until it says "ready". 0, or -1 with the cause printed.
 */
int vmw_target_start(struct vmw_target *t, const char *const argv[],
		     const char *input);
/* Has it run its program anew; returns when it is "ready" again. */
int vmw_target_restart(struct vmw_target *t);
/* Stops it; when this returns, all of its threads are off the CPUs. */
int vmw_target_stop(struct vmw_target *t);
void vmw_target_continue(struct vmw_target *t);
/* Kills and reaps it and its children. */
void vmw_target_end(struct vmw_target *t);

/* How many of the target's own claims do not hold for @as; prints each. */
size_t vmw_target_check(const struct vmw_target *t, const struct vmw_aspace *as);

/*
 * Milliseconds on a clock of their own. What is repeated until chance is
 * exhausted ends after VMW_ENOUGH: a debug kernel takes its time.
 */
uint64_t vmw_now_ms(void);
#define VMW_ENOUGH 20000

/* A line of comment in the TAP stream. */
void vmw_diag(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
