// SPDX-License-Identifier: GPL-2.0
#include <unistd.h>

#include "reader.h"

/* Parses START[-END] and widens it to whole pages. */
static bool parse_range(const char *s, struct vmw_capture_request *req)
{
	const uint64_t in_page = sysconf(_SC_PAGESIZE) - 1;
	uint64_t last;

	s = vmw_parse_address(s, &req->start);
	if (!s)
		return false;
	last = req->start;
	if (*s == '-') {
		s = vmw_parse_address(s + 1, &last);
		if (!s || last-- <= req->start)
			return false;
	}
	req->start &= ~in_page;
	req->end = (last | in_page) + 1;
	return !*s && req->end;
}

static int take_operands(const struct vmw_options *opts,
			 struct vmw_capture_request *req)
{
	if (opts->nr_args > 2)
		return vmw_usage_error(&vmw_cmd_extents, "a process and a "
				       "range at most wanted, %d arguments "
				       "given", opts->nr_args);
	if (opts->nr_args == 2 && !parse_range(opts->args[1], req))
		return vmw_usage_error(&vmw_cmd_extents, "'%s' is no range of "
				       "addresses", opts->args[1]);
	if (opts->why)
		req->flags |= VMWALK_WALK_F_ABSENCE;
	req->in_swap = opts->why;
	if (opts->sharing)
		req->flags |= VMWALK_WALK_F_PAGES;
	if (opts->phys)
		req->flags |= VMWALK_WALK_F_PHYS;
	return 0;
}

static int render(const struct vmw_options *opts, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	(void)segs;
	if (opts->json)
		return vmw_json_extents(stdout, as, opts->why);
	return vmw_render_extents(stdout, &opts->style, as, opts->why);
}

static int run(int argc, char **argv)
{
	const struct vmw_reader reader = {
		.cmd = &vmw_cmd_extents,
		.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY,
		.operands = take_operands,
		.render = render,
	};

	return vmw_reader_run(&reader, argc, argv);
}

const struct vmw_cmd vmw_cmd_extents = {
	.name = "extents",
	.run = run,
	.args = "[OPTION]... PID|NAME [START[-END]]",
	.summary = "runs of pages in the same state, of each VMA",
	.help = "  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --why        why each absent page is absent\n"
		"      --sharing    who maps the pages: shared, maps=NUMBER, "
		"order=, ksm, locked\n"
		"      --phys       page frames and NUMA nodes, or area and "
		"offset in swap\n"
		"      --csv        the extents as comma-separated values\n"
		"      --json       for programs\n"
		"      --explain    and what all that means, in the kernel's terms\n"
		"      --atomic     walk all VMAs under one lock\n"
		"      --stop       hold the process still meanwhile\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"START and END are hexadecimal, and widened to whole pages; "
		"START alone means\n"
		"its page. Under each VMA come its extents: range, pages, what "
		"they are, the\n"
		"size of the leaf that maps them, and by their entries: w "
		"writable, x\n"
		"executable, d dirty, a accessed, s soft-dirty, u "
		"write-protected by\n"
		"userfaultfd, n hidden from the CPU, ? this kernel cannot "
		"tell. They may permit\n"
		"less than the VMA does.\n\n"
		"Examples:\n"
		"  vmwalk extents 1234\n"
		"  vmwalk extents --why 1234\n"
		"  vmwalk extents --sharing --phys 1234\n"
		"  vmwalk extents 1234 c000000000-c004000000\n",
};
