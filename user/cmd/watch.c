// SPDX-License-Identifier: GPL-2.0
#include "options.h"
#include "tui/watch.h"

#define INTERVAL	1000000000	/* nanoseconds, if none is wished for */
#define INTERVAL_MIN	10000000

static int check(const struct vmw_options *opts)
{
	const struct vmw_cmd *cmd = &vmw_cmd_watch;
	struct vmw_filter filter;
	struct vmw_error err;

	if (opts->nr_args != 1)
		return vmw_usage_error(cmd, "one process or collection wanted, "
				       "%d given", opts->nr_args);
	if (opts->interval && opts->interval < INTERVAL_MIN)
		return vmw_usage_error(cmd, "an interval of 10ms is the least");
	if (opts->filter && vmw_filter_parse(opts->filter, &filter, &err))
		return vmw_usage_error(cmd, "%s", err.text);
	return 0;
}

static int run(int argc, char **argv)
{
	struct vmw_watch_request req;
	struct vmw_options opts;
	struct vmw_error err;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_watch, argc, argv, &opts);
	if (ret)
		return ret - 1;
	ret = check(&opts);
	if (ret)
		return ret;
	req = (struct vmw_watch_request){
		.target = opts.args[0],
		.interval = opts.interval ? opts.interval : INTERVAL,
		.atomic = opts.atomic,
		.output = opts.output,
		.filter = opts.filter,
		.style = opts.style,
	};
	ret = vmw_watch(&req, &err);
	return ret ? vmw_fail(ret, &err) : VMW_EXIT_OK;
}

const struct vmw_cmd vmw_cmd_watch = {
	.name = "watch",
	.run = run,
	.args = "[OPTION]... PID|NAME|FILE",
	.summary = "a process on the whole screen, read again and again",
	.help = "  -i, --interval=TIME  from reading to reading, such as 500ms; 1s\n"
		"  -o, --output=FILE    the collection that the key s appends to\n"
		"      --filter=WHAT    as of 'show'\n"
		"  -H, --human          sizes as 1.5M\n"
		"  -b, --bytes          sizes in bytes, not KiB\n"
		"  -p, --pages          sizes in pages\n"
		"      --atomic         walk all VMAs under one lock\n"
		"      --color=WHEN     always, never or auto\n"
		"  -h, --help           this text\n\n"
		"What changed since the reading before has a '*' and is bold. The "
		"keys are listed\n"
		"by '?': Enter opens a segment, then its extents, then the way of "
		"a page through\n"
		"the tables; 'm' is the map, '/' filters, 's' takes a snapshot, "
		"'q' ends. Of a\n"
		"collection, Left and Right go from snapshot to snapshot.\n\n"
		"Examples:\n"
		"  vmwalk watch sshd\n"
		"  vmwalk watch -i 200ms -o quiz.vmwalk quiz\n"
		"  vmwalk watch quiz.vmwalk@1\n",
};
