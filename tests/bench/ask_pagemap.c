// SPDX-License-Identifier: GPL-2.0
/*
 * Which pages are present or swapped, by pagemap and by PAGEMAP_SCAN. Both are
 * asked for no more than that, since more would cost them more.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench.h"

#define PAGE_SHIFT	12
#define STATE_SHIFT	62	/* of a pagemap entry: swapped 1, present 2 */

/* The end of the arena takes the runs, its start what they are made of. */
#define RAW		(ARENA / 4)
#define ROOM		(RAW / sizeof(uint64_t))

struct run {
	uint64_t start, end, state;
};

static size_t nr_runs;

static struct run *runs(void)
{
	return (struct run *)(vmw_arena + 2 * RAW);
}

#define NR_RUNS_MAX	(2 * RAW / sizeof(struct run))

static uint64_t hex(const char **p)
{
	uint64_t value = 0;

	for (;; ++*p) {
		unsigned int c = (unsigned char)**p;

		if (c - '0' < 10)
			value = value << 4 | (c - '0');
		else if (c - 'a' < 6)
			value = value << 4 | (c - 'a' + 10);
		else
			return value;
	}
}

/* How many of @max entries are in the state of the first? Eight at a time. */
static size_t run_length(const uint64_t *e, size_t max)
{
	const uint64_t first = e[0];
	size_t n = 1;

	for (; n + 8 <= max; n += 8) {
		const uint64_t *p = e + n;

		if (((p[0] ^ first) | (p[1] ^ first) | (p[2] ^ first) |
		     (p[3] ^ first) | (p[4] ^ first) | (p[5] ^ first) |
		     (p[6] ^ first) | (p[7] ^ first)) >> STATE_SHIFT)
			break;
	}
	while (n < max && !((e[n] ^ first) >> STATE_SHIFT))
		n++;
	return n;
}

static int code_runs(const uint64_t *e, size_t nr, uint64_t addr)
{
	size_t n;

	for (; nr; e += n, nr -= n, addr += n << PAGE_SHIFT) {
		n = run_length(e, nr);
		if (!(*e >> STATE_SHIFT))
			continue;
		if (nr_runs == NR_RUNS_MAX)
			return -ENOBUFS;
		runs()[nr_runs++] = (struct run){
			addr, addr + (n << PAGE_SHIFT), *e >> STATE_SHIFT,
		};
	}
	return 0;
}

/* The text of maps lies in the first quarter of the arena, entries in the next. */
static int read_range(int fd, uint64_t start, uint64_t end)
{
	uint64_t *entries = (uint64_t *)(vmw_arena + RAW);
	size_t pages, want;
	ssize_t len;
	int ret = 0;

	for (; start < end && !ret; start += pages << PAGE_SHIFT) {
		want = (end - start) >> PAGE_SHIFT;
		if (want > ROOM)
			want = ROOM;
		len = pread(fd, entries, want * sizeof(*entries),
			    start >> PAGE_SHIFT << 3);
		if (len <= 0)
			return len ? -errno : 0; /* the vsyscall page */
		pages = len / sizeof(*entries);
		ret = code_runs(entries, pages, start);
	}
	return ret;
}

int vmw_ask_pagemap(pid_t pid)
{
	ssize_t len = vmw_slurp(pid, "maps");
	const char *p = vmw_arena;
	uint64_t start = 0, end = 0;
	int fd, ret = 0;

	if (len < 0)
		return len;
	if ((size_t)len >= RAW)
		return -ENOBUFS;
	fd = vmw_open_proc(pid, "pagemap");
	if (fd < 0)
		return fd;
	for (nr_runs = 0; *p && !ret; p = strchr(p, '\n') + 1) {
		uint64_t next = hex(&p);

		/* Neighbours in one go. */
		if (next != end) {
			ret = read_range(fd, start, end);
			start = next;
		}
		p++;
		end = hex(&p);
	}
	if (!ret)
		ret = read_range(fd, start, end);
	close(fd);
	return ret;
}

static void read_runs(struct answer *a, uint64_t present)
{
	struct runs sum = { 0 };
	size_t i;

	for (i = 0; i < nr_runs; i++)
		vmw_runs_add(&sum, runs()[i].start, runs()[i].end,
			     runs()[i].state == present ? 1 : 2);
	vmw_runs_tell(&sum, a);
}

void vmw_read_pagemap(struct answer *a)
{
	read_runs(a, 2);
}

/* Newer than the headers of some hosts. */
struct scan_request {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t category_inverted, category_mask, category_anyof_mask;
	uint64_t return_mask;
};

#define SCAN		_IOWR('f', 16, struct scan_request)
#define IS_PRESENT	(1U << 3)
#define IS_SWAPPED	(1U << 4)

/*
 * In one request. Should it not suffice for all, .walk_end does not say where to go
 * on: where the kernel's own buffer was full last, it stays.
 */
int vmw_ask_scan(pid_t pid)
{
	const struct scan_request req = {
		.size = sizeof(req),
		.end = 0x7ffffffff000,	/* the bench maps nothing above */
		.vec = (uintptr_t)runs(),
		.vec_len = NR_RUNS_MAX,
		.category_anyof_mask = IS_PRESENT | IS_SWAPPED,
		.return_mask = IS_PRESENT | IS_SWAPPED,
	};
	int fd = vmw_open_proc(pid, "pagemap");
	int nr, ret = 0;

	if (fd < 0)
		return fd;
	nr = ioctl(fd, SCAN, &req);
	if (nr < 0)
		ret = errno == ENOTTY ? -EOPNOTSUPP : -errno;
	else if (nr == NR_RUNS_MAX)
		ret = -ENOBUFS;
	nr_runs = nr > 0 ? nr : 0;
	close(fd);
	return ret;
}

void vmw_read_scan(struct answer *a)
{
	read_runs(a, IS_PRESENT);
}
