// SPDX-License-Identifier: GPL-2.0
#include "feed.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "labels.h"
#include "proc.h"
#include "source.h"
#include "store/store.h"
#include "take.h"

struct vmw_feed {
	struct vmw_source *src;
	bool atomic;
	char pid[16];		/* of a process */
	int pidfd;		/* -1: a collection */
	char path[PATH_MAX];	/* of a collection */
	uint64_t number;	/* of the snapshot in it */
	struct vmw_labels labels;
};

static int open_process(struct vmw_feed *f, const char *target,
			struct vmw_error *err)
{
	struct vmw_process process;
	int ret;

	ret = vmw_proc_resolve(target, &process, err);
	if (ret)
		return ret;
	snprintf(f->pid, sizeof(f->pid), "%d", process.pid);
	f->pidfd = syscall(SYS_pidfd_open, process.pid, 0);
	if (f->pidfd < 0)
		return vmw_error_set(err, -errno, "cannot watch process %s: %s",
				     f->pid, strerror(errno));
	return vmw_source_open(&f->src, f->pid, false, err);
}

/* The one snapshot is all that is kept open: who records can go on. */
static int open_snapshot(struct vmw_feed *f, uint64_t number,
			 struct vmw_error *err)
{
	char target[PATH_MAX + 24];
	struct vmw_source *src;
	int ret;

	snprintf(target, sizeof(target), "%s@%" PRIu64, f->path, number);
	ret = vmw_source_open(&src, target, false, err);
	if (ret)
		return ret;
	vmw_source_close(f->src);
	f->src = src;
	f->number = number;
	f->labels.due = 0;
	return 0;
}

static int open_collection(struct vmw_feed *f, const char *which,
			   struct vmw_error *err)
{
	struct vmw_store *store;
	uint64_t number;
	int ret;

	ret = vmw_store_open(&store, f->path, VMW_STORE_READ, err);
	if (ret)
		return ret;
	ret = vmw_store_find(store, which, &number, err);
	vmw_store_close(store);
	return ret ? ret : open_snapshot(f, number, err);
}

int vmw_feed_open(struct vmw_feed **out, const char *target, bool atomic,
		  struct vmw_error *err)
{
	struct vmw_feed *f = calloc(1, sizeof(*f));
	const char *which;
	int ret;

	if (!f)
		return vmw_error_set(err, -ENOMEM, "no memory");
	f->pidfd = -1;
	f->atomic = atomic;
	which = vmw_source_file(target, f->path);
	if (which && atomic)
		ret = vmw_error_set(err, -EINVAL, "a snapshot is not walked "
				    "again: take it with --atomic instead");
	else if (which)
		ret = open_collection(f, which, err);
	else
		ret = open_process(f, target, err);
	if (ret)
		vmw_feed_close(f);
	else
		*out = f;
	return ret;
}

void vmw_feed_close(struct vmw_feed *f)
{
	if (!f)
		return;
	vmw_source_close(f->src);
	vmw_labels_deinit(&f->labels);
	if (f->pidfd >= 0)
		close(f->pidfd);
	free(f);
}

bool vmw_feed_is_live(const struct vmw_feed *f)
{
	return f->pidfd >= 0;
}

int vmw_feed_fd(const struct vmw_feed *f)
{
	return f->pidfd;
}

static void read_program(const struct vmw_feed *f, struct vmw_reading *r)
{
	char path[64];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%s/exe", f->pid);
	len = readlink(path, r->program, sizeof(r->program) - 1);
	r->program[len < 0 ? 0 : len] = '\0';
}

static void name_snapshot(const struct vmw_feed *f, struct vmw_reading *r)
{
	const struct vmw_snapshot *s = vmw_source_snapshot(f->src);
	char label[4 * sizeof(s->label) + 1];

	vmw_escape_name(s->label, label, sizeof(label));
	snprintf(r->name, sizeof(r->name), "snapshot %" PRIu64 "%s%.80s",
		 f->number, *label ? " " : "", label);
}

/* Of a snapshot that has less in it, what it has. */
static int read_aspace(struct vmw_feed *f, struct vmw_aspace *as,
		       struct vmw_error *err)
{
	struct vmw_capture_request req = {
		.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY |
			 VMWALK_WALK_F_THREADS |
			 (f->atomic ? VMWALK_WALK_F_ATOMIC : 0),
	};
	int ret;

	ret = vmw_source_read(f->src, &req, as, err);
	if (ret != -EOPNOTSUPP || vmw_feed_is_live(f))
		return ret;
	req.flags &= ~VMWALK_WALK_F_ENTRY;
	req.sums = true;
	ret = vmw_source_read(f->src, &req, as, err);
	if (ret != -EOPNOTSUPP)
		return ret;
	req.flags = VMWALK_WALK_F_EXTENTS;
	return vmw_source_read(f->src, &req, as, err);
}

