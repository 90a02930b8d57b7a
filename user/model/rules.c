// SPDX-License-Identifier: GPL-2.0
#include "rules.h"

#include <stdlib.h>
#include <string.h>

#define ACCESS		(VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE | \
			 VMWALK_VMA_F_EXEC)
#define MAX_GUARD	65536	/* bytes: a larger one is a reservation */
#define MIN_STACK	16384	/* bytes: PTHREAD_STACK_MIN */
#define MAX_STACK	(64UL << 20)	/* bytes: larger than people ask for */
#define MALLOC_HEAP	(64UL << 20)	/* bytes: glibc's HEAP_MAX_SIZE */

static uint64_t dev_of(const struct vmwalk_vma *v)
{
	return (uint64_t)v->dev_major << 32 | v->dev_minor;
}

static const struct vmwalk_vma *info_of(const struct vmw_rules *c, size_t i)
{
	return &c->as->vmas[i].info;
}

static bool same_file(const struct vmwalk_vma *a, const struct vmwalk_vma *b)
{
	return a->flags & b->flags & VMWALK_VMA_F_FILE &&
	       dev_of(a) == dev_of(b) && a->ino == b->ino;
}

/* Does VMA @i touch the one below it? */
static bool touches_below(const struct vmw_rules *c, size_t i)
{
	return i && info_of(c, i - 1)->end == info_of(c, i)->start;
}

static bool is_named(const struct vmw_rules *c, size_t i, const char *name)
{
	const char *own = c->as->vmas[i].name;

	return own && !strcmp(own, name);
}

static bool name_starts(const struct vmw_rules *c, size_t i, const char *prefix)
{
	const char *own = c->as->vmas[i].name;

	return own && !strncmp(own, prefix, strlen(prefix));
}

static bool is_anon(const struct vmw_rules *c, size_t i)
{
	return info_of(c, i)->flags & VMWALK_VMA_F_ANON ||
	       name_starts(c, i, "/anon_hugepage");
}

