// SPDX-License-Identifier: GPL-2.0
/* Files, in a directory whose file system makes them page cache or shmem. */
#include "target.h"

#include <linux/magic.h>
#include <sys/statfs.h>

#define NR_PAGES 256
/*
 * A read fault maps its neighbours in the cache too: the aligned block of this
 * many pages.
 */
#define AROUND 16

static const char *cached_kind(void)
{
	struct statfs fs;

	if (statfs(target_dir, &fs))
		fail(target_dir);
	return fs.f_type == TMPFS_MAGIC ? "shmem" : "file";
}

/* A file of NR_PAGES full pages. */
static int make_file(const char *name)
{
	char path[512], buf[PAGE];
	int fd, i;

	snprintf(path, sizeof(path), "%s/%s", target_dir, name);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		fail(path);
	memset(buf, 'x', sizeof(buf));
	for (i = 0; i < NR_PAGES; i++)
		if (write(fd, buf, sizeof(buf)) != sizeof(buf))
			fail("write");
	return fd;
}

static void remove_file(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", target_dir, name);
	if (unlink(path))
		fail(path);
}

static char *map_file(const char *name, int prot, int flags)
{
	int fd = make_file(name);
	char *p = map_aligned(NR_PAGES * PAGE, prot, flags, fd, 0);

	close(fd);
	return p;
}

static void make_readonly(void)
{
	char *p = map_file("readonly", PROT_READ, MAP_PRIVATE);

	read_pages(p, AROUND);
	want_page(p, AROUND, cached_kind(), "pte");
	want_page(p + AROUND * PAGE, NR_PAGES - AROUND, "none", "pte");
}

/* Private and writable: read, copied, read then copied, untouched. */
static void make_cow(void)
{
	char *p = map_file("cow", PROT_READ | PROT_WRITE, MAP_PRIVATE);

	read_pages(p, AROUND);
	write_pages(p + AROUND * PAGE, AROUND);
	read_pages(p + 2 * AROUND * PAGE, AROUND);
	write_pages(p + 2 * AROUND * PAGE, 4);
	want_page(p, AROUND, cached_kind(), "pte");
	want_page(p + AROUND * PAGE, AROUND, "anon", "pte");
	want_page(p + 2 * AROUND * PAGE, 4, "anon", "pte");
	want_page(p + (2 * AROUND + 4) * PAGE, AROUND - 4, cached_kind(),
		  "pte");
	want_page(p + 3 * AROUND * PAGE, NR_PAGES - 3 * AROUND, "none", "pte");
	want_usage(p, "anon", (AROUND + 4) * PAGE);
	remove_file("cow");
}

static void make_shared(void)
{
	char *p = map_file("shared", PROT_READ | PROT_WRITE, MAP_SHARED);

	write_pages(p, 8);
	write_pages(p + 128 * PAGE, 1);
	want_page(p, 8, cached_kind(), "pte");
	want_page(p + 128 * PAGE, 1, cached_kind(), "pte");
	want_page(p + 192 * PAGE, 64, "none", "pte");
}

static void make_deleted(void)
{
	char *p = map_file("deleted", PROT_READ, MAP_SHARED);

	remove_file("deleted");
	read_pages(p, 1);
	want_page(p, 1, cached_kind(), "pte");
}

/* maps escapes the newline alone. */
static void make_odd_name(void)
{
	char *p = map_file("odd name\n\\012 (deleted)", PROT_READ, MAP_SHARED);

	read_pages(p, 1);
	want_page(p, 1, cached_kind(), "pte");
	p = map_file("\xff\xc3\xa9\t\"<&>", PROT_READ, MAP_SHARED);
	read_pages(p, 1);
	want_page(p, 1, cached_kind(), "pte");
}

/* From the middle, and reaching past the end. */
static void make_offset(void)
{
	int fd = make_file("offset");
	char *p = map_aligned(NR_PAGES * PAGE, PROT_READ, MAP_SHARED, fd,
			      128 * PAGE);

	read_pages(p, AROUND);
	want_page(p, AROUND, cached_kind(), "pte");
	want_page(p + 128 * PAGE, 128, "none", "pte");
	close(fd);
}

/* A path of nearly PATH_MAX, deeper than a name can be in one piece. */
static void make_long_name(void)
{
	char part[201];
	size_t len = strlen(target_dir);
	char *p;
	int fd;

	memset(part, 'n', 200);
	part[200] = '\0';
	if (chdir(target_dir))
		fail(target_dir);
	for (; len + 201 < 3900; len += 201)
		if (mkdir(part, 0700) || chdir(part))
			fail("mkdir");
	fd = open("leaf", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, PAGE))
		fail("leaf");
	p = map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	write_pages(p, 1);
	want_page(p, 1, cached_kind(), "pte");
	close(fd);
}

static const struct scenario scenarios[] = {
	{ "readonly", make_readonly },
	{ "cow", make_cow },
	{ "shared", make_shared },
	{ "deleted", make_deleted },
	{ "odd_name", make_odd_name },
	{ "offset", make_offset },
	{ "long_name", make_long_name },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
