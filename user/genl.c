// SPDX-License-Identifier: GPL-2.0
#include "genl.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netlink/netlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "exchange.h"

#define SMALLEST_BUFFER		32768	/* bytes */

struct vmw_genl {
	struct nl_sock *sk;
	int family;
	struct vmw_info info;
};

static struct nl_msg *new_request(const struct vmw_genl *genl, uint8_t cmd,
				  int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, genl->family, 0,
				flags, cmd, VMWALK_GENL_VERSION)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/*
 * Copies a struct of the interface. The kernel's may be shorter or longer than
 * ours: what it does not know is 0. Without the first @least bytes the record
 * makes no sense.
 */
static int get_struct(void *dst, size_t size, size_t least,
		      const struct nlattr *attr)
{
	size_t len = attr ? nla_len(attr) : 0;

	if (len < least)
		return -EPROTO;
	memset(dst, 0, size);
	memcpy(dst, nla_data(attr), len < size ? len : size);
	return 0;
}

static void info_attr(struct vmw_info *info, struct nlattr *attr)
{
	switch (nla_type(attr)) {
	case VMWALK_INFO_A_ABI:
		info->abi = nla_get_u32(attr);
		break;
	case VMWALK_INFO_A_VERSION:
		nla_strlcpy(info->version, attr, sizeof(info->version));
		break;
	case VMWALK_INFO_A_ARCH:
		nla_strlcpy(info->arch, attr, sizeof(info->arch));
		break;
	case VMWALK_INFO_A_PAGE_SHIFT:
		info->page_shift = nla_get_u32(attr);
		break;
	case VMWALK_INFO_A_LEVEL:
		if (info->nr_levels < VMW_MAX_LEVELS)
			get_struct(&info->levels[info->nr_levels++],
				   sizeof(info->levels[0]), 0, attr);
		break;
	case VMWALK_INFO_A_HUGEPAGE:
		if (info->nr_hugepages < VMW_MAX_HUGEPAGES)
			info->hugepages[info->nr_hugepages++] =
				nla_get_u64(attr);
		break;
	case VMWALK_INFO_A_CAN:
		info->can = nla_get_u32(attr);
		break;
	case VMWALK_INFO_A_WALK_FLAGS:
		info->walk_flags = nla_get_u32(attr);
		break;
	case VMWALK_INFO_A_CHUNK:
		info->chunk = nla_get_u32(attr);
		break;
	case VMWALK_INFO_A_MESSAGE_MAX:
		info->message_max = nla_get_u32(attr);
		break;
	case VMWALK_INFO_A_ENTRY_BIT:
		if (info->nr_bits < VMW_MAX_ENTRY_BITS)
			get_struct(&info->bits[info->nr_bits++],
				   sizeof(info->bits[0]), 0, attr);
		break;
	case VMWALK_INFO_A_ATOMIC_MAX:
		info->atomic_max = nla_get_u64(attr);
		break;
	}
}

static int info_record(struct nlattr *attrs, int len, void *arg)
{
	static struct nla_policy policy[VMWALK_INFO_A_MAX + 1] = {
		[VMWALK_INFO_A_ABI] = { .type = NLA_U32 },
		[VMWALK_INFO_A_VERSION] = { .type = NLA_STRING },
		[VMWALK_INFO_A_ARCH] = { .type = NLA_STRING },
		[VMWALK_INFO_A_PAGE_SHIFT] = { .type = NLA_U32 },
		[VMWALK_INFO_A_LEVEL] = {
			.minlen = sizeof(struct vmwalk_level) },
		[VMWALK_INFO_A_HUGEPAGE] = { .type = NLA_U64 },
		[VMWALK_INFO_A_CAN] = { .type = NLA_U32 },
		[VMWALK_INFO_A_WALK_FLAGS] = { .type = NLA_U32 },
		[VMWALK_INFO_A_CHUNK] = { .type = NLA_U32 },
		[VMWALK_INFO_A_MESSAGE_MAX] = { .type = NLA_U32 },
		[VMWALK_INFO_A_ENTRY_BIT] = {
			.minlen = sizeof(struct vmwalk_entry_bit) },
		[VMWALK_INFO_A_ATOMIC_MAX] = { .type = NLA_U64 },
	};
	struct vmw_info *info = arg;
	struct nlattr *pos;
	int rem;

	if (nla_validate(attrs, len, VMWALK_INFO_A_MAX, policy))
		return -EPROTO;
	nla_for_each_attr(pos, attrs, len, rem)
		info_attr(info, pos);
	if (info->page_shift < 10 || info->page_shift > 30)
		return -EPROTO;
	return 0;
}

