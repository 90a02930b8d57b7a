// SPDX-License-Identifier: GPL-2.0
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "render/explain.h"
#include "render/text.h"
#include "model/snapshot.h"

#define MIN_WIDTH	40
#define TTY_WIDTH	80	/* of a terminal that does not tell */
#define FILE_WIDTH	200	/* room for every column */

#define SHORT_OPTIONS	"Hbphc:o:m:i:d:"

enum {
	OPT_JSON = 256, OPT_COLOR, OPT_WHY, OPT_SHARING, OPT_PHYS, OPT_EXPLAIN,
	OPT_ATOMIC, OPT_STOP, OPT_EXTENTS, OPT_SP, OPT_ALL, OPT_SORT, OPT_USER,
	OPT_CGROUP, OPT_LABEL, OPT_HOST, OPT_NORMALIZE, OPT_MAP, OPT_CSV,
	OPT_OPENMETRICS, OPT_PTE, OPT_RUNTIME,
	OPT_FILTER, OPT_ZOOM, OPT_WATCH, OPT_GO
};

static const struct option long_options[] = {
	{ "human", no_argument, NULL, 'H' },
	{ "bytes", no_argument, NULL, 'b' },
	{ "pages", no_argument, NULL, 'p' },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "explain", no_argument, NULL, OPT_EXPLAIN },
	{ "atomic", no_argument, NULL, OPT_ATOMIC },
	{ "stop", no_argument, NULL, OPT_STOP },
	{ "color", optional_argument, NULL, OPT_COLOR },
	{ "why", no_argument, NULL, OPT_WHY },
	{ "sharing", no_argument, NULL, OPT_SHARING },
	{ "phys", no_argument, NULL, OPT_PHYS },
	{ "extents", no_argument, NULL, OPT_EXTENTS },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "sort", required_argument, NULL, OPT_SORT },
	{ "user", required_argument, NULL, OPT_USER },
	{ "cgroup", required_argument, NULL, OPT_CGROUP },
	{ "sp", no_argument, NULL, OPT_SP },
	{ "normalize", no_argument, NULL, OPT_NORMALIZE },
	{ "map", no_argument, NULL, OPT_MAP },
	{ "pte", no_argument, NULL, OPT_PTE },
	{ "runtime", no_argument, NULL, OPT_RUNTIME },
	{ "csv", optional_argument, NULL, OPT_CSV },
	{ "openmetrics", no_argument, NULL, OPT_OPENMETRICS },
	{ "columns", required_argument, NULL, 'c' },
	{ "filter", required_argument, NULL, OPT_FILTER },
	{ "zoom", required_argument, NULL, OPT_ZOOM },
	{ "watch", no_argument, NULL, OPT_WATCH },
	{ "go", no_argument, NULL, OPT_GO },
	{ "output", required_argument, NULL, 'o' },
	{ "message", required_argument, NULL, 'm' },
	{ "interval", required_argument, NULL, 'i' },
	{ "duration", required_argument, NULL, 'd' },
	{ "label", required_argument, NULL, OPT_LABEL },
	{ "host", required_argument, NULL, OPT_HOST },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static bool color_wanted(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
	       term && strcmp(term, "dumb");
}

/* COLUMNS tells how wide it is wanted, wherever it goes. */
static unsigned int output_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	unsigned long width = columns ? strtoul(columns, NULL, 10) : 0;

	if (!width || width > UINT16_MAX) {
		if (!isatty(STDOUT_FILENO))
			width = FILE_WIDTH;
		else if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
			width = size.ws_col;
		else
			width = TTY_WIDTH;
	}
	return width < MIN_WIDTH ? MIN_WIDTH : width;
}

static int parse_color(const char *when, bool *color)
{
	if (!when || !strcmp(when, "always"))
		*color = true;
	else if (!strcmp(when, "never"))
		*color = false;
	else if (!strcmp(when, "auto"))
		*color = color_wanted();
	else
		return -EINVAL;
	return 0;
}

/*
 * Reports what getopt_long() took offence at. A short option of ours is a long
 * one that was given an argument.
 */
