// SPDX-License-Identifier: GPL-2.0
/*
 * Goroutines and threads. For reading: runtime/runtime2.go and proc.go of Go's
 * own source.
 */
#include "goruntime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PTR		8		/* bytes */
#define BLOCK		512		/* pointers that are read at a time */
#define STACK_MAX	(1ULL << 40)	/* bytes: larger ones are none */
#define THREADS_MAX	100000
#define ATTEMPTS	4
#define PAUSE		250000L	/* nanoseconds; before each new attempt four times longer */
#define REASON_SIZE	16		/* bytes of a string's header */

bool vmw_go_is_mapped(const struct vmw_goruntime *go, uint64_t start,
		      uint64_t end)
{
	const struct vmw_vma *vma = vmw_aspace_find_vma(go->as, start);
	const struct vmw_vma *last = go->as->vmas + go->as->nr_vmas;

	if (!vma || start >= end)
		return false;
	while (vma->info.end < end) {
		if (vma + 1 == last || vma[1].info.start != vma->info.end)
			return false;
		vma++;
	}
	return true;
}

int vmw_go_field(const struct vmw_goruntime *go, uint64_t addr,
		 enum vmw_go_field field, uint64_t *value)
{
	const struct vmw_go_member *m = &go->layout->field[field];

	if (m->offset < 0)
		return -ENOENT;
	return vmw_mem_uint(go->mem, addr + m->offset, m->size, value);
}

int vmw_go_slice(const struct vmw_goruntime *go, uint64_t addr, uint64_t *array,
		 uint64_t *len)
{
	int ret;

	/* Slices grow into a new array: an old length fits that, too. */
	ret = vmw_mem_uint(go->mem, addr + PTR, PTR, len);
	vmw_mem_forget(go->mem);
	return ret ? ret : vmw_mem_uint(go->mem, addr, PTR, array);
}

uint64_t vmw_go_var(const struct vmw_goruntime *go, enum vmw_go_var var)
{
	return go->layout->var[var] ? go->layout->var[var] + go->bias : 0;
}

/* Why a goroutine waits: reason number @nr of the runtime's array of strings. */
static void read_reason(struct vmw_goruntime *go, uint64_t nr,
			char name[VMW_NAME_MAX])
{
	const uint64_t reasons = vmw_go_var(go, VMW_GO_VAR_WAIT_REASONS);
	uint64_t string[2];	/* address, length */

	if (!reasons || nr >= go->layout->nr_wait_reasons ||
	    vmw_mem_read(go->mem, reasons + nr * REASON_SIZE, string,
			 sizeof(string)))
		return;
	if (string[1] >= VMW_NAME_MAX)
		string[1] = VMW_NAME_MAX - 1;
	if (vmw_mem_read(go->mem, string[0], name, string[1]))
		string[1] = 0;
	name[string[1]] = '\0';
}

/* The sp of thread @tid, if that is in [@lo, @hi]; else 0. */
static uint64_t sp_of_thread(const struct vmw_goruntime *go, pid_t tid,
			     uint64_t lo, uint64_t hi)
{
	for (size_t i = 0; i < go->as->nr_threads; i++) {
		const struct vmw_thread *t = &go->as->threads[i];

		if (t->tid == tid)
			return t->has_regs && t->sp >= lo && t->sp < hi ?
				t->sp : 0;
	}
	return 0;
}

/* The thread whose sp is in the stack [@lo, @hi], at its very end if it is new; else 0. */
static pid_t thread_on(const struct vmw_goruntime *go, uint64_t lo, uint64_t hi)
{
	for (size_t i = 0; i < go->as->nr_threads; i++) {
		const struct vmw_thread *t = &go->as->threads[i];

		if (t->has_regs && t->sp > lo && t->sp <= hi)
			return t->tid;
	}
	return 0;
}

static bool is_stack(const struct vmw_goruntime *go, const struct vmw_g *g)
{
	return g->lo < g->hi && g->hi - g->lo < STACK_MAX &&
	       !(g->lo % PTR) && !(g->hi % PTR) &&
	       vmw_go_is_mapped(go, g->lo, g->hi);
}

