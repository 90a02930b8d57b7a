// SPDX-License-Identifier: GPL-2.0
/*
 * A process writes to two pages and forks. Its child, then it itself, write to the
 * first of them again.
 */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PAGE	4096

static void enter(void)
{
	fflush(stdout);
	getchar();
}

static void run_child(char *pages, int asked, int done)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "child");
	write(done, "", 1);
	read(asked, &byte, 1);
	pages[0] = 'c';
	write(done, "", 1);
	pause();
}

int main(void)
{
	char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int asks[2], done[2];
	char byte;

	if (pages == MAP_FAILED || pipe(asks) || pipe(done))
		err(1, "no memory or no pipes");
	memset(pages, 'p', 2 * PAGE);
	printf("pages %p\n", (void *)pages);
	enter();

	if (!fork())
		run_child(pages, asks[0], done[1]);
	read(done[0], &byte, 1);
	puts("has forked");
	enter();

	write(asks[1], "", 1);
	read(done[0], &byte, 1);
	puts("the child has written to the first page");
	enter();

	pages[0] = 'P';
	puts("the parent has written to it, too");
	enter();
	return 0;
}
