// SPDX-License-Identifier: GPL-2.0
#include "capture.h"
#include "options.h"

static int render(const struct vmw_options *opts, const struct vmw_aspace *as)
{
	struct vmw_style style = opts->style;
	struct vmw_segments segs;
	int ret;

	/* What is drawn to scale goes from pages to terabytes. */
	if (style.units == VMW_UNITS_KIB)
		style.units = VMW_UNITS_HUMAN;
	ret = vmw_classify(as, &segs);
	if (ret)
		return ret;
	if (opts->json)
		ret = vmw_json_show(stdout, as, &segs);
	else
		ret = vmw_render_map(stdout, &style, as, &segs);
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

	ret = vmw_options_parse(&vmw_cmd_map, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args != 1)
		return vmw_usage_error(&vmw_cmd_map, "one process wanted, %d "
				       "given", opts.nr_args);
	req.target = opts.args[0];
	ret = vmw_capture(&req, &info, &as, &err);
	if (ret)
		return vmw_fail(ret, &err);
	ret = vmw_finish_reading(&as, render(&opts, &as));
	vmw_aspace_deinit(&as);
	return ret;
}

const struct vmw_cmd vmw_cmd_map = {
	.name = "map",
	.run = run,
	.args = "[OPTION]... PID|NAME",
	.summary = "a picture of the address space, to scale",
	.help = "  -H, --human      sizes as 1.5M (the default here)\n"
		"  -b, --bytes      sizes in bytes\n"
		"  -p, --pages      sizes in pages\n"
		"      --json       for programs: the segments, as of 'show'\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"The lowest address comes first, as in /proc/PID/maps. Each "
		"cell stands for as\n"
		"many bytes as the heading says and is the darker the more of "
		"them are resident.\n"
		"Each segment starts on a line of its own: on the left its "
		"address, on the right\n"
		"its name and MAPPED/RESIDENT. What nothing is mapped to, and "
		"long stretches\n"
		"without a page, are not drawn: a line says how much was left "
		"out.\n\n"
		"Examples:\n"
		"  vmwalk map 1234\n"
		"  vmwalk map --color=always sshd | less -R\n",
};
