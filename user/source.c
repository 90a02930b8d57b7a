// SPDX-License-Identifier: GPL-2.0
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc.h"
#include "store/store.h"

#define SUFFIX	".vmwalk"
#define MAGIC	"SQLite format 3"	/* and its NUL */

struct vmw_source {
	char pid[16];			/* of a process */
	struct vmw_stop *stop;		/* NULL: it runs */
	bool stopped;			/* it did not, when it was read */
	struct vmw_snapshot *snapshot;	/* NULL: a process */
};

static bool is_number(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0';
}

static bool ends_in(const char *s, const char *suffix)
{
	const size_t len = strlen(s), tail = strlen(suffix);

	return len >= tail && !strcmp(s + len - tail, suffix);
}

static bool exists(const char *path)
{
	struct stat st;

	return !stat(path, &st);
}

/* A program that happens to be here is not taken for a collection. */
static bool is_database(const char *path)
{
	char magic[sizeof(MAGIC)] = "";
	struct stat st;
	int fd;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	if (read(fd, magic, sizeof(magic)) != sizeof(magic))
		magic[0] = '\0';
	close(fd);
	return !memcmp(magic, MAGIC, sizeof(magic));
}

const char *vmw_source_file(const char *target, char *path)
{
	const char *at = strrchr(target, '@');
	const bool whole = !at || exists(target);
	const size_t len = whole ? strlen(target) : (size_t)(at - target);

	if (is_number(target) || !len || len >= PATH_MAX)
		return NULL;
	memcpy(path, target, len);
	path[len] = '\0';
	if (!strpbrk(target, "/@") && !ends_in(path, SUFFIX) &&
	    !is_database(path))
		return NULL;
	return whole ? "" : at + 1;
}

static int open_saved(struct vmw_source *src, const char *path,
		      const char *which, bool stop, struct vmw_error *err)
{
	struct vmw_store *store;
	uint64_t number;
	int ret;

	if (stop)
		return vmw_error_set(err, -EINVAL, "a snapshot stands still: "
				     "take it with --stop instead");
	ret = vmw_store_open(&store, path, VMW_STORE_READ, err);
	if (ret)
		return ret;
	ret = vmw_store_find(store, which, &number, err);
	if (!ret)
		ret = vmw_store_load(store, number, &src->snapshot, err);
	vmw_store_close(store);
	return ret;
}

static int open_live(struct vmw_source *src, const char *target, bool stop,
		     struct vmw_error *err)
{
	struct vmw_process process;
	int ret;

	ret = vmw_proc_resolve(target, &process, err);
	if (ret)
		return ret;
	snprintf(src->pid, sizeof(src->pid), "%d", process.pid);
	src->stopped = stop;
	return stop ? vmw_stop_begin(&src->stop, process.pid, err) : 0;
}

int vmw_source_open(struct vmw_source **out, const char *target, bool stop,
		    struct vmw_error *err)
{
	struct vmw_source *src = calloc(1, sizeof(*src));
	char path[PATH_MAX];
	const char *which;
	int ret;

	if (!src)
		return vmw_error_set(err, -ENOMEM, "no memory");
	which = vmw_source_file(target, path);
	if (which)
		ret = open_saved(src, path, which, stop, err);
	else
		ret = open_live(src, target, stop, err);
	if (ret)
		vmw_source_close(src);
	else
		*out = src;
	return ret;
}

static bool any_in_swap(const struct vmw_aspace *as)
{
	for (size_t i = 0; i < as->nr_extents; i++)
		if (vmw_state_kind(as->extents[i].state) == VMWALK_KIND_SWAP)
			return true;
	return false;
}

/*
 * Places in swap are told like frames, which takes longer, and not everybody may
 * know: then what has been read will do.
 */
static void read_in_swap(const struct vmw_capture_request *req,
			 struct vmw_aspace *as)
{
	const struct vmw_part part = { .flags = req->flags, .in_swap = true };
	struct vmw_capture_request again = *req;
	struct vmw_aspace all, places;
	struct vmw_error unsaid;
	struct vmw_info info;

	again.flags |= VMWALK_WALK_F_PHYS;
	if (vmw_capture(&again, &info, &all, &unsaid))
		return;
	if (!vmw_project(&all, &part, &places, &unsaid)) {
		vmw_aspace_deinit(as);
		*as = places;
	}
	vmw_aspace_deinit(&all);
}

int vmw_source_read(struct vmw_source *src, const struct vmw_capture_request *req,
		    struct vmw_aspace *as, struct vmw_error *err)
{
	const struct vmw_part part = {
		.start = req->start, .end = req->end, .flags = req->flags,
		.sums = req->sums, .in_swap = req->in_swap,
	};
	struct vmw_capture_request live = *req;
	struct vmw_info info;
	int ret;

	if (src->snapshot && req->flags & VMWALK_WALK_F_ATOMIC)
		return vmw_error_set(err, -EINVAL, "a snapshot is not walked "
				     "again: take it with --atomic instead");
	if (src->snapshot)
		return vmw_project(&src->snapshot->as, &part, as, err);
	live.target = src->pid;
	live.stopped = src->stopped;
	ret = vmw_capture(&live, &info, as, err);
	if (!ret && req->in_swap && !(req->flags & VMWALK_WALK_F_PHYS) &&
	    any_in_swap(as))
		read_in_swap(&live, as);
	return ret;
}

