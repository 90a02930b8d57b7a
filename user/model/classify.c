// SPDX-License-Identifier: GPL-2.0
/*
 * From VMAs to segments: the rules give each VMA a kind and a key, and those
 * that have both in common are brought together.
 */
#include "classify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"

static const struct vmwalk_vma *find_exe(const struct vmw_aspace *as)
{
	const struct vmw_vma *vma;

	vma = vmw_aspace_find_vma(as, as->mm.start_code);
	return vma && vma->info.flags & VMWALK_VMA_F_FILE ? &vma->info : NULL;
}

static int compare_sps(const void *a, const void *b)
{
	const struct vmw_sp *x = a, *y = b;

	return (x->sp > y->sp) - (x->sp < y->sp);
}

static void collect_images(struct vmw_rules *c)
{
	for (size_t i = 0; i < c->as->nr_vmas; i++)
		if (vmw_rules_is_image(c, i))
			c->images[c->nr_images++] =
				vmw_rules_image(&c->as->vmas[i].info);
	qsort(c->images, c->nr_images, sizeof(*c->images), vmw_rules_compare_images);
}

static void collect_sps(struct vmw_rules *c)
{
	for (size_t i = 0; i < c->as->nr_threads; i++) {
		const struct vmw_thread *t = &c->as->threads[i];

		if (t->has_regs && t->tid != (pid_t)c->as->mm.pid)
			c->sps[c->nr_sps++] = (struct vmw_sp){ t->sp, t->tid };
	}
	qsort(c->sps, c->nr_sps, sizeof(*c->sps), compare_sps);
}

static int compare_members(const void *a, const void *b)
{
	const struct vmw_member *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	for (int i = 0; i < 2; i++)
		if (x->key[i] != y->key[i])
			return x->key[i] < y->key[i] ? -1 : 1;
	return (x->vma > y->vma) - (x->vma < y->vma);
}

static bool same_segment(const struct vmw_member *a, const struct vmw_member *b)
{
	return a->kind == b->kind && !memcmp(a->key, b->key, sizeof(a->key));
}

/* They often are in order, since segments go by address as VMAs do. */
static void sort_unless_sorted(struct vmw_member *m, size_t nr)
{
	for (size_t i = 1; i < nr; i++) {
		if (compare_members(&m[i - 1], &m[i]) > 0) {
			qsort(m, nr, sizeof(*m), compare_members);
			return;
		}
	}
}

/*
 * Sorts members so that those of a segment are neighbours, and segments go by
 * kind and address: first by key, which brings each segment together, then by
 * its lowest VMA instead of its key.
 */
static void sort_members(struct vmw_member *m, size_t nr)
{
	struct vmw_member first;

	sort_unless_sorted(m, nr);
	for (size_t i = 0; i < nr; i++) {
		if (!i || !same_segment(&first, &m[i]))
			first = m[i];
		m[i].key[0] = first.vma;
		m[i].key[1] = 0;
	}
	sort_unless_sorted(m, nr);
}

static void add_member(const struct vmw_rules *c, struct vmw_segment *seg,
		       const struct vmw_member *m)
{
	const struct vmw_vma *vma = &c->as->vmas[m->vma];

	if (!seg->nr_vmas++)
		seg->start = vma->info.start;
	seg->end = vma->info.end;
	if (!seg->name && m->kind != VMW_SEG_BSS)
		seg->name = vma->name;
	if (m->kind == VMW_SEG_THREAD_STACK && !seg->tid)
		seg->tid = vmw_rules_thread_in(c, &vma->info);
	vmw_usage_add(&seg->usage, &vma->usage);
}

static void add_tables(const struct vmw_aspace *as, size_t vma,
		       struct vmw_segments *out)
{
	const struct vmwalk_tables *t = vmw_vma_tables(as, &as->vmas[vma]);

	if (out->tables_of)
		vmw_tables_add(&out->tables_of[out->of_vma[vma]], t);
	vmw_tables_add(&out->tables, t);
}

static void build_segments(const struct vmw_rules *c, struct vmw_segments *out)
{
	struct vmw_member *m = c->members;

	sort_members(m, c->as->nr_vmas);
	for (size_t i = 0; i < c->as->nr_vmas; i++) {
		if (!i || !same_segment(&m[i - 1], &m[i]))
			out->seg[out->nr++].kind = m[i].kind;
		add_member(c, &out->seg[out->nr - 1], &m[i]);
		out->of_vma[m[i].vma] = out->nr - 1;
		vmw_usage_add(&out->total, &c->as->vmas[m[i].vma].usage);
		add_tables(c->as, m[i].vma, out);
	}
}

int vmw_classify(const struct vmw_aspace *as, struct vmw_segments *out)
{
	/* One more than needed: calloc() of nothing may return NULL. */
	const size_t nr = as->nr_vmas + 1;
	struct vmw_rules c = {
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
		.tables_of = as->nr_tables ? calloc(nr, sizeof(*out->tables_of)) :
					     NULL,
	};
	if (c.images && c.sps && c.members && out->seg && out->of_vma &&
	    !out->tables_of == !as->nr_tables) {
		collect_images(&c);
		collect_sps(&c);
		for (size_t i = 0; i < as->nr_vmas; i++)
			vmw_rules_apply(&c, i);
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
	free(s->tables_of);
	free(s->of_vma);
	*s = (struct vmw_segments){ 0 };
}

const struct vmwalk_tables *vmw_segment_tables(const struct vmw_segments *s,
					       const struct vmw_segment *seg)
{
	static const struct vmwalk_tables none;

	return s->tables_of ? &s->tables_of[seg - s->seg] : &none;
}

const char *vmw_segment_kind_name(enum vmw_segment_kind kind)
{
	static const char *const names[VMW_SEG_KINDS] = {
		[VMW_SEG_TEXT] = "text",
		[VMW_SEG_RODATA] = "rodata",
		[VMW_SEG_DATA] = "data",
		[VMW_SEG_BSS] = "bss",
		[VMW_SEG_HEAP] = "heap",
		[VMW_SEG_MALLOC_ARENA] = "malloc arena",
		[VMW_SEG_MALLOC_MMAPPED] = "malloc mmap",
		[VMW_SEG_GO_ARENA] = "Go arena",
		[VMW_SEG_GO_RUNTIME] = "Go runtime",
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
