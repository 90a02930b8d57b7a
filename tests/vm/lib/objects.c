// SPDX-License-Identifier: GPL-2.0
#include "objects.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/classify.h"

/* A line as the target says it; what it has not is 0 or empty. */
struct claim {
	char kind[16], text[64];
	unsigned long long addr, number;
	char more[32];
};

static const char *next_line(const char *line)
{
	const char *nl = strchr(line, '\n');

	return nl ? nl + 1 : line + strlen(line);
}

static bool parse(const char *line, struct claim *c)
{
	int n;

	*c = (struct claim){ 0 };
	n = sscanf(line, "%15s 0x%llx %63s %31s", c->kind, &c->addr, c->text,
		   c->more);
	c->number = strtoull(c->text, NULL, 10);
	/* Not "ready", nor what another line says. */
	return n >= 2;
}

/*
 * Is "main.f.v" the variable v of main.f? Without DWARF, f is all there is; and
 * later than 1.19 the DWARF of some variables tells no place of theirs. Of one that
 * runs no frame may be told, but of an address in a frame always what it is.
 */
static bool holds_variable(const struct vmw_runtime *rt, const struct vmw_g *g,
			   const struct claim *c)
{
	const struct vmw_slot *s = vmw_runtime_slot_at(rt, c->addr);
	const char *name = strrchr(c->more, '.');
	uint64_t start;

	if (!s)
		return vmw_runtime_frame_at(rt, g, c->addr, &start) == g->nr_frames;
	if (!name || strlen(s->in) != (size_t)(name - c->more) ||
	    strncmp(s->in, c->more, name - c->more))
		return false;
	if (rt->source != VMW_EVIDENCE_DWARF)
		return true;
	if (s->kind == VMW_SLOT_NONE)
		return strncmp(rt->version, "go1.1", 5);
	return s->kind == VMW_SLOT_LOCAL && !s->offset &&
	       !strcmp(s->name, name + 1);
}

static bool holds_stack(const struct vmw_runtime *rt, const struct claim *c)
{
	const struct vmw_g *g = vmw_runtime_g_at(rt, c->addr);

	if (!g || g->kind != VMW_G_USER || g->id != c->number)
		return false;
	return !c->more[0] || holds_variable(rt, g, c);
}

/* It may have been given to another by now. */
static bool holds_slot(const struct vmw_runtime *rt, const struct claim *c)
{
	const struct vmw_go_span *s = vmw_runtime_span_at(rt, c->addr);

	return s && (s->state == VMW_SPAN_STACK || s->state == VMW_SPAN_FREE ||
		     s->state == VMW_SPAN_SCAVENGED);
}

static bool holds_heap(const struct vmw_runtime *rt, const struct claim *c)
{
	const struct vmw_go_span *s = vmw_runtime_span_at(rt, c->addr);

	return s && s->state == VMW_SPAN_HEAP && s->elem_size >= c->number &&
	       s->elem_size - c->number <= 8192 &&
	       s->noscan == !strcmp(c->more, "noscan");
}

static bool holds_label(const struct vmw_runtime *rt, const struct claim *c,
			enum vmw_label_kind kind)
{
	const struct vmw_label *l = vmw_runtime_label_at(rt, c->addr);

	return l && l->kind == kind;
}

static bool holds_symbol(const struct vmw_runtime *rt, const struct claim *c)
{
	const struct vmw_runtime_symbol *s;

	s = vmw_runtime_symbol_at(rt, c->addr);
	return s && !strcmp(s->name, c->text);
}

static const struct vmw_thread *thread_of(const struct vmw_aspace *as,
					  const struct claim *c)
{
	for (size_t i = 0; i < as->nr_threads; i++)
		if (as->threads[i].tid == (pid_t)c->number)
			return &as->threads[i];
	return NULL;
}

/* Is it on the stack of that goroutine, as the address is? */
static bool holds_thread(const struct vmw_aspace *as, const struct claim *c)
{
	const struct vmw_g *g = vmw_runtime_g_at(&as->runtime, c->addr);
	const struct vmw_thread *t = thread_of(as, c);

	return t && g && g->kind == VMW_G_USER &&
	       g->id == strtoull(c->more, NULL, 10) &&
	       vmw_runtime_g_of_sp(&as->runtime, t->sp) == g;
}

static bool holds_g0(const struct vmw_aspace *as, const struct claim *c)
{
	const struct vmw_g *g = vmw_runtime_g_at(&as->runtime, c->addr);
	const struct vmw_thread *t = thread_of(as, c);

	return t && g && g->kind == VMW_G_G0 && g->tid == t->tid &&
	       vmw_runtime_g_of_sp(&as->runtime, t->sp) == g;
}

