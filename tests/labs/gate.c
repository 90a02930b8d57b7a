// SPDX-License-Identifier: GPL-2.0
/*
 * Three ways of asking what time it is: of the vdso, by a system call, and through the
 * vsyscall page, as programs of 2005 do. Last it tries to read the code there.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define VSYSCALL	0xffffffffff600000
#define VTIME		(VSYSCALL + 0x400)

static sigjmp_buf back;

static void caught(int signal)
{
	(void)signal;
	siglongjmp(back, 1);
}

static void call(const char *name, time_t (*ask)(time_t *))
{
	if (sigsetjmp(back, 1))
		printf("%s SIGSEGV\n", name);
	else
		printf("%s %s\n", name, ask(NULL) > 0 ? "tells the time" : "fails");
}

static time_t by_syscall(time_t *t)
{
	struct timeval now = { 0 };

	(void)t;
	return syscall(SYS_gettimeofday, &now, NULL) ? -1 : now.tv_sec;
}

static time_t by_reading(time_t *t)
{
	(void)t;
	return *(volatile unsigned char *)VTIME;
}

int main(void)
{
	signal(SIGSEGV, caught);
	printf("vdso at %#lx\n", getauxval(AT_SYSINFO_EHDR));
	call("call of the vdso", time);
	call("system call", by_syscall);
	call("call of the vsyscall page", (time_t (*)(time_t *))VTIME);
	if (sigsetjmp(back, 1))
		puts("read of the vsyscall page SIGSEGV");
	else
		printf("read of the vsyscall page: %s\n",
		       by_reading(NULL) ? "works" : "zero");
	fflush(stdout);
	getchar();
	return 0;
}
