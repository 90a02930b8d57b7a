// SPDX-License-Identifier: GPL-2.0
/*
 * Copies of maps and smaps: VMAs, and of smaps what it sums up. Which page is
 * where they do not tell.
 */
#include "import.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_	(4 * PATH_MAX + 256)
#define VMAS_MAX	(4 << 20)
#define TASK_SIZE_47	0x7ffffffff000

struct import {
	struct vmw_aspace *as;
	struct vmwalk_vma vma;	/* on its way into the model */
	char name[LINE_MAX_];
	struct vmw_usage usage;
	struct vmwalk_pages pages;
	bool open;		/* there is one on its way */
	bool sums;		/* it is smaps */
};

/* A line of smaps in KiB, and where it is summed up. */
static const struct {
	const char *key;
	size_t usage, pages;	/* offsets + 1, 0: not there */
	unsigned int shift;	/* log2 of what a byte is there */
} keys[] = {
#define U(member)	(offsetof(struct vmw_usage, member) + 1)
#define P(member)	(offsetof(struct vmwalk_pages, member) + 1)
	{ "Rss", U(resident), 0, 0 },
	{ "Anonymous", U(anon), 0, 0 },
	{ "AnonHugePages", U(anon_huge), 0, 0 },
	{ "Shared_Hugetlb", U(hugetlb_shared), 0, 0 },
	{ "Private_Hugetlb", U(hugetlb), 0, 0 },
	{ "Swap", U(swapped), 0, 0 },
	{ "Pss", 0, P(pss), VMWALK_PSS_SHIFT },
	{ "Pss_Anon", 0, P(pss_anon), VMWALK_PSS_SHIFT },
	{ "Pss_File", 0, P(pss_file), VMWALK_PSS_SHIFT },
	{ "Pss_Shmem", 0, P(pss_shmem), VMWALK_PSS_SHIFT },
	{ "Pss_Dirty", 0, P(pss_dirty), VMWALK_PSS_SHIFT },
	{ "Locked", 0, P(pss_locked), VMWALK_PSS_SHIFT },
	{ "Shared_Clean", 0, P(shared_clean), 0 },
	{ "Shared_Dirty", 0, P(shared_dirty), 0 },
	{ "Private_Clean", 0, P(private_clean), 0 },
	{ "Private_Dirty", 0, P(private_dirty), 0 },
	{ "Referenced", 0, P(referenced), 0 },
	{ "KSM", 0, P(ksm), 0 },
	{ "LazyFree", 0, P(lazyfree), 0 },
};

static const struct {
	const char *letters;
	uint32_t flag;
} vm_flags[] = {
	{ "gd", VMWALK_VMA_F_GROWSDOWN }, { "pf", VMWALK_VMA_F_PFNMAP },
	{ "mm", VMWALK_VMA_F_MIXEDMAP }, { "io", VMWALK_VMA_F_IO },
	{ "ht", VMWALK_VMA_F_HUGETLB }, { "lo", VMWALK_VMA_F_LOCKED },
	{ "dc", VMWALK_VMA_F_DONTCOPY }, { "dd", VMWALK_VMA_F_DONTDUMP },
	{ "nr", VMWALK_VMA_F_NORESERVE }, { "hg", VMWALK_VMA_F_HUGEPAGE },
	{ "nh", VMWALK_VMA_F_NOHUGEPAGE },
};