static void read_sp(struct vmw_goruntime *go, struct vmw_g *g)
{
	enum vmw_go_field field = g->status == VMW_G_SYSCALL ?
		VMW_GO_G_SYSCALL_SP : VMW_GO_G_SP;

	if (g->status == VMW_G_RUNNING)
		g->sp = sp_of_thread(go, g->tid, g->lo, g->hi);
	else if (vmw_go_field(go, g->addr, field, &g->sp) || g->sp < g->lo ||
		 g->sp >= g->hi)
		g->sp = 0;
}

/* Fills in what the struct g at @g->addr has. */
static int read_g(struct vmw_goruntime *go, struct vmw_g *g)
{
	uint64_t status, wait, pc;
	int ret;

	ret = vmw_go_field(go, g->addr, VMW_GO_G_STATUS, &status);
	if (!ret)
		ret = vmw_go_field(go, g->addr, VMW_GO_G_LO, &g->lo);
	if (!ret)
		ret = vmw_go_field(go, g->addr, VMW_GO_G_HI, &g->hi);
	if (ret)
		return ret;
	g->status = status & VMW_G_STATUS_MASK;
	g->source = go->layout->source;
	if (g->kind == VMW_G_USER)
		ret = vmw_go_field(go, g->addr, VMW_GO_G_ID, &g->id);
	if (g->status == VMW_G_WAITING &&
	    !vmw_go_field(go, g->addr, VMW_GO_G_WAIT, &wait))
		read_reason(go, wait, g->wait);
	if (go->name_function && g->kind == VMW_G_USER &&
	    !vmw_go_field(go, g->addr, VMW_GO_G_START, &pc))
		go->name_function(go->names, pc, g->start);
	return ret;
}

static bool is_dead(const struct vmw_g *g)
{
	return g->status == VMW_G_DEAD || g->status == VMW_G_DEADEXTRA;
}

/* Fits the stack the span it lies in? Spans are sorted by now. */
static bool fits_span(const struct vmw_goruntime *go, const struct vmw_g *g)
{
	const struct vmw_go_span *s = vmw_runtime_span_at(go->rt, g->lo);

	return s && s->state == VMW_SPAN_STACK &&
	       s->elem_size == g->hi - g->lo &&
	       (g->lo - s->start) % s->elem_size == 0;
}

/* One goroutine into the model, unless it is in mid-change. */
static int add_g(struct vmw_goruntime *go, uint64_t addr, pid_t tid)
{
	struct vmw_g g = { .addr = addr, .kind = VMW_G_USER, .tid = tid };

	if (read_g(go, &g)) {
		go->rt->torn++;
		return 0;
	}
	if (!g.lo && !g.hi)
		return is_dead(&g) ? 0 : vmw_runtime_add_g(go->rt, &g);
	/* A stack from outside: cgo's extra threads. */
	if (!is_stack(go, &g) ||
	    (vmw_runtime_label_at(go->rt, g.lo) && !fits_span(go, &g))) {
		if (!is_dead(&g))
			go->rt->torn++;
		return 0;
	}
	if (is_dead(&g))
		g.id = 0;
	read_sp(go, &g);
	return vmw_runtime_add_g(go->rt, &g);
}

/* A thread as the runtime has it. */
struct m {
	uint64_t curg;
	pid_t tid;
};

static int compare_ms(const void *a, const void *b)
{
	const struct m *x = a, *y = b;

	return (x->curg > y->curg) - (x->curg < y->curg);
}

static pid_t tid_of(const struct m *ms, size_t nr, uint64_t g)
{
	const struct m key = { .curg = g }, *m;

	m = nr ? bsearch(&key, ms, nr, sizeof(*ms), compare_ms) : NULL;
	return m ? m->tid : 0;
}

/* With cgo the first thread's g0 is told as far as the stack may grow one day. */
static void clip_to_grown(const struct vmw_goruntime *go, struct vmw_g *g)
{
	const struct vmw_vma *vma = vmw_aspace_find_vma(go->as, g->hi - PTR);

	if (vma && vma->info.flags & VMWALK_VMA_F_GROWSDOWN &&
	    g->lo < vma->info.start)
		g->lo = vma->info.start;
}

