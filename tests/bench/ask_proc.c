// SPDX-License-Identifier: GPL-2.0
/*
 * maps, smaps, smaps_rollup: read in one go, and not parsed while the clock runs.
 * A reader with a larger buffer is not served in larger pieces.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define PIECE	(128UL << 10)

static size_t told;

int vmw_open_proc(pid_t pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

ssize_t vmw_slurp(pid_t pid, const char *name)
{
	int fd = vmw_open_proc(pid, name);
	ssize_t len;

	if (fd < 0)
		return fd;
	for (told = 0; told + PIECE < ARENA; told += len) {
		len = read(fd, vmw_arena + told, PIECE);
		if (len <= 0)
			break;
	}
	close(fd);
	if (len)
		return len < 0 ? -errno : -ENOBUFS;
	vmw_arena[told] = '\0';
	return told;
}

static int ask(pid_t pid, const char *name)
{
	ssize_t len = vmw_slurp(pid, name);

	return len < 0 ? len : 0;
}

int vmw_ask_maps(pid_t pid)
{
	return ask(pid, "maps");
}

int vmw_ask_smaps(pid_t pid)
{
	return ask(pid, "smaps");
}

int vmw_ask_rollup(pid_t pid)
{
	return ask(pid, "smaps_rollup");
}

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : line + strlen(line);
}

static bool is_vsyscall(const char *line)
{
	return !strncmp(line, "ffffffffff600000-", 17);
}

/* The KiB of a line, if it is of @field. */
static uint64_t kib_of(const char *line, const char *field)
{
	size_t len = strlen(field);

	if (strncmp(line, field, len) || line[len] != ':')
		return 0;
	return strtoull(line + len + 1, NULL, 10);
}

/* Lines that begin with an address begin a VMA. */
static bool begins_vma(const char *line)
{
	return strchr("0123456789abcdef", *line) && *line;
}

static uint64_t count_vmas(void)
{
	const char *line;
	uint64_t nr = 0;

	for (line = vmw_arena; *line; line = next_line(line))
		nr += begins_vma(line) && !is_vsyscall(line);
	return nr;
}

static void read_sums(struct answer *a, enum fact pss)
{
	uint64_t rss = 0, shares = 0, shared = 0, private = 0;
	const char *line;

	for (line = vmw_arena; *line; line = next_line(line)) {
		rss += kib_of(line, "Rss");
		shares += kib_of(line, "Pss");
		shared += kib_of(line, "Shared_Clean") +
			  kib_of(line, "Shared_Dirty");
		private += kib_of(line, "Private_Clean") +
			   kib_of(line, "Private_Dirty");
	}
	tell(a, FACT_RSS, rss);
	tell(a, pss, shares);
	tell(a, FACT_SHARED, shared);
	tell(a, FACT_PRIVATE, private);
}

void vmw_read_maps(struct answer *a)
{
	tell(a, FACT_VMAS, count_vmas());
}

void vmw_read_smaps(struct answer *a)
{
	vmw_read_maps(a);
	read_sums(a, FACT_PSS);
}

void vmw_read_rollup(struct answer *a)
{
	read_sums(a, FACT_PSS_SUM);
}