static int refuse_option(const struct vmw_cmd *cmd, char **argv)
{
	if (optopt > 0 && optopt < OPT_JSON && !strchr(SHORT_OPTIONS, optopt))
		return vmw_usage_error(cmd, "unknown option '-%c'", optopt);
	return vmw_usage_error(cmd, "unknown or ill-used option '%s'",
			       argv[optind - 1]);
}

/* That prints a table, and can print it as CSV. */
static bool has_table(const struct vmw_cmd *cmd)
{
	return cmd == &vmw_cmd_show || cmd == &vmw_cmd_maps ||
	       cmd == &vmw_cmd_extents || cmd == &vmw_cmd_threads ||
	       cmd == &vmw_cmd_tables || cmd == &vmw_cmd_ps ||
	       cmd == &vmw_cmd_log || cmd == &vmw_cmd_shared ||
	       cmd == &vmw_cmd_diff || cmd == &vmw_cmd_where ||
	       cmd == &vmw_cmd_go;
}

/* What only some commands can make use of. */
static bool takes(const struct vmw_cmd *cmd, int opt)
{
	if (opt == OPT_WHY)
		return cmd == &vmw_cmd_extents;
	if (opt == OPT_PHYS)
		return cmd == &vmw_cmd_extents || cmd == &vmw_cmd_snap ||
		       cmd == &vmw_cmd_record;
	if (opt == 'o' && (cmd == &vmw_cmd_report || cmd == &vmw_cmd_watch))
		return true;
	if (opt == 'o' || opt == 'm' || opt == OPT_HOST)
		return cmd == &vmw_cmd_snap || cmd == &vmw_cmd_record ||
		       cmd == &vmw_cmd_import;
	if (opt == OPT_PTE)
		return cmd == &vmw_cmd_snap;
	if (opt == OPT_LABEL)
		return cmd == &vmw_cmd_snap || cmd == &vmw_cmd_import;
	if (opt == OPT_CSV)
		return cmd == &vmw_cmd_export || has_table(cmd);
	if (opt == OPT_OPENMETRICS)
		return cmd == &vmw_cmd_export;
	if (opt == 'i')
		return cmd == &vmw_cmd_record || cmd == &vmw_cmd_watch ||
		       cmd == &vmw_cmd_ps;
	if (opt == 'd' || opt == OPT_RUNTIME)
		return cmd == &vmw_cmd_record;
	if (opt == 'c')
		return cmd == &vmw_cmd_show;
	if (opt == OPT_FILTER)
		return cmd == &vmw_cmd_show || cmd == &vmw_cmd_watch;
	if (opt == OPT_ZOOM)
		return cmd == &vmw_cmd_map;
	if (opt == OPT_ALL || opt == OPT_SORT)
		return cmd == &vmw_cmd_ps || cmd == &vmw_cmd_show;
	if (opt == OPT_USER || opt == OPT_CGROUP || opt == OPT_WATCH ||
	    opt == OPT_GO)
		return cmd == &vmw_cmd_ps;
	if (opt == OPT_SHARING)
		return cmd == &vmw_cmd_extents || cmd == &vmw_cmd_show;
	if (opt == OPT_ATOMIC)
		return cmd != &vmw_cmd_ps;
	if (opt == OPT_STOP)
		return cmd != &vmw_cmd_ps && cmd != &vmw_cmd_watch;
	if (opt == OPT_JSON || opt == OPT_EXPLAIN)
		return cmd != &vmw_cmd_watch;
	if (opt == OPT_SP)
		return cmd == &vmw_cmd_where;
	if (opt == OPT_EXTENTS)
		return cmd == &vmw_cmd_shared || cmd == &vmw_cmd_diff;
	if (opt == OPT_NORMALIZE || opt == OPT_MAP)
		return cmd == &vmw_cmd_diff;
	return true;
}

/* "50ms", "1.5s", "2m". Returns 0, or the exit code + 1. */
static int parse_time(const struct vmw_cmd *cmd, const char *s, uint64_t *ns)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = { { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 }, { "m", 6e10 } };
	char *unit;
	double n = strtod(s, &unit);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (unit != s && !strcmp(unit, units[i].unit) &&
		    n * units[i].ns >= 1 && n * units[i].ns < 1e18) {
			*ns = n * units[i].ns;
			return 0;
		}
	return vmw_usage_error(cmd, "'%.80s' is no time, such as 50ms, 2s or "
			       "1m", s) + 1;
}