/* g0 and gsignal of a thread. That of the first thread is only guessed by Go. */
static int add_system_g(struct vmw_goruntime *go, uint64_t m,
			enum vmw_go_field field, enum vmw_g_kind kind, pid_t tid)
{
	struct vmw_g g = { .kind = kind, .tid = tid };

	if (vmw_go_field(go, m, field, &g.addr) || !g.addr || read_g(go, &g))
		return 0;
	/* A list that is not known did not lead here. */
	if (!vmw_go_var(go, VMW_GO_VAR_ALLM))
		g.source = VMW_EVIDENCE_TLS;
	clip_to_grown(go, &g);
	if (!is_stack(go, &g))
		return 0;
	/* A thread that was just born has not told the runtime yet which one it is. */
	if (kind == VMW_G_G0 && !tid)
		g.tid = thread_on(go, g.lo, g.hi);
	g.sp = sp_of_thread(go, g.tid, g.lo, g.hi);
	return vmw_runtime_add_g(go->rt, &g);
}

/* Returns how many there are, or a negative errno. */
static ssize_t read_threads(struct vmw_goruntime *go, struct m *ms)
{
	uint64_t addr, tid, var = vmw_go_var(go, VMW_GO_VAR_ALLM);
	size_t nr = 0;
	int ret = 0;

	if (!var || vmw_mem_uint(go->mem, var, PTR, &addr))
		return 0;
	while (!ret && addr && nr < THREADS_MAX) {
		if (vmw_go_field(go, addr, VMW_GO_M_TID, &tid) ||
		    vmw_go_field(go, addr, VMW_GO_M_CURG, &ms[nr].curg))
			break;
		ms[nr].tid = tid > INT32_MAX ? 0 : tid;
		ret = add_system_g(go, addr, VMW_GO_M_G0, VMW_G_G0, ms[nr].tid);
		if (!ret)
			ret = add_system_g(go, addr, VMW_GO_M_GSIGNAL,
					   VMW_G_GSIGNAL, ms[nr].tid);
		nr++;
		if (vmw_go_field(go, addr, VMW_GO_M_NEXT, &addr))
			break;
	}
	if (nr)
		qsort(ms, nr, sizeof(*ms), compare_ms);
	return ret ? ret : (ssize_t)nr;
}

static int read_gs(struct vmw_goruntime *go)
{
	struct m *ms = calloc(THREADS_MAX, sizeof(*ms));
	uint64_t array, len = 0, block[BLOCK];
	ssize_t nr = ms ? read_threads(go, ms) : -ENOMEM;
	int ret = nr < 0 ? nr : 0;

	if (!ret)
		ret = vmw_go_slice(go, vmw_go_var(go, VMW_GO_VAR_ALLGS), &array,
				   &len);
	if (!ret && len > VMW_GS_MAX)
		ret = -EPROTO;
	for (uint64_t i = 0; !ret && i < len; i++) {
		uint64_t n = len - i < BLOCK ? len - i : BLOCK;

		if (i % BLOCK == 0)
			ret = vmw_mem_read(go->mem, array + i * PTR, block,
					   n * PTR);
		if (!ret)
			ret = add_g(go, block[i % BLOCK],
				    tid_of(ms, nr, block[i % BLOCK]));
	}
	free(ms);
	return ret;
}

static void clear(struct vmw_runtime *rt)
{
	rt->nr_gs = 0;
	rt->nr_spans = 0;
	rt->nr_labels = 0;
	rt->torn = 0;
}

static int read_once(struct vmw_goruntime *go)
{
	int ret;

	clear(go->rt);
	vmw_mem_forget(go->mem);
	ret = vmw_go_read_heap(go);
	vmw_runtime_finish(go->rt);
	return ret ? ret : read_gs(go);
}

static const char *failure(int error)
{
	switch (error) {
	case -ENODATA:
		return "a page of it is not in memory (in swap, or being moved)";
	case -ETIME:
		return "there is more of it than can be meant";
	case -EFAULT:
		return "it leads to what is not mapped";
	default:
		return "it makes no sense";
	}
}

