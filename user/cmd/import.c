// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/import.h"
#include "options.h"
#include "progress.h"
#include "store/store.h"

struct importing {
	const struct vmw_options *opts;
	struct vmw_store *store;
	uint64_t added, known;	/* snapshots; that were there already */
	struct vmw_error *err;
};

static int check(const struct vmw_options *opts)
{
	if (!opts->nr_args)
		return vmw_usage_error(&vmw_cmd_import, "what to import?");
	if (!opts->output)
		return vmw_usage_error(&vmw_cmd_import, "-o FILE wanted: the "
				       "collection to append to");
	return vmw_check_marks(&vmw_cmd_import, opts);
}

static void mark(const struct vmw_options *opts, struct vmw_snapshot *s)
{
	if (opts->host)
		snprintf(s->origin.host, sizeof(s->origin.host), "%s",
			 opts->host);
	if (opts->label)
		snprintf(s->label, sizeof(s->label), "%s", opts->label);
	if (opts->note)
		snprintf(s->note, sizeof(s->note), "%s", opts->note);
}

/* The collection is opened for the first: for what cannot be read none is made. */
static int add(struct importing *im, struct vmw_snapshot *s)
{
	bool known = false;
	int ret = 0;

	mark(im->opts, s);
	if (!im->store)
		ret = vmw_store_open(&im->store, im->opts->output,
				     VMW_STORE_APPEND, im->err);
	if (!ret)
		ret = vmw_store_has_uuid(im->store, s->uuid, &known, im->err);
	if (!ret && !known)
		ret = vmw_store_add(im->store, s, im->err);
	im->known += known;
	im->added += !ret && !known;
	vmw_snapshot_destroy(s);
	return ret;
}

static int import_lines(struct importing *im, FILE *f, const char *path)
{
	struct vmw_error why;
	struct vmw_snapshot *s;
	char *line = NULL;
	size_t room = 0, nr = 0;
	ssize_t len;
	int ret = 0;

	while (!ret && (len = getline(&line, &room, f)) > 0) {
		nr++;
		ret = vmw_import_json(line, len, &s, &why);
		if (ret)
			vmw_error_set(im->err, ret, "'%.200s', line %zu: %.250s",
				      path, nr, why.text);
		else
			ret = add(im, s);
		vmw_progress_step(im->added + im->known, 0);
	}
	free(line);
	if (!ret && ferror(f))
		ret = vmw_error_set(im->err, -EIO, "cannot read '%.200s'",
				    path);
	return ret;
}

static int import(struct importing *im, const char *path)
{
	struct vmw_snapshot *s;
	FILE *f;
	int ret, c = EOF;

	f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	if (f)
		c = getc(f);
	if (c == '{') {
		ungetc(c, f);
		ret = import_lines(im, f, path);
	} else {
		ret = vmw_import_proc(path, &s, im->err);
		if (!ret)
			ret = add(im, s);
	}
	if (f && f != stdin)
		fclose(f);
	return ret;
}

static int run(int argc, char **argv)
{
	struct vmw_options opts;
	struct vmw_error err;
	struct importing im = { .opts = &opts, .err = &err };
	int ret;

	ret = vmw_options_parse(&vmw_cmd_import, argc, argv, &opts);
	if (ret)
		return ret - 1;
	ret = check(&opts);
	if (ret)
		return ret;
	vmw_progress_begin("importing snapshots");
	for (int i = 0; !ret && i < opts.nr_args; i++) {
		ret = import(&im, opts.args[i]);
		vmw_progress_step(im.added + im.known, 0);
	}
	vmw_progress_end();
	vmw_store_close(im.store);
	if (im.added || !ret)
		vmw_say_added(opts.output, im.added, im.known);
	return ret ? vmw_fail(ret, &err) : vmw_finish_output(VMW_EXIT_OK);
}

const struct vmw_cmd vmw_cmd_import = {
	.name = "import",
	.files_only = true,
	.run = run,
	.args = "[OPTION]... -o FILE WHAT...",
	.summary = "snapshots out of text into a collection",
	.help = "  -o, --output=FILE    the collection; made if there is none\n"
		"      --host=NAME      of the machine that they are of\n"
		"      --label=LABEL    a name, for FILE@LABEL\n"
		"  -m, --message=NOTE   what for\n"
		"  -h, --help           this text\n\n"
		"WHAT is what 'vmwalk export --json' wrote, '-' for standard "
		"input; or a copy of\n"
		"/proc/PID/smaps or maps; or a directory with such copies, and "
		"with stat and\n"
		"comm if there are any. Of smaps there are sums and no pages: "
		"'show', 'maps' and\n"
		"'diff' have what they tell.\n\n"
		"Examples:\n"
		"  vmwalk export --json theirs.vmwalk | vmwalk import -o "
		"ours.vmwalk -\n"
		"  ssh web1 sudo cat /proc/1234/smaps >smaps\n"
		"  vmwalk import -o ours.vmwalk --host=web1 --label=web1 smaps\n"
		"  vmwalk diff --normalize ours.vmwalk@web1 1234\n",
};