/* Returns 0, or the exit code + 1. */
static int parse_option(const struct vmw_cmd *cmd, int opt, char **argv,
			struct vmw_options *opts)
{
	if (!takes(cmd, opt))
		return refuse_option(cmd, argv) + 1;
	switch (opt) {
	case 'H':
		opts->style.units = VMW_UNITS_HUMAN;
		return 0;
	case 'b':
		opts->style.units = VMW_UNITS_BYTES;
		return 0;
	case 'p':
		opts->style.units = VMW_UNITS_PAGES;
		return 0;
	case OPT_JSON:
		opts->json = true;
		return 0;
	case OPT_EXPLAIN:
		opts->explain = true;
		return 0;
	case OPT_ATOMIC:
		opts->atomic = true;
		return 0;
	case OPT_STOP:
		opts->stop = true;
		return 0;
	case OPT_COLOR:
		if (!parse_color(optarg, &opts->style.color))
			return 0;
		return vmw_usage_error(cmd, "--color takes always, never or "
				       "auto, not '%s'", optarg) + 1;
	case OPT_WHY:
		opts->why = true;
		return 0;
	case OPT_SHARING:
		opts->sharing = true;
		return 0;
	case OPT_PHYS:
		opts->phys = true;
		return 0;
	case OPT_EXTENTS:
		opts->extents = true;
		return 0;
	case OPT_ALL:
		opts->all = true;
		return 0;
	case OPT_SORT:
		opts->sort = optarg;
		return 0;
	case 'c':
		opts->columns = optarg;
		return 0;
	case OPT_FILTER:
		opts->filter = optarg;
		return 0;
	case OPT_ZOOM:
		opts->zoom = optarg;
		return 0;
	case OPT_WATCH:
		opts->watch = true;
		return 0;
	case OPT_GO:
		opts->go = true;
		return 0;
	case OPT_USER:
		opts->user = optarg;
		return 0;
	case OPT_CGROUP:
		opts->cgroup = optarg;
		return 0;
	case OPT_SP:
		opts->sp = true;
		return 0;
	case 'o':
		opts->output = optarg;
		return 0;
	case 'm':
		opts->note = optarg;
		return 0;
	case 'i':
		return parse_time(cmd, optarg, &opts->interval);
	case 'd':
		return parse_time(cmd, optarg, &opts->duration);
	case OPT_PTE:
		opts->pte = true;
		return 0;
	case OPT_RUNTIME:
		opts->runtime = true;
		return 0;
	case OPT_CSV:
		/* The others have one table. */
		if (optarg && cmd != &vmw_cmd_go && cmd != &vmw_cmd_tables &&
		    cmd != &vmw_cmd_diff)
			return refuse_option(cmd, argv) + 1;
		opts->csv = true;
		opts->table = optarg;
		return 0;
	case OPT_OPENMETRICS:
		opts->openmetrics = true;
		return 0;
	case OPT_NORMALIZE:
		opts->normalize = true;
		return 0;
	case OPT_MAP:
		opts->map = true;
		return 0;
	case OPT_LABEL:
		opts->label = optarg;
		return 0;
	case OPT_HOST:
		opts->host = optarg;
		return 0;
	case 'h':
		vmw_cmd_help(cmd);
		return vmw_finish_output(VMW_EXIT_OK) + 1;
	default:
		return refuse_option(cmd, argv) + 1;
	}
}

static bool is_explained(const struct vmw_cmd *cmd)
{
	for (size_t i = 0; i < vmw_nr_topics; i++)
		if (vmw_topic_is_of(&vmw_topics[i], cmd->name))
			return true;
	return false;
}

