/* SPDX-License-Identifier: GPL-2.0 */
/* What /proc tells beside the walk: who a process is. */
#ifndef VMW_PROC_H
#define VMW_PROC_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/aspace.h"
#include "error.h"

struct vmw_process {
	pid_t pid;		/* of the thread group */
	char comm[16];
	uint64_t start_time;	/* clock ticks since boot, field 22 of stat */
};

/*
 * Finds the process meant by @target, a pid, a thread's id or a name (comm, or
 * the base name of argv[0] or of the executable). -ESRCH: none; -EEXIST: a name
 * that fits several, @err lists pid and command line of each.
 */
int vmw_proc_resolve(const char *target, struct vmw_process *p,
		     struct vmw_error *err);
/* The running kernel's vsyscall mode, from our own /proc/self/maps. */
enum vmw_vsyscall vmw_proc_vsyscall(void);
/*
 * Reads the head of a small file into @buf, NUL-terminated. Returns the bytes
 * read, less than @size, or a negative errno.
 */
ssize_t vmw_proc_read(const char *path, char *buf, size_t size);

#endif
