// SPDX-License-Identifier: GPL-2.0
/* Shared memory without a file system: memfd, SysV, shared anonymous. */
#include "target.h"

#include <sys/ipc.h>
#include <sys/shm.h>

static void make_memfd(void)
{
	int fd = memfd_create("a memfd\n", MFD_CLOEXEC);
	char *shared, *private;

	if (fd < 0 || ftruncate(fd, 128 * PAGE))
		fail("memfd_create");
	shared = map(128 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	private = map(128 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	write_pages(shared, 32);
	write_pages(private + 64 * PAGE, 8);
	want_page(shared, 32, "shmem", "pte");
	want_page(shared + 80 * PAGE, 48, "none", "pte");
	want_page(private + 64 * PAGE, 8, "anon", "pte");
	close(fd);
}

static void make_sysv(void)
{
	int id = shmget(IPC_PRIVATE, 64 * PAGE, IPC_CREAT | 0600);
	char *p = id < 0 ? (void *)-1 : shmat(id, NULL, 0);

	if (p == (void *)-1)
		fail("shmget, shmat");
	/* Ends with the process. */
	if (shmctl(id, IPC_RMID, NULL))
		fail("shmctl");
	write_pages(p, 10);
	want_page(p, 10, "shmem", "pte");
	want_page(p + 32 * PAGE, 32, "none", "pte");
}

static void read_all(void *p)
{
	read_pages(p, 64);
}

static void make_shared_anon(void)
{
	char *p = map(64 * PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	write_pages(p, 16);
	in_child(read_all, p);
	want_page(p, 16, "shmem", "pte");
}

static const struct scenario scenarios[] = {
	{ "memfd", make_memfd },
	{ "sysv", make_sysv },
	{ "shared_anon", make_shared_anon },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
