// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>

#include "cmd.h"
#include "module.h"
#include "options.h"

static int run(int argc, char **argv)
{
	struct vmw_options opts;
	struct vmw_error err;
	const char *path;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_load, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args > 1)
		return vmw_usage_error(&vmw_cmd_load, "one file at most");
	path = opts.nr_args ? opts.args[0] : NULL;

	ret = vmw_module_loaded() ? -EEXIST : vmw_module_load(path, &err);
	if (ret && ret != -EEXIST)
		return vmw_fail(ret, &err);
	if (ret)
		puts("vmwalk.ko was loaded already");
	else
		printf("vmwalk.ko is loaded, from %s\n",
		       path ? path : "the installed modules");
	return vmw_finish_output(VMW_EXIT_OK);
}

const struct vmw_cmd vmw_cmd_load = {
	.name = "load",
	.run = run,
	.args = "[FILE]",
	.summary = "load vmwalk.ko",
	.help =
	"Loads FILE, or without it the installed vmwalk.ko. Loaded already is fine.\n"
	"\n"
	"Examples:\n"
	"  vmwalk load\n"
	"  vmwalk load build/module/$(uname -r)/vmwalk.ko\n",
};