int vmw_explain(const struct vmw_options *opts, const struct vmw_aspace *as,
		const char *word)
{
	struct vmw_kernel kernel;
	struct utsname uts;

	uname(&uts);
	if (as && *as->kernel) {
		snprintf(uts.release, sizeof(uts.release), "%s", as->kernel);
		snprintf(uts.machine, sizeof(uts.machine), "%s", as->machine);
	}
	kernel.series = vmw_series_of(uts.release);
	kernel.machine = uts.machine;
	if (word)
		return vmw_render_explain_word(stdout, &opts->style, &kernel,
					       word);
	return vmw_render_explain_reader(stdout, &opts->style, &kernel,
					 opts->cmd->name);
}

/* Returns 0, or the exit code + 1. */
static int explain_alone(const struct vmw_options *opts)
{
	int ret;

	if (!is_explained(opts->cmd))
		return vmw_usage_error(opts->cmd, "there is nothing to "
				       "explain") + 1;
	if (opts->json)
		return vmw_usage_error(opts->cmd, "--explain is for people, "
				       "--json for programs") + 1;
	/* ps has something to show even so. */
	if (opts->nr_args || opts->cmd == &vmw_cmd_ps)
		return 0;
	ret = vmw_explain(opts, NULL, NULL);
	return vmw_finish_output(ret ? VMW_EXIT_ERROR : VMW_EXIT_OK) + 1;
}

/*
 * From now on, lines are broken where the terminal ends. Data is left as it is, and
 * a screen that is drawn by ncurses.
 */
static void fold_output(const struct vmw_options *opts)
{
	FILE *folded;

	if (opts->style.whole || opts->json || opts->csv || opts->openmetrics ||
	    opts->cmd == &vmw_cmd_report || opts->cmd == &vmw_cmd_export ||
	    opts->cmd == &vmw_cmd_watch)
		return;
	folded = vmw_fold_open(stdout, opts->style.width, opts->style.utf8);
	if (folded)
		stdout = folded;
}

int vmw_options_parse(const struct vmw_cmd *cmd, int argc, char **argv,
		      struct vmw_options *opts)
{
	int opt, ret;

	*opts = (struct vmw_options){
		.cmd = cmd,
		.style = {
			.color = color_wanted(),
			.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8"),
			.width = output_width(),
			.whole = !isatty(STDOUT_FILENO),
		},
	};
	opterr = 0;
	while ((opt = getopt_long(argc, argv, SHORT_OPTIONS, long_options,
				  NULL)) != -1) {
		ret = parse_option(cmd, opt, argv, opts);
		if (ret)
			return ret;
	}
	opts->args = argv + optind;
	opts->nr_args = argc - optind;
	if (opts->csv && (opts->json || opts->explain))
		return vmw_usage_error(cmd, "one format at a time: --csv, --json "
				       "or --explain") + 1;
	/* A program wants numbers, and all of them. */
	opts->style.csv = opts->csv;
	if (opts->csv && opts->style.units == VMW_UNITS_KIB)
		opts->style.units = VMW_UNITS_BYTES;
	if (opts->csv)
		opts->style.width = UINT16_MAX;
	fold_output(opts);
	opts->command = optind > 1 && !strcmp(argv[optind - 1], "--");
	return opts->explain ? explain_alone(opts) : 0;
}

const char *vmw_parse_address(const char *s, uint64_t *addr)
{
	char *end;

	if (!isxdigit((unsigned char)*s))
		return NULL;
	errno = 0;
	*addr = strtoull(s, &end, 16);
	return errno ? NULL : end;
}

int vmw_check_marks(const struct vmw_cmd *cmd, const struct vmw_options *opts)
{
	if (opts->label && !vmw_label_is_valid(opts->label))
		return vmw_usage_error(cmd, "'%.80s' is no label: at most %d "
				       "characters, no space, '/' or '@', "
				       "not a number", opts->label,
				       VMW_LABEL_MAX);
	if (opts->note && strlen(opts->note) > VMW_NOTE_MAX)
		return vmw_usage_error(cmd, "the note is longer than %d bytes",
				       VMW_NOTE_MAX);
	if (opts->host && strlen(opts->host) > VMW_HOST_MAX)
		return vmw_usage_error(cmd, "the host's name is longer than %d "
				       "bytes", VMW_HOST_MAX);
	return 0;
}
