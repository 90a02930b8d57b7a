// SPDX-License-Identifier: GPL-2.0
/* All processes: a stream of equal records. */
#include "genl_int.h"
#include "progress.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int tasks_record(struct nlattr *attrs, int len, void *arg)
{
	struct vmwalk_task info;
	struct nlattr *pos;
	int rem, ret;

	nla_for_each_attr(pos, attrs, len, rem) {
		if (nla_type(pos) != VMWALK_TASKS_A_TASK)
			continue;
		ret = vmw_genl_struct(&info, sizeof(info), sizeof(info), pos);
		if (!ret)
			ret = vmw_tasks_add(arg, &info);
		vmw_progress_step(((struct vmw_tasks *)arg)->nr, 0);
		if (ret)
			return ret;
	}
	return 0;
}

static int tasks_failed(const struct vmw_genl *genl,
			const struct vmw_exchange *x, int error,
			struct vmw_error *err)
{
	switch (error) {
	case -EPERM:
		return vmw_error_set(err, error, "%s%s", x->text[0] ? x->text :
				     "listing processes is not permitted",
				     geteuid() ? ": run vmwalk as root" : "");
	case -EOPNOTSUPP:
		return vmw_error_set(err, error, "vmwalk.ko %s is too old for "
				     "this: load the one that came with vmwalk",
				     genl->info.version);
	case -EPROTO:
		return vmw_error_set(err, error, "the list of processes makes "
				     "no sense: are vmwalk and vmwalk.ko of "
				     "one version?");
	default:
		return vmw_error_set(err, error, "cannot list the processes: "
				     "%s", x->text[0] ? x->text :
				     strerror(-error));
	}
}

int vmw_genl_tasks(struct vmw_genl *genl, struct vmw_tasks *tasks,
		   struct vmw_error *err)
{
	struct vmw_exchange x = { .record = tasks_record, .arg = tasks };
	int ret = -ENOMEM;

	vmw_tasks_init(tasks, genl->info.page_shift);
	x.request = vmw_genl_request(genl, VMWALK_CMD_TASKS, NLM_F_DUMP);
	if (x.request)
		ret = vmw_exchange_run(genl->sk, &x);
	if (!ret && !tasks->nr)
		ret = -EPROTO;
	if (ret) {
		tasks_failed(genl, &x, ret, err);
		vmw_tasks_deinit(tasks);
	}
	nlmsg_free(x.request);
	return ret;
}
