// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "annotate/annotate.h"
#include "options.h"
#include "progress.h"
#include "render/report.h"
#include "source.h"
#include "store/store.h"

static int check(const struct vmw_options *opts)
{
	if (opts->nr_args != 1)
		return vmw_usage_error(&vmw_cmd_report, "one process, snapshot "
				       "or collection wanted, %d given",
				       opts->nr_args);
	if (!opts->output)
		return vmw_usage_error(&vmw_cmd_report, "-o FILE wanted: the "
				       "page to write, '-' for standard output");
	return 0;
}

static int add(struct vmw_report *report, const struct vmw_snapshot *s,
	       struct vmw_error *err)
{
	const int ret = vmw_report_add(report, s);

	return ret ? vmw_error_set(err, ret, "cannot write the report: %s",
				   strerror(-ret)) : 0;
}

static int add_saved(struct vmw_report *report, struct vmw_store *store,
		     uint64_t number, bool *mixed, struct vmw_error *err)
{
	struct vmw_snapshot *s;
	int ret = vmw_store_load(store, number, &s, err);

	if (ret)
		return ret;
	ret = add(report, s, err);
	*mixed |= s->as.end.consistency == VMWALK_CHANGED;
	vmw_snapshot_destroy(s);
	return ret;
}

/* One, if it is said which; else the whole collection. */
static int report_saved(struct vmw_report *report, const char *path,
			const char *which, bool *mixed, struct vmw_error *err)
{
	struct vmw_store *store;
	uint64_t number = 0, last = 0;
	int ret;

	ret = vmw_store_open(&store, path, VMW_STORE_READ, err);
	if (ret)
		return ret;
	if (*which)
		ret = vmw_store_find(store, which, &number, err);
	else
		ret = vmw_store_next(store, 0, &number, err);
	if (!ret && !number)
		ret = vmw_error_set(err, -ENOENT, "'%.200s' has no snapshot: "
				    "take one with 'vmwalk snap'", path);
	if (!ret && !*which)
		ret = vmw_store_find(store, "", &last, err);
	while (!ret && number) {
		vmw_progress_step(number, last);
		ret = add_saved(report, store, number, mixed, err);
		if (!ret && *which)
			break;
		if (!ret)
			ret = vmw_store_next(store, number, &number, err);
	}
	vmw_store_close(store);
	return ret;
}

/* A process is read once, and what its runtime says right after. */
static int read_process(const struct vmw_options *opts, struct vmw_snapshot *s,
			struct vmw_error *err)
{
	const struct vmw_annotate_request runtime = { .runtime = true };
	const struct vmw_capture_request req = {
		.flags = VMW_SNAPSHOT_FLAGS |
			 (opts->atomic ? VMWALK_WALK_F_ATOMIC : 0),
	};
	struct vmw_source *src;
	int ret;

	ret = vmw_source_open(&src, opts->args[0], opts->stop, err);
	if (ret)
		return ret;
	s->time = time(NULL) * INT64_C(1000000000);
	gethostname(s->origin.host, sizeof(s->origin.host) - 1);
	ret = vmw_source_read(src, &req, &s->as, err);
	if (!ret)
		ret = vmw_annotate(&s->as, &runtime, err);
	vmw_source_close(src);
	return ret;
}

static int report_process(const struct vmw_options *opts,
			  struct vmw_report *report, bool *mixed,
			  struct vmw_error *err)
{
	struct vmw_snapshot *s = vmw_snapshot_create();
	int ret;

	if (!s)
		return vmw_error_set(err, -ENOMEM, "no memory for the reading");
	ret = read_process(opts, s, err);
	if (!ret)
		ret = add(report, s, err);
	*mixed |= s->as.end.consistency == VMWALK_CHANGED;
	vmw_snapshot_destroy(s);
	return ret;
}

