// SPDX-License-Identifier: GPL-2.0
/*
 * A program that passes itself off as Go 1.19, and whose runtime is a trap:
 *
 *	loop	lists that lead into themselves
 *	huge	counts as large as they can be
 *	wild	pointers to nowhere, odd ones, and to the last byte that is mapped
 *	noise	random bytes, from the seed given
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE	4096
#define ARENA	0xc000000000ULL
#define ARENA_SIZE	(64UL << 20)

/* By the layout of Go 1.19. */
#define ALLSPANS	65856
#define ARENAS	65936
#define ALL_ARENAS	66016
#define IN_USE	65696
#define ALLLINK	336

struct info {
	char magic[14];
	char pointer_size, flags;
	char rest[16];
	char length;
	char version[15];
};

__attribute__((section(".go.buildinfo"), used, aligned(16)))
struct info info = {
	.magic = "\377 Go buildinf:", .pointer_size = 8, .flags = 2,
	.length = 8, .version = "go1.19.8",
};

uint64_t mheap[70000 / 8] __asm__("runtime.mheap_");
uint64_t allgs[3] __asm__("runtime.allgs");
uint64_t allm[1] __asm__("runtime.allm");
uint64_t chunks[1] __asm__("runtime.persistentChunks");
uint64_t bits[5] __asm__("runtime.gcBitsArenas");
uint64_t buckets[1] __asm__("runtime.buckhash");

static uint64_t *room;	/* a page at the end of what is mapped, and before it more */

static void set_slice(uint64_t *slice, uint64_t array, uint64_t len)
{
	slice[0] = array;
	slice[1] = len;
	slice[2] = len;
}

static void set_all(uint64_t array, uint64_t len)
{
	set_slice(mheap + ALLSPANS / 8, array, len);
	set_slice(mheap + ALL_ARENAS / 8, array, len);
	set_slice(mheap + IN_USE / 8, array, len);
	set_slice(allgs, array, len);
	mheap[ARENAS / 8] = array;
	allm[0] = array;
	chunks[0] = array;
	buckets[0] = array;
	for (int i = 0; i < 5; i++)
		bits[i] = array;
}

static void loop(void)
{
	for (int i = 0; i < 16 * PAGE / 8; i++)
		room[i] = (uintptr_t)room;
	set_all((uintptr_t)room, 16 * PAGE / 8);
	/* An arena that is one, so that the rest is looked at. */
	room[0] = (ARENA - 0xffff800000000000) / ARENA_SIZE;
	set_slice(mheap + ALL_ARENAS / 8, (uintptr_t)room, 1);
}

static void noise(unsigned int seed)
{
	unsigned char *bytes = (unsigned char *)mheap;

	srand(seed);
	for (size_t i = 0; i < sizeof(mheap); i++)
		bytes[i] = rand() % 3 ? 0 : rand();
	for (int i = 0; i < 16 * PAGE / 8; i++)
		room[i] = rand() % 4 ? (uintptr_t)room + rand() % (16 * PAGE) :
				       (unsigned int)rand();
	set_all((uintptr_t)room + rand() % PAGE, rand() % 2 ? rand() : 3000);
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "loop";
	uint64_t end;

	if (mmap((void *)ARENA, ARENA_SIZE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) ==
	    MAP_FAILED)
		abort();
	room = mmap(NULL, 17 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED || munmap(room + 16 * PAGE / 8, PAGE))
		abort();
	end = (uintptr_t)room + 16 * PAGE;
	if (!strcmp(how, "loop"))
		loop();
	else if (!strcmp(how, "huge"))
		set_all((uintptr_t)room, UINT64_MAX);
	else if (!strcmp(how, "wild"))
		set_all(end - 1, 1000);
	else
		noise(argc > 2 ? atoi(argv[2]) : 1);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