int vmw_feed_read(struct vmw_feed *f, struct vmw_reading *r,
		  struct vmw_error *err)
{
	int ret;

	r->program[0] = '\0';
	r->name[0] = '\0';
	if (vmw_feed_is_live(f))
		read_program(f, r);
	else
		name_snapshot(f, r);
	ret = read_aspace(f, &r->as, err);
	if (ret)
		return ret;
	vmw_labels_fill(&f->labels, f->src, &r->as);
	ret = vmw_classify(&r->as, &r->segs);
	if (!ret)
		return 0;
	vmw_aspace_deinit(&r->as);
	return vmw_error_set(err, ret, "no memory for the segments");
}

int vmw_feed_labels_fd(const struct vmw_feed *f)
{
	return vmw_labels_fd(&f->labels);
}

bool vmw_feed_take_labels(struct vmw_feed *f)
{
	return vmw_labels_take(&f->labels);
}

void vmw_reading_deinit(struct vmw_reading *r)
{
	vmw_segments_deinit(&r->segs);
	vmw_aspace_deinit(&r->as);
}

static int render_page(const struct vmw_style *style,
		       const struct vmw_info *info, const struct vmw_aspace *as,
		       const struct vmw_aspace *whole,
		       const struct vmw_pte *pte, char **text)
{
	const struct vmw_place place = vmw_place_of_pte(as, pte);
	size_t len;
	FILE *out = open_memstream(text, &len);
	int ret;

	if (!out)
		return -ENOMEM;
	vmw_render_object(out, style, whole, pte->addr);
	ret = vmw_render_pte(out, style, info, as, &place, pte);
	if (fclose(out) && !ret)
		ret = -ENOMEM;
	return ret;
}

int vmw_feed_page(struct vmw_feed *f, const struct vmw_style *style,
		  const struct vmw_aspace *whole, uint64_t addr, char **text,
		  struct vmw_error *err)
{
	struct vmw_aspace as;
	struct vmw_info info;
	struct vmw_pte pte;
	int ret;

	*text = NULL;
	ret = vmw_source_read_pte(f->src, addr, &info, &as, &pte, err);
	if (ret)
		return ret;
	ret = render_page(style, &info, &as, whole, &pte, text);
	vmw_pte_deinit(&pte);
	vmw_aspace_deinit(&as);
	if (!ret)
		return 0;
	free(*text);
	*text = NULL;
	return vmw_error_set(err, ret, "no memory for the page");
}

/* The last below @number, 0 if there is none. */
static int find_before(struct vmw_store *store, uint64_t number,
		       uint64_t *before, struct vmw_error *err)
{
	uint64_t next = 0;
	int ret;

	do {
		*before = next;
		ret = vmw_store_next(store, *before, &next, err);
	} while (!ret && next && next < number);
	return ret;
}

int vmw_feed_step(struct vmw_feed *f, bool later, struct vmw_error *err)
{
	struct vmw_store *store;
	uint64_t number;
	int ret;

	if (vmw_feed_is_live(f))
		return vmw_error_set(err, -ENOENT, "Left and Right are for "
				     "collections");
	ret = vmw_store_open(&store, f->path, VMW_STORE_READ, err);
	if (ret)
		return ret;
	if (later)
		ret = vmw_store_next(store, f->number, &number, err);
	else
		ret = find_before(store, f->number, &number, err);
	vmw_store_close(store);
	if (!ret && !number)
		return vmw_error_set(err, -ENOENT, "that is the %s snapshot",
				     later ? "last" : "first");
	return ret ? ret : open_snapshot(f, number, err);
}

static int keep(const char *path, struct vmw_snapshot *s, struct vmw_error *err)
{
	struct vmw_store *store;
	int ret;

	ret = vmw_store_open(&store, path, VMW_STORE_APPEND, err);
	if (ret)
		return ret;
	ret = vmw_store_add(store, s, err);
	vmw_store_close(store);
	return ret;
}

int vmw_feed_snapshot(struct vmw_feed *f, const char *path, uint64_t *number,
		      struct vmw_error *err)
{
	const struct vmw_take_request req = {
		.target = f->pid,
		.flags = VMW_SNAPSHOT_FLAGS |
			 (f->atomic ? VMWALK_WALK_F_ATOMIC : 0),
	};
	struct vmw_snapshot *s;
	int ret;

	if (!vmw_feed_is_live(f))
		return vmw_error_set(err, -EINVAL, "this is a snapshot already");
	if (!path)
		return vmw_error_set(err, -EINVAL, "a snapshot takes -o FILE on "
				     "the command line");
	ret = vmw_take(&req, &s, err);
	if (ret)
		return ret;
	ret = keep(path, s, err);
	*number = s->number;
	vmw_snapshot_destroy(s);
	return ret;
}
