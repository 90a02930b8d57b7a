/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What takes longer than a second says how far it is: a line on standard error, if
 * that is a terminal, which is gone before anything else is written. Work within
 * other work is silent.
 */
#ifndef VMW_PROGRESS_H
#define VMW_PROGRESS_H

#include <stdint.h>

/* @what: "walking", … stays with the caller. Each has its end. */
void vmw_progress_begin(const char *what);
/* @done of @total; 0 of them: nobody knows of how many. Cheap. */
void vmw_progress_step(uint64_t done, uint64_t total);
void vmw_progress_end(void);
/* The line is gone, until the next step. */
void vmw_progress_clear(void);
/* There is none from now on: the terminal is for something else. */
void vmw_progress_off(void);

#endif
