/* SPDX-License-Identifier: GPL-2.0 */
/* The options that commands share, and what a command says when it fails. */
#ifndef VMW_OPTIONS_H
#define VMW_OPTIONS_H

#include <stdbool.h>

#include "cmd.h"
#include "error.h"
#include "render/render.h"

struct vmw_options {
	const struct vmw_cmd *cmd;	/* whose they are */
	struct vmw_style style;	/* units, colour, width: filled for stdout */
	bool json;
	bool why;		/* of extents alone */
	bool phys;		/* of extents and snapshots */
	bool pte;		/* of snapshots */
	bool runtime;		/* of record alone */
	bool sharing;		/* of show and extents */
	bool extents;		/* of shared and diff */
	bool normalize, map;	/* of diff alone */
	bool csv;		/* of export, and of what has a table */
	const char *table;	/* of go, tables, diff: which; NULL: not given */
	bool openmetrics;	/* of export alone */
	bool sp;		/* of where alone */
	bool explain;		/* after the reading: what its words mean */
	bool atomic;		/* one hold of mmap_lock */
	bool stop;		/* the process, meanwhile */
	bool all;		/* of ps and show */
	const char *sort;	/* likewise; a column, NULL: not given */
	const char *columns;	/* of show alone, with commas between */
	const char *filter;	/* of show and watch */
	const char *zoom;	/* of map alone: an address, a range, a segment */
	bool watch, go;		/* of ps alone */
	const char *user;	/* likewise; name or number */
	const char *cgroup;	/* likewise; a path */
	const char *output;	/* a collection */
	const char *note, *label, *host;	/* of snapshots; NULL: none */
	uint64_t interval, duration;	/* nanoseconds; 0: none was given */
	bool command;		/* "--" came before the operands */
	char **args;		/* what is left: operands */
	int nr_args;
};

/*
 * Parses all of that. Returns 0 to go on, else the exit code + 1: help or, there
 * being no operand, the explanation was shown, or a usage error was reported.
 */
int vmw_options_parse(const struct vmw_cmd *cmd, int argc, char **argv,
		      struct vmw_options *opts);
/*
 * Explains @word, or if it is NULL all that the command prints, to stdout: as of
 * the kernel of @as, or if that is NULL of the running one. Returns 0 or a
 * negative errno.
 */
int vmw_explain(const struct vmw_options *opts, const struct vmw_aspace *as,
		const char *word);
/* Hexadecimal with or without 0x. Returns the first byte past it, or NULL. */
const char *vmw_parse_address(const char *s, uint64_t *addr);
/* Note, label and host are fit to be kept: 0, or an exit code. */
int vmw_check_marks(const struct vmw_cmd *cmd, const struct vmw_options *opts);
/* One line on standard error, "vmwalk: …"; returns VMW_EXIT_USAGE. */
int vmw_usage_error(const struct vmw_cmd *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* One line on standard error; returns the exit code that fits @errnum (< 0). */
int vmw_fail(int errnum, const struct vmw_error *err);
/*
 * Ends a command that shows something: @ret is what its view returned, or above 0
 * the exit code if it has complained itself. The explanation follows, if asked
 * for. Returns the exit code.
 */
int vmw_finish_view(const struct vmw_options *opts, int ret);
/*
 * Ends a reader: @ret is what its view returned. The explanation follows, if
 * asked for. A reading that is not of one moment is told by a line on standard
 * error, and by the exit code.
 */
int vmw_finish_reading(const struct vmw_options *opts,
		       const struct vmw_aspace *as, int ret);
/* Flushes stdout: a full disk or a closed pipe is an error, reported here. */
int vmw_finish_output(int exit_code);

#endif
