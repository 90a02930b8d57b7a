/* SPDX-License-Identifier: GPL-2.0 */
/* The options that commands share, parsed in one place. */
#ifndef VMW_OPTIONS_H
#define VMW_OPTIONS_H

#include <stdbool.h>

#include "cmd.h"
#include "render/render.h"

/* Which of them a command takes: vmw_cmd.options. */
enum vmw_opt {
	VMW_OPT_UNITS	= 1U << 0,	/* -H, -b, -p */
	VMW_OPT_JSON	= 1U << 1,	/* --json */
	VMW_OPT_COLOR	= 1U << 2,	/* --color=WHEN */
	VMW_OPT_ALL	= 1U << 3,	/* -a, --all */

	VMW_OPT_READER	= VMW_OPT_UNITS | VMW_OPT_JSON | VMW_OPT_COLOR,
};

struct vmw_options {
	struct vmw_style style;
	bool json;
	char **args;		/* operands, NULL-terminated, into argv */
	int nr_args;
};

/*
 * Returns -1 if the command is to go on, or else the code to exit with: help
 * was asked for and printed, or the usage is wrong and stderr says how.
 */
int vmw_options_parse(const struct vmw_cmd *cmd, int argc, char **argv,
		      struct vmw_options *o);

#endif
