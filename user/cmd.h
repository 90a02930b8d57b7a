/* SPDX-License-Identifier: GPL-2.0 */
/* The commands: each in its own file of cmd/, arguments and wiring only. */
#ifndef VMW_CMD_H
#define VMW_CMD_H

#include <stdbool.h>
#include <stdint.h>

/* Exit codes that scripts can rely on. */
enum vmw_exit {
	VMW_EXIT_OK = 0,
	VMW_EXIT_ERROR = 1,
	VMW_EXIT_USAGE = 2,
	VMW_EXIT_PARTIAL = 3,	/* partial or inconsistent result, shown all the same */
	VMW_EXIT_NO_PROCESS = 42,	/* as pmap has it */
};

struct vmw_cmd {
	const char *name;
	int (*run)(int argc, char **argv);	/* argv[0]: the name; an enum vmw_exit */
	const char *args;	/* for the usage line: "[OPTION]… PID|NAME" */
	const char *summary;	/* one line */
	const char *help;	/* options and examples, ends with a newline */
	bool files_only;	/* asks neither a process nor the module */
};

extern const struct vmw_cmd vmw_cmd_show;
extern const struct vmw_cmd vmw_cmd_maps;
extern const struct vmw_cmd vmw_cmd_map;
extern const struct vmw_cmd vmw_cmd_extents;
extern const struct vmw_cmd vmw_cmd_where;
extern const struct vmw_cmd vmw_cmd_pte;
extern const struct vmw_cmd vmw_cmd_threads;
extern const struct vmw_cmd vmw_cmd_tables;
extern const struct vmw_cmd vmw_cmd_ps;
extern const struct vmw_cmd vmw_cmd_explain;
extern const struct vmw_cmd vmw_cmd_shared;
extern const struct vmw_cmd vmw_cmd_go;
extern const struct vmw_cmd vmw_cmd_watch;
extern const struct vmw_cmd vmw_cmd_snap;
extern const struct vmw_cmd vmw_cmd_record;
extern const struct vmw_cmd vmw_cmd_log;
extern const struct vmw_cmd vmw_cmd_diff;
extern const struct vmw_cmd vmw_cmd_report;
extern const struct vmw_cmd vmw_cmd_export;
extern const struct vmw_cmd vmw_cmd_import;
extern const struct vmw_cmd vmw_cmd_merge;
extern const struct vmw_cmd vmw_cmd_load;
extern const struct vmw_cmd vmw_cmd_unload;
extern const struct vmw_cmd vmw_cmd_doctor;

/* What merge and import did to the collection of @path. */
void vmw_say_added(const char *path, uint64_t added, uint64_t known);

/* Usage line, summary and help, to stdout. */
void vmw_cmd_help(const struct vmw_cmd *cmd);

#endif
