// SPDX-License-Identifier: GPL-2.0
/* The command table. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "options.h"
#include "privileges.h"
#include "version.h"

static const struct vmw_cmd cmd_help;

static const struct vmw_cmd *const cmds[] = {
	&vmw_cmd_show,
	&vmw_cmd_maps,
	&vmw_cmd_map,
	&vmw_cmd_extents,
	&vmw_cmd_where,
	&vmw_cmd_pte,
	&vmw_cmd_shared,
	&vmw_cmd_threads,
	&vmw_cmd_tables,
	&vmw_cmd_ps,
	&vmw_cmd_go,
	&vmw_cmd_explain,
	&vmw_cmd_watch,
	&vmw_cmd_snap,
	&vmw_cmd_record,
	&vmw_cmd_log,
	&vmw_cmd_diff,
	&vmw_cmd_report,
	&vmw_cmd_export,
	&vmw_cmd_import,
	&vmw_cmd_merge,
	&vmw_cmd_load,
	&vmw_cmd_unload,
	&vmw_cmd_doctor,
	&cmd_help,
};

#define NR_CMDS (sizeof(cmds) / sizeof(cmds[0]))

static const struct vmw_cmd *find_cmd(const char *name)
{
	for (size_t i = 0; i < NR_CMDS; i++)
		if (!strcmp(cmds[i]->name, name))
			return cmds[i];
	return NULL;
}

static void list_cmds(FILE *out)
{
	fputs("Usage: vmwalk PID|NAME\n"
	      "       vmwalk COMMAND [ARGUMENT]...\n"
	      "Show what of a process's memory is mapped, and what of that is "
	      "resident.\n\n"
	      "Commands:\n", out);
	for (size_t i = 0; i < NR_CMDS; i++)
		fprintf(out, "  %-8s  %s\n", cmds[i]->name, cmds[i]->summary);
	fputs("\n"
	      "  -h, --help     this list\n"
	      "  -V, --version  the version of vmwalk\n\n"
	      "Exit codes: 0 success, 1 error, 2 wrong usage, 3 shown, but the "
	      "process changed\n"
	      "meanwhile, 42 no such process. A first argument that is no "
	      "command is a\n"
	      "process to show. 'vmwalk help COMMAND' tells more.\n", out);
}

static int run_help(int argc, char **argv)
{
	const struct vmw_cmd *cmd;

	if (argc > 2)
		return vmw_usage_error(&cmd_help, "one command at a time");
	if (argc < 2) {
		list_cmds(stdout);
		return vmw_finish_output(VMW_EXIT_OK);
	}
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))
		cmd = &cmd_help;
	else
		cmd = find_cmd(argv[1]);
	if (!cmd)
		return vmw_usage_error(&cmd_help, "no command is called '%s'",
				       argv[1]);
	vmw_cmd_help(cmd);
	return vmw_finish_output(VMW_EXIT_OK);
}

static const struct vmw_cmd cmd_help = {
	.name = "help",
	.run = run_help,
	.args = "[COMMAND]",
	.summary = "list the commands, or explain one",
	.help = "Example:\n"
		"  vmwalk help where\n",
};

static int run_version(void)
{
	puts("vmwalk " VMW_VERSION);
	return vmw_finish_output(VMW_EXIT_OK);
}

int main(int argc, char **argv)
{
	const struct vmw_cmd *cmd = argc < 2 ? NULL : find_cmd(argv[1]);
	struct vmw_error err;
	int ret;

	setlocale(LC_CTYPE, "");
	ret = vmw_privileges_begin(cmd && cmd->files_only, &err);
	if (ret)
		return vmw_fail(ret, &err);
	if (argc < 2) {
		list_cmds(stderr);
		return VMW_EXIT_USAGE;
	}
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))
		return run_help(1, argv);
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version"))
		return run_version();
	if (cmd)
		return cmd->run(argc - 1, argv + 1);
	if (argc > 2 && argv[1][0] != '-' && argv[2][0] != '-')
		return vmw_usage_error(&cmd_help, "no command is called '%s'",
				       argv[1]);
	return vmw_cmd_show.run(argc, argv);
}