int vmw_genl_info(struct vmw_genl *genl, struct vmw_info *info,
		  struct vmw_error *err)
{
	struct vmw_exchange x = { .record = info_record, .arg = info };
	int ret = -ENOMEM;

	*info = (struct vmw_info){ 0 };
	x.request = new_request(genl, VMWALK_CMD_INFO, 0);
	if (x.request)
		ret = vmw_exchange_run(genl->sk, &x);
	if (!ret && !info->page_shift)
		ret = -EPROTO;
	nlmsg_free(x.request);
	if (ret)
		return vmw_error_set(err, ret,
				     "vmwalk.ko does not tell what it can: %s%s%s",
				     strerror(-ret), x.text[0] ? ": " : "",
				     x.text);
	return 0;
}

static int connect_family(struct vmw_genl *genl, struct vmw_error *err)
{
	int ret;

	genl->sk = nl_socket_alloc();
	if (!genl->sk)
		return vmw_error_set(err, -ENOMEM, "no memory for a socket");
	ret = genl_connect(genl->sk);
	if (ret)
		return vmw_error_set(err, vmw_errno_of_libnl(ret),
				     "cannot open a netlink socket: %s",
				     nl_geterror(ret));
	genl->family = genl_ctrl_resolve(genl->sk, VMWALK_GENL_NAME);
	if (genl->family == -NLE_OBJ_NOTFOUND)
		return vmw_error_set(err, -ENOENT,
				     "vmwalk.ko is not loaded: run 'vmwalk load'");
	if (genl->family < 0)
		return vmw_error_set(err, vmw_errno_of_libnl(genl->family),
				     "cannot look for vmwalk.ko: %s",
				     nl_geterror(genl->family));
	ret = vmw_exchange_setup(genl->sk);
	if (ret)
		return vmw_error_set(err, ret, "cannot set up the socket: %s",
				     strerror(-ret));
	return 0;
}

/* With a fixed size libnl reports a truncated message rather than peeking. */
static int fit_buffer(struct vmw_genl *genl, struct vmw_error *err)
{
	uint32_t size = genl->info.message_max;
	int ret;

	if (size < SMALLEST_BUFFER)
		size = SMALLEST_BUFFER;
	ret = nl_socket_set_msg_buf_size(genl->sk, size);
	if (ret)
		return vmw_error_set(err, vmw_errno_of_libnl(ret),
				     "cannot receive messages of %u bytes: %s",
				     size, nl_geterror(ret));
	return 0;
}

int vmw_genl_open(struct vmw_genl **genl, struct vmw_error *err)
{
	struct vmw_genl *g = calloc(1, sizeof(*g));
	int ret;

	if (!g)
		return vmw_error_set(err, -ENOMEM, "no memory for a socket");
	ret = connect_family(g, err);
	if (!ret)
		ret = vmw_genl_info(g, &g->info, err);
	if (!ret)
		ret = fit_buffer(g, err);
	if (ret) {
		vmw_genl_close(g);
		return ret;
	}
	*genl = g;
	return 0;
}

void vmw_genl_close(struct vmw_genl *genl)
{
	nl_socket_free(genl->sk);
	free(genl);
}

static int mm_record(struct vmwalk_mm *mm, char comm[16], struct nlattr *attr)
{
	static struct nla_policy policy[VMWALK_MM_A_MAX + 1] = {
		[VMWALK_MM_A_COMM] = { .type = NLA_STRING },
	};
	struct nlattr *tb[VMWALK_MM_A_MAX + 1];

	if (nla_parse_nested(tb, VMWALK_MM_A_MAX, attr, policy))
		return -EPROTO;
	if (tb[VMWALK_MM_A_COMM])
		nla_strlcpy(comm, tb[VMWALK_MM_A_COMM], 16);
	return get_struct(mm, sizeof(*mm),
			  offsetof(struct vmwalk_mm, reserved),
			  tb[VMWALK_MM_A_INFO]);
}

static int pages_attr(struct vmw_aspace *as, struct nlattr *attr)
{
	struct vmwalk_pages pages;
	int ret;

	ret = get_struct(&pages, sizeof(pages), 0, attr);
	return ret ? ret : vmw_aspace_add_pages(as, &pages);
}

