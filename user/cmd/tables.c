// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "reader.h"

static int render(const struct vmw_options *opts, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	if (opts->json)
		return vmw_json_tables(stdout, as, segs);
	if (opts->table && !strcmp(opts->table, "levels"))
		return vmw_csv_levels(stdout, &opts->style, as, segs);
	return vmw_render_tables(stdout, &opts->style, as, segs);
}

static int take_operands(const struct vmw_options *opts,
			 struct vmw_capture_request *req)
{
	(void)req;
	if (opts->nr_args > 1)
		return vmw_usage_error(&vmw_cmd_tables, "one process or "
				       "snapshot wanted, %d given",
				       opts->nr_args);
	if (opts->table && strcmp(opts->table, "levels") &&
	    strcmp(opts->table, "segments"))
		return vmw_usage_error(&vmw_cmd_tables, "--csv takes segments "
				       "or levels, not '%.80s'", opts->table);
	return 0;
}

static int run(int argc, char **argv)
{
	const struct vmw_reader reader = {
		.cmd = &vmw_cmd_tables,
		.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_TABLES |
			 VMWALK_WALK_F_THREADS,
		.operands = take_operands,
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
		"      --csv        the segments as comma-separated values\n"
		"      --csv=TABLE  one of the tables: segments or levels\n"
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
