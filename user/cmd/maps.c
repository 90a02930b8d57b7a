// SPDX-License-Identifier: GPL-2.0
#include "reader.h"

static int render(const struct vmw_options *opts, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	if (opts->json)
		return vmw_json_maps(stdout, as, segs);
	return vmw_render_maps(stdout, &opts->style, as);
}

static int run(int argc, char **argv)
{
	const struct vmw_reader reader = {
		.cmd = &vmw_cmd_maps,
		.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_THREADS,
		.sums = true,
		.render = render,
	};

	return vmw_reader_run(&reader, argc, argv);
}

const struct vmw_cmd vmw_cmd_maps = {
	.name = "maps",
	.run = run,
	.args = "[OPTION]... PID|NAME",
	.summary = "/proc/PID/maps, with what is present of each VMA",
	.help = "  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --csv        the table as comma-separated values\n"
		"      --json       for programs: tells each VMA's segment, too\n"
		"      --explain    and what all that means, in the kernel's terms\n"
		"      --atomic     walk all VMAs under one lock\n"
		"      --stop       hold the process still meanwhile\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"Examples:\n"
		"  vmwalk maps 1234\n"
		"  vmwalk maps -H sshd | grep libc\n",
};
