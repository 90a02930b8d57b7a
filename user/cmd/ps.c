// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>

#include "capture.h"
#include "cgroup.h"
#include "options.h"
#include "privileges.h"
#include "users.h"

static int make_filter(const struct vmw_options *opts,
		       struct vmw_task_filter *filter, uint64_t **cgroups,
		       struct vmw_error *err)
{
	int ret = 0;

	/* Who asks for a process by name shall see it, whatever it has. */
	*filter = (struct vmw_task_filter){
		.all = opts->all || opts->nr_args,
		.names = opts->args,
		.nr_names = opts->nr_args,
		.by_user = opts->user,
	};
	if (opts->user)
		ret = vmw_user_id(opts->user, &filter->user, err);
	if (!ret && opts->cgroup)
		ret = vmw_cgroup_ids(opts->cgroup, cgroups,
				     &filter->nr_cgroups, err);
	filter->cgroups = *cgroups;
	return ret;
}

/* What is asked for by name, and is not there, is an error. */
static int missing(const struct vmw_options *opts, struct vmw_error *err)
{
	if (opts->nr_args == 1)
		return vmw_error_set(err, -ESRCH, "no process %s",
				     opts->args[0]);
	return vmw_error_set(err, -ESRCH, "no process has any of these %d "
			     "names", opts->nr_args);
}

static int list(const struct vmw_options *opts, struct vmw_tasks *tasks,
		struct vmw_error *err)
{
	struct vmw_task_filter filter;
	uint64_t *cgroups = NULL;
	int ret;

	ret = make_filter(opts, &filter, &cgroups, err);
	if (!ret)
		ret = vmw_capture_tasks(tasks, err);
	if (!ret) {
		vmw_tasks_filter(tasks, &filter);
		if (!tasks->nr && opts->nr_args) {
			vmw_tasks_deinit(tasks);
			ret = missing(opts, err);
		}
	}
	free(cgroups);
	return ret;
}

static int render(const struct vmw_options *opts, struct vmw_tasks *tasks,
		  const struct vmw_task_key *key)
{
	struct vmw_users *users = vmw_users_of(tasks);
	int ret;

	if (!users)
		return -ENOMEM;
	if (key)
		vmw_tasks_sort(tasks, key);
	ret = opts->json ? vmw_json_ps(stdout, tasks) :
			   vmw_render_ps(stdout, &opts->style, tasks);
	vmw_users_free(users);
	return ret;
}

static int run(int argc, char **argv)
{
	const struct vmw_task_key *key = NULL;
	struct vmw_options opts;
	struct vmw_tasks tasks;
	struct vmw_error err;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_ps, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.sort) {
		key = vmw_task_key(opts.sort);
		if (!key)
			return vmw_usage_error(&vmw_cmd_ps, "--sort takes the "
					       "name of a column, not '%s'",
					       opts.sort);
	}
	ret = list(&opts, &tasks, &err);
	if (ret)
		return vmw_fail(ret, &err);
	vmw_privileges_end();
	ret = vmw_finish_view(&opts, render(&opts, &tasks, key));
	vmw_tasks_deinit(&tasks);
	return ret;
}

const struct vmw_cmd vmw_cmd_ps = {
	.name = "ps",
	.run = run,
	.args = "[OPTION]... [PID|NAME]...",
	.summary = "all processes, and what each maps and has resident",
	.help = "      --sort=COLUMN  sizes: the largest first\n"
		"      --user=USER    those of a user, by name or number\n"
		"      --cgroup=PATH  those of a cgroup, and of all below it\n"
		"      --all          kernel threads and zombies too\n"
		"  -H, --human        sizes as 1.5M\n"
		"  -b, --bytes        sizes in bytes, not KiB\n"
		"  -p, --pages        sizes in pages\n"
		"      --json         for programs: tells more\n"
		"      --explain      and what all that means, in the kernel's "
		"terms\n"
		"  -h, --help         this text\n\n"
		"The kernel's own counters, as /proc/PID/status has them: no page "
		"table is read.\n"
		"PEAK is the most that ever was RESIDENT, TABLES what page tables "
		"take. A NAME may\n"
		"be a pattern, of the name that ps(1) shows under COMMAND.\n\n"
		"Examples:\n"
		"  vmwalk ps --sort=resident | head\n"
		"  vmwalk ps -H --user=postgres\n"
		"  vmwalk ps 'ssh*' 1\n"
		"  vmwalk ps --json | jq '[.processes[].memory.page_tables] | "
		"add'\n",
};
