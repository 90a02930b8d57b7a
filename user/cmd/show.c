// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "reader.h"

static int render(const struct vmw_options *opts, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	struct vmw_filter filter = { 0 };
	const struct vmw_show show = {
		.columns = opts->columns,
		.sort = opts->sort,
		.filter = opts->filter ? &filter : NULL,
		.all = opts->all,
	};
	struct vmw_error err;

	if (opts->json)
		return vmw_json_show(stdout, as, segs);
	if (opts->filter)
		vmw_filter_parse(opts->filter, &filter, &err);
	return vmw_render_show_of(stdout, &opts->style, as, segs, &show);
}

/* Names of columns, with commas between. */
static int check_columns(const char *list)
{
	bool sharing;

	for (; list && *list; list += list[strcspn(list, ",")] == ',')
		if (!vmw_is_column(list, strcspn(list, ","), &sharing))
			return vmw_usage_error(&vmw_cmd_show, "no column is "
					       "called '%.*s'",
					       (int)strcspn(list, ","), list);
		else
			list += strcspn(list, ",");
	return 0;
}

/* Does any of @list take what the walk tells on request alone? */
static bool wants_sharing(const char *list)
{
	bool sharing = false;

	while (list && *list && !sharing) {
		vmw_is_column(list, strcspn(list, ","), &sharing);
		list += strcspn(list, ",");
		list += *list == ',';
	}
	return sharing;
}

static int take_operands(const struct vmw_options *opts,
			 struct vmw_capture_request *req)
{
	const bool pick = opts->columns || opts->sort || opts->filter ||
			  opts->all;
	struct vmw_filter filter;
	struct vmw_error err;
	bool sharing;
	int ret;

	if (opts->nr_args > 1)
		return vmw_usage_error(&vmw_cmd_show, "one process wanted, %d "
				       "given", opts->nr_args);
	if (opts->json && pick)
		return vmw_usage_error(&vmw_cmd_show, "--json tells everything; "
				       "-c, --sort, --filter and --all are for "
				       "the table");
	if (opts->columns && !opts->columns[strspn(opts->columns, ",")])
		return vmw_usage_error(&vmw_cmd_show, "-c takes names of "
				       "columns");
	ret = check_columns(opts->columns);
	if (ret)
		return ret;
	if (opts->sort && !vmw_is_column(opts->sort, strlen(opts->sort), &sharing))
		return vmw_usage_error(&vmw_cmd_show, "--sort takes the name of "
				       "a column, not '%s'", opts->sort);
	if (opts->filter && vmw_filter_parse(opts->filter, &filter, &err))
		return vmw_usage_error(&vmw_cmd_show, "%s", err.text);
	if (opts->sharing || wants_sharing(opts->columns) ||
	    wants_sharing(opts->sort))
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
		"  -c, --columns=LIST  these columns, such as segment,resident,bar\n"
		"      --sort=COLUMN  sizes: the largest first\n"
		"      --filter=WHAT  of the VMAs only those that fit, see below\n"
		"      --all        each library and anonymous mapping a row\n"
		"      --sharing    PSS, SHARED and PRIVATE as well\n"
		"      --csv        the table as comma-separated values\n"
		"      --json       for programs\n"
		"      --explain    and what all that means, in the kernel's terms\n"
		"      --atomic     walk all VMAs under one lock\n"
		"      --stop       hold the process still meanwhile\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"MAPPED is what the segment's VMAs span, RESERVED what of it "
		"is PROT_NONE.\n"
		"PRESENT is what page-table entries map now, RESIDENT what of "
		"that the kernel\n"
		"counts as RSS: not the zero page, raw page frames or hugetlb "
		"pages, which get\n"
		"columns of their own where there are any. With --sharing: PSS "
		"divides each\n"
		"resident page by the number of its mappings, SHARED is what "
		"others map as well,\n"
		"PRIVATE the rest.\n\n"
		"Columns: segment, mapped, reserved, present, resident, swapped, "
		"pss, shared,\n"
		"private, thp, zero, pfn, hugetlb, other, anon, file, shmem, vmas, "
		"res%, bar,\n"
		"start, range, name. WHAT is kind=NAME, name=PATTERN, addr=ADDR or "
		"START-END,\n"
		"perm=rw-p ('?' for any) or perm=wx, a word that the kind or the "
		"name has in it;\n"
		"or several of them with commas between, which all must fit.\n\n"
		"Examples:\n"
		"  vmwalk 1234             'show' may be left out\n"
		"  vmwalk show -H sshd\n"
		"  vmwalk show --all --sort=resident -c segment,resident,bar,name 1234\n"
		"  vmwalk show --filter=perm=wx 1234\n"
		"  vmwalk show --json 1234 | jq '.segments[] | {kind, resident}'\n",
};
