// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded: FAIL_CALL=name,n has the n'th call of that function fail as it does where
 * the machine has no more of what it takes; n is told to FAIL_MARK, a file, when it
 * came to that. Calls that libc makes of its own accord do not pass here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail.h"

/* Without a call of libc's that could come back to here. */
static void mark(void)
{
	const char *path = getenv("FAIL_MARK");
	int fd;

	if (!path)
		return;
	fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	syscall(SYS_write, fd, "1", 1L);
	syscall(SYS_close, fd);
}

static bool fails(const char *name, int error)
{
	static long left = -1;
	const char *wanted = getenv("FAIL_CALL");
	size_t len = strlen(name);

	if (!wanted || strncmp(wanted, name, len) || wanted[len] != ',')
		return false;
	if (left < 0)
		left = strtol(wanted + len + 1, NULL, 10);
	if (!left || --left)
		return false;
	mark();
	errno = error;
	return true;
}

void *malloc(size_t size)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t nr, size_t size)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_calloc(nr, size);
}

void *realloc(void *p, size_t size)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_realloc(p, size);
}

ssize_t read(int fd, void *buf, size_t len)
{
	return fails("read", EIO) ? -1 : syscall(SYS_read, fd, buf, len);
}

ssize_t write(int fd, const void *buf, size_t len)
{
	return fails("write", ENOSPC) ? -1 : syscall(SYS_write, fd, buf, len);
}

ssize_t pread64(int fd, void *buf, size_t len, off64_t at)
{
	return fails("read", EIO) ? -1 : syscall(SYS_pread64, fd, buf, len, at);
}

/* The disk is full, or the share of it that is this user's. */
ssize_t pwrite64(int fd, const void *buf, size_t len, off64_t at)
{
	return fails("write", ENOSPC) || fails("quota", EDQUOT) ? -1 :
	       syscall(SYS_pwrite64, fd, buf, len, at);
}

int open64(const char *path, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = va_arg(ap, int);
	va_end(ap);
	return fails("open", EMFILE) ? -1 :
	       syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = va_arg(ap, int);
	va_end(ap);
	return fails("open", EMFILE) ? -1 :
	       syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int fsync(int fd)
{
	return fails("fsync", EIO) ? -1 : syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return fails("fsync", EIO) ? -1 : syscall(SYS_fdatasync, fd);
}

int ftruncate64(int fd, off64_t len)
{
	return fails("write", ENOSPC) ? -1 : syscall(SYS_ftruncate, fd, len);
}

void *mmap64(void *at, size_t len, int prot, int flags, int fd, off64_t off)
{
	return fails("mmap", ENOMEM) ? MAP_FAILED :
	       (void *)syscall(SYS_mmap, at, len, prot, flags, fd, off);
}
