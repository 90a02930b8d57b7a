// SPDX-License-Identifier: GPL-2.0
/*
 * VMWALK_CMD_PTE: a walk of one page that writes down its way (trace.c). What
 * pgwalk.c does and holds for any other page, it does and holds for this one.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "pte.h"
#include "walk.h"

static int pte_begin(struct vmw_sink *sink, const char *name)
{
	struct vmw_pte *pte = container_of(sink, struct vmw_pte, sink);

	pte->has_vma = true;
	sink->info = &pte->vma;
	strscpy(pte->name, name ?: "", sizeof(pte->name));
	vmw_extents_init(&sink->ext, pte->slots, sizeof(pte->slots));
	return 0;
}

static void pte_end(struct vmw_sink *sink, const struct vmw_sums *sums)
{
	struct vmw_pte *pte = container_of(sink, struct vmw_pte, sink);

	pte->vma.shmem_swapped = sums->shmem_swapped;
}

static const char *error_text(int err)
{
	return err == -ESRCH ? "the process exited, or runs another program by now" :
			       "killed while waiting for the target's mmap_lock";
}

/* All that can be told of a page, so that the walk goes page by page. */
#define PTE_FLAGS	(VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY | VMWALK_WALK_F_PAGES | \
			 VMWALK_WALK_F_PHYS | VMWALK_WALK_F_ABSENCE)

/**
 * vmw_pte_get() - the way of one address
 * @req: pid, start_time, and in start the address; the rest is filled in
 * @why: filled in on failure
 *
 * Context: process context of the caller, whose pid namespace counts. May sleep.
 * Return: the answer, vmw_pte_put() ends it; or NULL.
 */
struct vmw_pte *vmw_pte_get(struct vmw_request *req, struct vmw_refusal *why)
{
	struct vmw_pte *pte = kvzalloc(sizeof(*pte), GFP_KERNEL);
	int ret;

	if (!pte) {
		*why = (struct vmw_refusal){ .err = -ENOMEM, .text = "no memory for the answer" };
		return NULL;
	}
	pte->trace.addr = req->start;
	req->flags = PTE_FLAGS;
	req->start &= PAGE_MASK;
	/* Nothing is mapped in the last page of all. */
	req->end = req->start + PAGE_SIZE ?: ULONG_MAX;

	pte->walk = vmw_walk_start(req, why);
	if (!pte->walk)
		goto err_walk;
	pte->trace.mm = pte->walk->target.mm;
	pte->walk->trace = &pte->trace;
	pte->sink.begin = pte_begin;
	pte->sink.end = pte_end;

	ret = vmw_walk_next(pte->walk, &pte->sink);
	if (ret)
		goto err_next;
	return pte;

err_next:
	*why = (struct vmw_refusal){ .err = ret, .text = error_text(ret) };
	vmw_walk_finish(pte->walk);
err_walk:
	kvfree(pte);
	return NULL;
}

void vmw_pte_put(struct vmw_pte *pte)
{
	vmw_walk_finish(pte->walk);
	kvfree(pte);
}
