/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A live process of this machine as a model, without the module: VMAs as in
 * /proc/PID/smaps, registers as in /proc/PID/task/TID/syscall.
 */
#ifndef LIVE_H
#define LIVE_H

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/aspace.h"

/* Of what smaps tells of a VMA, what says how it was mapped. */
static inline uint32_t live_flags(FILE *smaps)
{
	uint32_t flags = 0;
	char line[1024];

	while (fgets(line, sizeof(line), smaps)) {
		if (strncmp(line, "VmFlags:", 8))
			continue;
		if (strstr(line, " nr"))
			flags |= VMWALK_VMA_F_NORESERVE;
		if (strstr(line, " gd"))
			flags |= VMWALK_VMA_F_GROWSDOWN;
		break;
	}
	return flags;
}

static inline void live_vma(struct vmw_aspace *as, const char *line,
			    uint32_t flags)
{
	struct vmwalk_vma v = { .page_shift = 12 };
	unsigned long long start, end, offset, ino;
	unsigned int major, minor;
	char perms[5], name[512] = "";

	if (sscanf(line, "%llx-%llx %4s %llx %x:%x %llu %511[^\n]", &start, &end,
		   perms, &offset, &major, &minor, &ino, name) < 7)
		abort();
	if (!strcmp(name, "[vsyscall]"))
		return;
	v.start = start;
	v.from = start;
	v.end = end;
	v.offset = offset;
	v.dev_major = major;
	v.dev_minor = minor;
	v.ino = ino;
	v.flags = (perms[0] == 'r') * VMWALK_VMA_F_READ |
		  (perms[1] == 'w') * VMWALK_VMA_F_WRITE |
		  (perms[2] == 'x') * VMWALK_VMA_F_EXEC |
		  (perms[3] == 's') * VMWALK_VMA_F_SHARED | flags;
	if (ino)
		v.flags |= VMWALK_VMA_F_FILE;
	else if (!strncmp(name, "[v", 2))
		v.flags |= VMWALK_VMA_F_SPECIAL;
	else
		v.flags |= VMWALK_VMA_F_ANON;
	if (!strcmp(name, "[heap]")) {
		as->mm.start_brk = start;
		as->mm.brk = end;
	}
	if (vmw_aspace_add_vma(as, &v, name[0] ? name : NULL))
		abort();
	if (v.flags & VMWALK_VMA_F_EXEC && !as->mm.start_code)
		as->mm.start_code = start;
}

static inline void live_thread(struct vmw_aspace *as, pid_t tid)
{
	struct vmw_thread t = { .tid = tid, .state = 'S' };
	unsigned long long sp, pc;
	char path[64], line[512];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%u/task/%d/syscall", as->mm.pid, tid);
	f = fopen(path, "re");
	if (f && fgets(line, sizeof(line), f) &&
	    sscanf(line, "%*s %*s %*s %*s %*s %*s %*s %llx %llx", &sp, &pc) == 2) {
		t.has_regs = true;
		t.sp = sp;
		t.pc = pc;
	}
	if (f)
		fclose(f);
	vmw_aspace_add_thread(as, &t);
}

static inline void live_read(struct vmw_aspace *as, pid_t pid)
{
	char path[64], line[1024];
	struct dirent *entry;
	FILE *smaps;
	DIR *tasks;

	vmw_aspace_init(as, 12);
	as->mm.pid = pid;
	as->mm.task_size = (uint64_t)1 << 47;
	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	smaps = fopen(path, "re");
	while (smaps && fgets(line, sizeof(line), smaps))
		live_vma(as, line, live_flags(smaps));
	if (smaps)
		fclose(smaps);
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (tasks && (entry = readdir(tasks)))
		if (atoi(entry->d_name))
			live_thread(as, atoi(entry->d_name));
	if (tasks)
		closedir(tasks);
	vmw_aspace_finish(as);
}

#endif
