// SPDX-License-Identifier: GPL-2.0
/*
 * A table of rules, tried in order, gives each VMA a kind; the kind and a key
 * say which VMAs make one segment. Rules go by ascending address and may look
 * at what the VMA below was found to be.
 */
#include "classify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ACCESS		(VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE | \
			 VMWALK_VMA_F_EXEC)
#define MAX_GUARD	65536	/* bytes: a larger one is a reservation */
#define MIN_STACK	16384	/* bytes: PTHREAD_STACK_MIN */
#define MAX_STACK	(64UL << 20)	/* bytes: larger than people ask for */

/* Which segment a VMA belongs to: all that have kind and key in common. */
struct member {
	enum vmw_segment_kind kind;
	uint64_t key[2];
	uint32_t vma;		/* index */
};

/* A file that is mapped somewhere with execution permitted. */
struct image {
	uint64_t dev, ino;
};

struct sp {
	uint64_t sp;
	pid_t tid;
};

struct context {
	const struct vmw_aspace *as;
	const struct vmwalk_vma *exe;	/* a VMA of the executable, or NULL */
	struct image *images;		/* sorted */
	size_t nr_images;
	struct sp *sps;			/* of all threads but the main, sorted */
	size_t nr_sps;
	struct member *members;		/* filled up to the VMA at hand */
};

static uint64_t dev_of(const struct vmwalk_vma *v)
{
	return (uint64_t)v->dev_major << 32 | v->dev_minor;
}

static const struct vmwalk_vma *info_of(const struct context *c, size_t i)
{
	return &c->as->vmas[i].info;
}

static bool same_file(const struct vmwalk_vma *a, const struct vmwalk_vma *b)
{
	return a->flags & b->flags & VMWALK_VMA_F_FILE &&
	       dev_of(a) == dev_of(b) && a->ino == b->ino;
}

/* Does VMA @i touch the one below it? */
static bool touches_below(const struct context *c, size_t i)
{
	return i && info_of(c, i - 1)->end == info_of(c, i)->start;
}

static bool is_named(const struct context *c, size_t i, const char *name)
{
	const char *own = c->as->vmas[i].name;

	return own && !strcmp(own, name);
}

static bool name_starts(const struct context *c, size_t i, const char *prefix)
{
	const char *own = c->as->vmas[i].name;

	return own && !strncmp(own, prefix, strlen(prefix));
}

static bool is_anon(const struct context *c, size_t i)
{
	return info_of(c, i)->flags & VMWALK_VMA_F_ANON ||
	       name_starts(c, i, "/anon_hugepage");
}

static bool is_private_rw_anon(const struct context *c, size_t i)
{
	const uint32_t rw = VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE;
	uint32_t flags = info_of(c, i)->flags;

	return is_anon(c, i) && (flags & rw) == rw &&
	       !(flags & VMWALK_VMA_F_SHARED);
}

/*
 * Is VMA @i what an image's zeroed data runs over into? The kernel may call it
 * [heap] when the heap is to start where it ends.
 */
static bool is_bss_after(const struct context *c, size_t i,
			 enum vmw_segment_kind data)
{
	const struct vmwalk_vma *v = info_of(c, i);
	bool nameless = !c->as->vmas[i].name ||
			(is_named(c, i, "[heap]") &&
			 v->end <= c->as->mm.start_brk);

	return nameless && is_private_rw_anon(c, i) && touches_below(c, i) &&
	       c->members[i - 1].kind == data &&
	       info_of(c, i - 1)->flags & VMWALK_VMA_F_FILE &&
	       info_of(c, i - 1)->flags & VMWALK_VMA_F_WRITE;
}

static bool is_vsyscall(const struct context *c, size_t i)
{
	return info_of(c, i)->flags & VMWALK_VMA_F_GATE;
}

static bool is_vvar(const struct context *c, size_t i)
{
	return is_named(c, i, "[vvar]") || is_named(c, i, "[vvar_vclock]");
}

static bool is_vdso(const struct context *c, size_t i)
{
	return is_named(c, i, "[vdso]");
}

static bool is_rodata(const struct context *c, size_t i)
{
	return c->exe && same_file(info_of(c, i), c->exe);
}

