// SPDX-License-Identifier: GPL-2.0
/* What a language's runtime and malloc() know of an address, in words. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "render.h"

const char *vmw_evidence_name(enum vmw_evidence source)
{
	static const char *const names[VMW_EVIDENCES] = {
		[VMW_EVIDENCE_NONE] = "nothing",
		[VMW_EVIDENCE_DWARF] = "DWARF",
		[VMW_EVIDENCE_SYMTAB] = "symbols and the Go version",
		[VMW_EVIDENCE_PATTERN] = "patterns in the code and the Go version",
		[VMW_EVIDENCE_TLS] = "the thread's fs_base",
		[VMW_EVIDENCE_SHAPE] = "the form of malloc's chunks",
		[VMW_EVIDENCE_VMA] = "the VMA",
	};

	return names[source];
}

const char *vmw_g_status_name(uint32_t status, char buf[VMW_STATUS_MAX])
{
	static const char *const names[VMW_G_STATUSES] = {
		[VMW_G_IDLE] = "idle",
		[VMW_G_RUNNABLE] = "runnable",
		[VMW_G_RUNNING] = "running",
		[VMW_G_SYSCALL] = "syscall",
		[VMW_G_WAITING] = "waiting",
		[VMW_G_MORIBUND] = "moribund",
		[VMW_G_DEAD] = "dead",
		[VMW_G_ENQUEUE] = "enqueue",
		[VMW_G_COPYSTACK] = "copystack",
		[VMW_G_PREEMPTED] = "preempted",
		[VMW_G_LEAKED] = "leaked",
		[VMW_G_DEADEXTRA] = "dead",
	};

	if (status < VMW_G_STATUSES)
		return names[status];
	snprintf(buf, VMW_STATUS_MAX, "status %" PRIu32, status);
	return buf;
}

static bool is_dead(const struct vmw_g *g)
{
	return g->kind == VMW_G_USER &&
	       (g->status == VMW_G_DEAD || g->status == VMW_G_DEADEXTRA);
}

static void name_g(const struct vmw_g *g, char *buf, size_t size)
{
	if (is_dead(g))
		snprintf(buf, size, "the stack of a goroutine that has ended");
	else if (g->kind == VMW_G_USER)
		snprintf(buf, size, "goroutine %" PRIu64 "'s stack", g->id);
	else if (g->kind == VMW_G_G0)
		snprintf(buf, size, "thread %d's stack for the Go scheduler (g0)",
			 g->tid);
	else if (g->kind == VMW_G_GSIGNAL)
		snprintf(buf, size, "thread %d's stack for signals (gsignal)",
			 g->tid);
	else
		snprintf(buf, size, "the Go stack that thread %d is on", g->tid);
}

void vmw_go_stack_name(const struct vmw_g *g, char *buf, size_t size)
{
	static const char *const kinds[VMW_G_KINDS] = {
		[VMW_G_G0] = "g0", [VMW_G_GSIGNAL] = "gsignal",
		[VMW_G_CURRENT] = "Go stack",
	};

	if (g->kind == VMW_G_USER)
		snprintf(buf, size, "goroutine %" PRIu64, g->id);
	else
		snprintf(buf, size, "%s", kinds[g->kind]);
}

static void name_span(const struct vmw_go_span *s, char *buf, size_t size)
{
	static const char *const names[VMW_SPAN_STATES] = {
		[VMW_SPAN_HEAP] = "Go's heap",
		[VMW_SPAN_STACK] = "a free slot among Go's stacks",
		[VMW_SPAN_MANUAL] = "pages that the Go runtime allots by hand",
		[VMW_SPAN_FREE] = "free pages of Go's arena",
		[VMW_SPAN_SCAVENGED] =
			"free pages of Go's arena, given back to the kernel",
		[VMW_SPAN_RESERVED] = "Go's arena, reserved and not in use yet",
		[VMW_SPAN_UNKNOWN] = "Go's arena",
	};

	if (s->state == VMW_SPAN_HEAP)
		snprintf(buf, size, "Go's heap: an object of %" PRIu64 " bytes",
			 s->elem_size);
	else
		snprintf(buf, size, "%s", names[s->state]);
}

const char *vmw_label_name(uint32_t kind)
{
	static const char *const names[VMW_LABEL_KINDS] = {
		[VMW_LABEL_GO_ARENA] = "Go's arena",
		[VMW_LABEL_GO_RUNTIME] = "the Go runtime's own memory",
		[VMW_LABEL_MALLOC_BRK] = "malloc()'s heap, which brk() grows",
		[VMW_LABEL_MALLOC_ARENA] = "a thread arena of malloc()",
		[VMW_LABEL_MALLOC_TOP] =
			"malloc()'s top, which no chunk has yet",
		[VMW_LABEL_MALLOC_RESERVED] =
			"what a thread arena of malloc() may grow into",
		[VMW_LABEL_MALLOC_MMAPPED] =
			"a chunk of malloc() that has a mapping of its own",
	};

	return names[kind];
}

bool vmw_object_name(const struct vmw_aspace *as, uint64_t addr, char *buf,
		     size_t size)
{
	const struct vmw_runtime *rt = &as->runtime;
	const struct vmw_g *g = vmw_runtime_g_at(rt, addr);
	const struct vmw_go_span *s = vmw_runtime_span_at(rt, addr);
	const struct vmw_label *l = vmw_runtime_label_at(rt, addr);

	if (g)
		name_g(g, buf, size);
	else if (s)
		name_span(s, buf, size);
	else if (l)
		snprintf(buf, size, "%s", vmw_label_name(l->kind));
	return g || s || l;
}

/* "c000086000-c000087000, 4 KiB" */
static void put_range(char *buf, size_t size, const struct vmw_style *style,
		      const struct vmw_aspace *as, uint64_t start, uint64_t end)
{
	char bytes[32];

	snprintf(buf, size, "%" PRIx64 "-%" PRIx64 ", %s%s", start, end,
		 vmw_size(style, as->page_shift, end - start, bytes,
			  sizeof(bytes)), vmw_size_unit(style));
}