static bool is_private_rw_anon(const struct vmw_rules *c, size_t i)
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
static bool is_bss_after(const struct vmw_rules *c, size_t i,
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

static bool is_vsyscall(const struct vmw_rules *c, size_t i)
{
	return info_of(c, i)->flags & VMWALK_VMA_F_GATE;
}

static bool is_vvar(const struct vmw_rules *c, size_t i)
{
	return is_named(c, i, "[vvar]") || is_named(c, i, "[vvar_vclock]");
}

static bool is_vdso(const struct vmw_rules *c, size_t i)
{
	return is_named(c, i, "[vdso]");
}

static bool is_rodata(const struct vmw_rules *c, size_t i)
{
	return c->exe && same_file(info_of(c, i), c->exe);
}

static bool is_text(const struct vmw_rules *c, size_t i)
{
	return is_rodata(c, i) && info_of(c, i)->flags & VMWALK_VMA_F_EXEC;
}

static bool is_data(const struct vmw_rules *c, size_t i)
{
	return is_rodata(c, i) && info_of(c, i)->flags & VMWALK_VMA_F_WRITE;
}

static bool is_bss(const struct vmw_rules *c, size_t i)
{
	return is_bss_after(c, i, VMW_SEG_DATA);
}

static bool is_heap(const struct vmw_rules *c, size_t i)
{
	return is_named(c, i, "[heap]");
}

static bool is_stack(const struct vmw_rules *c, size_t i)
{
	return is_named(c, i, "[stack]");
}

int vmw_rules_compare_images(const void *a, const void *b)
{
	const struct vmw_image *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return (x->ino > y->ino) - (x->ino < y->ino);
}

/* Shared code is what compilers write at run time. */
bool vmw_rules_is_image(const struct vmw_rules *c, size_t i)
{
	const uint32_t code = VMWALK_VMA_F_FILE | VMWALK_VMA_F_EXEC;
	uint32_t flags = info_of(c, i)->flags;

	return (flags & code) == code && !(flags & VMWALK_VMA_F_SHARED) &&
	       !is_anon(c, i);
}

struct vmw_image vmw_rules_image(const struct vmwalk_vma *v)
{
	return (struct vmw_image){ .dev = dev_of(v), .ino = v->ino };
}

static bool is_library(const struct vmw_rules *c, size_t i)
{
	const struct vmwalk_vma *v = info_of(c, i);
	const struct vmw_image image = vmw_rules_image(v);

	if (is_bss_after(c, i, VMW_SEG_LIBRARY))
		return true;
	return v->flags & VMWALK_VMA_F_FILE && !is_anon(c, i) &&
	       c->nr_images &&
	       bsearch(&image, c->images, c->nr_images, sizeof(image),
		       vmw_rules_compare_images);
}

pid_t vmw_rules_thread_in(const struct vmw_rules *c,
			  const struct vmwalk_vma *v)
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

static bool is_reserved_anon(const struct vmw_rules *c, size_t i)
{
	return is_anon(c, i) && !(info_of(c, i)->flags & ACCESS);
}

static bool is_guard(const struct vmw_rules *c, size_t i)
{
	const struct vmwalk_vma *v = info_of(c, i);

	return is_reserved_anon(c, i) && v->end - v->start <= MAX_GUARD;
}

/*
 * A piece of a reservation that is in use may lie on what looks like a guard,
 * but is small, or has more of the reservation above it.
 */
static bool looks_like_stack(const struct vmw_rules *c, size_t i)
{
	const struct vmwalk_vma *v = info_of(c, i);
	uint64_t size = v->end - v->start;

	if (c->as->nr_threads == 1 || size < MIN_STACK || size > MAX_STACK)
		return false;
	return !(i + 1 < c->as->nr_vmas && touches_below(c, i + 1) &&
		 is_reserved_anon(c, i + 1) && !is_guard(c, i + 1));
}

/* The usable part of a stack, which lies on its guard. */
static bool is_stack_proper(const struct vmw_rules *c, size_t i)
{
	return is_private_rw_anon(c, i) && touches_below(c, i) &&
	       is_guard(c, i - 1) &&
	       (vmw_rules_thread_in(c, info_of(c, i)) || looks_like_stack(c, i));
}

/* Whose sp is in it, so that it is one for sure; above it may be more, merged. */
static bool is_thread_on(const struct vmw_rules *c, size_t i)
{
	return is_stack_proper(c, i) && vmw_rules_thread_in(c, info_of(c, i));
}

static bool is_stack_in_use(const struct vmw_rules *c, size_t i)
{
	return is_thread_on(c, i) ||
	       (i + 1 < c->as->nr_vmas && is_thread_on(c, i + 1));
}

static bool is_thread_stack(const struct vmw_rules *c, size_t i)
{
	return is_stack_proper(c, i) ||
	       (i + 1 < c->as->nr_vmas && is_guard(c, i) &&
		is_stack_proper(c, i + 1));
}

/*
 * What most of the VMA serves for, as its runtime or malloc's chunks have it. Names
 * that a kernel gives are better, but those of Go's own.
 */
static const struct vmw_label *label_of(const struct vmw_rules *c, size_t i)
{
	const struct vmwalk_vma *v = info_of(c, i);

	if (!is_anon(c, i) || (c->as->vmas[i].name &&
			       !name_starts(c, i, "[anon: Go: ")))
		return NULL;
	return vmw_runtime_main_label(&c->as->runtime, v->start, v->end);
}

static bool is_go_arena(const struct vmw_rules *c, size_t i)
{
	const struct vmw_label *l = label_of(c, i);

	return (l && l->kind == VMW_LABEL_GO_ARENA) ||
	       name_starts(c, i, "[anon: Go: heap");
}

static bool is_go_runtime(const struct vmw_rules *c, size_t i)
{
	const struct vmw_label *l = label_of(c, i);

	return (l && l->kind == VMW_LABEL_GO_RUNTIME) ||
	       name_starts(c, i, "[anon: Go: ");
}

static bool is_malloc_arena(const struct vmw_rules *c, size_t i)
{
	const struct vmw_label *l = label_of(c, i);

	return l && (l->kind == VMW_LABEL_MALLOC_ARENA ||
		     l->kind == VMW_LABEL_MALLOC_TOP ||
		     l->kind == VMW_LABEL_MALLOC_RESERVED);
}

static bool is_malloc_mmapped(const struct vmw_rules *c, size_t i)
{
	const struct vmw_label *l = label_of(c, i);

	return l && l->kind == VMW_LABEL_MALLOC_MMAPPED;
}

static bool is_shm(const struct vmw_rules *c, size_t i)
{
	if (info_of(c, i)->flags & VMWALK_VMA_F_SHMEM)
		return true;
	return info_of(c, i)->flags & VMWALK_VMA_F_HUGETLB &&
	       (name_starts(c, i, "/memfd:") || name_starts(c, i, "/SYSV"));
}

static bool is_file(const struct vmw_rules *c, size_t i)
{
	return info_of(c, i)->flags & VMWALK_VMA_F_FILE;
}

/* Keys: what tells apart the segments of one kind. */

static void key_by_file(const struct vmw_rules *c, struct vmw_member *m)
{
	const struct vmwalk_vma *v = info_of(c, m->vma);

	m->key[0] = dev_of(v);
	m->key[1] = v->ino;
}

/* A library's bss goes with its data. */
static void key_by_image(const struct vmw_rules *c, struct vmw_member *m)
{
	if (is_anon(c, m->vma))
		memcpy(m->key, m[-1].key, sizeof(m->key));
	else
		key_by_file(c, m);
}

static void key_by_stack(const struct vmw_rules *c, struct vmw_member *m)
{
	bool proper = is_stack_proper(c, m->vma);

	m->key[0] = info_of(c, m->vma - proper)->start;
}

/* By where the arena starts, which is a multiple of its greatest size. */
static void key_by_arena(const struct vmw_rules *c, struct vmw_member *m)
{
	m->key[0] = label_of(c, m->vma)->start & ~(uint64_t)(MALLOC_HEAP - 1);
}

/* By name, and nameless ones by the run of them that touch. */
static void key_by_name(const struct vmw_rules *c, struct vmw_member *m)
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
	bool (*is)(const struct vmw_rules *c, size_t i);
	void (*set_key)(const struct vmw_rules *c, struct vmw_member *m);
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
	{ VMW_SEG_GO_ARENA, is_go_arena, NULL },
	/* Before what the kernel may have merged with it. */
	{ VMW_SEG_THREAD_STACK, is_stack_in_use, key_by_stack },
	{ VMW_SEG_GO_RUNTIME, is_go_runtime, NULL },
	{ VMW_SEG_MALLOC_ARENA, is_malloc_arena, key_by_arena },
	{ VMW_SEG_MALLOC_MMAPPED, is_malloc_mmapped, NULL },
	{ VMW_SEG_THREAD_STACK, is_thread_stack, key_by_stack },
	{ VMW_SEG_SHM, is_shm, key_by_file },
	{ VMW_SEG_ANON, is_anon, key_by_name },
	{ VMW_SEG_FILE, is_file, key_by_file },
	{ VMW_SEG_ANON, NULL, key_by_name },	/* named by the kernel */
};

void vmw_rules_apply(const struct vmw_rules *c, uint32_t i)
{
	struct vmw_member *m = &c->members[i];
	const struct rule *r = rules;

	while (r->is && !r->is(c, i))
		r++;
	*m = (struct vmw_member){ .kind = r->kind, .vma = i };
	if (r->set_key)
		r->set_key(c, m);
}
