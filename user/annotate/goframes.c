// SPDX-License-Identifier: GPL-2.0
/*
 * The calls on goroutines' stacks that have not returned. How deep each function
 * has its frame is in the table that Go's own tracebacks use; that saved frame
 * pointers lead the same way is noted. For reading: runtime/traceback.go.
 */
#include <errno.h>
#include <string.h>

#include "gopclntab.h"
#include "goruntime.h"

#define PTR	8	/* bytes */

struct unwinding {
	struct vmw_goruntime *go;
	const struct vmw_g *g;
	struct vmw_call frames[VMW_FRAMES_OF_G];
	uint64_t link[VMW_FRAMES_OF_G];	/* rbp as it was saved */
	bool saves[VMW_FRAMES_OF_G];	/* is there such a word? */
	size_t nr;
	bool ended;	/* at the function that all goroutines return to */
};

/* Of one that runs: its thread stands in the kernel, and had it on that stack. */
static bool pc_of_thread(const struct vmw_goruntime *go, const struct vmw_g *g,
			 uint64_t *pc)
{
	for (size_t i = 0; i < go->as->nr_threads; i++) {
		const struct vmw_thread *t = &go->as->threads[i];

		if (t->tid != g->tid)
			continue;
		*pc = t->pc;
		return t->has_regs && !t->running && t->sp == g->sp;
	}
	return false;
}

/* Where @g goes on, if its stack is at rest and still has the sp that is known. */
static bool find_pc(const struct vmw_goruntime *go, const struct vmw_g *g,
		    uint64_t *pc)
{
	const bool in_syscall = g->status == VMW_G_SYSCALL;
	uint64_t sp, status;

	if (vmw_go_field(go, g->addr, VMW_GO_G_STATUS, &status) ||
	    (status & VMW_G_STATUS_MASK) != g->status)
		return false;
	switch (g->status) {
	case VMW_G_RUNNING:
		return pc_of_thread(go, g, pc);
	case VMW_G_RUNNABLE:
	case VMW_G_SYSCALL:
	case VMW_G_WAITING:
	case VMW_G_PREEMPTED:
	case VMW_G_LEAKED:
		break;
	default:
		return false;
	}
	return !vmw_go_field(go, g->addr, in_syscall ? VMW_GO_G_SYSCALL_SP :
			     VMW_GO_G_SP, &sp) && sp == g->sp &&
	       !vmw_go_field(go, g->addr, in_syscall ? VMW_GO_G_SYSCALL_PC :
			     VMW_GO_G_PC, pc);
}

/* runtime.goexit, whatever the ABI that is told with it. */
static bool is_end(const struct vmw_go_function *f)
{
	static const char name[] = "runtime.goexit";

	return !strncmp(f->name, name, sizeof(name) - 1) &&
	       (!f->name[sizeof(name) - 1] || f->name[sizeof(name) - 1] == '.');
}

/* One frame, from *@sp on; moves both to its caller. False: there is none. */
static bool step(struct unwinding *u, uint64_t *pc, uint64_t *sp)
{
	const struct vmw_goruntime *go = u->go;
	struct vmw_go_function f;
	uint64_t depth, cfa;

	if (!vmw_gopclntab_at(go->table, *pc - go->bias, &f))
		return false;
	u->ended = is_end(&f);
	if (u->ended ||
	    !vmw_gopclntab_depth(go->table, &f, *pc - go->bias, &depth) ||
	    depth % PTR || depth > u->g->hi - *sp ||
	    u->g->hi - *sp - depth < PTR)
		return false;
	cfa = *sp + depth + PTR;
	u->frames[u->nr] = (struct vmw_call){ .pc = *pc, .cfa = cfa };
	u->saves[u->nr] = depth >= PTR;
	if (vmw_mem_uint(go->mem, cfa - PTR, PTR, pc) ||
	    (depth >= PTR && vmw_mem_uint(go->mem, cfa - 2 * PTR, PTR,
					  &u->link[u->nr])))
		return false;
	*sp = cfa;
	u->nr++;
	return true;
}

/* Each saved frame pointer should lead to the next, the last one nowhere. */
static void follow_links(struct unwinding *u)
{
	uint64_t next = 0;
	bool known = u->ended;

	for (size_t i = u->nr; i-- > 0; ) {
		if (!u->saves[i])
			continue;
		u->frames[i].linked = known && u->link[i] == next;
		next = u->frames[i].cfa - 2 * PTR;
		known = true;
	}
}

static int unwind(struct vmw_goruntime *go, struct vmw_g *g)
{
	struct unwinding u = { .go = go, .g = g };
	uint64_t pc, sp = g->sp;
	int ret;

	if (sp % PTR || !find_pc(go, g, &pc))
		return 0;
	while (u.nr < VMW_FRAMES_OF_G && step(&u, &pc, &sp))
		;
	follow_links(&u);
	ret = vmw_runtime_add_frames(go->rt, g, u.frames, u.nr);
	return ret == -ENOMEM ? ret : 0;
}

static bool is_wanted(const struct vmw_g *g, const uint64_t *addrs, size_t nr)
{
	if (g->kind != VMW_G_USER || !g->sp)
		return false;
	for (size_t i = 0; i < nr; i++)
		if (addrs[i] >= g->sp && addrs[i] < g->hi)
			return true;
	return !addrs;
}

int vmw_go_read_frames(struct vmw_goruntime *go, const uint64_t *addrs, size_t nr)
{
	struct vmw_runtime *rt = go->rt;
	uint64_t pc;
	int ret = 0;

	vmw_mem_forget(go->mem);
	for (size_t i = 0; !ret && i < rt->nr_gs; i++)
		if (is_wanted(&rt->gs[i], addrs, nr))
			ret = unwind(go, &rt->gs[i]);
	/* Whoever went on meanwhile has other frames now. */
	vmw_mem_forget(go->mem);
	for (size_t i = 0; !ret && i < rt->nr_gs; i++) {
		struct vmw_g *g = &rt->gs[i];

		if (g->nr_frames &&
		    (!find_pc(go, g, &pc) ||
		     pc != rt->frames[g->first_frame].pc))
			g->nr_frames = 0;
	}
	return ret;
}
