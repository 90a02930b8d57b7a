// SPDX-License-Identifier: GPL-2.0
#include "capture.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "proc.h"
#include "progress.h"
#include "swaps.h"

#define RETRIES		3
#define WAYS_MAX	(128 << 20)	/* bytes */

/*
 * The walk comes with the vsyscall page whenever its tables may hold it; the
 * kernel's mode, which they do not show, says whether it is there and what it
 * permits.
 */
static void settle_vsyscall(struct vmw_aspace *as)
{
	struct vmw_vma *gate;

	if (!as->nr_vmas)
		return;
	gate = &as->vmas[as->nr_vmas - 1];
	if (!(gate->info.flags & VMWALK_VMA_F_GATE))
		return;
	switch (as->vsyscall) {
	case VMW_VSYSCALL_UNKNOWN:
		break;
	case VMW_VSYSCALL_NONE:
		as->nr_extents = gate->first_extent;
		as->nr_vmas--;
		break;
	case VMW_VSYSCALL_EMULATE:
		gate->info.flags |= VMWALK_VMA_F_READ;
		/* fall through */
	case VMW_VSYSCALL_XONLY:
		gate->info.flags |= VMWALK_VMA_F_EXEC;
		break;
	}
}

static int walk(const struct vmw_capture_request *req,
		const struct vmw_process *process, struct vmw_info *info,
		struct vmw_aspace *as, struct vmw_error *err)
{
	const struct vmw_walk_request walk = {
		.pid = process->pid,
		.start = req->start,
		.end = req->end,
		.flags = req->flags,
		.start_time = process->start_time,
		.retries = RETRIES,
	};
	struct vmw_genl *genl;
	int ret;

	ret = vmw_genl_open(&genl, err);
	if (ret)
		return ret;
	*info = *vmw_genl_told(genl);
	if (req->flags & ~info->walk_flags)
		ret = vmw_error_set(err, -EOPNOTSUPP,
				    "vmwalk.ko %s is too old for this: load "
				    "the one that came with vmwalk",
				    info->version);
	if (!ret) {
		vmw_progress_begin("walking VMAs");
		ret = vmw_genl_walk(genl, &walk, as, err);
		vmw_progress_end();
	}
	vmw_genl_close(genl);
	return ret;
}

int vmw_capture_hold(const char *target, struct vmw_stop **stop,
		     struct vmw_error *err)
{
	struct vmw_process process;
	int ret;

	ret = vmw_proc_resolve(target, &process, err);
	return ret ? ret : vmw_stop_begin(stop, process.pid, err);
}

/* It runs on this machine, and so do we. */
static void note_kernel(struct vmw_aspace *as)
{
	struct utsname uts;

	if (uname(&uts))
		return;
	snprintf(as->kernel, sizeof(as->kernel), "%s", uts.release);
	snprintf(as->machine, sizeof(as->machine), "%s", uts.machine);
}

int vmw_capture(const struct vmw_capture_request *req, struct vmw_info *info,
		struct vmw_aspace *as, struct vmw_error *err)
{
	const bool in_swap = req->flags & VMWALK_WALK_F_PHYS;
	struct vmw_process process;
	struct vmw_swaps swaps = { 0 };
	int ret;

	ret = vmw_proc_resolve(req->target, &process, err);
	if (ret)
		return ret;
	if (in_swap || req->swaps)
		vmw_swaps_read(&swaps);
	ret = walk(req, &process, info, as, err);
	if (!ret && (req->swaps || as->swaps_used))
		ret = vmw_swaps_settle(&swaps, as, err);
	vmw_swaps_deinit(&swaps);
	if (ret)
		return ret;
	as->stopped = req->stopped;
	note_kernel(as);
	as->vsyscall = as->mm.flags & VMWALK_MM_F_VSYSCALL ?
		vmw_proc_vsyscall() : VMW_VSYSCALL_NONE;
	settle_vsyscall(as);
	return 0;
}

/* The gate's permissions are those of the mode, which the walk has settled. */
static void settle_gate(const struct vmw_aspace *as, struct vmw_pte *pte)
{
	const struct vmw_vma *gate = vmw_aspace_find_vma(as, pte->addr);

	if (gate && pte->vma.info.flags & VMWALK_VMA_F_GATE)
		pte->vma.info.flags = gate->info.flags;
}