static int tables_attr(struct vmw_aspace *as, struct nlattr *attr)
{
	struct vmwalk_tables tables;
	int ret;

	ret = get_struct(&tables, sizeof(tables), sizeof(tables), attr);
	return ret ? ret : vmw_aspace_add_tables(as, &tables);
}

static int thread_record(struct vmw_aspace *as, struct nlattr *attr)
{
	static struct nla_policy policy[VMWALK_THREAD_A_MAX + 1] = {
		[VMWALK_THREAD_A_COMM] = { .type = NLA_STRING },
	};
	struct nlattr *tb[VMWALK_THREAD_A_MAX + 1];
	struct vmwalk_thread info;
	struct vmw_thread thread;

	if (nla_parse_nested(tb, VMWALK_THREAD_A_MAX, attr, policy) ||
	    get_struct(&info, sizeof(info), sizeof(info),
		       tb[VMWALK_THREAD_A_INFO]))
		return -EPROTO;
	thread = (struct vmw_thread){
		.tid = info.tid,
		.state = info.state,
		.has_regs = info.flags & VMWALK_THREAD_F_REGS,
		.running = info.flags & VMWALK_THREAD_F_RUNNING,
		.sp = info.sp,
		.pc = info.pc,
		.fs_base = info.fs_base,
	};
	if (tb[VMWALK_THREAD_A_COMM])
		nla_strlcpy(thread.comm, tb[VMWALK_THREAD_A_COMM],
			    sizeof(thread.comm));
	return vmw_aspace_add_thread(as, &thread);
}

static int vma_record(struct vmw_aspace *as, struct nlattr *attr)
{
	static struct nla_policy policy[VMWALK_VMA_A_MAX + 1] = {
		[VMWALK_VMA_A_NAME] = { .type = NLA_STRING },
	};
	struct nlattr *tb[VMWALK_VMA_A_MAX + 1], *name, *extents;
	struct vmwalk_vma info;
	int ret;

	if (nla_parse_nested(tb, VMWALK_VMA_A_MAX, attr, policy))
		return -EPROTO;
	ret = get_struct(&info, sizeof(info),
			 offsetof(struct vmwalk_vma, shmem_swapped),
			 tb[VMWALK_VMA_A_INFO]);
	if (ret)
		return ret;
	name = tb[VMWALK_VMA_A_NAME];
	extents = tb[VMWALK_VMA_A_EXTENTS];
	ret = vmw_aspace_add_vma(as, &info, name ? nla_data(name) : NULL);
	if (!ret && extents)
		ret = vmw_aspace_add_extents(as, nla_data(extents),
					     nla_len(extents));
	if (!ret && tb[VMWALK_VMA_A_PAGES])
		ret = pages_attr(as, tb[VMWALK_VMA_A_PAGES]);
	if (!ret && tb[VMWALK_VMA_A_TABLES])
		ret = tables_attr(as, tb[VMWALK_VMA_A_TABLES]);
	return ret;
}

/* A message of the walk: MM comes first and END last over all of them. */
static int walk_record(struct nlattr *attrs, int len, void *arg)
{
	struct vmw_aspace *as = arg;
	struct nlattr *pos;
	int rem, ret = 0;

	nla_for_each_attr(pos, attrs, len, rem) {
		if (as->complete)
			return -EPROTO;
		switch (nla_type(pos)) {
		case VMWALK_WALK_A_MM:
			ret = mm_record(&as->mm, as->comm, pos);
			break;
		case VMWALK_WALK_A_THREAD:
			ret = thread_record(as, pos);
			break;
		case VMWALK_WALK_A_VMA:
			ret = vma_record(as, pos);
			break;
		case VMWALK_WALK_A_END:
			ret = get_struct(&as->end, sizeof(as->end),
					 offsetof(struct vmwalk_end, vmas), pos);
			as->complete = true;
			break;
		}
		if (ret)
			return ret;
	}
	return 0;
}

static struct nl_msg *walk_request(const struct vmw_genl *genl,
				   const struct vmw_walk_request *req)
{
	struct nl_msg *msg = new_request(genl, VMWALK_CMD_WALK, NLM_F_DUMP);

	if (!msg)
		return NULL;
	NLA_PUT_U32(msg, VMWALK_REQ_A_PID, req->pid);
	if (req->start)
		NLA_PUT_U64(msg, VMWALK_REQ_A_START, req->start);
	if (req->end)
		NLA_PUT_U64(msg, VMWALK_REQ_A_END, req->end);
	NLA_PUT_U32(msg, VMWALK_REQ_A_FLAGS, req->flags);
	if (req->start_time)
		NLA_PUT_U64(msg, VMWALK_REQ_A_START_TIME, req->start_time);
	return msg;

nla_put_failure:
	nlmsg_free(msg);
	return NULL;
}

