// SPDX-License-Identifier: GPL-2.0
/*
 * Whole commands about a Go program that says where something of its is, as
 * tests/vm/targets/go_addr.go does: what they take, in instructions and in memory.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "bench.h"

#define PID	"PID"
#define ADDR	"ADDR"

static const struct {
	const char *name;
	const char *argv[4];
} commands[] = {
	{ "vmwalk-show", { "vmwalk", "show", PID } },
	{ "vmwalk-go", { "vmwalk", "go", PID } },
	{ "vmwalk-where", { "vmwalk", "where", PID, ADDR } },
};

/* The first address on a goroutine's stack. */
static int stack_address(const char *said, char addr[32])
{
	const char *line = strstr(said, "stack 0x");

	return line && sscanf(line, "stack %31s", addr) == 1 ? 0 : -ENOENT;
}

static int ask(size_t i, const char *pid, const char *addr, uint64_t *cost,
	       uint64_t *peak)
{
	const char *argv[5] = { NULL };
	uint64_t start;
	int ret;

	for (size_t j = 0; j < 4; j++) {
		const char *word = commands[i].argv[j];

		argv[j] = !word ? NULL : !strcmp(word, PID) ? pid :
			  !strcmp(word, ADDR) ? addr : word;
	}
	start = now();
	ret = vmw_ask_command(argv, peak);
	*cost = now() - start;
	return ret;
}

/*
 * Who is started inherits our peak until it becomes another program, and the kernel
 * goes on from there: the arena is given up, and the peak forgotten.
 */
static int shrink(void)
{
	FILE *f = fopen("/proc/self/clear_refs", "we");

	if (!f)
		return -errno;
	madvise(vmw_arena, ARENA, MADV_DONTNEED);
	fputs("5\n", f);
	return fclose(f) ? -errno : 0;
}

/* The first time, what is needed comes from files. */
void vmw_ask_go(const char *scene, pid_t of, const char *said)
{
	uint64_t cost = 0, peak = 0;
	char pid[16], addr[32];
	int ret = stack_address(said, addr);

	if (!ret)
		ret = shrink();
	snprintf(pid, sizeof(pid), "%d", of);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		for (int turn = 0; turn < 2 && !ret; turn++)
			ret = ask(i, pid, addr, &cost, &peak);
		vmw_report(scene, commands[i].name, cost, ret);
		printf("peak %s %s %" PRIu64 "\n", scene, commands[i].name, peak);
	}
	memset(vmw_arena, 1, ARENA);
}