static bool holds_pthread(const struct vmw_aspace *as, const struct claim *c)
{
	const struct vmw_vma *vma = vmw_aspace_find_vma(as, c->addr);
	struct vmw_segments segs;
	bool holds;

	if (!vma || vmw_runtime_g_at(&as->runtime, c->addr) ||
	    vmw_classify(as, &segs))
		return false;
	holds = segs.seg[segs.of_vma[vma - as->vmas]].kind == VMW_SEG_THREAD_STACK &&
		segs.seg[segs.of_vma[vma - as->vmas]].tid == (pid_t)c->number;
	vmw_segments_deinit(&segs);
	return holds;
}

/* Likewise, of what is said of a thread. */
static int holds_of_thread(const struct vmw_aspace *as, const struct claim *c)
{
	if (!strcmp(c->kind, "thread"))
		return holds_thread(as, c);
	if (!strcmp(c->kind, "g0"))
		return holds_g0(as, c);
	return !strcmp(c->kind, "pthread") ? holds_pthread(as, c) : -1;
}

/* 1: it holds, 0: it does not, -1: it is of another kind. */
static int holds(const struct vmw_runtime *rt, const struct claim *c)
{
	if (!strcmp(c->kind, "stack"))
		return holds_stack(rt, c);
	if (!strcmp(c->kind, "slot"))
		return holds_slot(rt, c);
	if (!strcmp(c->kind, "heap"))
		return holds_heap(rt, c);
	if (!strcmp(c->kind, "brk"))
		return holds_label(rt, c, VMW_LABEL_MALLOC_BRK);
	if (!strcmp(c->kind, "arena"))
		return holds_label(rt, c, VMW_LABEL_MALLOC_ARENA);
	if (!strcmp(c->kind, "mmapped"))
		return holds_label(rt, c, VMW_LABEL_MALLOC_MMAPPED);
	if (!strcmp(c->kind, "symbol"))
		return rt->nr_symbols ? holds_symbol(rt, c) : -1;
	return -1;
}

static void complain(const struct vmw_runtime *rt, const char *line,
		     const struct claim *c)
{
	const struct vmw_g *g = vmw_runtime_g_at(rt, c->addr);
	const struct vmw_go_span *s = vmw_runtime_span_at(rt, c->addr);
	const struct vmw_label *l = vmw_runtime_label_at(rt, c->addr);
	const struct vmw_slot *f = vmw_runtime_slot_at(rt, c->addr);

	if (f)
		printf("# frame %u of %u, %s: %s+%llu\n", f->number, f->nr,
		       f->in, f->name, (unsigned long long)f->offset);
	printf("# wrong: %.*s: goroutine %llu, span of %llu (%d), label %d\n",
	       (int)strcspn(line, "\n"), line, g ? (long long)g->id : 0,
	       s ? (long long)s->elem_size : 0, s ? (int)s->state : -1,
	       l ? (int)l->kind : -1);
}

size_t vmw_objects_check(const char *said, const struct vmw_aspace *as,
			 size_t *checked)
{
	size_t wrong = 0;
	struct claim c;

	for (const char *line = said; *line; line = next_line(line)) {
		int ret = parse(line, &c) ? holds(&as->runtime, &c) : -1;

		if (ret < 0)
			ret = holds_of_thread(as, &c);
		*checked += ret >= 0;
		wrong += !ret;
		if (!ret)
			complain(&as->runtime, line, &c);
	}
	return wrong;
}

size_t vmw_objects_addresses(const char *said, uint64_t *addrs, size_t max)
{
	struct claim c;
	size_t nr = 0;

	for (const char *line = said; *line; line = next_line(line))
		if (nr < max && parse(line, &c) &&
		    (!strcmp(c.kind, "symbol") || !strcmp(c.kind, "stack")))
			addrs[nr++] = c.addr;
	return nr;
}

uint64_t vmw_objects_unexplained(const struct vmw_aspace *as, uint64_t limit)
{
	for (size_t i = 0; i < as->nr_vmas; i++) {
		const struct vmwalk_vma *v = &as->vmas[i].info;

		if (v->flags & VMWALK_VMA_F_ANON && !as->vmas[i].name &&
		    v->end - v->start > limit &&
		    !vmw_runtime_main_label(&as->runtime, v->start, v->end))
			return v->start;
	}
	return 0;
}
