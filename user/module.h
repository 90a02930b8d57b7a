/* SPDX-License-Identifier: GPL-2.0 */
/* Loading and unloading vmwalk.ko: the only user of libkmod. */
#ifndef VMW_MODULE_H
#define VMW_MODULE_H

#include <stdbool.h>

#include "error.h"

/*
 * @path: a .ko file; NULL: the installed module by its name, through the
 * module index. 0, or a negative errno with the human cause and cure in @err.
 */
int vmw_module_load(const char *path, struct vmw_error *err);
int vmw_module_unload(struct vmw_error *err);
bool vmw_module_loaded(void);

#endif