static int write_report(const struct vmw_options *opts, FILE *out, bool *mixed,
			struct vmw_error *err)
{
	struct vmw_report *report = vmw_report_create(out);
	char path[PATH_MAX];
	const char *which;
	int ret, end;

	if (!report)
		return vmw_error_set(err, -ENOMEM, "no memory for the report");
	which = vmw_source_file(opts->args[0], path);
	if (which && (opts->stop || opts->atomic)) {
		ret = vmw_error_set(err, -EINVAL, "a snapshot stands still: "
				    "--stop and --atomic are for processes");
	} else if (which) {
		vmw_progress_begin("reporting on snapshots");
		ret = report_saved(report, path, which, mixed, err);
		vmw_progress_end();
	} else {
		ret = report_process(opts, report, mixed, err);
	}
	end = vmw_report_destroy(report);
	if (!ret && end)
		ret = vmw_error_set(err, end, "cannot write the report: %s",
				    strerror(-end));
	return ret;
}

static int cannot_write(const char *path, struct vmw_error *err)
{
	const int ret = -(errno ? errno : EIO);

	return vmw_error_set(err, ret, "cannot write '%.200s': %s", path,
			     strerror(-ret));
}

static int copy(FILE *from, const char *path, struct vmw_error *err)
{
	FILE *to = fopen(path, "we");
	char buf[65536];
	size_t len;
	int ret = 0;

	if (!to)
		return cannot_write(path, err);
	rewind(from);
	while (!ret && (len = fread(buf, 1, sizeof(buf), from)) > 0)
		if (fwrite(buf, 1, len, to) != len)
			ret = cannot_write(path, err);
	if (fclose(to) && !ret)
		ret = cannot_write(path, err);
	return ret;
}

/* An older page stays as it is until there is all of the new one. */
static int write_file(const struct vmw_options *opts, bool *mixed,
		      struct vmw_error *err)
{
	FILE *whole = tmpfile();
	int ret;

	if (!whole)
		return cannot_write("a temporary file", err);
	ret = write_report(opts, whole, mixed, err);
	if (!ret)
		ret = copy(whole, opts->output, err);
	fclose(whole);
	return ret;
}

static int run(int argc, char **argv)
{
	struct vmw_error err = { "" };
	struct vmw_options opts;
	bool mixed = false;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_report, argc, argv, &opts);
	if (ret)
		return ret - 1;
	ret = check(&opts);
	if (ret)
		return ret;
	if (strcmp(opts.output, "-"))
		ret = write_file(&opts, &mixed, &err);
	else
		ret = write_report(&opts, stdout, &mixed, &err);
	if (ret)
		return vmw_fail(ret, &err);
	return vmw_finish_output(mixed ? VMW_EXIT_PARTIAL : VMW_EXIT_OK);
}

const struct vmw_cmd vmw_cmd_report = {
	.name = "report",
	.run = run,
	.args = "[OPTION]... -o PAGE PID|NAME|FILE[@WHICH]",
	.summary = "one HTML page that shows it all",
	.help = "  -o, --output=PAGE  the page to write; '-' is standard output\n"
		"      --atomic       walk all VMAs under one lock\n"
		"      --stop         hold the process still meanwhile\n"
		"  -h, --help         this text\n\n"
		"The page needs a browser and nothing else: no network, no "
		"other file. It has\n"
		"the map, segments, pages, page tables, threads, and what a Go "
		"program's runtime\n"
		"keeps; of FILE, which is a whole collection, a timeline, and "
		"the difference\n"
		"between any two snapshots. The '?' key lists its keys. A "
		"fragment leads to a\n"
		"place of it: page.html#addr=0xc000014270&at=2\n\n"
		"Examples:\n"
		"  vmwalk report 1234 -o quiz.html\n"
		"  vmwalk report --stop quiz -o quiz.html\n"
		"  vmwalk report quiz.vmwalk -o quiz.html\n"
		"  vmwalk report quiz.vmwalk@after -o after.html\n",
};
