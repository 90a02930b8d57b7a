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
	int ret;

	ret = vmw_options_parse(&vmw_cmd_unload, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args)
		return vmw_usage_error(&vmw_cmd_unload, "takes no operands");

	ret = vmw_module_unload(&err);
	if (ret && ret != -ENOENT)
		return vmw_fail(ret, &err);
	puts(ret ? "vmwalk.ko was not loaded" : "vmwalk.ko is unloaded");
	return vmw_finish_output(VMW_EXIT_OK);
}

const struct vmw_cmd vmw_cmd_unload = {
	.name = "unload",
	.run = run,
	.args = "",
	.summary = "unload vmwalk.ko",
	.help =
	"Refused while a walk is under way. Not loaded is fine.\n"
	"\n"
	"Examples:\n"
	"  vmwalk unload\n",
};
