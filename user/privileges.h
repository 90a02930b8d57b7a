/* SPDX-License-Identifier: GPL-2.0 */
/* What vmwalk may do beyond what whoever runs it may: no more than it needs. */
#ifndef VMW_PRIVILEGES_H
#define VMW_PRIVILEGES_H

#include <stdbool.h>

#include "error.h"

/*
 * At the start: keeps what some command needs of the capabilities that are there,
 * gives up all others; with @files_only, those that reading and writing files takes.
 * Refuses to run setuid or setgid. 0 or a negative errno with @err filled.
 */
int vmw_privileges_begin(bool files_only, struct vmw_error *err);

/* In a process that reads the memory and the files of another, and writes none. */
void vmw_privileges_read_only(void);

/*
 * When all has been read, and before it is drawn: gives up every capability, and
 * the way to get one back by running another program. What cannot be given up
 * stays: a reading is not lost for it.
 */
void vmw_privileges_end(void);

#endif
