// SPDX-License-Identifier: GPL-2.0
#include "capture.h"
#include "options.h"

static int render(const struct vmw_options *opts, const struct vmw_aspace *as)
{
	struct vmw_segments segs;
	int ret;

	if (!opts->json)
		return vmw_render_maps(stdout, &opts->style, as);
	ret = vmw_classify(as, &segs);
	if (ret)
		return ret;
	ret = vmw_json_maps(stdout, as, &segs);
	vmw_segments_deinit(&segs);
	return ret;
}

static int run(int argc, char **argv)
{
	struct vmw_capture_request req = { .flags = VMWALK_WALK_F_EXTENTS };
	struct vmw_options opts;
	struct vmw_aspace as;
	struct vmw_error err;
	struct vmw_info info;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_maps, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args != 1)
		return vmw_usage_error(&vmw_cmd_maps, "one process wanted, %d "
				       "given", opts.nr_args);
	req.target = opts.args[0];
	req.threads = opts.json;	/* to tell their stacks */
	ret = vmw_capture(&req, &info, &as, &err);
	if (ret)
		return vmw_fail(ret, &err);
	ret = vmw_finish_reading(&as, render(&opts, &as));
	vmw_aspace_deinit(&as);
	return ret;
}

const struct vmw_cmd vmw_cmd_maps = {
	.name = "maps",
	.run = run,
	.args = "[OPTION]... PID|NAME",
	.summary = "/proc/PID/maps, with what is present of each VMA",
	.help = "  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --json       for programs: tells each VMA's segment, too\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"Examples:\n"
		"  vmwalk maps 1234\n"
		"  vmwalk maps -H sshd | grep libc\n",
};
