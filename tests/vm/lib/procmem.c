// SPDX-License-Identifier: GPL-2.0
/* Parses what /proc says of a process's memory. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "procmem.h"

const char *const vmw_smaps_names[VMW_SMAPS_FIELDS] = {
	[VMW_SMAPS_SIZE] = "Size",
	[VMW_SMAPS_PAGE_SIZE] = "KernelPageSize",
	[VMW_SMAPS_MMU_PAGE_SIZE] = "MMUPageSize",
	[VMW_SMAPS_RSS] = "Rss",
	[VMW_SMAPS_ANON] = "Anonymous",
	[VMW_SMAPS_SWAP] = "Swap",
	[VMW_SMAPS_ANON_HUGE] = "AnonHugePages",
	[VMW_SMAPS_SHMEM_HUGE] = "ShmemPmdMapped",
	[VMW_SMAPS_FILE_HUGE] = "FilePmdMapped",
	[VMW_SMAPS_HUGETLB_SHARED] = "Shared_Hugetlb",
	[VMW_SMAPS_HUGETLB_PRIVATE] = "Private_Hugetlb",
	[VMW_SMAPS_PSS] = "Pss",
	[VMW_SMAPS_PSS_DIRTY] = "Pss_Dirty",
	[VMW_SMAPS_SHARED_CLEAN] = "Shared_Clean",
	[VMW_SMAPS_SHARED_DIRTY] = "Shared_Dirty",
	[VMW_SMAPS_PRIVATE_CLEAN] = "Private_Clean",
	[VMW_SMAPS_PRIVATE_DIRTY] = "Private_Dirty",
	[VMW_SMAPS_REFERENCED] = "Referenced",
	[VMW_SMAPS_LAZYFREE] = "LazyFree",
	[VMW_SMAPS_KSM] = "KSM",
	[VMW_SMAPS_LOCKED] = "Locked",
	[VMW_SMAPS_PKEY] = "ProtectionKey",
	[VMW_SMAPS_SWAP_PSS] = "SwapPss",
	[VMW_SMAPS_THP_ELIGIBLE] = "THPeligible",
};

int vmw_proc_open(pid_t pid, const char *file)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static FILE *open_stream(pid_t pid, const char *file)
{
	int fd = vmw_proc_open(pid, file);

	return fd < 0 ? NULL : fdopen(fd, "r");
}

/* A line of maps, which is also the head of each part of smaps. */
static bool parse_vma(char *line, struct vmw_proc_vma *vma)
{
	unsigned long long start, end, offset, ino;
	int name = 0;

	if (sscanf(line, "%llx-%llx %4s %llx %x:%x %llu %n", &start, &end,
		   vma->perms, &offset, &vma->major, &vma->minor, &ino,
		   &name) != 7)
		return false;
	line[strcspn(line, "\n")] = '\0';
	vma->start = start;
	vma->end = end;
	vma->offset = offset;
	vma->ino = ino;
	vma->name = strdup(line + name);
	return vma->name;
}

static int read_maps(struct vmw_procmem *pm, pid_t pid)
{
	FILE *f = open_stream(pid, "maps");
	char *line = NULL;
	size_t room = 0;

	if (!f)
		return -1;
	while (getline(&line, &room, f) > 0) {
		struct vmw_proc_vma vma = { 0 };

		if (!parse_vma(line, &vma))
			break;
		pm->vma = reallocarray(pm->vma, pm->nr + 1, sizeof(vma));
		if (!pm->vma)
			abort();
		pm->vma[pm->nr++] = vma;
	}
	free(line);
	fclose(f);
	return pm->nr ? 0 : -1;
}

/* What a test knows nothing of would not be compared either, and nobody the wiser. */
static void refuse_unknown(const char *line, size_t len)
{
	fprintf(stderr, "# smaps has a line that no test knows: %.*s\n",
		(int)len, line);
	exit(1);
}

/* "Rss:        12 kB", "VmFlags: rd ex mr " */
static void parse_field(const char *line, struct vmw_proc_vma *vma)
{
	const unsigned int shift = strstr(line, " kB") ? 10 : 0;
	size_t i, len = strcspn(line, ":");

	if (!strncmp(line, "VmFlags", len))
		snprintf(vma->flags, sizeof(vma->flags), "%s", line + len + 1);
	for (i = 0; i < VMW_SMAPS_FIELDS; i++) {
		if (strlen(vmw_smaps_names[i]) != len ||
		    strncmp(line, vmw_smaps_names[i], len))
			continue;
		vma->field[i] = strtoull(line + len + 1, NULL, 10) << shift;
		vma->has |= 1U << i;
		return;
	}
	if (strncmp(line, "VmFlags", len))
		refuse_unknown(line, len);
}