static bool begins(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* What of its flags the name tells. */
static uint32_t flags_of_name(const char *name, uint64_t ino)
{
	if (!strcmp(name, "[vsyscall]"))
		return VMWALK_VMA_F_GATE;
	if (!strcmp(name, "[vdso]") || begins(name, "[vvar"))
		return VMWALK_VMA_F_SPECIAL;
	if (!ino && *name != '/')
		return VMWALK_VMA_F_ANON;
	if (begins(name, "/memfd:") || begins(name, "/SYSV") ||
	    begins(name, "/dev/shm/") || !strcmp(name, "/dev/zero (deleted)"))
		return VMWALK_VMA_F_FILE | VMWALK_VMA_F_SHMEM;
	return VMWALK_VMA_F_FILE;
}

static uint32_t flags_of_perms(const char *perms)
{
	return (perms[0] == 'r' ? VMWALK_VMA_F_READ : 0) |
	       (perms[1] == 'w' ? VMWALK_VMA_F_WRITE : 0) |
	       (perms[2] == 'x' ? VMWALK_VMA_F_EXEC : 0) |
	       (perms[3] == 's' ? VMWALK_VMA_F_SHARED : 0);
}

/* The kernel writes a newline as \012, and nothing else so. */
static void unescape(char *name)
{
	char *to = name;

	while (*name) {
		if (begins(name, "\\012")) {
			*to++ = '\n';
			name += 4;
		} else {
			*to++ = *name++;
		}
	}
	*to = '\0';
}

static int close_vma(struct import *im)
{
	struct vmw_aspace *as = im->as;
	int ret;

	if (!im->open)
		return 0;
	im->open = false;
	if (as->nr_vmas >= VMAS_MAX ||
	    (as->nr_vmas &&
	     im->vma.start < as->vmas[as->nr_vmas - 1].info.end))
		return -EPROTO;
	ret = vmw_aspace_add_vma(as, &im->vma, *im->name ? im->name : NULL);
	if (ret)
		return ret;
	im->usage.hugetlb += im->usage.hugetlb_shared;
	im->usage.file = im->usage.resident > im->usage.anon ?
			 im->usage.resident - im->usage.anon : 0;
	im->usage.present = im->usage.resident + im->usage.hugetlb;
	as->vmas[as->nr_vmas - 1].usage = im->usage;
	return im->sums ? vmw_aspace_add_pages(as, &im->pages) : 0;
}

/* 1: it is the first line of a VMA. */
static int open_vma(struct import *im, char *line)
{
	unsigned int major, minor;
	struct vmwalk_vma v = { 0 };
	uint64_t start, end, offset, ino;
	char perms[5];
	int len = 0, ret;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %"
		   SCNu64 "%n", &start, &end, perms, &offset, &major, &minor,
		   &ino, &len) != 7 || strlen(perms) != 4)
		return 0;
	ret = close_vma(im);
	if (ret)
		return ret;
	line += len;
	line += strspn(line, " ");
	strcpy(im->name, line);
	unescape(im->name);
	v.start = start;
	v.from = start;
	v.end = end;
	v.ino = ino;
	v.offset = ino ? offset : 0;
	v.dev_major = major;
	v.dev_minor = minor;
	v.page_shift = im->as->page_shift;
	v.flags = flags_of_perms(perms) | flags_of_name(im->name, ino);
	im->vma = v;
	im->usage = (struct vmw_usage){ 0 };
	im->pages = (struct vmwalk_pages){ 0 };
	im->open = true;
	return 1;
}

static void take_sum(struct import *im, const char *key, uint64_t kib)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const uint64_t value = kib << 10 << keys[i].shift;

		if (strcmp(keys[i].key, key))
			continue;
		if (keys[i].usage)
			*(uint64_t *)((char *)&im->usage + keys[i].usage - 1) =
				value;
		else
			*(uint64_t *)((char *)&im->pages + keys[i].pages - 1) =
				value;
		im->sums = true;
	}
	if (!strcmp(key, "KernelPageSize") && kib && !(kib & (kib - 1)) &&
	    kib < 1 << 30)
		im->vma.page_shift = 10 + __builtin_ctzll(kib);
}

static void take_vm_flags(struct import *im, const char *list)
{
	for (size_t i = 0; i < sizeof(vm_flags) / sizeof(vm_flags[0]); i++)
		if (strstr(list, vm_flags[i].letters))
			im->vma.flags |= vm_flags[i].flag;
}

static int take_line(struct import *im, char *line)
{
	uint64_t kib;
	char key[64];
	int ret;

	ret = open_vma(im, line);
	if (ret)
		return ret < 0 ? ret : 0;
	if (!im->open)
		return -EBADMSG;
	if (begins(line, "VmFlags:"))
		take_vm_flags(im, line + strlen("VmFlags:"));
	else if (sscanf(line, "%63[A-Za-z_]: %" SCNu64 " kB", key, &kib) == 2)
		take_sum(im, key, kib);
	else if (!strchr(line, ':'))
		return -EBADMSG;
	return 0;
}

static int read_lines(struct import *im, FILE *f)
{
	char line[LINE_MAX_];
	int ret = 0;

	while (!ret && fgets(line, sizeof(line), f)) {
		const size_t len = strcspn(line, "\n");

		if (!line[len] && !feof(f))
			return -EBADMSG;
		line[len] = '\0';
		ret = take_line(im, line);
	}
	if (!ret && ferror(f))
		ret = -EIO;
	if (!ret)
		ret = close_vma(im);
	return !ret && !im->as->nr_vmas ? -EBADMSG : ret;
}

/* What the VMAs tell of the address space as a whole. */
static void sum_up(struct vmw_aspace *as)
{
	struct vmwalk_mm *mm = &as->mm;

	mm->task_size = TASK_SIZE_47;
	for (size_t i = 0; i < as->nr_vmas; i++) {
		const struct vmw_vma *vma = &as->vmas[i];
		const struct vmwalk_vma *v = &vma->info;

		if (v->flags & VMWALK_VMA_F_GATE)
			continue;
		if (v->end > mm->task_size)
			mm->task_size = ((uint64_t)1 << 56) - 4096;
		if (!mm->start_code && v->flags & VMWALK_VMA_F_FILE &&
		    v->flags & VMWALK_VMA_F_EXEC) {
			mm->start_code = v->start;
			mm->end_code = v->end;
		}
		if (vma->name && !strcmp(vma->name, "[heap]")) {
			mm->start_brk = v->start;
			mm->brk = v->end;
		}
		if (vma->name && !strcmp(vma->name, "[stack]"))
			mm->start_stack = v->end - 1;
		mm->vmas++;
		mm->mapped += v->end - v->start;
		mm->rss_anon += vma->usage.anon;
		mm->rss_file += vma->usage.file;
		mm->swap += vma->usage.swapped;
	}
}

