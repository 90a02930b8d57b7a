/* SPDX-License-Identifier: GPL-2.0 */
/* Cgroups of the unified hierarchy, by the numbers the kernel gives them. */
#ifndef VMW_CGROUP_H
#define VMW_CGROUP_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

/*
 * The numbers of the cgroup @path, and of all below it, ascending, for free().
 * @path is a directory, or what /proc/PID/cgroup says after "0::". Returns 0, or
 * a negative errno with @err filled.
 */
int vmw_cgroup_ids(const char *path, uint64_t **ids, size_t *nr,
		   struct vmw_error *err);

#endif
