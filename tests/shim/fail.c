// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded: FAIL_CALL=name,n has the n'th call of that function fail as it does where
 * the machine has no more of what it takes; n is told to FAIL_MARK, a file, when it
 * came to that. Calls that libc makes of its own accord do not pass here.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <poll.h>
#include <pwd.h>
#include <search.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
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

/* Where libc has no second name for the function that is meant. */
static void *next(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	if (!f)
		abort();
	return f;
}

/*
 * FAILS(type, name, (parameters), (arguments), call, error, failed): the function of that
 * name, which returns @failed and sets errno to @error when @call is to fail.
 */
#define FAILS(type, name, params, args, call, error, failed)	\
type name params						\
{								\
	static type (*real) params;				\
								\
	if (fails(call, error))					\
		return failed;					\
	if (!real)						\
		real = next(#name);				\
	return real args;					\
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

/* Those of the client itself: libraries that were built for large files have others. */
int fstat(int fd, struct stat *st)
{
	return fails("stat", EIO) ? -1 : syscall(SYS_fstat, fd, st);
}

int stat(const char *path, struct stat *st)
{
	return fails("stat", EIO) ? -1 : syscall(SYS_newfstatat, AT_FDCWD, path, st, 0);
}

ssize_t getrandom(void *buf, size_t len, unsigned int flags)
{
	return fails("random", EIO) ? -1 : syscall(SYS_getrandom, buf, len, flags);
}

/* libc allocates by itself here. */
FAILS(void *, reallocarray, (void *p, size_t nr, size_t size), (p, nr, size),
	"malloc", ENOMEM, NULL)
FAILS(char *, strdup, (const char *s), (s), "malloc", ENOMEM, NULL)
FAILS(char *, strndup, (const char *s, size_t len), (s, len), "malloc", ENOMEM, NULL)
FAILS(void *, tsearch, (const void *key, void **root, __compar_fn_t compare),
	(key, root, compare), "malloc", ENOMEM, NULL)
FAILS(ssize_t, getdelim, (char **line, size_t *len, int end, FILE *f),
	(line, len, end, f), "malloc", ENOMEM, -1)
FAILS(ssize_t, __getdelim, (char **line, size_t *len, int end, FILE *f),
	(line, len, end, f), "malloc", ENOMEM, -1)
FAILS(FILE *, open_memstream, (char **text, size_t *len), (text, len),
	"open_memstream", ENOMEM, NULL)
FAILS(FILE *, fopencookie, (void *cookie, const char *mode, cookie_io_functions_t io),
	(cookie, mode, io), "fopencookie", ENOMEM, NULL)

FAILS(FILE *, fopen, (const char *path, const char *mode), (path, mode),
	"fopen", EMFILE, NULL)
FAILS(FILE *, fdopen, (int fd, const char *mode), (fd, mode), "fdopen", ENOMEM, NULL)
FAILS(FILE *, tmpfile, (void), (), "tmpfile", ENOSPC, NULL)
FAILS(DIR *, opendir, (const char *path), (path), "opendir", EMFILE, NULL)
FAILS(struct dirent *, readdir, (DIR *dir), (dir), "readdir", EIO, NULL)
FAILS(FTS *, fts_open, (char *const *paths, int options,
			int (*compare)(const FTSENT **, const FTSENT **)),
	(paths, options, compare), "fts_open", ENOMEM, NULL)
FAILS(FTSENT *, fts_read, (FTS *fts), (fts), "fts_read", EIO, NULL)
FAILS(ssize_t, readlink, (const char *path, char *buf, size_t len), (path, buf, len),
	"readlink", EACCES, -1)
FAILS(int, access, (const char *path, int mode), (path, mode), "access", EACCES, -1)
FAILS(int, statfs, (const char *path, struct statfs *fs), (path, fs), "statfs", EIO, -1)
FAILS(int, fchmod, (int fd, mode_t mode), (fd, mode), "fchmod", EPERM, -1)

FAILS(pid_t, fork, (void), (), "fork", EAGAIN, -1)
FAILS(int, pipe2, (int fds[2], int flags), (fds, flags), "pipe2", EMFILE, -1)
FAILS(int, dup2, (int from, int to), (from, to), "dup2", EMFILE, -1)
FAILS(int, close_range, (unsigned int first, unsigned int last, int flags),
	(first, last, flags), "close_range", ENOSYS, -1)
FAILS(int, execvp, (const char *file, char *const argv[]), (file, argv),
	"execvp", ENOMEM, -1)
FAILS(pid_t, waitpid, (pid_t pid, int *status, int options), (pid, status, options),
	"waitpid", EINTR, -1)
FAILS(int, poll, (struct pollfd *fds, nfds_t nr, int timeout), (fds, nr, timeout),
	"poll", ENOMEM, -1)
FAILS(int, signalfd, (int fd, const sigset_t *mask, int flags), (fd, mask, flags),
	"signalfd", EMFILE, -1)
FAILS(int, timerfd_create, (clockid_t clock, int flags), (clock, flags),
	"timerfd_create", EMFILE, -1)
FAILS(int, timerfd_settime, (int fd, int flags, const struct itimerspec *new,
			     struct itimerspec *old),
	(fd, flags, new, old), "timerfd_settime", ECANCELED, -1)
FAILS(int, setrlimit, (__rlimit_resource_t resource, const struct rlimit *l),
	(resource, l), "setrlimit", EPERM, -1)
FAILS(int, gethostname, (char *name, size_t len), (name, len),
	"gethostname", ENAMETOOLONG, -1)
FAILS(struct passwd *, getpwuid, (uid_t uid), (uid), "getpwuid", EIO, NULL)
FAILS(struct passwd *, getpwnam, (const char *name), (name), "getpwnam", EIO, NULL)
FAILS(struct tm *, localtime_r, (const time_t *t, struct tm *tm), (t, tm),
	"localtime_r", EOVERFLOW, NULL)
FAILS(int, setsockopt, (int fd, int level, int name, const void *value, socklen_t len),
	(fd, level, name, value, len), "setsockopt", ENOBUFS, -1)

int prctl(int option, ...)
{
	unsigned long a[4];
	va_list ap;

	va_start(ap, option);
	for (int i = 0; i < 4; i++)
		a[i] = va_arg(ap, unsigned long);
	va_end(ap);
	return fails("prctl", EPERM) ? -1 :
	       syscall(SYS_prctl, option, a[0], a[1], a[2], a[3]);
}

/* PTRACE_PEEK*, which return what they read in another way, vmwalk does not ask for. */
long ptrace(enum __ptrace_request request, ...)
{
	void *addr, *data;
	va_list ap;
	pid_t pid;

	va_start(ap, request);
	pid = va_arg(ap, pid_t);
	addr = va_arg(ap, void *);
	data = va_arg(ap, void *);
	va_end(ap);
	return fails("ptrace", EPERM) ? -1 : syscall(SYS_ptrace, request, pid, addr, data);
}

/* Of those that have no function of their own: of the capabilities, and of a pidfd. */
long syscall(long nr, ...)
{
	static long (*real)(long nr, ...);
	va_list ap;
	long a[6];

	va_start(ap, nr);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if ((nr == SYS_pidfd_open && fails("pidfd_open", EMFILE)) ||
	    (nr == SYS_capget && fails("capget", EPERM)) ||
	    (nr == SYS_capset && fails("capset", EPERM)))
		return -1;
	if (!real)
		real = next("syscall");
	return real(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Of libnl, whose errors are its own: NLE_NOMEM, NLE_FAILURE. Without its headers. */
struct nl_sock;
struct nl_msg;
struct nlmsghdr;
struct sockaddr_nl;
struct ucred;

#define FAILS_NL(type, name, params, args, failed) \
	FAILS(type, name, params, args, #name, ENOMEM, failed)

FAILS_NL(struct nl_sock *, nl_socket_alloc, (void), (), NULL)
FAILS_NL(int, genl_connect, (struct nl_sock *sk), (sk), -5)
FAILS_NL(int, genl_ctrl_resolve, (struct nl_sock *sk, const char *name), (sk, name), -5)
FAILS_NL(int, nl_socket_set_msg_buf_size, (struct nl_sock *sk, size_t size), (sk, size), -5)
FAILS_NL(struct nl_msg *, nlmsg_alloc, (void), (), NULL)
FAILS_NL(int, nla_put, (struct nl_msg *msg, int type, int len, const void *data),
	 (msg, type, len, data), -5)
FAILS_NL(int, nl_send_auto, (struct nl_sock *sk, struct nl_msg *msg), (sk, msg), -1)
FAILS_NL(int, nl_recv, (struct nl_sock *sk, struct sockaddr_nl *from, unsigned char **buf,
			struct ucred **creds), (sk, from, buf, creds), -5)
