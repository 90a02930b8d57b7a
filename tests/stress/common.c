// SPDX-License-Identifier: GPL-2.0
/* Chance, blame, processes and small files. */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "stress.h"

struct stress *vmw_stress;

void vmw_rng_seed(struct rng *r, uint64_t seed, unsigned int role)
{
	r->state = seed + role * 0x9e3779b97f4a7c15ULL;
	vmw_rng(r);
}

uint32_t vmw_rng(struct rng *r)
{
	r->state = r->state * 6364136223846793005ULL + 1442695040888963407ULL;
	return r->state >> 33;
}

uint32_t vmw_below(struct rng *r, uint32_t n)
{
	return vmw_rng(r) % n;
}

void vmw_broken(const char *fmt, ...)
{
	int nobody = 0;
	va_list ap;

	if (!atomic_compare_exchange_strong(&vmw_stress->broken, &nobody, 1))
		return;
	va_start(ap, fmt);
	vsnprintf(vmw_stress->what, sizeof(vmw_stress->what), fmt, ap);
	va_end(ap);
	atomic_store(&vmw_stress->broken, 2);
}

void vmw_victim(struct rng *r, pid_t pid)
{
	atomic_store(&vmw_stress->victims[1 + vmw_below(r, VMW_VICTIMS - 1)], pid);
}

pid_t vmw_spawn(void (*run)(void *arg), void *arg)
{
	pid_t parent = getpid(), pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		perror("fork");
		exit(1);
	}
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	run(arg);
	_exit(0);
}

char *vmw_map(size_t len)
{
	return vmw_map_aligned(len, PAGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

char *vmw_map_aligned(size_t len, size_t align, int flags, int fd)
{
	char *room = mmap(NULL, len + align, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char *p = (char *)(((uintptr_t)room + align - 1) & -align);

	if (room == MAP_FAILED ||
	    mmap(p, len, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0) != p) {
		vmw_broken("mmap of %zu bytes: %m", len);
		_exit(1);
	}
	if (p > room)
		munmap(room, p - room);
	if (p < room + align)
		munmap(p + len, room + align - p);
	return p;
}

void vmw_touch(char *p, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		*(volatile char *)(p + i * PAGE) = 1;
}

void vmw_look(const char *p, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		(void)*(const volatile char *)(p + i * PAGE);
}

long vmw_read_number(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char buf[64] = "";
	ssize_t len = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	if (fd >= 0)
		close(fd);
	return len > 0 ? strtol(buf, NULL, 10) : -1;
}

bool vmw_write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = strlen(text);
	bool ok = fd >= 0 && write(fd, text, len) == len;

	if (fd >= 0)
		close(fd);
	return ok;
}
