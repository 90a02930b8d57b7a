/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the lab VM's init talks to QEMU, beside the console: bytes out by two
 * channels, and the regular end. What QEMU is told about it: arch.sh.
 */
#ifndef VMW_LAB_CHANNELS_H
#define VMW_LAB_CHANNELS_H

#include <stddef.h>
#include <unistd.h>

enum channel {
	OUTPUT,
	VERDICT,
};

#if defined(__x86_64__)
#include <sys/io.h>

#define TTY		"/dev/ttyS1"
#define EXIT		0xf4	/* isa-debug-exit: QEMU exits with 2 * v + 1 */
#define EXIT_REGULAR	16

static inline int open_channels(void)
{
	return iopl(3);
}

static inline void send(enum channel channel, const char *buf, size_t len)
{
	static const unsigned short port[] = { [OUTPUT] = 0xe9, [VERDICT] = 0xea };

	outsb(port[channel], buf, len);
}

/* With an exit code that neither a panic nor a power-off can produce. */
static inline void end_machine(void)
{
	outb(EXIT_REGULAR, EXIT);
}

#else
#include <fcntl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>

#define TTY		"/dev/ttyS0"
#define SERIAL_MAJOR	4
#define SERIAL_MINOR	64

static int channel_fd[] = { [OUTPUT] = -1, [VERDICT] = -1 };

/* Serial ports, without what a terminal does to bytes. /dev is not there yet. */
static inline int open_channels(void)
{
	for (int c = OUTPUT; c <= VERDICT; c++) {
		struct termios raw;
		int fd;

		if (mknod("/channel", S_IFCHR | 0600,
			  makedev(SERIAL_MAJOR, SERIAL_MINOR + 1 + c)))
			return -1;
		fd = open("/channel", O_WRONLY | O_NOCTTY | O_CLOEXEC);
		unlink("/channel");
		if (fd < 0 || tcgetattr(fd, &raw))
			return -1;
		cfmakeraw(&raw);
		cfsetspeed(&raw, B115200);
		raw.c_cflag |= CLOCAL;
		if (tcsetattr(fd, TCSANOW, &raw))
			return -1;
		channel_fd[c] = fd;
	}
	return 0;
}

static inline void send(enum channel channel, const char *buf, size_t len)
{
	while (len) {
		ssize_t n = write(channel_fd[channel], buf, len);

		if (n < 0)
			return;
		buf += n;
		len -= n;
	}
}

/* As a panic ends it, but for the verdict. */
static inline void end_machine(void)
{
	tcdrain(channel_fd[OUTPUT]);
	tcdrain(channel_fd[VERDICT]);
	reboot(RB_POWER_OFF);
}
#endif

#endif
