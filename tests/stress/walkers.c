// SPDX-License-Identifier: GPL-2.0
/*
 * The walkers. Each round walks one of the victims, holds the answer against
 * the rules that hold whatever the victim does meanwhile, and counts.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../vm/lib/raw.h"
#include "stress.h"

#define DEBUGFS "/sys/kernel/debug/vmwalk/walk"

static struct vmw_msg msg;

/* The churning process half of the time, else what it made, we, or PID 1. */
static pid_t choose_victim(struct rng *r)
{
	uint32_t n = vmw_below(r, 2 * VMW_VICTIMS + 2);
	pid_t pid;

	if (n == 2 * VMW_VICTIMS)
		return getpid();
	if (n > 2 * VMW_VICTIMS)
		return 1;
	pid = atomic_load(&vmw_stress->victims[n < VMW_VICTIMS ? n : 0]);
	return pid ? pid : getpid();
}

/* It is dead: its place is free for another. */
static void forget(int pid)
{
	for (size_t i = 0; i < VMW_VICTIMS; i++) {
		int was = pid;

		atomic_compare_exchange_strong(&vmw_stress->victims[i], &was, 0);
	}
}

/* True if an error is what may come of a victim that ends. */
static bool allowed(int error)
{
	if (error == -ESRCH)
		return true;
	/* Between look-up and request, the module can have gone. */
	return atomic_load(&vmw_stress->removing) &&
	       (error == -ENOENT || error == -EPROTONOSUPPORT ||
		error == -EOPNOTSUPP);
}

/* A socket, or -1 if the module is not there. */
static int open_socket(void)
{
	int fd = vmw_raw_open();

	if (fd >= 0)
		return fd;
	if (errno == ENOENT && atomic_load(&vmw_stress->removing))
		atomic_fetch_add(&vmw_stress->absent, 1);
	else
		vmw_broken("the module does not answer: %m");
	return -1;
}

/* What extents must be, up to @end or the VMA's own end. */
static const char *bad_extents(const struct vmw_aspace *as,
			       const struct vmw_vma *vma, uint64_t end)
{
	const struct vmw_extent *e = &as->extents[vma->first_extent];
	uint64_t at = vma->info.from;

	if (end > vma->info.end)
		end = vma->info.end;
	for (size_t i = 0; i < vma->nr_extents; i++, e++) {
		if (e->start != at)
			return "extents do not follow each other";
		if (vmw_state_kind(e->state) > VMWALK_KIND_MAX)
			return "an extent of no known kind";
		if (vmw_state_kind(e->state) == VMWALK_KIND_BAD)
			return "a bad entry";
		at = vmw_extent_end(as, e);
	}
	if (at > end)
		return "extents pass the end of the range";
	if (at < end && as->end.consistency != VMWALK_CHANGED)
		return "extents do not cover the VMA, which did not change";
	return NULL;
}

/* What is wrong with a whole answer, or NULL. */
static const char *malformed(const struct vmw_aspace *as, uint32_t flags,
			     uint64_t start, uint64_t end)
{
	const char *bad = NULL;
	uint64_t last = 0;

	if (!as->complete)
		return "neither END nor an error";
	if (!as->mm.pid || !as->mm.task_size)
		return "no MM";
	if (as->end.consistency > VMWALK_BEST_EFFORT || !as->end.locks)
		return "an END that makes no sense";
	for (size_t i = 0; i < as->nr_vmas && !bad; i++) {
		const struct vmw_vma *vma = &as->vmas[i];

		if (vma->info.start < last)
			return "VMAs overlap";
		if (vma->info.end <= start || vma->info.start >= end)
			return "a VMA outside of the range";
		last = vma->info.end;
		if (flags & VMWALK_WALK_F_EXTENTS)
			bad = bad_extents(as, vma, end);
	}
	return bad;
}

static void count(const struct vmw_verdict *v, const struct vmw_aspace *as)
{
	atomic_fetch_add(&vmw_stress->walks, 1);
	atomic_fetch_add(&vmw_stress->continued, v->continued);
	atomic_fetch_add(&vmw_stress->errors, !!v->error);
	if (v->error)
		return;
	atomic_fetch_add(&vmw_stress->relocked, as->end.locks > 1);
	atomic_fetch_add(&vmw_stress->changed,
			 as->end.consistency == VMWALK_CHANGED);
}

static void judge(const struct vmw_verdict *v, const struct vmw_aspace *as,
		  pid_t pid, uint32_t flags, uint64_t start, uint64_t end)
{
	const char *bad;

	count(v, as);
	if (v->error == -ESRCH)
		forget(pid);
	if (v->error) {
		if (!allowed(v->error) || as->complete)
			vmw_broken("walk of %d: %s (%s)%s", pid,
				   strerror(-v->error), v->text,
				   as->complete ? ", after END" : "");
		return;
	}
	bad = malformed(as, flags, start, end);
	if (bad)
		vmw_broken("walk of %d, %zu VMAs: %s", pid, as->nr_vmas, bad);
}

static void request(pid_t pid, uint32_t flags, uint64_t start, uint64_t end)
{
	vmw_msg_start(&msg, VMWALK_CMD_WALK, NLM_F_DUMP);
	vmw_msg_u32(&msg, VMWALK_REQ_A_PID, pid);
	vmw_msg_u32(&msg, VMWALK_REQ_A_FLAGS, flags);
	if (start)
		vmw_msg_u64(&msg, VMWALK_REQ_A_START, start);
	if (end != UINT64_MAX)
		vmw_msg_u64(&msg, VMWALK_REQ_A_END, end);
}