/* What was in mid-change, or on its way to another node, is given time to be done. */
static void give_time(unsigned int attempt)
{
	const struct timespec pause = { .tv_nsec = PAUSE << 2 * attempt };

	nanosleep(&pause, NULL);
}

int vmw_goruntime_read(struct vmw_goruntime *go)
{
	int ret = 0;

	for (unsigned int i = 0; i < ATTEMPTS; i++) {
		if (i && !go->as->stopped)
			give_time(i);
		ret = read_once(go);
		if (ret == -ENOMEM ||
		    (!ret && !go->rt->torn && go->rt->nr_spans))
			break;
	}
	for (size_t i = 0; ret && i < go->rt->nr_labels; i++)
		go->rt->labels[i].sure = false;
	if (ret)
		vmw_runtime_note(go->rt, "the Go runtime's memory cannot be "
				 "read: %s", failure(ret));
	else if (!go->rt->nr_spans)
		vmw_runtime_note(go->rt, "the Go runtime has no arena yet: it "
				 "has not set itself up");
	else if (go->rt->torn)
		vmw_runtime_note(go->rt, "%u goroutines or spans %s", go->rt->torn,
				 go->as->stopped ? "are in mid-change" :
				 "changed each time they were read");
	return ret;
}

/*
 * Where types are known, a thread's g leads to the thread as the runtime has it. It
 * may be on either of these stacks: C code of the race detector has that of g0, and
 * leaves the goroutine to be the thread's g.
 */
static bool find_m(const struct vmw_goruntime *go, uint64_t g, pid_t tid, uint64_t *m)
{
	uint64_t owner;

	return !vmw_go_field(go, g, VMW_GO_G_M, m) && *m &&
	       !vmw_go_field(go, *m, VMW_GO_M_TID, &owner) &&
	       owner == (uint64_t)tid;
}

/* Adds to .rt what thread @t's g leads to; @known is sorted. */
static int add_by_tls(struct vmw_goruntime *go, const struct vmw_runtime *known,
		      const struct vmw_thread *t)
{
	struct vmw_g g = {
		.kind = VMW_G_CURRENT, .status = VMW_G_RUNNING,
		.tid = t->tid, .source = VMW_EVIDENCE_TLS,
	};
	uint64_t m;
	int ret;

	if (!t->has_regs || !t->fs_base ||
	    vmw_mem_uint(go->mem, t->fs_base - PTR, PTR, &g.addr))
		return 0;
	if (known->source == VMW_EVIDENCE_PATTERN &&
	    find_m(go, g.addr, t->tid, &m)) {
		ret = add_system_g(go, m, VMW_GO_M_G0, VMW_G_G0, t->tid);
		return ret ? ret : add_system_g(go, m, VMW_GO_M_GSIGNAL,
						VMW_G_GSIGNAL, t->tid);
	}
	if (vmw_mem_uint(go->mem, g.addr, PTR, &g.lo) ||
	    vmw_mem_uint(go->mem, g.addr + PTR, PTR, &g.hi))
		return 0;
	clip_to_grown(go, &g);
	if (!is_stack(go, &g) || vmw_runtime_g_at(known, g.lo))
		return 0;
	g.sp = sp_of_thread(go, t->tid, g.lo, g.hi);
	return vmw_runtime_add_g(go->rt, &g);
}

/*
 * Without cgo, and as a rule with it, the word below fs_base is the thread's g,
 * whose first two words are its stack. If they are what they should be, sp may
 * be there.
 */
int vmw_goruntime_read_tls(struct vmw_goruntime *go)
{
	struct vmw_runtime *rt = go->rt, found = { 0 };
	int ret = 0;

	vmw_runtime_finish(rt);
	go->rt = &found;
	for (size_t i = 0; !ret && i < go->as->nr_threads; i++)
		ret = add_by_tls(go, rt, &go->as->threads[i]);
	go->rt = rt;
	for (size_t i = 0; !ret && i < found.nr_gs; i++)
		ret = vmw_runtime_add_g(rt, &found.gs[i]);
	vmw_runtime_deinit(&found);
	return ret;
}