static bool is_text(const struct context *c, size_t i)
{
	return is_rodata(c, i) && info_of(c, i)->flags & VMWALK_VMA_F_EXEC;
}

static bool is_data(const struct context *c, size_t i)
{
	return is_rodata(c, i) && info_of(c, i)->flags & VMWALK_VMA_F_WRITE;
}

static bool is_bss(const struct context *c, size_t i)
{
	return is_bss_after(c, i, VMW_SEG_DATA);
}

static bool is_heap(const struct context *c, size_t i)
{
	return is_named(c, i, "[heap]");
}

static bool is_stack(const struct context *c, size_t i)
{
	return is_named(c, i, "[stack]");
}

static int compare_images(const void *a, const void *b)
{
	const struct image *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return (x->ino > y->ino) - (x->ino < y->ino);
}

static bool is_library(const struct context *c, size_t i)
{
	const struct vmwalk_vma *v = info_of(c, i);
	const struct image image = { .dev = dev_of(v), .ino = v->ino };

	if (is_bss_after(c, i, VMW_SEG_LIBRARY))
		return true;
	return v->flags & VMWALK_VMA_F_FILE && !is_anon(c, i) &&
	       c->nr_images &&
	       bsearch(&image, c->images, c->nr_images, sizeof(image),
		       compare_images);
}

/* A thread other than the main one whose sp is in @v, 0 if none is. */
static pid_t thread_in(const struct context *c, const struct vmwalk_vma *v)
{
	size_t low = 0, high = c->nr_sps;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (c->sps[mid].sp < v->start)
			low = mid + 1;
		else
			high = mid;
	}
	return low < c->nr_sps && c->sps[low].sp < v->end ?
		c->sps[low].tid : 0;
}

static bool is_reserved_anon(const struct context *c, size_t i)
{
	return is_anon(c, i) && !(info_of(c, i)->flags & ACCESS);
}

static bool is_guard(const struct context *c, size_t i)
{
	const struct vmwalk_vma *v = info_of(c, i);

	return is_reserved_anon(c, i) && v->end - v->start <= MAX_GUARD;
}

/*
 * A piece of a reservation that is in use may lie on what looks like a guard,
 * but is small, or has more of the reservation above it.
 */
static bool looks_like_stack(const struct context *c, size_t i)
{
	const struct vmwalk_vma *v = info_of(c, i);
	uint64_t size = v->end - v->start;

	if (c->as->nr_threads == 1 || size < MIN_STACK || size > MAX_STACK)
		return false;
	return !(i + 1 < c->as->nr_vmas && touches_below(c, i + 1) &&
		 is_reserved_anon(c, i + 1) && !is_guard(c, i + 1));
}

/* The usable part of a stack, which lies on its guard. */
static bool is_stack_proper(const struct context *c, size_t i)
{
	return is_private_rw_anon(c, i) && touches_below(c, i) &&
	       is_guard(c, i - 1) &&
	       (thread_in(c, info_of(c, i)) || looks_like_stack(c, i));
}

static bool is_thread_stack(const struct context *c, size_t i)
{
	return is_stack_proper(c, i) ||
	       (i + 1 < c->as->nr_vmas && is_guard(c, i) &&
		is_stack_proper(c, i + 1));
}

static bool is_shm(const struct context *c, size_t i)
{
	if (info_of(c, i)->flags & VMWALK_VMA_F_SHMEM)
		return true;
	return info_of(c, i)->flags & VMWALK_VMA_F_HUGETLB &&
	       (name_starts(c, i, "/memfd:") || name_starts(c, i, "/SYSV"));
}

static bool is_file(const struct context *c, size_t i)
{
	return info_of(c, i)->flags & VMWALK_VMA_F_FILE;
}

/* Keys: what tells apart the segments of one kind. */

static void key_by_file(const struct context *c, struct member *m)
{
	const struct vmwalk_vma *v = info_of(c, m->vma);

	m->key[0] = dev_of(v);
	m->key[1] = v->ino;
}

/* A library's bss goes with its data. */
static void key_by_image(const struct context *c, struct member *m)
{
	if (is_anon(c, m->vma))
		memcpy(m->key, m[-1].key, sizeof(m->key));
	else
		key_by_file(c, m);
}

