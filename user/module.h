/* SPDX-License-Identifier: GPL-2.0 */
/* Loading and unloading vmwalk.ko: the only user of libkmod. */
#ifndef VMW_MODULE_H
#define VMW_MODULE_H

#include <limits.h>
#include <stdbool.h>

#include "error.h"

/* A module file. */
struct vmw_module_file {
	char path[PATH_MAX];
	char version[32];
	char vermagic[128];	/* "RELEASE options…" it was built for */
	bool has_signature;	/* valid or not */
};

/*
 * @path: a .ko file; NULL: the installed module by its name, through the
 * module index. 0, or a negative errno with the human cause and cure in @err;
 * -EEXIST: it is loaded already.
 */
int vmw_module_load(const char *path, struct vmw_error *err);
/* -ENOENT: it is not loaded. */
int vmw_module_unload(struct vmw_error *err);
bool vmw_module_loaded(void);
/* Looks into a module file without loading it; @path as above. */
int vmw_module_examine(const char *path, struct vmw_module_file *file,
		       struct vmw_error *err);
/* Was the file built for the running kernel's release? */
bool vmw_module_fits(const struct vmw_module_file *file);
/* Does the running kernel refuse unsigned modules? */
bool vmw_module_must_be_signed(void);

#endif
