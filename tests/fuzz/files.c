// SPDX-License-Identifier: GPL-2.0
/* The files of debugfs: words right and wrong, answers read in pieces or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#define DIR "/sys/kernel/debug/vmwalk/"

static const char *const paths[] = { DIR "walk", DIR "pte", DIR "stats" };

/* No address of ours. */
#define NOWHERE ((void *)16)

static const char *word(struct rng *r, char buf[64])
{
	static const char *const words[] = {
		"extents", "entry", "pages", "phys", "absence", "tables", "", " ",
		"0", "-", "1-2", "-1", "0x10", "extents extents",
	};
	uint64_t a = (uint64_t)vmw_rng(r) << 12, b = a + ((uint64_t)vmw_rng(r) << 12);

	switch (vmw_below(r, 4)) {
	case 0:
		snprintf(buf, 64, "%llx-%llx", (unsigned long long)a,
			 (unsigned long long)b);
		return buf;
	case 1:
		snprintf(buf, 64, "%llx", (unsigned long long)a);
		return buf;
	default:
		return words[vmw_below(r, sizeof(words) / sizeof(words[0]))];
	}
}

/* As the file wants it, more or less. Its length. */
static size_t make_text(struct rng *r, char text[512])
{
	char buf[64];
	size_t len = snprintf(text, 512, "%d", vmw_below(r, 16) ? vmw_fuzz_pid(r) :
			      (int)vmw_rng(r) - 0x40000000);

	for (unsigned int n = vmw_below(r, 5); n; n--)
		len += snprintf(text + len, 512 - len, " %s", word(r, buf));
	if (!vmw_below(r, 4))
		text[vmw_below(r, len)] = vmw_rng(r);
	if (!vmw_below(r, 16))
		len = vmw_below(r, 512);
	return len;
}

static void answer(ssize_t ret, const char *what)
{
	if (!vmw_fuzz_answer(ret < 0 ? -errno : 0))
		vmw_broken("%s: %m", what);
}

static void ask(struct rng *r, int fd)
{
	char text[512] = "";
	size_t len = make_text(r, text);

	atomic_fetch_add(&vmw_fuzz->messages, 1);
	answer(write(fd, vmw_below(r, 12) ? text : NOWHERE, len), "write to debugfs");
}

static void look(struct rng *r, int fd)
{
	static char buf[16384];
	ssize_t len;

	for (unsigned int n = vmw_below(r, 8); n; n--) {
		len = read(fd, vmw_below(r, 24) ? buf : NOWHERE,
			   vmw_below(r, 2) ? sizeof(buf) : vmw_below(r, 300));
		answer(len, "read of debugfs");
		if (len <= 0)
			break;
		atomic_fetch_add(&vmw_fuzz->bytes, len);
		if (!vmw_below(r, 8))
			answer(lseek(fd, vmw_below(r, 3) ? vmw_below(r, 20000) : 0,
				     vmw_below(r, 3)), "seek in debugfs");
	}
}

void vmw_fuzz_file(struct rng *r)
{
	unsigned int which = vmw_below(r, 16);
	bool shared = vmw_below(r, 4) == 0;
	int fd;

	which = which > 2 ? which & 1 : which;
	fd = shared ? vmw_fuzz->files[which & 1] :
		      open(paths[which], which == 2 ? O_RDONLY : O_RDWR);
	if (fd < 0) {
		vmw_broken("%s: %m", paths[which]);
		return;
	}
	for (unsigned int n = 1 + vmw_below(r, 3); n; n--) {
		if (which != 2 && vmw_below(r, 4))
			ask(r, fd);
		look(r, fd);
	}
	if (!shared)
		close(fd);
}