/* Beside the symbols and slots that @as has, what the snapshot holds. */
static int copy_runtime(const struct vmw_snapshot *s, struct vmw_aspace *as)
{
	struct vmw_runtime rt;
	int ret = vmw_runtime_copy(&rt, &s->as.runtime);

	for (size_t i = 0; !ret && i < as->runtime.nr_symbols; i++)
		ret = vmw_runtime_add_symbol(&rt, &as->runtime.symbols[i]);
	for (size_t i = 0; !ret && i < as->runtime.nr_slots; i++)
		ret = vmw_runtime_add_slot(&rt, &as->runtime.slots[i]);
	if (ret) {
		vmw_runtime_deinit(&rt);
		return ret;
	}
	if (as->runtime.note[0])
		vmw_runtime_note(&rt, "%s", as->runtime.note);
	if (!rt.known)
		vmw_runtime_note(&rt, "this snapshot does not hold what the "
				 "process kept in its memory: it was recorded "
				 "without --runtime, imported, or taken by an "
				 "older vmwalk");
	vmw_runtime_deinit(&as->runtime);
	as->runtime = rt;
	return 0;
}

static int annotate_saved(const struct vmw_snapshot *s, struct vmw_aspace *as,
			  const struct vmw_annotate_request *req,
			  struct vmw_error *err)
{
	static const struct vmw_image none;
	struct vmw_annotate_request symbols = *req;
	int ret = 0;

	symbols.runtime = false;
	symbols.saved = &s->as.runtime;
	symbols.images = s->nr_images ? s->images : &none;
	symbols.nr_images = s->nr_images;
	if (req->nr_names && !s->nr_images)
		return vmw_error_set(err, -EOPNOTSUPP, "this snapshot does not "
				     "tell which files its symbols are in: "
				     "give addresses");
	if (req->nr_names || (req->nr_addrs && s->nr_images))
		ret = vmw_annotate(as, &symbols, err);
	if (ret || !req->runtime)
		return ret;
	return copy_runtime(s, as) ? vmw_error_set(err, -ENOMEM, "no memory "
						   "for the snapshot") : 0;
}

int vmw_source_annotate(struct vmw_source *src, struct vmw_aspace *as,
			const struct vmw_annotate_request *req,
			struct vmw_error *err)
{
	if (src->snapshot)
		return annotate_saved(src->snapshot, as, req, err);
	return vmw_annotate(as, req, err);
}

/* What the kernel tells of the gate, also where the mode has no VMA for it. */
static void gate_vma(const struct vmw_aspace *as, struct vmw_vma *vma)
{
	vma->info = (struct vmwalk_vma){
		.start = VMW_GATE_ADDR, .from = VMW_GATE_ADDR,
		.end = VMW_GATE_ADDR + (1ULL << as->page_shift),
		.page_shift = as->page_shift,
		.flags = VMWALK_VMA_F_GATE | VMWALK_VMA_F_SPECIAL,
	};
}

/* What the kernel would have told of @addr. */
static int find_way(const struct vmw_snapshot *s, const struct vmw_aspace *as,
		    struct vmw_pte *pte, struct vmw_error *err)
{
	const struct vmw_vma *vma = vmw_aspace_find_vma(as, pte->addr);
	int ret;

	if (vma) {
		pte->vma.info = vma->info;
		pte->vma.name = vma->name ? strdup(vma->name) : NULL;
		if (vma->name && !pte->vma.name)
			return vmw_error_set(err, -ENOMEM, "no memory for a name");
	} else if (vmw_aspace_hides_gate(as, pte->addr)) {
		gate_vma(as, &pte->vma);
	} else {
		return 0;
	}
	pte->has_vma = true;
	vmw_pte_finish(pte);
	ret = vmw_ways_find(&s->ways, &s->as, &s->info, pte);
	if (ret == -ENOENT)
		return vmw_error_set(err, ret, "this snapshot holds no entries "
				     "of that address: it was unmapped "
				     "meanwhile, take one with --stop");
	return ret ? vmw_error_set(err, -EBADMSG, "the page-table entries of "
				   "this snapshot are damaged") : 0;
}

static int saved_pte(const struct vmw_snapshot *s, uint64_t addr,
		     struct vmw_info *info, struct vmw_aspace *as,
		     struct vmw_pte *pte, struct vmw_error *err)
{
	const struct vmw_part part = { 0 };
	int ret;

	*pte = (struct vmw_pte){ .addr = addr, .mm = s->as.mm };
	if (!s->ways.packed.len)
		return vmw_error_set(err, -EOPNOTSUPP, "this snapshot holds no "
				     "page-table entries; take it with --pte");
	memcpy(pte->comm, s->as.comm, sizeof(pte->comm));
	*info = s->info;
	ret = vmw_project(&s->as, &part, as, err);
	if (ret)
		return ret;
	ret = find_way(s, as, pte, err);
	if (ret) {
		vmw_pte_deinit(pte);
		vmw_aspace_deinit(as);
	}
	return ret;
}

int vmw_source_read_pte(struct vmw_source *src, uint64_t addr,
			struct vmw_info *info, struct vmw_aspace *as,
			struct vmw_pte *pte, struct vmw_error *err)
{
	int ret;

	if (src->snapshot)
		return saved_pte(src->snapshot, addr, info, as, pte, err);
	ret = vmw_capture_pte(src->pid, addr, info, as, pte, err);
	if (!ret)
		as->stopped = src->stopped;
	return ret;
}

const struct vmw_snapshot *vmw_source_snapshot(const struct vmw_source *src)
{
	return src->snapshot;
}

uint32_t vmw_source_can(const struct vmw_source *src, uint32_t flags)
{
	return src->snapshot ? flags & src->snapshot->as.flags : flags;
}

void vmw_source_let_go(struct vmw_source *src)
{
	if (!src)
		return;
	vmw_stop_end(src->stop);
	src->stop = NULL;
}

void vmw_source_close(struct vmw_source *src)
{
	if (!src)
		return;
	vmw_source_let_go(src);
	vmw_snapshot_destroy(src->snapshot);
	free(src);
}