static const char *request_attr_name(unsigned int type)
{
	static const char *const names[VMWALK_REQ_A_MAX + 1] = {
		[VMWALK_REQ_A_PID] = "pid",
		[VMWALK_REQ_A_START] = "start",
		[VMWALK_REQ_A_END] = "end",
		[VMWALK_REQ_A_FLAGS] = "flags",
		[VMWALK_REQ_A_START_TIME] = "start_time",
	};

	return type <= VMWALK_REQ_A_MAX ? names[type] : NULL;
}

/* What the error of a walk means; @why: the kernel's own words, or none. */
static void walk_cause(char *text, size_t size, int error, pid_t pid,
		       const char *why)
{
	switch (-error) {
	case ESRCH:
		snprintf(text, size, "no process %d%s%s", pid,
			 *why ? ": " : " (it may have exited)", why);
		break;
	case EPERM:
		snprintf(text, size,
			 "%s%s", *why ? why : "walking is not permitted",
			 geteuid() ? ": run vmwalk as root" : "");
		break;
	case EPROTO:
		snprintf(text, size,
			 "the answer about process %d makes no sense: are "
			 "vmwalk and vmwalk.ko of one version?", pid);
		break;
	default:
		snprintf(text, size, "cannot walk process %d: %s", pid,
			 *why ? why : strerror(-error));
	}
}

static int walk_failed(const struct vmw_exchange *x, pid_t pid, int error,
		       struct vmw_error *err)
{
	const char *attr = request_attr_name(x->attr);
	char cause[sizeof(err->text)];

	walk_cause(cause, sizeof(cause), error, pid, x->text);
	if (!attr)
		return vmw_error_set(err, error, "%s", cause);
	return vmw_error_set(err, error, "%.400s (attribute '%s')", cause,
			     attr);
}

static int walk_once(struct vmw_genl *genl, const struct vmw_walk_request *req,
		     struct vmw_aspace *as, struct vmw_error *err)
{
	struct vmw_exchange x = { .record = walk_record, .arg = as };
	int ret = -ENOMEM;

	vmw_aspace_init(as, genl->info.page_shift);
	as->flags = req->flags;
	as->can = genl->info.can;
	memcpy(as->levels, genl->info.levels, sizeof(as->levels));
	as->nr_levels = genl->info.nr_levels;
	x.request = walk_request(genl, req);
	if (x.request)
		ret = vmw_exchange_run(genl->sk, &x);
	if (!ret && !(as->complete && as->mm.task_size))
		ret = -EPROTO;
	if (x.interrupted)
		as->end.consistency = VMWALK_CHANGED;
	if (ret) {
		walk_failed(&x, req->pid, ret, err);
		vmw_aspace_deinit(as);
	}
	nlmsg_free(x.request);
	return ret;
}

int vmw_genl_walk(struct vmw_genl *genl, const struct vmw_walk_request *req,
		  struct vmw_aspace *as, struct vmw_error *err)
{
	unsigned int retries = 0;
	int ret;

	for (;;) {
		ret = walk_once(genl, req, as, err);
		if (ret)
			return ret;
		if (as->end.consistency != VMWALK_CHANGED ||
		    retries == req->retries)
			break;
		vmw_aspace_deinit(as);
		retries++;
	}
	as->retries = retries;
	vmw_aspace_finish(as);
	return 0;
}

struct pte_answer {
	const struct vmw_info *info;
	struct vmw_pte *pte;
};

static int pte_vma(struct vmw_pte *pte, struct nlattr *attr)
{
	static struct nla_policy policy[VMWALK_VMA_A_MAX + 1] = {
		[VMWALK_VMA_A_NAME] = { .type = NLA_STRING },
	};
	struct nlattr *tb[VMWALK_VMA_A_MAX + 1];

	if (pte->has_vma ||
	    nla_parse_nested(tb, VMWALK_VMA_A_MAX, attr, policy))
		return -EPROTO;
	pte->has_vma = true;
	if (tb[VMWALK_VMA_A_NAME]) {
		pte->vma.name = nla_strdup(tb[VMWALK_VMA_A_NAME]);
		if (!pte->vma.name)
			return -ENOMEM;
	}
	return get_struct(&pte->vma.info, sizeof(pte->vma.info),
			  offsetof(struct vmwalk_vma, shmem_swapped),
			  tb[VMWALK_VMA_A_INFO]);
}

