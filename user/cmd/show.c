// SPDX-License-Identifier: GPL-2.0
#include "reader.h"

static int render(const struct vmw_options *opts, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	if (opts->json)
		return vmw_json_show(stdout, as, segs);
	return vmw_render_show(stdout, &opts->style, as, segs);
}

static int take_operands(const struct vmw_options *opts,
			 struct vmw_capture_request *req)
{
	if (opts->nr_args > 1)
		return vmw_usage_error(&vmw_cmd_show, "one process wanted, %d "
				       "given", opts->nr_args);
	if (opts->sharing)
		req->flags |= VMWALK_WALK_F_PAGES;
	return 0;
}

static int run(int argc, char **argv)
{
	const struct vmw_reader reader = {
		.cmd = &vmw_cmd_show,
		.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_THREADS,
		.annotate = true,
		.sums = true,
		.operands = take_operands,
		.render = render,
	};

	return vmw_reader_run(&reader, argc, argv);
}

const struct vmw_cmd vmw_cmd_show = {
	.name = "show",
	.run = run,
	.args = "[OPTION]... PID|NAME",
	.summary = "what each segment maps, and how much of it is resident",
	.help = "  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --sharing    PSS, SHARED and PRIVATE as well\n"
		"      --json       for programs\n"
		"      --explain    and what all that means, in the kernel's terms\n"
		"      --atomic     walk all VMAs under one lock\n"
		"      --stop       hold the process still meanwhile\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"MAPPED is what the segment's VMAs span, RESERVED what of it is "
		"PROT_NONE. PRESENT\n"
		"is what page-table entries map now, RESIDENT what of that the "
		"kernel counts as\n"
		"RSS: not the zero page, raw page frames or hugetlb pages, which "
		"get columns of\n"
		"their own where there are any. With --sharing: PSS divides each "
		"resident page by\n"
		"the number of its mappings, SHARED is what others map as well, "
		"PRIVATE the rest.\n\n"
		"Examples:\n"
		"  vmwalk 1234             'show' may be left out\n"
		"  vmwalk show -H sshd\n"
		"  vmwalk show --json 1234 | jq '.segments[] | {kind, resident}'\n",
};
