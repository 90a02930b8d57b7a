// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "options.h"
#include "render/explain.h"

static int run(int argc, char **argv)
{
	struct vmw_options opts;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_explain, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.json)
		return vmw_usage_error(&vmw_cmd_explain, "explanations are for "
				       "people, without --json");
	if (opts.nr_args > 1)
		return vmw_usage_error(&vmw_cmd_explain, "one word at a time");
	if (opts.nr_args)
		ret = vmw_explain(&opts, NULL, opts.args[0]);
	else
		ret = vmw_render_explain_list(stdout);
	if (ret == -ENOENT)
		return vmw_usage_error(&vmw_cmd_explain, "nothing that vmwalk "
				       "prints is called '%s'", opts.args[0]);
	return vmw_finish_output(ret ? VMW_EXIT_ERROR : VMW_EXIT_OK);
}

const struct vmw_cmd vmw_cmd_explain = {
	.name = "explain",
	.files_only = true,
	.run = run,
	.args = "[WORD]",
	.summary = "what a word means, and what in the kernel makes it",
	.help =
	"WORD is a column, a kind of page or segment, or a flag, as a reader "
	"prints it;\n"
	"without one, they are listed. All words of one reader:\n"
	"'vmwalk READER --explain'. Kernel names are those of the running kernel's\n"
	"series; vmwalk-explain(7) has all.\n\n"
	"Examples:\n"
	"  vmwalk explain RESIDENT\n"
	"  vmwalk explain 'zero page'\n"
	"  vmwalk show --explain\n",
};
