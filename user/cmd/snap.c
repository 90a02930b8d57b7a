// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "store/store.h"
#include "take.h"

static int check(const struct vmw_options *opts)
{
	const struct vmw_cmd *cmd = &vmw_cmd_snap;

	if (opts->nr_args != 1)
		return vmw_usage_error(cmd, "one process wanted, %d given",
				       opts->nr_args);
	if (!opts->output)
		return vmw_usage_error(cmd, "-o FILE wanted: the collection to "
				       "append to");
	return vmw_check_marks(cmd, opts);
}

static int check_label(struct vmw_store *store, const struct vmw_options *opts,
		       struct vmw_error *err)
{
	bool taken = false;
	int ret;

	if (!opts->label)
		return 0;
	ret = vmw_store_has_label(store, opts->label, &taken, err);
	if (!ret && taken)
		ret = vmw_error_set(err, -EEXIST, "'%.200s' has a snapshot "
				    "labelled '%s' already: take another label",
				    opts->output, opts->label);
	return ret;
}

static int take(const struct vmw_options *opts, struct vmw_snapshot **s,
		struct vmw_error *err)
{
	const struct vmw_take_request req = {
		.target = opts->args[0],
		.flags = VMW_SNAPSHOT_FLAGS |
			 (opts->phys ? VMWALK_WALK_F_PHYS : 0) |
			 (opts->atomic ? VMWALK_WALK_F_ATOMIC : 0),
		.pte = opts->pte,
		.runtime = true,
		.host = opts->host,
		.stop = opts->stop,
	};
	int ret;

	ret = vmw_take(&req, s, err);
	if (ret)
		return ret;
	if (opts->label)
		strcpy((*s)->label, opts->label);
	if (opts->note)
		strcpy((*s)->note, opts->note);
	return 0;
}

static int keep(const struct vmw_options *opts, struct vmw_snapshot *s,
		struct vmw_error *err)
{
	struct vmw_store *store;
	int ret;

	ret = vmw_store_open(&store, opts->output, VMW_STORE_APPEND, err);
	if (ret)
		return ret;
	ret = check_label(store, opts, err);
	if (!ret)
		ret = vmw_store_add(store, s, err);
	vmw_store_close(store);
	return ret;
}

static void tell(const struct vmw_options *opts, const struct vmw_snapshot *s)
{
	char name[4 * sizeof(s->as.comm) + 1];

	vmw_escape_name(s->as.comm, name, sizeof(name));
	printf("%s@%" PRIu64 ": process %u (%s), %zu VMAs, %zu extents\n",
	       opts->output, s->number, s->as.mm.pid, name, s->as.nr_vmas,
	       s->as.nr_extents);
}

static int run(int argc, char **argv)
{
	struct vmw_snapshot *s = NULL;
	struct vmw_options opts;
	struct vmw_error err;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_snap, argc, argv, &opts);
	if (ret)
		return ret - 1;
	ret = check(&opts);
	if (ret)
		return ret;
	ret = take(&opts, &s, &err);
	if (!ret)
		ret = keep(&opts, s, &err);
	if (ret) {
		ret = vmw_fail(ret, &err);
	} else {
		tell(&opts, s);
		ret = vmw_finish_reading(&opts, &s->as, 0);
	}
	vmw_snapshot_destroy(s);
	return ret;
}

const struct vmw_cmd vmw_cmd_snap = {
	.name = "snap",
	.run = run,
	.args = "[OPTION]... -o FILE PID|NAME",
	.summary = "keep a snapshot in a collection",
	.help = "  -o, --output=FILE    the collection; made if there is none\n"
		"  -m, --message=NOTE   what for\n"
		"      --label=LABEL    a name, for FILE@LABEL\n"
		"      --phys           page frames as well, for 'extents --phys' "
		"and 'shared'\n"
		"      --pte            page-table entries as well, for 'pte': a "
		"request a page\n"
		"      --host=NAME      instead of this machine's name\n"
		"      --atomic         walk all VMAs under one lock\n"
		"      --stop           hold the process still meanwhile\n"
		"  -h, --help           this text\n\n"
		"What a reader takes for a process may be FILE, FILE@NUMBER, "
		"FILE@LABEL, or\n"
		"FILE@-1 for the last one, FILE@-2 for the one before. It then "
		"needs neither root\n"
		"nor the module. FILE is an SQLite database, see "
		"docs/collection-schema.md.\n\n"
		"Examples:\n"
		"  vmwalk snap -o quiz.vmwalk -m 'before new(int)' quiz\n"
		"  vmwalk snap -o quiz.vmwalk --label=after --phys 1234\n"
		"  vmwalk show quiz.vmwalk@1\n"
		"  vmwalk map quiz.vmwalk@after\n",
};
