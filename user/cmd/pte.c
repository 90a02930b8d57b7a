// SPDX-License-Identifier: GPL-2.0
#include "options.h"
#include "privileges.h"
#include "source.h"

static int finish(const struct vmw_options *opts, const struct vmw_info *info,
		  const struct vmw_aspace *as, const struct vmw_pte *pte,
		  int ret)
{
	ret = vmw_finish_reading(opts, as, ret);
	if (ret || vmw_pte_consistent(pte, info))
		return ret;
	fputs("vmwalk: entries changed while they were read: try again\n",
	      stderr);
	return VMW_EXIT_PARTIAL;
}

/* Of one moment for all that the process does, if it is stopped for it. */
static int capture(const struct vmw_options *opts, uint64_t addr,
		   struct vmw_info *info, struct vmw_aspace *as,
		   struct vmw_pte *pte, struct vmw_error *err)
{
	struct vmw_source *src;
	int ret;

	ret = vmw_source_open(&src, opts->args[0], opts->stop, err);
	if (ret)
		return ret;
	ret = vmw_source_read_pte(src, addr, info, as, pte, err);
	vmw_source_close(src);
	return ret;
}

static int run(int argc, char **argv)
{
	struct vmw_place place;
	struct vmw_options opts;
	struct vmw_aspace as;
	struct vmw_error err;
	struct vmw_info info;
	struct vmw_pte pte;
	const char *end;
	uint64_t addr;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_pte, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args != 2)
		return vmw_usage_error(&vmw_cmd_pte, "a process or snapshot "
				       "and one address wanted");
	end = vmw_parse_address(opts.args[1], &addr);
	if (!end || *end)
		return vmw_usage_error(&vmw_cmd_pte, "'%s' is no hexadecimal "
				       "address", opts.args[1]);
	ret = capture(&opts, addr, &info, &as, &pte, &err);
	if (ret)
		return vmw_fail(ret, &err);
	vmw_privileges_end();
	place = vmw_place_of_pte(&as, &pte);
	if (opts.json)
		ret = vmw_json_pte(stdout, &info, &as, &place, &pte);
	else
		ret = vmw_render_pte(stdout, &opts.style, &info, &as, &place,
				     &pte);
	if (!ret && !opts.json)
		ret = vmw_render_stamp(stdout, &as);
	ret = finish(&opts, &info, &as, &pte, ret);
	vmw_pte_deinit(&pte);
	vmw_aspace_deinit(&as);
	return ret;
}

const struct vmw_cmd vmw_cmd_pte = {
	.name = "pte",
	.run = run,
	.args = "[OPTION]... PID|NAME ADDR",
	.summary = "the way of an address through the page tables",
	.help = "  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --json       for programs\n"
		"      --stop       hold the process still meanwhile\n"
		"      --explain    and what all that means, in the kernel's terms\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"ADDR is hexadecimal, with or without 0x. From the top-level "
		"table down to the\n"
		"leaf, or to where the way stops: the index and the bits of "
		"the address that\n"
		"make it, the entry and its physical address, its bits by the "
		"running kernel's\n"
		"names, what it and all above it permit, and whether it was "
		"the same when it was\n"
		"read again, through physical addresses alone. Then the page: "
		"frame, flags as in\n"
		"/proc/kpageflags, counts, mapping. Exit code 3: entries "
		"changed meanwhile.\n\n"
		"Examples:\n"
		"  vmwalk pte 1234 0xc00001c250\n"
		"  vmwalk pte --json quiz 7ffd61496fa0 | jq '.levels[].value'\n"
		"  vmwalk pte 1234 ffffffffff600000    # the vsyscall page\n",
};