static void walk(pid_t pid, uint32_t flags, uint64_t start, uint64_t end)
{
	struct vmw_verdict v;
	struct vmw_aspace as;
	int fd = open_socket();

	if (fd < 0)
		return;
	vmw_aspace_init(&as, 12);
	request(pid, flags, start, end);
	v = (struct vmw_verdict){ .error = vmw_raw_send(fd, &msg) };
	if (!v.error)
		vmw_raw_verdict(fd, &msg, &v, &as);
	close(fd);
	judge(&v, &as, pid, flags, start, end);
	vmw_aspace_deinit(&as);
}

static void walk_all(struct rng *r)
{
	walk(choose_victim(r), VMWALK_WALK_F_EXTENTS, 0, UINT64_MAX);
}

static void walk_entries(struct rng *r)
{
	walk(choose_victim(r), VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY, 0,
	     UINT64_MAX);
}

static void walk_vmas(struct rng *r)
{
	walk(choose_victim(r), 0, 0, UINT64_MAX);
}

/* A range that begins and ends anywhere in the upper, the busy, part. */
static void walk_range(struct rng *r)
{
	const uint64_t base = 0x7f0000000000;
	uint64_t a = base + vmw_rng(r) % (1U << 28) * PAGE;
	uint64_t b = base + vmw_rng(r) % (1U << 28) * PAGE;

	if (a == b)
		return;
	walk(choose_victim(r), VMWALK_WALK_F_EXTENTS, a < b ? a : b,
	     a < b ? b : a);
}

/* Begins, reads a little or nothing, waits a while, and leaves. */
static void walk_slowly(struct rng *r)
{
	static char buf[32 << 10];
	int fd = open_socket();

	if (fd < 0)
		return;
	vmw_msg_walk(&msg, choose_victim(r));
	if (vmw_raw_send(fd, &msg)) {
		close(fd);
		return;
	}
	for (uint32_t n = vmw_below(r, 4); n; n--)
		if (recv(fd, buf, 8192, MSG_DONTWAIT) < 0)
			break;
	poll(NULL, 0, vmw_below(r, 20));
	atomic_fetch_add(&vmw_stress->left, 1);
	close(fd);
}

/* Takes INFO meanwhile; its answer does not depend on anything. */
static void ask_info(struct rng *r)
{
	struct vmw_verdict v;
	int fd = open_socket();

	(void)r;
	if (fd < 0)
		return;
	vmw_msg_start(&msg, VMWALK_CMD_INFO, NLM_F_ACK);
	vmw_raw_ask(fd, &msg, &v);
	if (v.error ? !allowed(v.error) : !v.messages)
		vmw_broken("INFO: %s", strerror(-v.error));
	close(fd);
}

/* The text front */

/* Reads to the end, or a part: the last line's first byte, or an error. */
static int read_text(struct rng *r, int fd, bool whole)
{
	static char buf[16 << 10];
	uint32_t left = whole ? UINT32_MAX : vmw_below(r, 8);
	bool line_start = true, ended = false;
	ssize_t len = 0;

	for (; left; left--) {
		len = read(fd, buf, 1 + vmw_below(r, sizeof(buf)));
		if (len <= 0)
			break;
		for (ssize_t i = 0; i < len; i++) {
			if (ended && line_start)
				return -EPROTO;
			ended |= line_start && buf[i] == '#';
			line_start = buf[i] == '\n';
		}
	}
	if (len < 0)
		return ended ? -EPROTO : -errno;
	return !left || ended ? 0 : -EPROTO;
}

static void read_debugfs(struct rng *r)
{
	const char *const asked[] = { "", " extents", " entry" };
	int fd = open(DEBUGFS, O_RDWR | O_CLOEXEC), ret = 0;
	bool whole = vmw_below(r, 2);
	pid_t pid = choose_victim(r);
	char text[64];

	if (fd < 0) {
		if (!atomic_load(&vmw_stress->removing))
			vmw_broken(DEBUGFS ": %m");
		return;
	}
	snprintf(text, sizeof(text), "%d%s\n", pid, asked[vmw_below(r, 3)]);
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	else
		ret = read_text(r, fd, whole);
	if (ret && !allowed(ret))
		vmw_broken("debugfs, walk of %d: %s", pid, strerror(-ret));
	atomic_fetch_add(whole ? &vmw_stress->walks : &vmw_stress->left, 1);
	atomic_fetch_add(&vmw_stress->errors, !!ret);
	close(fd);
}

const struct walker vmw_walkers[VMW_WALKERS] = {
	{ "all", walk_all },
	{ "entries", walk_entries },
	{ "VMAs", walk_vmas },
	{ "range", walk_range },
	{ "slow", walk_slowly },
	{ "info", ask_info },
	{ "debugfs", read_debugfs },
};

void vmw_walker_run(void *arg)
{
	const struct walking *w = arg;
	struct rng r;

	/* The churn is to get ahead, and what it churns is to change. */
	if (nice(10) == -1)
		vmw_broken("nice: %m");
	vmw_rng_seed(&r, w->seed, 300 + w->walker);
	while (!atomic_load(&vmw_stress->stop)) {
		if (atomic_load(&vmw_stress->quiet) && vmw_below(&r, 8)) {
			usleep(1000);
			continue;
		}
		vmw_walkers[w->walker].round(&r);
	}
}
