// SPDX-License-Identifier: GPL-2.0
#include "cgroup.h"

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <linux/magic.h>

static bool is_cgroup(const char *path)
{
	struct statfs fs;

	return !statfs(path, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC;
}

/* As it is, or where it is mounted with or without the old hierarchies. */
static int find_directory(const char *path, char *dir, size_t size)
{
	static const char *const roots[] = {
		"", "/sys/fs/cgroup/", "/sys/fs/cgroup/unified/",
	};

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		int len = snprintf(dir, size, "%s%s", roots[i], path);

		if (len > 0 && (size_t)len < size && is_cgroup(dir))
			return 0;
	}
	return -ENOENT;
}

static int add_id(uint64_t **ids, size_t *nr, uint64_t id)
{
	uint64_t *more = reallocarray(*ids, *nr + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	*ids = more;
	more[(*nr)++] = id;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* A directory's inode number is its cgroup's. */
static int collect(char *dir, uint64_t **ids, size_t *nr)
{
	char *const roots[] = { dir, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	FTSENT *entry;
	int ret = 0;

	if (!fts)
		return -errno;
	while (!ret && (entry = fts_read(fts)))
		if (entry->fts_info == FTS_D)
			ret = add_id(ids, nr, entry->fts_statp->st_ino);
	fts_close(fts);
	return ret;
}

int vmw_cgroup_ids(const char *path, uint64_t **ids, size_t *nr,
		   struct vmw_error *err)
{
	char dir[PATH_MAX];
	int ret;

	*ids = NULL;
	*nr = 0;
	if (find_directory(path, dir, sizeof(dir)))
		return vmw_error_set(err, -ENOENT, "no cgroup is called '%s'",
				     path);
	ret = collect(dir, ids, nr);
	if (!ret && !*nr)
		ret = -ENOENT;
	if (ret) {
		free(*ids);
		return vmw_error_set(err, ret, "cannot read the cgroup '%s': "
				     "%s", path, strerror(-ret));
	}
	qsort(*ids, *nr, sizeof(**ids), compare);
	return 0;
}
