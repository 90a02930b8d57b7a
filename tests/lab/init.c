// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of the lab VM. Prepares the machine, loads the module as a user would,
 * runs /lab/start and reports its status.
 *
 *	init pipe	the program's output goes out byte by byte through the
 *			channel OUTPUT: no terminal alters or tears it
 *	init tty	the program has the second serial port as its terminal
 *
 * The status goes out through the channel VERDICT, then the machine ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channels.h"

#define SWAP		"/dev/nvme0n1"
#define RAM_DISK	"/dev/ram0"	/* instead, where the kernel has it */

static _Noreturn void leave(int status)
{
	char verdict[32];
	int len = snprintf(verdict, sizeof(verdict), "exit %d\n", status);

	send(VERDICT, verdict, len);
	end_machine();
	for (;;)
		pause();
}

/* To the kernel's console, hence into the lab's kernel log. */
static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
	leave(125);
}

static void mount_at(const char *type, const char *dir, const char *options)
{
	mkdir(dir, 0755);
	if (mount(type, dir, type, 0, options) && errno != EBUSY)
		fail(dir);
}

static void mount_filesystems(void)
{
	mount_at("proc", "/proc", NULL);
	mount_at("sysfs", "/sys", NULL);
	mount_at("devtmpfs", "/dev", NULL);
	mount_at("devpts", "/dev/pts", NULL);
	mount_at("tmpfs", "/dev/shm", "mode=1777");
	mount_at("hugetlbfs", "/dev/hugepages", NULL);
	mount_at("tmpfs", "/tmp", "mode=1777");
	mount_at("tmpfs", "/run", NULL);
	mount_at("debugfs", "/sys/kernel/debug", NULL);
	if (symlink("/proc/self/fd", "/dev/fd") && errno != EEXIST)
		fail("/dev/fd");
}

static int wait_status(int wstatus)
{
	return WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) :
				    128 + WTERMSIG(wstatus);
}

/* Reaps orphans until @pid ends; -1: not yet (only with WNOHANG). */
static int reap(pid_t pid, int flags)
{
	int wstatus;
	pid_t got;

	while ((got = waitpid(-1, &wstatus, flags)) > 0)
		if (got == pid)
			return wait_status(wstatus);
	return -1;
}

/* Passes on what comes within @ms; bytes, or -1 if no more can come. */
static ssize_t pump(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[4096];
	ssize_t len;

	if (poll(&p, 1, ms) <= 0)
		return 0;
	len = read(fd, buf, sizeof(buf));
	if (len <= 0)
		return -1;
	send(OUTPUT, buf, len);
	return len;
}

static _Noreturn void exec_with(int in, int out, char *const argv[])
{
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	execv(argv[0], argv);
	fail(argv[0]);
}

static const char *swap_disk(void)
{
	char *const format[] = { "/usr/bin/mkswap", RAM_DISK, NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t pid;

	if (access(RAM_DISK, F_OK))
		return SWAP;
	pid = fork();
	if (!pid)
		exec_with(null, null, format);
	close(null);
	if (reap(pid, 0))
		fail(RAM_DISK);
	return RAM_DISK;
}

/* The disk's driver probes in the background. */
static void swap_on(void)
{
	const char *disk = swap_disk();

	for (int ms = 0; ms < 5000; ms += 20) {
		if (!swapon(disk, 0))
			return;
		if (errno != ENOENT && errno != ENXIO)
			break;
		usleep(20 * 1000);
	}
	fail(disk);
}

/*
 * What the program leaves running may hold the pipe open, so its own end is
 * the end: only what a pipe can still hold then is passed on.
 */
static int run_on_pipe(char *const argv[])
{
	int status = -1, fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		fail("pipe");
	pid = fork();
	if (!pid)
		exec_with(open("/dev/null", O_RDONLY | O_CLOEXEC), fds[1], argv);
	close(fds[1]);
	while (status < 0)
		status = reap(pid, pump(fds[0], 50) < 0 ? 0 : WNOHANG);
	for (int left = 16; left && pump(fds[0], 0) > 0; left--)
		;
	close(fds[0]);
	return status;
}

static int run_on_tty(char *const argv[])
{
	pid_t pid = fork();

	if (!pid) {
		int tty;

		setsid();
		tty = open(TTY, O_RDWR | O_CLOEXEC);
		if (tty < 0 || ioctl(tty, TIOCSCTTY, 0))
			fail(TTY);
		exec_with(tty, tty, argv);
	}
	return reap(pid, 0);
}

int main(int argc, char *argv[])
{
	char *const load[] = { "/usr/bin/vmwalk", "load",
			       "/lib/vmwalk/vmwalk.ko", NULL };
	char *const start[] = { "/lab/start", NULL };
	int status;

	if (open_channels())
		fail("channels");
	setenv("PATH", "/usr/sbin:/usr/bin", 1);
	setenv("HOME", "/root", 1);
	mount_filesystems();
	swap_on();
	status = run_on_pipe(load);
	if (status)
		leave(status);
	if (argc > 1 && !strcmp(argv[1], "tty"))
		leave(run_on_tty(start));
	leave(run_on_pipe(start));
}