static void key_by_stack(const struct context *c, struct member *m)
{
	bool proper = is_stack_proper(c, m->vma);

	m->key[0] = info_of(c, m->vma - proper)->start;
}

/* By name, and nameless ones by the run of them that touch. */
static void key_by_name(const struct context *c, struct member *m)
{
	const char *name = c->as->vmas[m->vma].name;

	if (name)
		m->key[1] = (uintptr_t)name;
	else if (touches_below(c, m->vma) && m[-1].kind == m->kind &&
		 !m[-1].key[1])
		m->key[0] = m[-1].key[0];
	else
		m->key[0] = info_of(c, m->vma)->start;
}

static const struct rule {
	enum vmw_segment_kind kind;
	bool (*is)(const struct context *c, size_t i);
	void (*set_key)(const struct context *c, struct member *m);
} rules[] = {
	{ VMW_SEG_VSYSCALL, is_vsyscall, NULL },
	{ VMW_SEG_VVAR, is_vvar, NULL },
	{ VMW_SEG_VDSO, is_vdso, NULL },
	{ VMW_SEG_TEXT, is_text, NULL },
	{ VMW_SEG_DATA, is_data, NULL },
	{ VMW_SEG_RODATA, is_rodata, NULL },
	{ VMW_SEG_BSS, is_bss, NULL },
	{ VMW_SEG_HEAP, is_heap, NULL },
	{ VMW_SEG_STACK, is_stack, NULL },
	{ VMW_SEG_LIBRARY, is_library, key_by_image },
	{ VMW_SEG_THREAD_STACK, is_thread_stack, key_by_stack },
	{ VMW_SEG_SHM, is_shm, key_by_file },
	{ VMW_SEG_ANON, is_anon, key_by_name },
	{ VMW_SEG_FILE, is_file, key_by_file },
	{ VMW_SEG_ANON, NULL, key_by_name },	/* named by the kernel */
};

static void classify_vma(const struct context *c, uint32_t i)
{
	struct member *m = &c->members[i];
	const struct rule *r = rules;

	while (r->is && !r->is(c, i))
		r++;
	*m = (struct member){ .kind = r->kind, .vma = i };
	if (r->set_key)
		r->set_key(c, m);
}

static const struct vmwalk_vma *find_exe(const struct vmw_aspace *as)
{
	const struct vmw_vma *vma;

	vma = vmw_aspace_find_vma(as, as->mm.start_code);
	return vma && vma->info.flags & VMWALK_VMA_F_FILE ? &vma->info : NULL;
}

static int compare_sps(const void *a, const void *b)
{
	const struct sp *x = a, *y = b;

	return (x->sp > y->sp) - (x->sp < y->sp);
}

static void collect_images(struct context *c)
{
	for (size_t i = 0; i < c->as->nr_vmas; i++) {
		const struct vmwalk_vma *v = info_of(c, i);

		/* Shared code is what compilers write at run time. */
		if (!(v->flags & VMWALK_VMA_F_FILE) || is_anon(c, i) ||
		    !(v->flags & VMWALK_VMA_F_EXEC) ||
		    v->flags & VMWALK_VMA_F_SHARED)
			continue;
		c->images[c->nr_images++] = (struct image){
			.dev = dev_of(v), .ino = v->ino,
		};
	}
	qsort(c->images, c->nr_images, sizeof(*c->images), compare_images);
}

static void collect_sps(struct context *c)
{
	for (size_t i = 0; i < c->as->nr_threads; i++) {
		const struct vmw_thread *t = &c->as->threads[i];

		if (t->has_sp && t->tid != (pid_t)c->as->mm.pid)
			c->sps[c->nr_sps++] = (struct sp){ t->sp, t->tid };
	}
	qsort(c->sps, c->nr_sps, sizeof(*c->sps), compare_sps);
}

static int compare_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	for (int i = 0; i < 2; i++)
		if (x->key[i] != y->key[i])
			return x->key[i] < y->key[i] ? -1 : 1;
	return (x->vma > y->vma) - (x->vma < y->vma);
}