static int pte_entry(const struct pte_answer *a, struct nlattr *attr)
{
	struct vmwalk_entry e;
	int ret = get_struct(&e, sizeof(e),
			     offsetof(struct vmwalk_entry, reserved), attr);

	return ret ? ret : vmw_pte_add_entry(a->pte, a->info, &e);
}

static int pte_attr(const struct pte_answer *a, struct nlattr *attr)
{
	struct vmw_pte *pte = a->pte;

	switch (nla_type(attr)) {
	case VMWALK_PTE_A_MM:
		return mm_record(&pte->mm, pte->comm, attr);
	case VMWALK_PTE_A_VMA:
		return pte_vma(pte, attr);
	case VMWALK_PTE_A_TOP:
		pte->top = nla_get_u64(attr);
		return 0;
	case VMWALK_PTE_A_ENTRY:
		return pte_entry(a, attr);
	case VMWALK_PTE_A_EXTENT:
		pte->state = VMWALK_EXTENT_STATE(nla_get_u64(attr));
		return 0;
	case VMWALK_PTE_A_FRAME:
		pte->frame = nla_get_u64(attr);
		return 0;
	case VMWALK_PTE_A_PAGE:
		pte->has_page = true;
		return get_struct(&pte->page, sizeof(pte->page),
				  sizeof(pte->page), attr);
	}
	return 0;
}

static int pte_record(struct nlattr *attrs, int len, void *arg)
{
	static struct nla_policy policy[VMWALK_PTE_A_MAX + 1] = {
		[VMWALK_PTE_A_TOP] = { .type = NLA_U64 },
		[VMWALK_PTE_A_EXTENT] = { .type = NLA_U64 },
		[VMWALK_PTE_A_FRAME] = { .type = NLA_U64 },
	};
	struct nlattr *pos;
	int rem, ret;

	if (nla_validate(attrs, len, VMWALK_PTE_A_MAX, policy))
		return -EPROTO;
	nla_for_each_attr(pos, attrs, len, rem) {
		ret = pte_attr(arg, pos);
		if (ret)
			return ret;
	}
	return 0;
}

static struct nl_msg *pte_request(const struct vmw_genl *genl,
				  const struct vmw_pte_request *req)
{
	struct nl_msg *msg = new_request(genl, VMWALK_CMD_PTE, NLM_F_ACK);

	if (!msg)
		return NULL;
	NLA_PUT_U32(msg, VMWALK_REQ_A_PID, req->pid);
	NLA_PUT_U64(msg, VMWALK_REQ_A_START, req->addr);
	if (req->start_time)
		NLA_PUT_U64(msg, VMWALK_REQ_A_START_TIME, req->start_time);
	return msg;

nla_put_failure:
	nlmsg_free(msg);
	return NULL;
}

static int pte_failed(const struct vmw_exchange *x, pid_t pid, int error,
		      struct vmw_error *err)
{
	if (error == -EPERM)
		return vmw_error_set(err, error, "raw entries and page frames "
				     "are for root: %s",
				     x->text[0] ? x->text : strerror(EPERM));
	return walk_failed(x, pid, error, err);
}

int vmw_genl_pte(struct vmw_genl *genl, const struct vmw_pte_request *req,
		 struct vmw_pte *pte, struct vmw_error *err)
{
	struct pte_answer answer = { .info = &genl->info, .pte = pte };
	struct vmw_exchange x = { .record = pte_record, .arg = &answer };
	int ret = -ENOMEM;

	*pte = (struct vmw_pte){ .addr = req->addr };
	x.request = pte_request(genl, req);
	if (x.request)
		ret = vmw_exchange_run(genl->sk, &x);
	if (!ret && !(pte->mm.task_size && pte->has_vma == !!pte->nr_entries))
		ret = -EPROTO;
	if (ret) {
		pte_failed(&x, req->pid, ret, err);
		vmw_pte_deinit(pte);
	} else {
		vmw_pte_finish(pte);
	}
	nlmsg_free(x.request);
	return ret;
}
