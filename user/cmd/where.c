// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>

#include "options.h"
#include "source.h"

static bool parse_places(const struct vmw_options *opts,
			 struct vmw_place *places)
{
	const char *end;

	for (int i = 1; i < opts->nr_args; i++) {
		end = vmw_parse_address(opts->args[i], &places[i - 1].addr);
		if (!end || *end) {
			vmw_usage_error(&vmw_cmd_where, "'%s' is no "
					"hexadecimal address", opts->args[i]);
			return false;
		}
	}
	return true;
}

/* Fills in all but the state of the page. */
static void find_place(const struct vmw_aspace *as,
		       const struct vmw_segments *segs, struct vmw_place *p)
{
	p->vma = vmw_aspace_find_vma(as, p->addr);
	if (p->vma)
		p->segment = &segs->seg[segs->of_vma[p->vma - as->vmas]];
	vmw_aspace_neighbours(as, p->addr, &p->below, &p->above);
}

/* Is it still what it was in the first walk? Else its page is not known. */
static bool same_vma(const struct vmw_vma *a, const struct vmw_vma *b)
{
	return a->info.start == b->info.start && a->info.end == b->info.end &&
	       a->info.flags == b->info.flags && a->info.ino == b->info.ino;
}

/* Walks the one page and notes its state. */
static int read_page(struct vmw_source *src, const struct vmw_aspace *as,
		     struct vmw_place *p, struct vmw_error *err)
{
	const uint64_t size = (uint64_t)1 << as->page_shift;
	const struct vmw_capture_request req = {
		.start = p->addr & ~(size - 1),
		.end = (p->addr | (size - 1)) + 1,
		.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY |
			 VMWALK_WALK_F_ABSENCE,
	};
	const struct vmw_extent *e = NULL;
	const struct vmw_vma *vma;
	struct vmw_aspace page;
	int ret;

	ret = vmw_source_read(src, &req, &page, err);
	if (ret)
		return ret;
	vma = vmw_aspace_find_vma(&page, p->addr);
	if (page.mm.start_time != as->mm.start_time)
		ret = vmw_error_set(err, -ESRCH, "process %u exited meanwhile",
				    as->mm.pid);
	else if (vma && same_vma(vma, p->vma))
		e = vmw_aspace_find_extent(&page, vma, p->addr);
	if (e) {
		p->has_state = true;
		p->state = e->state;
	}
	vmw_aspace_deinit(&page);
	return ret;
}

static int find_places(struct vmw_source *src, const struct vmw_aspace *as,
		       const struct vmw_segments *segs,
		       struct vmw_place *places, size_t nr,
		       struct vmw_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < nr; i++) {
		find_place(as, segs, &places[i]);
		if (places[i].vma)
			ret = read_page(src, as, &places[i], err);
	}
	return ret;
}

static int tell_text(const struct vmw_style *style, const struct vmw_aspace *as,
		     const struct vmw_place *places, size_t nr)
{
	int ret = vmw_render_where(stdout, style, as, places, nr);

	return ret ? ret : vmw_render_stamp(stdout, as);
}

/* Returns an exit code. Lets the process go when all is read. */
static int tell(const struct vmw_options *opts, struct vmw_source *src,
		const struct vmw_aspace *as, struct vmw_place *places, size_t nr)
{
	struct vmw_error err = { "" };
	struct vmw_segments segs;
	int ret;

	ret = vmw_classify(as, &segs);
	if (ret)
		return vmw_fail(ret, &err);
	ret = find_places(src, as, &segs, places, nr, &err);
	vmw_source_let_go(src);
	if (ret)
		ret = vmw_fail(ret, &err);
	else if (opts->json)
		ret = vmw_finish_reading(opts, as,
					 vmw_json_where(stdout, as, places,
							nr));
	else
		ret = vmw_finish_reading(opts, as,
					 tell_text(&opts->style, as, places,
						   nr));
	vmw_segments_deinit(&segs);
	return ret;
}

/* Returns an exit code. */
static int read_and_tell(const struct vmw_options *opts,
			 struct vmw_place *places, size_t nr)
{
	const struct vmw_capture_request req = {
		.flags = VMWALK_WALK_F_THREADS |
			 (opts->atomic ? VMWALK_WALK_F_ATOMIC : 0),
	};
	struct vmw_source *src;
	struct vmw_aspace as;
	struct vmw_error err;
	int ret;

	ret = vmw_source_open(&src, opts->args[0], opts->stop, &err);
	if (ret)
		return vmw_fail(ret, &err);
	ret = vmw_source_read(src, &req, &as, &err);
	if (ret) {
		ret = vmw_fail(ret, &err);
	} else {
		ret = tell(opts, src, &as, places, nr);
		vmw_aspace_deinit(&as);
	}
	vmw_source_close(src);
	return ret;
}

static int run(int argc, char **argv)
{
	struct vmw_place *places;
	struct vmw_options opts;
	struct vmw_error err;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_where, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args < 2)
		return vmw_usage_error(&vmw_cmd_where, "a process or snapshot "
				       "and at least one address wanted");
	places = calloc(opts.nr_args - 1, sizeof(*places));
	if (!places)
		return vmw_fail(vmw_error_set(&err, -ENOMEM, "no memory for "
					      "the addresses"), &err);
	ret = VMW_EXIT_USAGE;
	if (parse_places(&opts, places))
		ret = read_and_tell(&opts, places, opts.nr_args - 1);
	free(places);
	return ret;
}

const struct vmw_cmd vmw_cmd_where = {
	.name = "where",
	.run = run,
	.args = "[OPTION]... PID|NAME ADDR...",
	.summary = "what lies at an address: segment, VMA and page",
	.help = "  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --json       for programs\n"
		"      --explain    and what all that means, in the kernel's terms\n"
		"      --atomic     walk all VMAs under one lock\n"
		"      --stop       hold the process still meanwhile\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"ADDR is hexadecimal, with or without 0x. Of a page that is "
		"not present it is told\n"
		"why, of an address in no VMA the neighbours, and how far "
		"they are.\n\n"
		"Examples:\n"
		"  vmwalk where 1234 0xc00001c250\n"
		"  vmwalk where quiz c00001c250 7ffd61496fa0\n",
};
