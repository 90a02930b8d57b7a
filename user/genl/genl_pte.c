// SPDX-License-Identifier: GPL-2.0
/* The way of one address through the page tables. */
#include "genl_int.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

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
	return vmw_genl_struct(&pte->vma.info, sizeof(pte->vma.info),
			       offsetof(struct vmwalk_vma, shmem_swapped),
			       tb[VMWALK_VMA_A_INFO]);
}

static int pte_entry(const struct pte_answer *a, struct nlattr *attr)
{
	struct vmwalk_entry e;
	int ret = vmw_genl_struct(&e, sizeof(e),
				  offsetof(struct vmwalk_entry, reserved), attr);

	return ret ? ret : vmw_pte_add_entry(a->pte, a->info, &e);
}

static int pte_attr(const struct pte_answer *a, struct nlattr *attr)
{
	struct vmw_pte *pte = a->pte;

	switch (nla_type(attr)) {
	case VMWALK_PTE_A_MM:
		return vmw_genl_mm(&pte->mm, pte->comm, attr);
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
		return vmw_genl_struct(&pte->page, sizeof(pte->page),
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
	struct nl_msg *msg = vmw_genl_request(genl, VMWALK_CMD_PTE, NLM_F_ACK);

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
	return vmw_genl_walk_failed(x, pid, error, err);
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
