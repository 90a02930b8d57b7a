// SPDX-License-Identifier: GPL-2.0
/* WALK and TASKS, by a reader that keeps the messages as they come. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "model/aspace.h"
#include "bench.h"
#include "raw.h"

#define BUFFER	(32 << 10)	/* VMWALK_INFO_A_MESSAGE_MAX */

static struct vmw_msg request;
static size_t told;

/* The socket, or -1; a request can only be put together once it is open. */
static int opened(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = vmw_raw_open();
	return fd;
}

/* Sends the request, and keeps what comes. */
static int exchange(int fd)
{
	ssize_t len;
	int ret;

	ret = vmw_raw_send(fd, &request);
	for (told = 0; !ret; told += len) {
		if (told + BUFFER > ARENA)
			return -ENOBUFS;
		len = recv(fd, vmw_arena + told, BUFFER, 0);
		if (len <= 0)
			return len ? -errno : -EPIPE;
		if (vmw_raw_is_last(vmw_arena + told, len)) {
			told += len;
			break;
		}
	}
	return ret;
}

static int ask(pid_t pid, uint32_t flags)
{
	int fd = opened();

	if (fd < 0)
		return -errno;
	vmw_msg_start(&request, VMWALK_CMD_WALK, NLM_F_DUMP);
	vmw_msg_u32(&request, VMWALK_REQ_A_PID, pid);
	vmw_msg_u32(&request, VMWALK_REQ_A_FLAGS, flags);
	return exchange(fd);
}

int vmw_ask_tasks(pid_t pid)
{
	int fd = opened();

	(void)pid;
	if (fd < 0)
		return -errno;
	vmw_msg_start(&request, VMWALK_CMD_TASKS, NLM_F_DUMP);
	return exchange(fd);
}

int vmw_ask_vmas(pid_t pid)
{
	return ask(pid, 0);
}

int vmw_ask_extents(pid_t pid)
{
	return ask(pid, VMWALK_WALK_F_EXTENTS);
}

int vmw_ask_entries(pid_t pid)
{
	return ask(pid, VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY);
}

int vmw_ask_pages(pid_t pid)
{
	return ask(pid, VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_PAGES);
}

static void load(struct vmw_aspace *as)
{
	struct vmw_verdict v = { 0 };

	vmw_aspace_init(as, 12);
	vmw_raw_take(vmw_arena, told, &request, &v, as);
	vmw_aspace_finish(as);
}

/* The vsyscall page is in no list of VMAs. */
static bool is_own(const struct vmw_vma *vma)
{
	return !(vma->info.flags & VMWALK_VMA_F_GATE);
}

static unsigned int run_state(const struct vmw_vma *vma, uint32_t state)
{
	if (vmw_state_kind(state) == VMWALK_KIND_SWAP)
		return 2;
	return vmw_state_present(state) &&
	       !(vma->info.flags & VMWALK_VMA_F_PFNMAP);
}

static void add_runs(struct runs *r, const struct vmw_aspace *as,
		     const struct vmw_vma *vma)
{
	const struct vmw_extent *e = &as->extents[vma->first_extent];
	size_t i;

	for (i = 0; i < vma->nr_extents; i++, e++)
		vmw_runs_add(r, e->start, vmw_extent_end(as, e),
			     run_state(vma, e->state));
}

void vmw_read_vmas(struct answer *a)
{
	struct vmw_aspace as;
	size_t i, nr = 0;

	load(&as);
	for (i = 0; i < as.nr_vmas; i++)
		nr += is_own(&as.vmas[i]);
	tell(a, FACT_VMAS, as.complete ? nr : 0);
	vmw_aspace_deinit(&as);
}

void vmw_read_extents(struct answer *a)
{
	struct runs runs = { 0 };
	struct vmw_aspace as;
	uint64_t rss = 0;
	size_t i;

	vmw_read_vmas(a);
	load(&as);
	for (i = 0; i < as.nr_vmas; i++) {
		if (!is_own(&as.vmas[i]))
			continue;
		add_runs(&runs, &as, &as.vmas[i]);
		rss += as.vmas[i].usage.resident;
	}
	vmw_runs_tell(&runs, a);
	tell(a, FACT_RSS, rss >> 10);
	vmw_aspace_deinit(&as);
}

void vmw_read_pages(struct answer *a)
{
	uint64_t fine = 0, pss = 0, shared = 0, private = 0;
	const struct vmwalk_pages *p;
	struct vmw_aspace as;
	size_t i;

	vmw_read_extents(a);
	load(&as);
	for (i = 0; i < as.nr_vmas; i++) {
		p = vmw_vma_pages(&as, &as.vmas[i]);
		fine += p->pss;
		pss += p->pss >> VMWALK_PSS_SHIFT >> 10;
		shared += p->shared_clean + p->shared_dirty;
		private += p->private_clean + p->private_dirty;
	}
	tell(a, FACT_PSS, pss);
	tell(a, FACT_PSS_SUM, fine >> VMWALK_PSS_SHIFT >> 10);
	tell(a, FACT_SHARED, shared >> 10);
	tell(a, FACT_PRIVATE, private >> 10);
	vmw_aspace_deinit(&as);
}