/* Appends to @buf, which holds a string. */
static void __attribute__((format(printf, 3, 4)))
append(char *buf, size_t size, const char *fmt, ...)
{
	const size_t used = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + used, size - used, fmt, ap);
	va_end(ap);
}

static void detail_g(const struct vmw_g *g, uint64_t addr, char *buf, size_t size)
{
	char status[VMW_STATUS_MAX], text[4 * VMW_NAME_MAX];

	*buf = '\0';
	if (g->kind == VMW_G_USER && !is_dead(g)) {
		vmw_escape_name(g->start, text, sizeof(text));
		append(buf, size, "%s%s, %s", *text ? ", " : "", text,
		       vmw_g_status_name(g->status, status));
		vmw_escape_name(g->wait, text, sizeof(text));
		append(buf, size, "%s%s", *text ? ": " : "", text);
	}
	if (g->sp)
		append(buf, size, ", sp %" PRIx64 ": %s", g->sp, addr < g->sp ?
		       "below it, not in use now" : "in use");
}

static void detail_span(const struct vmw_go_span *s, uint64_t addr, char *buf,
			size_t size)
{
	const uint64_t nr = s->elem_size ? (addr - s->start) / s->elem_size : 0;

	if (s->state == VMW_SPAN_HEAP && nr >= s->nr_elems)
		snprintf(buf, size, ", behind the last of %u objects",
			 s->nr_elems);
	else if (s->state == VMW_SPAN_HEAP)
		snprintf(buf, size, ", object %" PRIu64 " of %u at %" PRIx64
			 "+0x%" PRIx64 ", %s", nr, s->nr_elems,
			 s->start + nr * s->elem_size,
			 addr - s->start - nr * s->elem_size,
			 s->noscan ? "noscan: without pointers" :
				     "may hold pointers");
	else if (s->state == VMW_SPAN_STACK)
		snprintf(buf, size, ", %u slots of %" PRIu64 " bytes",
			 s->nr_elems, s->elem_size);
	else
		*buf = '\0';
}

bool vmw_object_detail(const struct vmw_aspace *as,
		       const struct vmw_style *style, uint64_t addr, char *buf,
		       size_t size)
{
	const struct vmw_runtime *rt = &as->runtime;
	const struct vmw_g *g = vmw_runtime_g_at(rt, addr);
	const struct vmw_go_span *s = vmw_runtime_span_at(rt, addr);
	const struct vmw_label *l = vmw_runtime_label_at(rt, addr);
	char more[512], name[4 * VMW_NAME_MAX];

	if (g) {
		detail_g(g, addr, more, sizeof(more));
		put_range(buf, size, style, as, g->lo, g->hi);
	} else if (s) {
		detail_span(s, addr, more, sizeof(more));
		put_range(buf, size, style, as, s->start, s->end);
	} else if (l) {
		vmw_escape_name(l->name, name, sizeof(name));
		snprintf(more, sizeof(more), ", %s", name);
		put_range(buf, size, style, as, l->start, l->end);
	} else {
		return false;
	}
	append(buf, size, "%s", more);
	return true;
}

bool vmw_object_source(const struct vmw_aspace *as, uint64_t addr, char *buf,
		       size_t size)
{
	const struct vmw_runtime *rt = &as->runtime;
	const struct vmw_g *g = vmw_runtime_g_at(rt, addr);
	const struct vmw_label *l = vmw_runtime_label_at(rt, addr);
	enum vmw_evidence source = g ? g->source : l ? l->source : rt->source;

	if (!g && !l && !vmw_runtime_span_at(rt, addr))
		return false;
	snprintf(buf, size, "%s%s%s", vmw_evidence_name(source),
		 g || !l || l->sure ? ", for sure" : ", likely",
		 g && g->kind == VMW_G_USER ? ", as of now: stacks move" : "");
	return true;
}
