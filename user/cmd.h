/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Commands: one constant each, all in the table of vmwalk.c. A command holds
 * arguments and wiring only; what it prints comes from render/.
 */
#ifndef VMW_CMD_H
#define VMW_CMD_H

#include <stdio.h>

#include "error.h"

/* What the process exits with. */
enum vmw_exit {
	VMW_EXIT_OK	= 0,
	VMW_EXIT_ERROR	= 1,
	VMW_EXIT_USAGE	= 2,
	VMW_EXIT_PARTIAL = 3,	/* shown, but the VMAs changed meanwhile */
	VMW_EXIT_NO_PROCESS = 42,
};

struct vmw_cmd {
	const char *name;
	/* argv[0] is the name. Returns an enum vmw_exit. */
	int (*run)(int argc, char **argv);
	const char *args;	/* "PID|NAME", "[FILE]", or "" */
	const char *summary;	/* half a line, for the list of commands */
	const char *help;	/* what it does, own options, examples; ends in \n */
	unsigned int options;	/* VMW_OPT_* (options.h) beside --help */
	int min_args, max_args;	/* operands; max_args < 0: any number */
};

extern const struct vmw_cmd vmw_cmd_show;
extern const struct vmw_cmd vmw_cmd_maps;
extern const struct vmw_cmd vmw_cmd_map;
extern const struct vmw_cmd vmw_cmd_extents;
extern const struct vmw_cmd vmw_cmd_where;
extern const struct vmw_cmd vmw_cmd_load;
extern const struct vmw_cmd vmw_cmd_unload;
extern const struct vmw_cmd vmw_cmd_doctor;
extern const struct vmw_cmd vmw_cmd_help;

/* The table: in the order of the list of commands, NULL at the end. */
extern const struct vmw_cmd *const vmw_cmds[];

/* NULL: there is none of that name. */
const struct vmw_cmd *vmw_cmd_find(const char *name);

/* Prints @cmd's help; the list of commands if it is NULL. */
void vmw_cmd_print_help(FILE *out, const struct vmw_cmd *cmd);

/*
 * Print one line to stderr, control characters escaped, and return the exit
 * code that belongs to it: of the error @errnum (negative) described by @err,
 * or VMW_EXIT_USAGE with a hint at @cmd's help (NULL: at vmwalk's).
 */
int vmw_cmd_fail(int errnum, const struct vmw_error *err);
int vmw_cmd_usage(const struct vmw_cmd *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
