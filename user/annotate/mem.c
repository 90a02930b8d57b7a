// SPDX-License-Identifier: GPL-2.0
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOTS		1024	/* pages that are kept, each in the slot of its number */
#define PM_PRESENT	(1ULL << 63)	/* of an entry of /proc/PID/pagemap */
#define PM_SWAP		(1ULL << 62)	/* or on its way to another frame */

struct vmw_mem_cache {
	uint64_t addr[SLOTS];	/* 1: the slot is empty */
	unsigned char page[SLOTS][VMW_MEM_PAGE];
};

int vmw_mem_init(struct vmw_mem *mem)
{
	mem->cache = malloc(sizeof(*mem->cache));
	if (!mem->cache)
		return -ENOMEM;
	vmw_mem_forget(mem);
	return 0;
}

void vmw_mem_deinit(struct vmw_mem *mem)
{
	free(mem->cache);
	mem->cache = NULL;
}

void vmw_mem_forget(struct vmw_mem *mem)
{
	for (size_t i = 0; i < SLOTS; i++)
		mem->cache->addr[i] = 1;
}

/* Sets *@page to the page at @addr, as it is kept. */
static int get_page(struct vmw_mem *mem, uint64_t addr,
		    const unsigned char **page)
{
	const size_t slot = addr / VMW_MEM_PAGE % SLOTS;
	struct vmw_mem_cache *c = mem->cache;
	int ret;

	*page = c->page[slot];
	if (c->addr[slot] == addr)
		return 0;
	if (!mem->budget)
		return -ETIME;
	mem->budget--;
	c->addr[slot] = 1;
	ret = mem->read_page(mem, addr, c->page[slot]);
	if (ret == -ENODATA)
		mem->unread++;
	if (!ret)
		c->addr[slot] = addr;
	return ret;
}

int vmw_mem_read(struct vmw_mem *mem, uint64_t addr, void *buf, size_t len)
{
	unsigned char *to = buf;

	if (addr + len < addr)
		return -EFAULT;
	while (len) {
		size_t offset = addr % VMW_MEM_PAGE;
		size_t n = VMW_MEM_PAGE - offset;
		const unsigned char *page;
		int ret = get_page(mem, addr - offset, &page);

		if (ret)
			return ret;
		n = n < len ? n : len;
		memcpy(to, page + offset, n);
		to += n;
		addr += n;
		len -= n;
	}
	return 0;
}

int vmw_mem_uint(struct vmw_mem *mem, uint64_t addr, unsigned int width,
		 uint64_t *value)
{
	unsigned char bytes[8];
	int ret;

	if (width != 1 && width != 2 && width != 4 && width != 8)
		return -EPROTO;
	ret = vmw_mem_read(mem, addr, bytes, width);
	if (ret)
		return ret;
	*value = 0;
	while (width--)
		*value = *value << 8 | bytes[width];
	return 0;
}

static int open_of(pid_t pid, const char *file)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	return open(path, O_RDONLY | O_CLOEXEC);
}

int vmw_mem_open(struct vmw_mem_process *p, const struct vmw_aspace *as)
{
	struct stat st;

	*p = (struct vmw_mem_process){
		.as = as,
		.mem = open_of(as->mm.pid, "mem"),
		.pagemap = open_of(as->mm.pid, "pagemap"),
		.exe = open_of(as->mm.pid, "exe"),
	};
	if (p->mem < 0 || p->pagemap < 0) {
		int error = errno;

		vmw_mem_close(p);
		return -error;
	}
	if (p->exe >= 0 && !fstat(p->exe, &st))
		p->exe_ino = st.st_ino;
	return 0;
}

void vmw_mem_close(struct vmw_mem_process *p)
{
	if (p->mem >= 0)
		close(p->mem);
	if (p->pagemap >= 0)
		close(p->pagemap);
	if (p->exe >= 0)
		close(p->exe);
	*p = (struct vmw_mem_process){ .mem = -1, .pagemap = -1, .exe = -1 };
}

/* What a page holds that was never brought in. */
static int read_absent(const struct vmw_mem_process *p,
		       const struct vmw_vma *vma, uint64_t addr, void *buf)
{
	const uint64_t offset = vma->info.offset + (addr - vma->info.start);
	ssize_t len = 0;

	memset(buf, 0, VMW_MEM_PAGE);
	if (vma->info.flags & VMWALK_VMA_F_ANON)
		return 0;
	if (p->exe < 0 || !(vma->info.flags & VMWALK_VMA_F_FILE) ||
	    vma->info.ino != p->exe_ino)
		return -ENODATA;
	len = pread(p->exe, buf, VMW_MEM_PAGE, offset);
	return len > 0 ? 0 : -ENODATA;
}

/*
 * The entry is looked at just before the read: between the two the target may
 * give the page back, and only then would the read bring in a zero page.
 */
int vmw_mem_read_process(const struct vmw_mem *mem, uint64_t addr, void *buf)
{
	const struct vmw_mem_process *p = mem->source;
	const struct vmw_vma *vma = vmw_aspace_find_vma(p->as, addr);
	uint64_t entry;

	if (!vma || vma->info.flags & (VMWALK_VMA_F_GATE | VMWALK_VMA_F_PFNMAP))
		return -EFAULT;
	if (pread(p->pagemap, &entry, sizeof(entry),
		  (addr >> p->as->page_shift) * sizeof(entry)) != sizeof(entry))
		return -EFAULT;
	if (entry & PM_SWAP)
		return -ENODATA;
	if (!(entry & PM_PRESENT))
		return read_absent(p, vma, addr, buf);
	if (pread(p->mem, buf, VMW_MEM_PAGE, addr) != VMW_MEM_PAGE)
		return -EFAULT;
	return 0;
}