/* Fields 1, 26 and 27 of stat, if that was copied as well. */
static void take_stat(const char *dir, struct vmw_aspace *as)
{
	uint64_t start_code, end_code, start_stack;
	char path[PATH_MAX + 8], line[2048] = "", *close;
	unsigned long pid;
	FILE *f;

	snprintf(path, sizeof(path), "%s/stat", dir);
	f = fopen(path, "re");
	if (!f)
		return;
	pid = fgets(line, sizeof(line), f) ? strtoul(line, NULL, 10) : 0;
	fclose(f);
	as->mm.pid = pid >> 31 ? 0 : pid;
	close = strrchr(line, ')');
	if (!close || sscanf(close + 1, " %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			     "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			     "%*s %*s %" SCNu64 " %" SCNu64 " %" SCNu64,
			     &start_code, &end_code, &start_stack) != 3 ||
	    start_code <= 1)
		return;
	as->mm.start_code = start_code;
	as->mm.end_code = end_code;
	as->mm.start_stack = start_stack;
}

/* comm, or what the program's file is called. */
static void take_comm(const char *dir, struct vmw_aspace *as)
{
	char path[PATH_MAX + 8];
	const char *name = NULL, *slash;
	FILE *f = NULL;

	if (dir) {
		snprintf(path, sizeof(path), "%s/comm", dir);
		f = fopen(path, "re");
	}
	if (f) {
		if (fgets(as->comm, sizeof(as->comm), f))
			as->comm[strcspn(as->comm, "\n")] = '\0';
		fclose(f);
		return;
	}
	for (size_t i = 0; !name && i < as->nr_vmas; i++)
		if (as->vmas[i].info.flags & VMWALK_VMA_F_FILE)
			name = as->vmas[i].name;
	slash = name ? strrchr(name, '/') : NULL;
	snprintf(as->comm, sizeof(as->comm), "%s",
		 slash ? slash + 1 : name ? name : "");
}

static void finish(struct import *im, const char *dir, const struct stat *st,
		   struct vmw_snapshot *s)
{
	struct vmw_aspace *as = im->as;

	s->time = st->st_mtim.tv_sec * INT64_C(1000000000) +
		  st->st_mtim.tv_nsec;
	s->info.page_shift = as->page_shift;
	as->complete = true;
	as->end.consistency = VMWALK_BEST_EFFORT;
	as->end.vmas = as->nr_vmas;
	as->sums_only = im->sums;
	as->flags = im->sums ? VMWALK_WALK_F_PAGES : 0;
	for (size_t i = 0; i < as->nr_vmas; i++)
		if (as->vmas[i].info.flags & VMWALK_VMA_F_GATE)
			as->vsyscall = as->vmas[i].info.flags &
				VMWALK_VMA_F_READ ? VMW_VSYSCALL_EMULATE :
						    VMW_VSYSCALL_XONLY;
	sum_up(as);
	if (dir)
		take_stat(dir, as);
	take_comm(dir, as);
	vmw_aspace_finish(as);
}

/* The copy of smaps, or else of maps, in @path; or @path itself. */
static FILE *open_copy(const char *path, bool *is_dir, struct stat *st)
{
	char inside[PATH_MAX + 8];
	FILE *f = NULL;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	if (fstat(fd, st)) {
		close(fd);
		return NULL;
	}
	*is_dir = S_ISDIR(st->st_mode);
	if (!*is_dir)
		f = fdopen(fd, "r");
	if (!f)
		close(fd);
	if (!*is_dir)
		return f;
	snprintf(inside, sizeof(inside), "%s/smaps", path);
	f = fopen(inside, "re");
	if (!f) {
		snprintf(inside, sizeof(inside), "%s/maps", path);
		f = fopen(inside, "re");
	}
	/* Of a file that is open it does not fail; else the directory's stands. */
	if (f)
		fstat(fileno(f), st);
	return f;
}

int vmw_import_proc(const char *path, struct vmw_snapshot **out,
		    struct vmw_error *err)
{
	struct vmw_snapshot *s = vmw_snapshot_create();
	struct import *im = calloc(1, sizeof(*im));
	bool is_dir = false;
	struct stat st;
	FILE *f = NULL;
	int ret = -ENOMEM;

	if (s && im) {
		vmw_aspace_init(&s->as, 12);
		im->as = &s->as;
		f = open_copy(path, &is_dir, &st);
		ret = f ? read_lines(im, f) : -errno;
	}
	if (f)
		fclose(f);
	if (!ret)
		finish(im, is_dir ? path : NULL, &st, s);
	free(im);
	if (!ret) {
		*out = s;
		return 0;
	}
	vmw_snapshot_destroy(s);
	if (ret == -EBADMSG || ret == -EPROTO)
		return vmw_error_set(err, ret, "'%.200s' is no copy of "
				     "/proc/PID/maps or smaps", path);
	return vmw_error_set(err, ret, "cannot read '%.200s': %s", path,
			     strerror(-ret));
}
