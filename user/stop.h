/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Holds every thread of a process for the length of a reading, as a debugger
 * does. They cannot stay behind: where vmwalk ends without vmw_stop_end(), by
 * whatever signal, the kernel lets them go.
 */
#ifndef VMW_STOP_H
#define VMW_STOP_H

#include <sys/types.h>

#include "error.h"

struct vmw_stop;

/*
 * Returns when all threads of @pid, a thread group, have stopped: 0; or a
 * negative errno with @err filled, and they go on.
 */
int vmw_stop_begin(struct vmw_stop **stop, pid_t pid, struct vmw_error *err);
/* They go on. A process that was stopped before stays so. NULL is fine. */
void vmw_stop_end(struct vmw_stop *stop);

#endif
