// SPDX-License-Identifier: GPL-2.0
/*
 * What vmwalk says of pages of files that are not mapped, against mincore() of
 * another mapping of the same file, which nobody touches: there it asks the page
 * cache alone.
 */
#include <inttypes.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oracle.h"
#include "procmem.h"
#include "target.h"

#define SHOW 5
#define CHUNK (64 << 10)	/* pages asked for at a time */

struct object {
	const struct vmw_aspace *as;
	const struct vmw_vma *vma;
	char *map;		/* all of the VMA, elsewhere */
	uint64_t end;		/* address of the first page past its end */
	size_t wrong;
};

/* The size of a file, or of a disk; -1 if it is neither. */
static int64_t size_of(int fd)
{
	struct stat st;
	uint64_t size;

	if (fstat(fd, &st))
		return -1;
	if (S_ISREG(st.st_mode))
		return st.st_size;
	if (S_ISBLK(st.st_mode) && !ioctl(fd, BLKGETSIZE64, &size))
		return size;
	return -1;
}

static bool open_object(struct object *o, pid_t pid)
{
	const struct vmwalk_vma *v = &o->vma->info;
	const uint64_t page = 1ULL << o->as->page_shift;
	char file[64];
	int64_t size;
	int fd;

	snprintf(file, sizeof(file), "map_files/%llx-%llx", v->start, v->end);
	fd = vmw_proc_open(pid, file);
	size = fd < 0 ? -1 : size_of(fd);
	if (size >= 0)
		o->map = mmap(NULL, v->end - v->start, PROT_READ, MAP_SHARED,
			      fd, v->offset);
	if (fd >= 0)
		close(fd);
	size = (size + page - 1) & -page;
	o->end = v->start + ((uint64_t)size > v->offset ? size - v->offset : 0);
	return size >= 0 && o->map != MAP_FAILED;
}

/*
 * What vmwalk calls swapped may be in the swap cache, where mincore() finds it
 * in core: nothing is read in for it. vmwalk tells where the object has it.
 */
static void compare_page(struct object *o, uint64_t addr, uint32_t state,
			 bool in_core)
{
	const bool beyond = addr >= o->end;

	if (!!(state & VMWALK_STATE_BEYOND_EOF) == beyond &&
	    (state & VMWALK_STATE_SWAPPED ||
	     !!(state & VMWALK_STATE_CACHED) == in_core))
		return;
	if (o->wrong++ < SHOW)
		vmw_diag("%" PRIx64 ": state %x, %sin core, %s the end", addr,
			 state, in_core ? "" : "not ",
			 beyond ? "beyond" : "before");
}

static void compare_extent(struct object *o, const struct vmw_extent *e)
{
	static unsigned char in_core[CHUNK];
	const uint32_t shift = o->as->page_shift;
	const uint64_t end = vmw_extent_end(o->as, e);
	uint64_t addr, nr, i;

	for (addr = e->start; addr < end; addr += nr << shift) {
		nr = (end - addr) >> shift;
		if (nr > CHUNK)
			nr = CHUNK;
		if (mincore(o->map + (addr - o->vma->info.start), nr << shift,
			    in_core)) {
			o->wrong++;
			return;
		}
		for (i = 0; i < nr; i++)
			compare_page(o, addr + (i << shift), e->state,
				     in_core[i] & 1);
	}
}

static void compare_swapped(struct object *o, uint64_t swapped)
{
	if (swapped == o->vma->info.shmem_swapped)
		return;
	vmw_diag("%llx: %" PRIu64 " bytes of extents in swap, %llu counted",
		 o->vma->info.start, swapped, o->vma->info.shmem_swapped);
	o->wrong++;
}

static void compare_object(struct object *o)
{
	const struct vmw_extent *e = &o->as->extents[o->vma->first_extent];
	uint64_t swapped = 0;
	size_t i;

	for (i = 0; i < o->vma->nr_extents; i++, e++) {
		if (vmw_state_kind(e->state) != VMWALK_KIND_NONE)
			continue;
		compare_extent(o, e);
		if (e->state & VMWALK_STATE_SWAPPED)
			swapped += e->pages << o->as->page_shift;
	}
	compare_swapped(o, swapped);
}

size_t vmw_absence_check(pid_t pid, const struct vmw_aspace *as,
			 size_t *objects)
{
	const uint32_t others = VMWALK_VMA_F_ANON | VMWALK_VMA_F_HUGETLB |
				VMWALK_VMA_F_PFNMAP;
	size_t i, wrong = 0;

	*objects = 0;
	for (i = 0; i < as->nr_vmas; i++) {
		struct object o = {
			.as = as, .vma = &as->vmas[i], .map = MAP_FAILED,
		};

		if (!(o.vma->info.flags & VMWALK_VMA_F_FILE) ||
		    o.vma->info.flags & others || !open_object(&o, pid))
			continue;
		++*objects;
		compare_object(&o);
		munmap(o.map, o.vma->info.end - o.vma->info.start);
		wrong += o.wrong;
	}
	return wrong;
}
