// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>

#include "options.h"
#include "progress.h"
#include "store/store.h"

struct merging {
	struct vmw_store *to, *from;
	uint64_t added, known;	/* snapshots; that were there already */
	struct vmw_error *err;
};

void vmw_say_added(const char *path, uint64_t added, uint64_t known)
{
	printf("%s: %" PRIu64 " snapshot%s added", path, added,
	       added == 1 ? "" : "s");
	if (known)
		printf(", %" PRIu64 " %s there already", known,
		       known == 1 ? "was" : "were");
	putchar('\n');
}

static int merge_one(struct merging *m, uint64_t number)
{
	struct vmw_snapshot *s;
	bool known = false;
	int ret;

	ret = vmw_store_load(m->from, number, &s, m->err);
	if (ret)
		return ret;
	ret = vmw_store_has_uuid(m->to, s->uuid, &known, m->err);
	if (!ret && !known)
		ret = vmw_store_add(m->to, s, m->err);
	m->known += known;
	m->added += !ret && !known;
	vmw_snapshot_destroy(s);
	return ret;
}

static int merge_all(struct merging *m)
{
	uint64_t number = 0, last = 0;
	int ret;

	ret = vmw_store_find(m->from, "", &last, m->err);
	if (ret)
		return ret == -ENOENT ? 0 : ret;	/* there is none */
	for (;;) {
		ret = vmw_store_next(m->from, number, &number, m->err);
		if (ret || !number)
			return ret;
		vmw_progress_step(number, last);
		ret = merge_one(m, number);
		if (ret)
			return ret;
	}
}

static int run(int argc, char **argv)
{
	struct vmw_options opts;
	struct vmw_error err;
	struct merging m = { .err = &err };
	int ret;

	ret = vmw_options_parse(&vmw_cmd_merge, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args < 2)
		return vmw_usage_error(&vmw_cmd_merge, "two collections wanted, "
				       "%d given", opts.nr_args);
	/* What is not there is not made for the sake of what cannot be read. */
	for (int i = 1; i < opts.nr_args; i++) {
		ret = vmw_store_open(&m.from, opts.args[i], VMW_STORE_READ,
				     &err);
		if (!ret && !m.to)
			ret = vmw_store_open(&m.to, opts.args[0],
					     VMW_STORE_APPEND, &err);
		vmw_progress_begin("merging snapshots");
		if (!ret)
			ret = merge_all(&m);
		vmw_progress_end();
		vmw_store_close(m.from);
		m.from = NULL;
		if (ret)
			break;
	}
	vmw_store_close(m.to);
	if (m.to && (m.added || !ret))
		vmw_say_added(opts.args[0], m.added, m.known);
	return ret ? vmw_fail(ret, &err) : vmw_finish_output(VMW_EXIT_OK);
}

const struct vmw_cmd vmw_cmd_merge = {
	.name = "merge",
	.files_only = true,
	.run = run,
	.args = "FILE OTHER...",
	.summary = "take another collection's snapshots into one",
	.help = "  -h, --help  this text\n\n"
		"Into FILE, which is made if there is none, come all snapshots "
		"of the others that\n"
		"are not in it yet, in their order, with new numbers. A label "
		"that is then there\n"
		"twice is of no use as FILE@LABEL: take the number.\n\n"
		"Examples:\n"
		"  vmwalk merge all.vmwalk web1.vmwalk web2.vmwalk\n"
		"  sqlite3 all.vmwalk 'SELECT host, max(rss) FROM v_snapshots "
		"GROUP BY host'\n",
};
