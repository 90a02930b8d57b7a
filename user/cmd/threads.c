// SPDX-License-Identifier: GPL-2.0
#include "reader.h"

static int render(const struct vmw_options *opts, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	if (opts->json)
		return vmw_json_threads(stdout, as, segs);
	return vmw_render_threads(stdout, &opts->style, as, segs);
}

static int run(int argc, char **argv)
{
	const struct vmw_reader reader = {
		.cmd = &vmw_cmd_threads,
		.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_THREADS,
		.annotate = true,
		.render = render,
	};

	return vmw_reader_run(&reader, argc, argv);
}

const struct vmw_cmd vmw_cmd_threads = {
	.name = "threads",
	.run = run,
	.args = "[OPTION]... PID|NAME",
	.summary = "each thread, and what its registers point into",
	.help = "      --csv        the table as comma-separated values\n"
		"      --json       for programs\n"
		"      --explain    and what all that means, in the kernel's terms\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"S is the state, as in ps(1). SP, PC and FS_BASE (the thread "
		"pointer) are those\n"
		"of user space, each followed by the segment it points into. "
		"Of a thread that\n"
		"runs, marked *, they are stale: of the moment when it last "
		"entered the kernel.\n\n"
		"Examples:\n"
		"  vmwalk threads 1234\n"
		"  vmwalk threads --json quiz | jq '.threads[] | {tid, "
		"state}'\n",
};
