// SPDX-License-Identifier: GPL-2.0
#include "reader.h"

static int render(const struct vmw_options *opts, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	(void)segs;
	if (opts->json)
		return vmw_json_go(stdout, as);
	if (opts->csv)
		return vmw_csv_go(stdout, &opts->style, as,
				  opts->table ? opts->table : "stacks");
	return vmw_render_go(stdout, &opts->style, as);
}

static int take_operands(const struct vmw_options *opts,
			 struct vmw_capture_request *req)
{
	(void)req;
	if (opts->nr_args > 1)
		return vmw_usage_error(&vmw_cmd_go, "one process or snapshot "
				       "wanted, %d given", opts->nr_args);
	if (opts->table && !vmw_is_go_table(opts->table))
		return vmw_usage_error(&vmw_cmd_go, "--csv takes stacks, spans, "
				       "arenas or runtime, not '%.80s'",
				       opts->table);
	return 0;
}

static int run(int argc, char **argv)
{
	const struct vmw_reader reader = {
		.cmd = &vmw_cmd_go,
		.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_THREADS,
		.annotate = true,
		.operands = take_operands,
		.render = render,
	};

	return vmw_reader_run(&reader, argc, argv);
}

const struct vmw_cmd vmw_cmd_go = {
	.name = "go",
	.run = run,
	.args = "[OPTION]... PID|NAME",
	.summary = "a Go program's goroutines, spans, arenas and runtime",
	.help = "  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --csv        the stacks as comma-separated values\n"
		"      --csv=TABLE  one of the tables: stacks, spans, arenas or "
		"runtime\n"
		"      --json       for programs\n"
		"      --explain    and what all that means, in the kernel's terms\n"
		"      --atomic     walk all VMAs under one lock\n"
		"      --stop       hold the process still meanwhile\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"USED of a stack is what lies above its stack pointer. A page "
		"that two stacks\n"
		"share counts for each by its half. ALLOCATED is as of when "
		"the runtime last\n"
		"counted. Where the program has no DWARF, less is known; the "
		"first line says\n"
		"what it rests on.\n\n"
		"Examples:\n"
		"  vmwalk go 1234\n"
		"  vmwalk go -H --stop quiz\n"
		"  vmwalk go --csv=spans quiz >spans.csv\n"
		"  vmwalk go --json quiz | jq '.stacks[] | {id, status, start}'\n",
};
