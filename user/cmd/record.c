// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "options.h"
#include "proc.h"
#include "record.h"

#define INTERVAL	100000000	/* nanoseconds, if none is wished for */
#define INTERVAL_MIN	1000000

/* A command that is held until all is ready for it. */
struct command {
	pid_t pid;
	int go;			/* written to: it may begin */
	int began;		/* closed by its exec() */
};

static int check(const struct vmw_options *opts)
{
	const struct vmw_cmd *cmd = &vmw_cmd_record;

	if (!opts->output)
		return vmw_usage_error(cmd, "-o FILE wanted: the collection to "
				       "append to");
	if (opts->interval && opts->interval < INTERVAL_MIN)
		return vmw_usage_error(cmd, "an interval of 1ms is the least");
	if (opts->command ? !opts->nr_args : opts->nr_args != 1)
		return vmw_usage_error(cmd, "one process wanted, or after '--' "
				       "a command");
	return vmw_check_marks(cmd, opts);
}

/* In the child: waits, and becomes the command. */
static void become(char **argv, int go, int began)
{
	char c;

	if (read(go, &c, 1) != 1)
		_exit(0);
	execvp(argv[0], argv);
	c = errno;
	if (write(began, &c, 1) != 1)
		_exit(126);
	_exit(127);
}

static int start(char **argv, struct command *c, struct vmw_error *err)
{
	int go[2], began[2];

	if (pipe2(go, O_CLOEXEC) || pipe2(began, O_CLOEXEC))
		return vmw_error_set(err, -errno, "cannot make a pipe: %s",
				     strerror(errno));
	fflush(stdout);
	c->pid = fork();
	if (c->pid < 0)
		return vmw_error_set(err, -errno, "cannot fork: %s",
				     strerror(errno));
	if (!c->pid) {
		close(go[1]);
		become(argv, go[0], began[1]);
	}
	close(go[0]);
	close(began[1]);
	c->go = go[1];
	c->began = began[0];
	return 0;
}

/* Returns when it is the command, or cannot be. */
static int let_begin(struct command *c, const char *name, struct vmw_error *err)
{
	unsigned char error;

	if (write(c->go, "", 1) != 1)
		return vmw_error_set(err, -ESRCH, "'%.200s' ended before it "
				     "began", name);
	if (read(c->began, &error, 1) == 1)
		return vmw_error_set(err, -error, "cannot run '%.200s': %s",
				     name, strerror(error));
	return 0;
}

static void tell(const struct vmw_options *opts, const struct vmw_recorded *r)
{
	static const char *const ends[] = {
		[VMW_RECORD_TIME] = "the time was up",
		[VMW_RECORD_SIGNAL] = "ended by a signal",
		[VMW_RECORD_EXIT] = "the process ended",
	};

	printf("%s@%" PRIu64 "..%" PRIu64 ": %" PRIu64 " snapshots; %s\n",
	       opts->output, r->first, r->last, r->snapshots, ends[r->end]);
	if (r->missed)
		printf("%" PRIu64 " ticks missed: a longer interval, -i, would "
		       "be kept\n", r->missed);
	if (r->programs)
		printf("it became another program %" PRIu64 " time%s\n",
		       r->programs, r->programs == 1 ? "" : "s");
}

static int record(const struct vmw_options *opts, struct vmw_store *store,
		  pid_t pid)
{
	const struct vmw_record_request req = {
		.pid = pid,
		.interval = opts->interval ? opts->interval : INTERVAL,
		.duration = opts->duration,
		.take = {
			.flags = VMW_SNAPSHOT_FLAGS |
				 (opts->phys ? VMWALK_WALK_F_PHYS : 0) |
				 (opts->atomic ? VMWALK_WALK_F_ATOMIC : 0),
			.runtime = opts->runtime,
			.host = opts->host,
			.stop = opts->stop,
		},
		.note = opts->note,
	};
	struct vmw_recorded recorded;
	struct vmw_error err;
	int ret;

	ret = vmw_record(store, &req, &recorded, &err);
	if (recorded.snapshots)
		tell(opts, &recorded);
	if (ret)
		return vmw_fail(ret, &err);
	ret = vmw_finish_output(recorded.mixtures ? VMW_EXIT_PARTIAL :
						    VMW_EXIT_OK);
	if (ret == VMW_EXIT_PARTIAL)
		fprintf(stderr, "vmwalk: in %" PRIu64 " of them the process "
			"changed its mappings meanwhile: try --atomic\n",
			recorded.mixtures);
	return ret;
}

static int record_command(const struct vmw_options *opts,
			  struct vmw_store *store)
{
	struct command c = { .go = -1, .began = -1 };
	struct vmw_error err;
	int ret;

	ret = start(opts->args, &c, &err);
	if (ret)
		return vmw_fail(ret, &err);
	ret = let_begin(&c, opts->args[0], &err);
	if (ret)
		ret = vmw_fail(ret, &err);
	else
		ret = record(opts, store, c.pid);
	close(c.go);
	close(c.began);
	waitpid(c.pid, NULL, WNOHANG);
	return ret;
}

static int record_process(const struct vmw_options *opts,
			  struct vmw_store *store)
{
	struct vmw_process process;
	struct vmw_error err;
	int ret;

	ret = vmw_proc_resolve(opts->args[0], &process, &err);
	return ret ? vmw_fail(ret, &err) : record(opts, store, process.pid);
}

static int run(int argc, char **argv)
{
	struct vmw_store *store;
	struct vmw_options opts;
	struct vmw_error err;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_record, argc, argv, &opts);
	if (ret)
		return ret - 1;
	ret = check(&opts);
	if (ret)
		return ret;
	ret = vmw_store_open(&store, opts.output, VMW_STORE_APPEND, &err);
	if (ret)
		return vmw_fail(ret, &err);
	if (opts.command)
		ret = record_command(&opts, store);
	else
		ret = record_process(&opts, store);
	vmw_store_close(store);
	return ret;
}

const struct vmw_cmd vmw_cmd_record = {
	.name = "record",
	.run = run,
	.args = "[OPTION]... -o FILE PID|NAME|-- COMMAND [ARGUMENT]...",
	.summary = "keep a timeline of a process in a collection",
	.help = "  -o, --output=FILE    the collection; made if there is none\n"
		"  -i, --interval=TIME  from snapshot to snapshot: 50ms, 2s, 1m "
		"(100ms)\n"
		"  -d, --duration=TIME  of it all; else until the process ends\n"
		"  -m, --message=NOTE   what for: of the first snapshot\n"
		"      --phys           page frames as well\n"
		"      --runtime        what the Go runtime and malloc() keep as "
		"well, for 'go':\n"
		"                       as long again as a walk, or longer\n"
		"      --host=NAME      instead of this machine's name\n"
		"      --atomic         walk all VMAs under one lock\n"
		"      --stop           hold the process still for each\n"
		"  -h, --help           this text\n\n"
		"What did not change since the snapshot before is not written "
		"again. A process\n"
		"that becomes another program is followed. Ends as well with "
		"SIGINT, SIGTERM or\n"
		"SIGHUP, and says how many ticks were missed: where a walk "
		"takes longer than the\n"
		"interval.\n\n"
		"Examples:\n"
		"  vmwalk record -o quiz.vmwalk -i 50ms -d 10s quiz\n"
		"  vmwalk record -o make.vmwalk -- make -j2\n"
		"  vmwalk log quiz.vmwalk\n"
		"  sqlite3 quiz.vmwalk 'SELECT * FROM v_growth WHERE "
		"resident_growth'\n",
};