/* The process that was walked, and no other by now under its pid. */
static int read_pte(const struct vmw_aspace *as, uint64_t addr,
		    struct vmw_pte *pte, struct vmw_error *err)
{
	const uint64_t tick = 1000000000 / sysconf(_SC_CLK_TCK);
	const struct vmw_pte_request req = {
		.pid = as->mm.pid,
		.addr = addr,
		.start_time = as->mm.start_time / tick,
	};
	struct vmw_genl *genl;
	int ret;

	ret = vmw_genl_open(&genl, err);
	if (ret)
		return ret;
	ret = vmw_genl_pte(genl, &req, pte, err);
	vmw_genl_close(genl);
	return ret;
}

int vmw_capture_pte(const char *target, uint64_t addr, struct vmw_info *info,
		    struct vmw_aspace *as, struct vmw_pte *pte,
		    struct vmw_error *err)
{
	const struct vmw_capture_request req = {
		.target = target, .swaps = true,
	};
	int ret;

	ret = vmw_capture(&req, info, as, err);
	if (ret)
		return ret;
	ret = read_pte(as, addr, pte, err);
	if (ret) {
		vmw_aspace_deinit(as);
		return ret;
	}
	vmw_swaps_confirm(as);
	settle_gate(as, pte);
	return 0;
}

/* Of one VMA. What has been unmapped since has no way, and none is kept. */
static int vma_ways(struct vmw_genl *genl, const struct vmw_aspace *as,
		    const struct vmw_info *info, const struct vmw_vma *vma,
		    struct vmw_ways *ways, struct vmw_error *err)
{
	const uint64_t tick = 1000000000 / sysconf(_SC_CLK_TCK);
	struct vmw_pte_request req = {
		.pid = as->mm.pid,
		.addr = vma->info.start,
		.start_time = as->mm.start_time / tick,
	};
	const uint64_t end = vma->info.end;
	struct vmw_pte pte;
	uint64_t pages;
	int ret = 0;

	while (!ret && req.addr < end) {
		ret = vmw_genl_pte(genl, &req, &pte, err);
		if (ret)
			break;
		pages = vmw_ways_span(as, info, &pte);
		if (pages > (end - req.addr) >> as->page_shift)
			pages = (end - req.addr) >> as->page_shift;
		if (pte.has_vma && vmw_ways_add(ways, as, &pte, pages))
			ret = vmw_error_set(err, -ENOMEM, "no memory for the "
					    "page-table entries");
		else if (ways->packed.len > WAYS_MAX)
			ret = vmw_error_set(err, -E2BIG, "process %u has more "
					    "page-table entries than a "
					    "snapshot holds", as->mm.pid);
		vmw_pte_deinit(&pte);
		req.addr += pages << as->page_shift;
	}
	return ret;
}

/* With vsyscall=none no VMA tells of the gate, but its tables are there. */
static int gate_ways(struct vmw_genl *genl, const struct vmw_aspace *as,
		     const struct vmw_info *info, struct vmw_ways *ways,
		     struct vmw_error *err)
{
	const struct vmw_vma gate = {
		.info.start = VMW_GATE_ADDR,
		.info.end = VMW_GATE_ADDR + (1ULL << as->page_shift),
	};

	if (!vmw_aspace_hides_gate(as, VMW_GATE_ADDR))
		return 0;
	return vma_ways(genl, as, info, &gate, ways, err);
}

int vmw_capture_ways(const struct vmw_aspace *as, const struct vmw_info *info,
		     struct vmw_ways *ways, struct vmw_error *err)
{
	struct vmw_genl *genl;
	int ret;

	ret = vmw_genl_open(&genl, err);
	if (ret)
		return ret;
	vmw_progress_begin("page-table entries of VMAs");
	for (size_t i = 0; !ret && i < as->nr_vmas; i++) {
		ret = vma_ways(genl, as, info, &as->vmas[i], ways, err);
		vmw_progress_step(i + 1, as->nr_vmas);
	}
	if (!ret)
		ret = gate_ways(genl, as, info, ways, err);
	vmw_progress_end();
	vmw_genl_close(genl);
	if (ret)
		vmw_ways_deinit(ways);
	return ret;
}

int vmw_capture_tasks(struct vmw_tasks *tasks, struct vmw_error *err)
{
	struct vmw_genl *genl;
	int ret;

	ret = vmw_genl_open(&genl, err);
	if (ret)
		return ret;
	vmw_progress_begin("listing processes");
	ret = vmw_genl_tasks(genl, tasks, err);
	vmw_progress_end();
	vmw_genl_close(genl);
	return ret;
}
