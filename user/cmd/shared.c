// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "options.h"
#include "privileges.h"
#include "source.h"

/* The first's and the second's. */
struct pair {
	struct vmw_aspace as[2];
	struct vmw_source *src[2];
};

/* Both are held before either is read. */
static int open_both(const struct vmw_options *opts, struct pair *p,
		     struct vmw_error *err)
{
	int ret = 0;

	for (int i = 0; !ret && i < 2; i++)
		ret = vmw_source_open(&p->src[i], opts->args[i], opts->stop,
				      err);
	return ret;
}

static int read_both(const struct vmw_options *opts, struct pair *p,
		     struct vmw_error *err)
{
	const struct vmw_capture_request req = {
		.flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_PHYS |
			 (opts->atomic ? VMWALK_WALK_F_ATOMIC : 0) |
			 VMWALK_WALK_F_THREADS,
	};
	int ret;

	ret = vmw_source_read(p->src[0], &req, &p->as[0], err);
	if (ret)
		return ret;
	ret = vmw_source_read(p->src[1], &req, &p->as[1], err);
	if (ret)
		vmw_aspace_deinit(&p->as[0]);
	return ret;
}

static int capture(const struct vmw_options *opts, struct pair *p,
		   struct vmw_error *err)
{
	int ret;

	ret = open_both(opts, p, err);
	if (!ret)
		ret = read_both(opts, p, err);
	for (int i = 0; i < 2; i++)
		vmw_source_close(p->src[i]);
	return ret;
}

static int render(const struct vmw_options *opts, const struct pair *p)
{
	struct vmw_shared shared;
	struct vmw_segments segs;
	const struct vmw_pair pair = {
		&p->as[0], &p->as[1], &segs, &shared
	};
	int ret;

	ret = vmw_classify(pair.first, &segs);
	if (ret)
		return ret;
	ret = vmw_shared_compare(pair.first, pair.second, &shared);
	if (!ret) {
		ret = opts->json ?
		      vmw_json_shared(stdout, &pair, opts->extents) :
		      vmw_render_shared(stdout, &opts->style, &pair,
					opts->extents);
		vmw_shared_deinit(&shared);
	}
	vmw_segments_deinit(&segs);
	return ret;
}

/* The one of which there is more to complain. */
static const struct vmw_aspace *worse(const struct pair *p)
{
	return &p->as[p->as[1].end.consistency == VMWALK_CHANGED];
}

static int run(int argc, char **argv)
{
	struct pair pair = { 0 };
	struct vmw_options opts;
	struct vmw_error err;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_shared, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args != 2)
		return vmw_usage_error(&vmw_cmd_shared, "two processes or "
				       "snapshots wanted, %d given", opts.nr_args);
	ret = capture(&opts, &pair, &err);
	if (ret)
		return vmw_fail(ret, &err);
	vmw_privileges_end();
	ret = vmw_finish_reading(&opts, worse(&pair), render(&opts, &pair));
	vmw_aspace_deinit(&pair.as[0]);
	vmw_aspace_deinit(&pair.as[1]);
	return ret;
}

const struct vmw_cmd vmw_cmd_shared = {
	.name = "shared",
	.run = run,
	.args = "[OPTION]... PID|NAME PID|NAME",
	.summary = "what two processes have on the same page frames",
	.help = "      --extents    each run of pages, rather than sums\n"
		"  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --csv        the table, or the runs, as comma-separated "
		"values\n"
		"      --json       for programs\n"
		"      --explain    and what all that means, in the kernel's terms\n"
		"      --atomic     walk all VMAs under one lock\n"
		"      --stop       hold both processes still meanwhile\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"By segments of the first process: FRAMES is what it has on "
		"page frames. SHARED\n"
		"is on frames that the second has as well, at the same address "
		"or ELSEWHERE;\n"
		"PRIVATE is not, and COPIED tells where both have a page of "
		"their own at one\n"
		"address of equal private mappings: between a process and its "
		"fork, what was\n"
		"copied on write. The zero page and raw page frames are left "
		"out.\n\n"
		"Examples:\n"
		"  bash -c 'x=$(seq 1000000); while sleep 9; do :; done & "
		"wait' &\n"
		"  vmwalk shared $! $(pgrep -P $! bash)     a process and its "
		"fork\n"
		"  vmwalk shared --extents 1234 1235 | grep copied\n",
};
