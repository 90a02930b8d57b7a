// SPDX-License-Identifier: GPL-2.0
/*
 * What somebody without vmwalk would keep of a process to look at later: its smaps,
 * and of its pagemap what its VMAs span, through gzip.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define PAGE	4096

/* Of the pagemap what is of [@start, @end). The vsyscall page has no part in it. */
static int copy_pagemap(FILE *out, int fd, uint64_t start, uint64_t end)
{
	static uint64_t entries[1 << 16];
	size_t want;
	ssize_t got;

	for (; start < end; start += got / sizeof(entries[0]) * PAGE) {
		want = (end - start) / PAGE * sizeof(entries[0]);
		if (want > sizeof(entries))
			want = sizeof(entries);
		got = pread(fd, entries, want, start / PAGE * sizeof(entries[0]));
		if (got < (ssize_t)sizeof(entries[0]))
			return start >> 63 ? 0 : -EIO;
		fwrite(entries, 1, got, out);
	}
	return 0;
}

/*
 * A line of smaps that begins a VMA begins with its address, others with a name. Not by
 * sscanf(), which has to know how long all the rest is.
 */
static int copy_vmas(FILE *out, int fd, const char *smaps)
{
	uint64_t start;
	char *dash;
	int ret = 0;

	for (; !ret && *smaps; smaps += strcspn(smaps, "\n"), smaps += *smaps == '\n') {
		start = strtoul(smaps, &dash, 16);
		if (dash > smaps && *dash == '-')
			ret = copy_pagemap(out, fd, start, strtoul(dash + 1, NULL, 16));
	}
	return ret;
}

int vmw_keep_copies(pid_t pid)
{
	ssize_t len = vmw_slurp(pid, "smaps");
	int fd, ret;
	FILE *out;

	if (len < 0)
		return len;
	vmw_arena[len] = '\0';
	fd = vmw_open_proc(pid, "pagemap");
	if (fd < 0)
		return fd;
	/* Not the shell's own, if it has one. */
	out = popen("exec /share/gzip -c >" VMW_COPIES, "we");
	if (!out) {
		close(fd);
		return -errno;
	}
	fwrite(vmw_arena, 1, len, out);
	ret = copy_vmas(out, fd, vmw_arena);
	close(fd);
	return pclose(out) && !ret ? -EIO : ret;
}
