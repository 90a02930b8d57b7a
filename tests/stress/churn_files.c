// SPDX-License-Identifier: GPL-2.0
/* Churns of what is behind shared memory and mapped files. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stress.h"

#define PAGES	600

struct object {
	int fd;
	char *shared, *own;
};

/* An object mapped twice, once for ourselves; NULL, or why it cannot be. */
static const char *make_object(struct object *o, int fd)
{
	o->fd = fd;
	if (fd < 0 || ftruncate(fd, PAGES * PAGE))
		return "no such file";
	o->shared = vmw_map_aligned(PAGES * PAGE, PAGE, MAP_SHARED, fd);
	o->own = vmw_map_aligned(PAGES * PAGE, PAGE, MAP_PRIVATE, fd);
	vmw_touch(o->shared, PAGES);
	return NULL;
}

/* Only ever within the first @pages of it: past its end is SIGBUS. */
static void use(struct rng *r, const struct object *o, size_t pages)
{
	vmw_touch(o->shared + vmw_below(r, pages) * PAGE, 1);
	vmw_look(o->own, vmw_below(r, pages));
	vmw_touch(o->own + vmw_below(r, pages) * PAGE, 1);
}

/* A file of a real filesystem is cut short and grows again. */

static struct object file;

static const char *truncate_start(void)
{
	int fd = open("/", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0) {
		fd = open("/stress", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
		unlink("/stress");
	}
	return make_object(&file, fd);
}

static void truncate_step(struct rng *r)
{
	size_t pages = 1 + vmw_below(r, PAGES);

	if (!ftruncate(file.fd, pages * PAGE))
		use(r, &file, pages);
}

/* Holes in shared memory. */

static struct object memory;

static const char *punch_start(void)
{
	return make_object(&memory, memfd_create("punch", MFD_CLOEXEC));
}

static void punch_step(struct rng *r)
{
	size_t first = vmw_below(r, PAGES), nr = 1 + vmw_below(r, PAGES - first);

	fallocate(memory.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		  first * PAGE, nr * PAGE);
	use(r, &memory, PAGES);
	madvise(memory.own, vmw_below(r, PAGES) * PAGE, MADV_DONTNEED);
}

/* Shared memory goes to swap, which leaves no entry, and comes back. */

static struct object out;

static const char *shmem_swap_start(void)
{
	const char *why = make_object(&out, memfd_create("out", MFD_CLOEXEC));

	if (!why && madvise(out.shared, PAGE, MADV_PAGEOUT))
		why = "no MADV_PAGEOUT";
	return why;
}

static void shmem_swap_step(struct rng *r)
{
	size_t first = vmw_below(r, PAGES);

	madvise(out.shared + first * PAGE, (PAGES - first) * PAGE, MADV_PAGEOUT);
	use(r, &out, PAGES);
}

const struct churn vmw_churn_files[] = {
	{ "truncate", truncate_start, truncate_step },
	{ "punch", punch_start, punch_step },
	{ "shmem_swap", shmem_swap_start, shmem_swap_step },
	{ NULL },
};
