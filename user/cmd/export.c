// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "progress.h"
#include "render/export.h"
#include "source.h"
#include "store/store.h"

static int check(const struct vmw_options *opts)
{
	const int formats = opts->json + opts->csv + opts->openmetrics;

	if (opts->nr_args != 1)
		return vmw_usage_error(&vmw_cmd_export, "one collection or "
				       "snapshot wanted, %d given",
				       opts->nr_args);
	if (formats != 1)
		return vmw_usage_error(&vmw_cmd_export, "one of --json, --csv "
				       "and --openmetrics wanted");
	return 0;
}

static int export_one(const struct vmw_options *opts, struct vmw_store *store,
		      uint64_t number, bool first, struct vmw_error *err)
{
	struct vmw_snapshot *s;
	int ret;

	ret = vmw_store_load(store, number, &s, err);
	if (ret)
		return ret;
	if (opts->json)
		ret = vmw_export_json(stdout, s);
	else if (opts->csv)
		ret = vmw_export_csv(stdout, s, first);
	else
		ret = vmw_export_openmetrics(stdout, s);
	vmw_snapshot_destroy(s);
	return ret ? vmw_error_set(err, ret, "cannot write: %s",
				   strerror(-ret)) : 0;
}

static int export_all(const struct vmw_options *opts, struct vmw_store *store,
		      struct vmw_error *err)
{
	uint64_t number = 0, last = 0;
	bool first = true;
	int ret;

	ret = vmw_store_find(store, "", &last, err);
	if (ret)
		return ret == -ENOENT ? 0 : ret;	/* there is none */
	for (;; first = false) {
		ret = vmw_store_next(store, number, &number, err);
		if (ret || !number)
			return ret;
		ret = export_one(opts, store, number, first, err);
		if (ret)
			return ret;
		vmw_progress_step(number, last);
	}
}

/* All of a collection, but of what is scraped again and again: there the last. */
static int export(const struct vmw_options *opts, struct vmw_store *store,
		  const char *which, struct vmw_error *err)
{
	uint64_t number;
	int ret;

	if (!*which && !opts->openmetrics)
		return export_all(opts, store, err);
	ret = vmw_store_find(store, which, &number, err);
	return ret ? ret : export_one(opts, store, number, true, err);
}

static int run(int argc, char **argv)
{
	struct vmw_store *store;
	struct vmw_options opts;
	char path[PATH_MAX];
	struct vmw_error err;
	const char *which;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_export, argc, argv, &opts);
	if (ret)
		return ret - 1;
	ret = check(&opts);
	if (ret)
		return ret;
	which = vmw_source_file(opts.args[0], path);
	ret = vmw_store_open(&store, which ? path : opts.args[0],
			     VMW_STORE_READ, &err);
	if (ret)
		return vmw_fail(ret, &err);
	/* A line within what is written is none. */
	if (isatty(STDOUT_FILENO))
		vmw_progress_off();
	vmw_progress_begin("exporting snapshots");
	ret = export(&opts, store, which ? which : "", &err);
	vmw_progress_end();
	vmw_store_close(store);
	if (ret && !ferror(stdout))
		return vmw_fail(ret, &err);
	return vmw_finish_output(VMW_EXIT_OK);
}

const struct vmw_cmd vmw_cmd_export = {
	.name = "export",
	.files_only = true,
	.run = run,
	.args = "--json|--csv|--openmetrics FILE[@WHICH]",
	.summary = "snapshots for other programs",
	.help = "      --json         all there is of each, a line a snapshot: "
		"for 'import'\n"
		"      --csv          a line for each VMA, for a spreadsheet\n"
		"      --openmetrics  gauges for each kind and name of segment, of "
		"one snapshot,\n"
		"                     for Prometheus\n"
		"  -h, --help         this text\n\n"
		"FILE alone is the whole collection; for --openmetrics its last "
		"snapshot.\n\n"
		"Examples:\n"
		"  vmwalk export --json quiz.vmwalk >quiz.json\n"
		"  vmwalk export --csv quiz.vmwalk@1 >quiz.csv\n"
		"  vmwalk export --openmetrics quiz.vmwalk "
		">/var/lib/node_exporter/quiz.prom\n",
};
