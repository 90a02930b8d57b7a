// SPDX-License-Identifier: GPL-2.0
/* A walk: the stream of its records, into the model. */
#include "genl_int.h"
#include "progress.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int pages_attr(struct vmw_aspace *as, struct nlattr *attr)
{
	struct vmwalk_pages pages;
	int ret;

	ret = vmw_genl_struct(&pages, sizeof(pages), 0, attr);
	return ret ? ret : vmw_aspace_add_pages(as, &pages);
}

static int tables_attr(struct vmw_aspace *as, struct nlattr *attr)
{
	struct vmwalk_tables tables;
	int ret;

	ret = vmw_genl_struct(&tables, sizeof(tables), sizeof(tables), attr);
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
	    vmw_genl_struct(&info, sizeof(info), sizeof(info),
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
	ret = vmw_genl_struct(&info, sizeof(info),
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
			ret = vmw_genl_mm(&as->mm, as->comm, pos);
			break;
		case VMWALK_WALK_A_THREAD:
			ret = thread_record(as, pos);
			break;
		case VMWALK_WALK_A_VMA:
			ret = vma_record(as, pos);
			vmw_progress_step(as->nr_vmas, as->mm.vmas);
			break;
		case VMWALK_WALK_A_END:
			ret = vmw_genl_struct(&as->end, sizeof(as->end),
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
	struct nl_msg *msg = vmw_genl_request(genl, VMWALK_CMD_WALK, NLM_F_DUMP);

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

int vmw_genl_walk_failed(const struct vmw_exchange *x, pid_t pid, int error,
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
		vmw_genl_walk_failed(&x, req->pid, ret, err);
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
