// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"
#include "cgroup.h"
#include "go_tasks.h"
#include "options.h"
#include "privileges.h"
#include "users.h"

#define NS_PER_S	1000000000
#define INTERVAL	(2 * (uint64_t)NS_PER_S)	/* if none is wished for */

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
		.go = opts->go,
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
		vmw_go_tasks(tasks);
		vmw_tasks_filter(tasks, &filter);
		if (!tasks->nr && opts->nr_args) {
			vmw_tasks_deinit(tasks);
			ret = missing(opts, err);
		}
	}
	free(cgroups);
	return ret;
}

static int render(const struct vmw_options *opts, FILE *out,
		  struct vmw_tasks *tasks, const struct vmw_task_key *key)
{
	struct vmw_users *users = vmw_users_of(tasks);
	int ret;

	if (!users)
		return -ENOMEM;
	if (key)
		vmw_tasks_sort(tasks, key);
	ret = opts->json ? vmw_json_ps(out, tasks) :
			   vmw_render_ps(out, &opts->style, tasks);
	vmw_users_free(users);
	return ret;
}

/* One listing after the other fills the screen, as far as there are lines. */
static void print_screen(const char *text)
{
	struct winsize size = { .ws_row = 24 };
	const char *end = text;

	if (!isatty(STDOUT_FILENO)) {
		fputs(text, stdout);
		putchar('\n');
		return;
	}
	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	for (int i = 1; i < size.ws_row && *end; i++)
		end += strcspn(end, "\n") + 1;
	printf("\033[H\033[2J%.*s", (int)(end - text), text);
}

static int watch(const struct vmw_options *opts, const struct vmw_task_key *key)
{
	const uint64_t ns = opts->interval ? opts->interval : INTERVAL;
	const struct timespec pause = { ns / NS_PER_S, ns % NS_PER_S };
	struct vmw_tasks tasks;
	struct vmw_error err;
	char *text;
	size_t len;
	FILE *out;
	int ret;

	for (;;) {
		ret = list(opts, &tasks, &err);
		if (ret)
			return vmw_fail(ret, &err);
		out = open_memstream(&text, &len);
		ret = out ? render(opts, out, &tasks, key) : -ENOMEM;
		vmw_tasks_deinit(&tasks);
		if (out && fclose(out) && !ret)
			ret = -ENOMEM;
		if (!ret)
			print_screen(text);
		if (out)
			free(text);
		ret = vmw_finish_view(opts, ret);
		if (ret)
			return ret;
		nanosleep(&pause, NULL);
	}
}

static int check(const struct vmw_options *opts, const struct vmw_task_key **key)
{
	const struct vmw_cmd *cmd = &vmw_cmd_ps;

	if (opts->interval && !opts->watch)
		return vmw_usage_error(cmd, "-i is for --watch");
	if (opts->watch && (opts->json || opts->explain))
		return vmw_usage_error(cmd, "--watch is for people: neither "
				       "--json nor --explain go with it");
	*key = opts->sort ? vmw_task_key(opts->sort) : NULL;
	if (opts->sort && !*key)
		return vmw_usage_error(cmd, "--sort takes the name of a column, "
				       "not '%s'", opts->sort);
	return 0;
}

static int run(int argc, char **argv)
{
	const struct vmw_task_key *key;
	struct vmw_options opts;
	struct vmw_tasks tasks;
	struct vmw_error err;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_ps, argc, argv, &opts);
	if (ret)
		return ret - 1;
	ret = check(&opts, &key);
	if (ret)
		return ret;
	if (opts.watch)
		return watch(&opts, key);
	ret = list(&opts, &tasks, &err);
	if (ret)
		return vmw_fail(ret, &err);
	vmw_privileges_end();
	ret = vmw_finish_view(&opts, render(&opts, stdout, &tasks, key));
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
		"      --go           those that Go's linker made\n"
		"      --watch        again and again, until it is interrupted\n"
		"  -i, --interval=TIME  from list to list, such as 500ms; 2s\n"
		"      --all          kernel threads and zombies too\n"
		"  -H, --human        sizes as 1.5M\n"
		"  -b, --bytes        sizes in bytes, not KiB\n"
		"  -p, --pages        sizes in pages\n"
		"      --csv          the table as comma-separated values\n"
		"      --json         for programs: tells more\n"
		"      --explain      and what all that means, in the kernel's "
		"terms\n"
		"  -h, --help         this text\n\n"
		"The kernel's own counters, as /proc/PID/status has them: no "
		"page table is read.\n"
		"PEAK is the most that ever was RESIDENT, TABLES what page "
		"tables take. A NAME\n"
		"may be a pattern, of the name that ps(1) shows under "
		"COMMAND.\n\n"
		"Examples:\n"
		"  vmwalk ps --sort=resident | head\n"
		"  vmwalk ps -H --user=postgres\n"
		"  vmwalk ps 'ssh*' 1\n"
		"  vmwalk ps --watch --go --sort=resident\n"
		"  vmwalk ps --json | jq '[.processes[].memory.page_tables] | "
		"add'\n",
};