static bool same_segment(const struct member *a, const struct member *b)
{
	return a->kind == b->kind && !memcmp(a->key, b->key, sizeof(a->key));
}

/*
 * Sorts members so that those of a segment are neighbours, and segments go by
 * kind and address: first by key, which brings each segment together, then by
 * its lowest VMA instead of its key.
 */
static void sort_members(struct member *m, size_t nr)
{
	struct member first;

	qsort(m, nr, sizeof(*m), compare_members);
	for (size_t i = 0; i < nr; i++) {
		if (!i || !same_segment(&first, &m[i]))
			first = m[i];
		m[i].key[0] = first.vma;
		m[i].key[1] = 0;
	}
	qsort(m, nr, sizeof(*m), compare_members);
}

static void add_member(const struct context *c, struct vmw_segment *seg,
		       const struct member *m)
{
	const struct vmw_vma *vma = &c->as->vmas[m->vma];

	if (!seg->nr_vmas++)
		seg->start = vma->info.start;
	seg->end = vma->info.end;
	if (!seg->name && m->kind != VMW_SEG_BSS)
		seg->name = vma->name;
	if (m->kind == VMW_SEG_THREAD_STACK && !seg->tid)
		seg->tid = thread_in(c, &vma->info);
	vmw_usage_add(&seg->usage, &vma->usage);
}

static void build_segments(const struct context *c, struct vmw_segments *out)
{
	struct member *m = c->members;

	sort_members(m, c->as->nr_vmas);
	for (size_t i = 0; i < c->as->nr_vmas; i++) {
		if (!i || !same_segment(&m[i - 1], &m[i]))
			out->seg[out->nr++].kind = m[i].kind;
		add_member(c, &out->seg[out->nr - 1], &m[i]);
		out->of_vma[m[i].vma] = out->nr - 1;
		vmw_usage_add(&out->total, &c->as->vmas[m[i].vma].usage);
	}
}

int vmw_classify(const struct vmw_aspace *as, struct vmw_segments *out)
{
	/* One more than needed: calloc() of nothing may return NULL. */
	const size_t nr = as->nr_vmas + 1;
	struct context c = {
		.as = as,
		.exe = find_exe(as),
		.images = calloc(nr, sizeof(*c.images)),
		.sps = calloc(as->nr_threads + 1, sizeof(*c.sps)),
		.members = calloc(nr, sizeof(*c.members)),
	};
	int ret = -ENOMEM;

	*out = (struct vmw_segments){
		.seg = calloc(nr, sizeof(*out->seg)),
		.of_vma = calloc(nr, sizeof(*out->of_vma)),
	};
	if (c.images && c.sps && c.members && out->seg && out->of_vma) {
		collect_images(&c);
		collect_sps(&c);
		for (size_t i = 0; i < as->nr_vmas; i++)
			classify_vma(&c, i);
		build_segments(&c, out);
		ret = 0;
	} else {
		vmw_segments_deinit(out);
	}
	free(c.members);
	free(c.sps);
	free(c.images);
	return ret;
}

void vmw_segments_deinit(struct vmw_segments *s)
{
	free(s->seg);
	free(s->of_vma);
	*s = (struct vmw_segments){ 0 };
}

const char *vmw_segment_kind_name(enum vmw_segment_kind kind)
{
	static const char *const names[VMW_SEG_KINDS] = {
		[VMW_SEG_TEXT] = "text",
		[VMW_SEG_RODATA] = "rodata",
		[VMW_SEG_DATA] = "data",
		[VMW_SEG_BSS] = "bss",
		[VMW_SEG_HEAP] = "heap",
		[VMW_SEG_STACK] = "stack",
		[VMW_SEG_THREAD_STACK] = "thread stack",
		[VMW_SEG_LIBRARY] = "library",
		[VMW_SEG_FILE] = "file",
		[VMW_SEG_SHM] = "shm",
		[VMW_SEG_ANON] = "anon",
		[VMW_SEG_VVAR] = "vvar",
		[VMW_SEG_VDSO] = "vdso",
		[VMW_SEG_VSYSCALL] = "vsyscall",
	};

	return names[kind];
}
