// SPDX-License-Identifier: GPL-2.0
#include "reader.h"

static int render(const struct vmw_options *opts, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	if (opts->json)
		return vmw_json_tables(stdout, as, segs);
	return vmw_render_tables(stdout, &opts->style, as, segs);
}

static int run(int argc, char **argv)
{
	const struct vmw_reader reader = {
		.cmd = &vmw_cmd_tables,
		.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_TABLES |
			 VMWALK_WALK_F_THREADS,
		.render = render,
	};

	return vmw_reader_run(&reader, argc, argv);
}

const struct vmw_cmd vmw_cmd_tables = {
	.name = "tables",
	.run = run,
	.args = "[OPTION]... PID|NAME",
	.summary = "what the page tables cost, by level and by segment",
	.help = "  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --csv        the table as comma-separated values\n"
		"      --json       for programs\n"
		"      --explain    and what all that means, in the kernel's terms\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"First the levels: tables, what they take, entries in use, and "
		"how full that is.\n"
		"A deposited table is laid by for the day that a huge page is "
		"split. Then what\n"
		"each segment takes; a table that several use counts where the "
		"lowest address\n"
		"is.\n\n"
		"Examples:\n"
		"  vmwalk tables 1234\n"
		"  vmwalk tables --json 1234 | jq .tables.counted\n",
};
