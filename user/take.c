// SPDX-License-Identifier: GPL-2.0
#include "take.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "annotate/annotate.h"
#include "build_id.h"
#include "capture.h"
#include "proc.h"
#include "swaps.h"

#define TRIES	4	/* of a process that becomes another program meanwhile */

/* What it runs; "" for one that does not tell. */
static void read_exe(pid_t pid, char exe[PATH_MAX])
{
	char path[64];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	len = readlink(path, exe, PATH_MAX - 1);
	exe[len < 0 ? 0 : len] = '\0';
}

static void fill_machine(const char *host, struct vmw_origin *o)
{
	if (host)
		snprintf(o->host, sizeof(o->host), "%s", host);
	else if (gethostname(o->host, sizeof(o->host) - 1))
		o->host[0] = '\0';
	if (vmw_proc_read("/proc/sys/kernel/random/boot_id", o->boot,
			  sizeof(o->boot)) < 0)
		o->boot[0] = '\0';
	o->boot[strcspn(o->boot, "\n")] = '\0';
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static bool is_known(const struct vmw_snapshot *s, const struct vmwalk_vma *v)
{
	for (size_t i = 0; i < s->nr_images; i++)
		if (s->images[i].ino == v->ino &&
		    s->images[i].dev_major == v->dev_major &&
		    s->images[i].dev_minor == v->dev_minor)
			return true;
	return false;
}

static int add_image(struct vmw_snapshot *s, const struct vmwalk_vma *v)
{
	struct vmw_image image = {
		.ino = v->ino, .dev_major = v->dev_major,
		.dev_minor = v->dev_minor,
	};
	char path[96];

	snprintf(path, sizeof(path), "/proc/%u/map_files/%llx-%llx",
		 s->as.mm.pid, v->start, v->end);
	vmw_build_id(path, image.build_id, sizeof(image.build_id));
	if (!*image.build_id)
		return 0;
	return vmw_snapshot_add_image(s, &image);
}

static int compare_images(const void *a, const void *b)
{
	const struct vmw_image *x = a, *y = b;

	return (x->ino > y->ino) - (x->ino < y->ino);
}

/* Programs and libraries: what is executed of a file. */
static int read_images(struct vmw_snapshot *s)
{
	const uint32_t wanted = VMWALK_VMA_F_FILE | VMWALK_VMA_F_EXEC;
	int ret = 0;

	for (size_t i = 0; !ret && i < s->as.nr_vmas; i++) {
		const struct vmwalk_vma *v = &s->as.vmas[i].info;

		if ((v->flags & wanted) == wanted && !is_known(s, v))
			ret = add_image(s, v);
	}
	if (s->nr_images)
		qsort(s->images, s->nr_images, sizeof(*s->images),
		      compare_images);
	return ret;
}

static int read_runtime(struct vmw_snapshot *s, struct vmw_error *err)
{
	const struct vmw_annotate_request req = {
		.runtime = true, .all_frames = true,
	};

	if (read_images(s))
		return vmw_error_set(err, -ENOMEM, "no memory for the snapshot");
	return vmw_annotate(&s->as, &req, err);
}

static void forget_reading(struct vmw_snapshot *s)
{
	vmw_aspace_deinit(&s->as);
	vmw_ways_deinit(&s->ways);
	free(s->images);
	s->images = NULL;
	s->nr_images = 0;
}

/* Walks it, and again if it has become another program by the end of that. */
static int read_process(pid_t pid, const struct vmw_take_request *req,
			struct vmw_snapshot *s, struct vmw_error *err)
{
	char target[16], exe[PATH_MAX], path[64];
	const struct vmw_capture_request capture = {
		.target = target, .flags = req->flags, .stopped = req->stop,
		.swaps = req->pte,
	};
	int ret;

	snprintf(target, sizeof(target), "%d", pid);
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	for (int i = 0; i < TRIES; i++) {
		read_exe(pid, s->origin.exe);
		vmw_build_id(path, s->origin.build_id,
			     sizeof(s->origin.build_id));
		s->time = now();
		ret = vmw_capture(&capture, &s->info, &s->as, err);
		if (ret)
			return ret;
		if (req->pte)
			ret = vmw_capture_ways(&s->as, &s->info, &s->ways, err);
		if (!ret && req->pte)
			vmw_swaps_confirm(&s->as);
		if (!ret && req->runtime)
			ret = read_runtime(s, err);
		if (ret)
			return ret;
		read_exe(pid, exe);
		if (!*exe || !strcmp(exe, s->origin.exe))
			return 0;
		forget_reading(s);
	}
	return vmw_error_set(err, -EAGAIN, "process %d keeps becoming another "
			     "program", pid);
}

int vmw_take(const struct vmw_take_request *req, struct vmw_snapshot **out,
	     struct vmw_error *err)
{
	struct vmw_snapshot *s = vmw_snapshot_create();
	struct vmw_stop *stop = NULL;
	struct vmw_process process;
	int ret;

	if (!s)
		return vmw_error_set(err, -ENOMEM, "no memory for the snapshot");
	fill_machine(req->host, &s->origin);
	ret = vmw_proc_resolve(req->target, &process, err);
	if (!ret && req->stop)
		ret = vmw_stop_begin(&stop, process.pid, err);
	if (!ret)
		ret = read_process(process.pid, req, s, err);
	vmw_stop_end(stop);
	if (ret)
		vmw_snapshot_destroy(s);
	else
		*out = s;
	return ret;
}