static int read_smaps(struct vmw_procmem *pm, pid_t pid)
{
	FILE *f = open_stream(pid, "smaps");
	struct vmw_proc_vma head = { 0 };
	size_t room = 0, nr = 0;
	char *line = NULL;
	int err = 0;

	if (!f)
		return -1;
	while (!err && getline(&line, &room, f) > 0) {
		if (parse_vma(line, &head)) {
			free(head.name);
			err = nr >= pm->nr || head.start != pm->vma[nr].start ||
			      head.end != pm->vma[nr].end;
			nr++;
		} else {
			parse_field(line, &pm->vma[nr - 1]);
		}
	}
	free(line);
	fclose(f);
	return err || nr != pm->nr ? -1 : 0;
}

int vmw_procmem_read(struct vmw_procmem *pm, pid_t pid)
{
	*pm = (struct vmw_procmem){ 0 };
	if (!read_maps(pm, pid) && !read_smaps(pm, pid))
		return 0;
	vmw_procmem_free(pm);
	return -1;
}

void vmw_procmem_free(struct vmw_procmem *pm)
{
	size_t i;

	for (i = 0; i < pm->nr; i++)
		free(pm->vma[i].name);
	free(pm->vma);
	*pm = (struct vmw_procmem){ 0 };
}

uint64_t vmw_proc_stat(pid_t pid, int n)
{
	FILE *f = open_stream(pid, "stat");
	char line[1024], *s;

	if (!f)
		return 0;
	s = fgets(line, sizeof(line), f);
	fclose(f);
	/* The name, field 2, may hold anything, brackets and spaces too. */
	s = s ? strrchr(s, ')') : NULL;
	for (; s && n > 2; n--)
		s = strchr(s + 1, ' ');
	return s ? strtoull(s, NULL, 10) : 0;
}

uint64_t vmw_proc_number(pid_t pid, const char *file, const char *key)
{
	FILE *f = open_stream(pid, file);
	size_t len = strlen(key);
	uint64_t n = 0;
	char line[256];

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, key, len) && line[len] == ':')
			n = strtoull(line + len + 1, NULL, 10);
	fclose(f);
	return n;
}

uint64_t vmw_proc_status(pid_t pid, const char *key)
{
	return vmw_proc_number(pid, "status", key);
}

struct vmw_window *vmw_window_open(const char *path, size_t room)
{
	struct vmw_window *w = calloc(1, sizeof(*w) + room * sizeof(uint64_t));

	if (!w)
		abort();
	w->room = room;
	w->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (w->fd >= 0)
		return w;
	free(w);
	return NULL;
}

struct vmw_window *vmw_window_pagemap(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	return vmw_window_open(path, 64 << 10);
}

void vmw_window_close(struct vmw_window *w)
{
	if (!w)
		return;
	close(w->fd);
	free(w);
}

const uint64_t *vmw_window_at(struct vmw_window *w, uint64_t i, uint64_t *nr)
{
	ssize_t len;

	if (i < w->first || i >= w->first + w->nr) {
		len = pread(w->fd, w->entry, w->room * sizeof(uint64_t),
			    i * sizeof(uint64_t));
		w->first = i;
		w->nr = len > 0 ? len / sizeof(uint64_t) : 0;
		if (!w->nr)
			return NULL;
	}
	*nr = w->first + w->nr - i;
	return &w->entry[i - w->first];
}

bool vmw_kernel_is(unsigned int version, unsigned int patchlevel)
{
	unsigned int v = 0, p = 0;
	struct utsname u;

	if (uname(&u) || sscanf(u.release, "%u.%u", &v, &p) != 2)
		return false;
	return v > version || (v == version && p >= patchlevel);
}

static uint64_t number_at(const char *path, uint64_t i)
{
	struct vmw_window *w = vmw_window_open(path, 1);
	const uint64_t *number;
	uint64_t nr, n = 0;

	if (!w)
		return 0;
	number = vmw_window_at(w, i, &nr);
	if (number)
		n = *number;
	vmw_window_close(w);
	return n;
}

/* By a page of our own, which is not. */
bool vmw_kpageflags_knows_ksm(void)
{
	char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t flags;

	if (p == MAP_FAILED)
		abort();
	*(volatile char *)p = 1;
	flags = number_at("/proc/kpageflags",
			  number_at("/proc/self/pagemap", (uintptr_t)p / 4096) &
			  VMW_PM_FRAME);
	munmap(p, 4096);
	return !(flags >> KPF_KSM & 1);
}
