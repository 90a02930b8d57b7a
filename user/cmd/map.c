// SPDX-License-Identifier: GPL-2.0
#include "reader.h"

static int render(const struct vmw_options *opts, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	struct vmw_style style = opts->style;

	if (opts->json)
		return vmw_json_show(stdout, as, segs);
	/* What is drawn to scale goes from pages to terabytes. */
	if (style.units == VMW_UNITS_KIB)
		style.units = VMW_UNITS_HUMAN;
	return vmw_render_map(stdout, &style, as, segs);
}

static int run(int argc, char **argv)
{
	const struct vmw_reader reader = {
		.cmd = &vmw_cmd_map,
		.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_THREADS,
		.annotate = true,
		.render = render,
	};

	return vmw_reader_run(&reader, argc, argv);
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
		"      --explain    and what all that means, in the kernel's terms\n"
		"      --atomic     walk all VMAs under one lock\n"
		"      --stop       hold the process still meanwhile\n"
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
