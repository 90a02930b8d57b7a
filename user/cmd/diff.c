// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "options.h"
#include "privileges.h"
#include "progress.h"
#include "render/diff.h"
#include "source.h"

/* The first's and the second's. */
struct pair {
	struct vmw_source *src[2];
	struct vmw_aspace as[2];
	struct vmw_segments segs[2];
};

/* What both can tell: of snapshots, what they were asked for. */
static uint32_t common_flags(const struct pair *p)
{
	const struct vmw_snapshot *s;
	uint32_t flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY |
			 VMWALK_WALK_F_THREADS;
	bool saved = false;

	for (int i = 0; i < 2; i++)
		saved |= !!vmw_source_snapshot(p->src[i]);
	/* A process is asked for frames only if there is a snapshot of them. */
	if (saved)
		flags |= VMWALK_WALK_F_PAGES | VMWALK_WALK_F_PHYS;
	for (int i = 0; i < 2; i++) {
		s = vmw_source_snapshot(p->src[i]);
		if (s && !s->as.sums_only)
			flags &= s->as.flags;
	}
	return flags;
}

static int read_both(const struct vmw_options *opts, struct pair *p,
		     struct vmw_error *err)
{
	const struct vmw_annotate_request runtime = { .runtime = true };
	struct vmw_capture_request req = { .sums = true };
	int ret = 0;

	for (int i = 0; !ret && i < 2; i++) {
		ret = vmw_source_open(&p->src[i], opts->args[i],
				      opts->stop, err);
		vmw_progress_step(i + 1, 2);
	}
	if (ret)
		return ret;
	req.flags = common_flags(p) |
		    (opts->atomic ? VMWALK_WALK_F_ATOMIC : 0);
	for (int i = 0; !ret && i < 2; i++)
		ret = vmw_source_read(p->src[i], &req, &p->as[i], err);
	for (int i = 0; !ret && i < 2; i++)
		ret = vmw_source_annotate(p->src[i], &p->as[i], &runtime, err);
	for (int i = 0; i < 2; i++)
		vmw_source_let_go(p->src[i]);
	for (int i = 0; !ret && i < 2; i++) {
		ret = vmw_classify(&p->as[i], &p->segs[i]);
		if (ret)
			vmw_error_set(err, ret, "no memory for the segments");
	}
	if (!ret && p->as[0].page_shift != p->as[1].page_shift)
		ret = vmw_error_set(err, -EINVAL, "'%.200s' and '%.200s' are "
				    "of machines with pages of another size",
				    opts->args[0], opts->args[1]);
	return ret;
}

static int render(const struct vmw_options *opts, const struct pair *p)
{
	struct vmw_diff diff;
	const struct vmw_diff_view view = {
		.diff = &diff, .sa = &p->segs[0], .sb = &p->segs[1],
		.names = { opts->args[0], opts->args[1] },
		.normalized = opts->normalize,
	};
	int ret;

	ret = vmw_diff_make(&p->as[0], &p->segs[0], &p->as[1], &p->segs[1],
			    opts->normalize, &diff);
	if (ret)
		return ret;
	if (opts->json)
		ret = vmw_json_diff(stdout, &view, opts->extents);
	else if (opts->map)
		ret = vmw_render_diff_map(stdout, &opts->style, &view);
	else if (opts->table && strcmp(opts->table, "segments"))
		ret = vmw_csv_diff_runtime(stdout, &opts->style, &diff,
					   opts->table);
	else
		ret = vmw_render_diff(stdout, &opts->style, &view,
				      opts->extents);
	vmw_diff_deinit(&diff);
	return ret;
}

/* The one of which there is more to complain. */
static const struct vmw_aspace *worse(const struct pair *p)
{
	return &p->as[p->as[1].end.consistency == VMWALK_CHANGED];
}

static int run(int argc, char **argv)
{
	struct vmw_options opts;
	struct pair pair = { 0 };
	struct vmw_error err;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_diff, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args != 2)
		return vmw_usage_error(&vmw_cmd_diff, "two snapshots or "
				       "processes wanted, %d given",
				       opts.nr_args);
	if (opts.map && opts.json)
		return vmw_usage_error(&vmw_cmd_diff, "--map is for people, "
				       "--json for programs");
	if (opts.map && opts.csv)
		return vmw_usage_error(&vmw_cmd_diff, "--map is a picture, and "
				       "not a table for --csv");
	if (opts.table && strcmp(opts.table, "segments") &&
	    !vmw_is_diff_table(opts.table))
		return vmw_usage_error(&vmw_cmd_diff, "--csv takes segments, "
				       "stacks, spans or labels, not '%.80s'",
				       opts.table);
	if (opts.table && opts.extents)
		return vmw_usage_error(&vmw_cmd_diff, "one table at a time: "
				       "--extents or --csv=TABLE");
	vmw_progress_begin("reading");
	ret = read_both(&opts, &pair, &err);
	vmw_progress_end();
	vmw_privileges_end();
	if (ret)
		ret = vmw_fail(ret, &err);
	else
		ret = vmw_finish_reading(&opts, worse(&pair),
					 render(&opts, &pair));
	for (int i = 0; i < 2; i++) {
		vmw_segments_deinit(&pair.segs[i]);
		vmw_aspace_deinit(&pair.as[i]);
		vmw_source_close(pair.src[i]);
	}
	return ret;
}

const struct vmw_cmd vmw_cmd_diff = {
	.name = "diff",
	.run = run,
	.args = "[OPTION]... FILE[@WHICH]|PID|NAME FILE[@WHICH]|PID|NAME",
	.summary = "what differs between two snapshots, or now",
	.help = "      --extents    each run of pages that changed, as well\n"
		"      --map        a picture to scale instead\n"
		"      --normalize  of two runs of a program: by segment and "
		"place in it,\n"
		"                   not by address\n"
		"  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --csv        the segments, or with --extents what changed "
		"of VMAs and\n"
		"                   pages, as comma-separated values\n"
		"      --csv=TABLE  one of the tables: segments, stacks, spans or "
		"labels\n"
		"      --json       for programs\n"
		"      --atomic     walk all VMAs under one lock\n"
		"      --stop       hold processes still meanwhile\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"First by segment: new or gone, moved, grew, shrank, split, "
		"merged, renamed, or\n"
		"with other permissions; what it is now and how much that is "
		"more or less; of\n"
		"its pages, what was FAULTED in, DROPPED, swapped out and in, "
		"COPIED on write,\n"
		"COLLAPSED to huge ones or SPLIT, DIRTIED and CLEANED. Then "
		"the VMAs of which\n"
		"any of that is true. MIGRATED, to another frame, and COPIED "
		"from what a fork\n"
		"shares are known of snapshots that were taken with --phys.\n\n"
		"Examples:\n"
		"  vmwalk diff quiz.vmwalk@1 quiz.vmwalk@2\n"
		"  vmwalk diff --extents quiz.vmwalk@before 1234\n"
		"  vmwalk diff --normalize monday.vmwalk tuesday.vmwalk\n",
};
