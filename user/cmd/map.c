// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "reader.h"

#define AROUND	512	/* pages drawn on either side of an address */

/* START-END, both hexadecimal. */
static bool is_range(const char *s, struct vmw_zoom *zoom)
{
	const char *end = vmw_parse_address(s, &zoom->start);

	if (!end || *end != '-')
		return false;
	end = vmw_parse_address(end + 1, &zoom->last);
	return end && !*end && zoom->last-- > zoom->start;
}

/* What is near an address, a page a cell, and of its VMA alone. */
static int zoom_to_address(const struct vmw_aspace *as, uint64_t addr,
			   struct vmw_zoom *zoom)
{
	const uint64_t around = (uint64_t)AROUND << as->page_shift;
	const struct vmw_vma *vma = vmw_aspace_find_vma(as, addr);

	if (!vma)
		return -ENOENT;
	addr &= -((uint64_t)1 << as->page_shift);
	*zoom = (struct vmw_zoom){
		.start = vma->info.start, .last = vma->info.end - 1,
		.by_page = true,
	};
	if (addr - zoom->start > around)
		zoom->start = addr - around;
	if (zoom->last - addr >= around)
		zoom->last = addr + around - 1;
	return 0;
}

/* The one segment that is called so, by its kind or its name. */
static int zoom_to_segment(const struct vmw_segments *segs, const char *name,
			   struct vmw_zoom *zoom)
{
	char called[4 * NAME_MAX + 1];
	size_t found = 0;

	for (size_t i = 0; i < segs->nr; i++) {
		const struct vmw_segment *seg = &segs->seg[i];

		vmw_segment_name(seg, called, sizeof(called));
		if (strcmp(called, name) &&
		    strcmp(vmw_segment_kind_name(seg->kind), name))
			continue;
		*zoom = (struct vmw_zoom){
			.start = seg->start, .last = seg->end - 1,
		};
		found++;
	}
	return found == 1 ? 0 : found ? -EEXIST : -ENOENT;
}

static int find_zoom(const char *what, const struct vmw_aspace *as,
		     const struct vmw_segments *segs, struct vmw_zoom *zoom,
		     struct vmw_error *err)
{
	uint64_t addr;
	const char *end;
	int ret;

	if (!what || is_range(what, zoom))
		return 0;
	*zoom = (struct vmw_zoom){ 0 };
	ret = zoom_to_segment(segs, what, zoom);
	if (ret == -EEXIST)
		return vmw_error_set(err, ret, "several segments are called "
				     "'%.80s': zoom to an address of one", what);
	if (!ret)
		return 0;
	end = vmw_parse_address(what, &addr);
	if (end && !*end && !zoom_to_address(as, addr, zoom))
		return 0;
	return vmw_error_set(err, -ENOENT, "nothing is mapped at '%.80s', nor is "
			     "a segment called so: 'vmwalk show --all' lists "
			     "them", what);
}

static int render(const struct vmw_options *opts, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	struct vmw_style style = opts->style;
	struct vmw_zoom zoom = { 0 };
	struct vmw_error err;
	int ret;

	if (opts->json)
		return vmw_json_show(stdout, as, segs);
	/* What is drawn to scale goes from pages to terabytes. */
	if (style.units == VMW_UNITS_KIB)
		style.units = VMW_UNITS_HUMAN;
	ret = find_zoom(opts->zoom, as, segs, &zoom, &err);
	if (ret)
		return vmw_fail(ret, &err);
	return vmw_render_map_of(stdout, &style, as, segs, &zoom);
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
		"      --zoom=WHAT  an address, a page a cell; START-END; or a segment\n"
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
		"  vmwalk map --zoom=heap 1234\n"
		"  vmwalk map --zoom=7f2a1c000000 1234\n"
		"  vmwalk map --color=always sshd | less -R\n",
};
