// SPDX-License-Identifier: GPL-2.0
#include "capture.h"
#include "options.h"

static int render(const struct vmw_options *opts, const struct vmw_aspace *as)
{
	struct vmw_segments segs;
	int ret;

	ret = vmw_classify(as, &segs);
	if (ret)
		return ret;
	if (opts->json)
		ret = vmw_json_show(stdout, as, &segs);
	else
		ret = vmw_render_show(stdout, &opts->style, as, &segs);
	vmw_segments_deinit(&segs);
	return ret;
}

static int run(int argc, char **argv)
{
	struct vmw_capture_request req = {
		.flags = VMWALK_WALK_F_EXTENTS,
		.threads = true,
	};
	struct vmw_options opts;
	struct vmw_aspace as;
	struct vmw_error err;
	struct vmw_info info;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_show, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args != 1)
		return vmw_usage_error(&vmw_cmd_show, "one process wanted, %d "
				       "given", opts.nr_args);
	req.target = opts.args[0];
	ret = vmw_capture(&req, &info, &as, &err);
	if (ret)
		return vmw_fail(ret, &err);
	ret = vmw_finish_reading(&as, render(&opts, &as));
	vmw_aspace_deinit(&as);
	return ret;
}

const struct vmw_cmd vmw_cmd_show = {
	.name = "show",
	.run = run,
	.args = "[OPTION]... PID|NAME",
	.summary = "what each segment maps, and how much of it is resident",
	.help = "  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --json       for programs\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"MAPPED is what the segment's VMAs span, RESERVED what of it is "
		"PROT_NONE. PRESENT\n"
		"is what page-table entries map now, RESIDENT what of that the "
		"kernel counts as\n"
		"RSS: not the zero page, raw page frames or hugetlb pages, which "
		"get columns of\n"
		"their own where there are any.\n\n"
		"Examples:\n"
		"  vmwalk 1234             'show' may be left out\n"
		"  vmwalk show -H sshd\n"
		"  vmwalk show --json 1234 | jq '.segments[] | {kind, resident}'\n",
};
