// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "options.h"
#include "render/log.h"
#include "store/store.h"

/* Every head on its way to the view. */
static int tell_all(struct vmw_store *store, struct vmw_log *log,
		    struct vmw_error *err)
{
	struct vmw_snapshot *head;
	uint64_t number = 0;
	int ret;

	for (;;) {
		ret = vmw_store_next(store, number, &number, err);
		if (ret || !number)
			return ret;
		ret = vmw_store_load_head(store, number, &head, err);
		if (ret)
			return ret;
		vmw_log_add(log, head);
		vmw_snapshot_destroy(head);
	}
}

static int tell(const struct vmw_options *opts, struct vmw_store *store,
		struct vmw_error *err)
{
	struct vmw_log *log;
	int ret, ret2;

	log = vmw_log_create(stdout, &opts->style, opts->json);
	if (!log)
		return vmw_error_set(err, -ENOMEM, "no memory for the list");
	ret = tell_all(store, log, err);
	ret2 = vmw_log_destroy(log);
	if (!ret && ret2)
		ret = vmw_error_set(err, ret2, "cannot print the list: %s",
				    strerror(-ret2));
	return ret;
}

static int run(int argc, char **argv)
{
	struct vmw_store *store = NULL;
	struct vmw_options opts;
	struct vmw_error err;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_log, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args != 1)
		return vmw_usage_error(&vmw_cmd_log, "one collection wanted, "
				       "%d given", opts.nr_args);
	ret = vmw_store_open(&store, opts.args[0], VMW_STORE_READ, &err);
	if (!ret)
		ret = tell(&opts, store, &err);
	vmw_store_close(store);
	if (ret && !ferror(stdout))
		return vmw_fail(ret, &err);
	return vmw_finish_view(&opts, 0);
}

const struct vmw_cmd vmw_cmd_log = {
	.name = "log",
	.files_only = true,
	.run = run,
	.args = "[OPTION]... FILE",
	.summary = "the snapshots of a collection",
	.help = "  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --csv        the table as comma-separated values\n"
		"      --json       for programs\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"The oldest comes first. FILE@NUMBER or FILE@LABEL is what "
		"readers take.\n\n"
		"Examples:\n"
		"  vmwalk log quiz.vmwalk\n"
		"  vmwalk log --json quiz.vmwalk | jq '.snapshots[].note'\n",
};
