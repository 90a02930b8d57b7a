/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Libraries that few commands need are opened by those, and not linked: to relocate
 * them takes more instructions than all else that happens before main(). Private to
 * the files that open one.
 */
#ifndef VMW_LIBRARY_H
#define VMW_LIBRARY_H

#include <stddef.h>

#include "error.h"

struct vmw_function {
	const char *name;
	size_t offset;		/* of the pointer to it, in the caller's struct */
};

struct vmw_library {
	const char *soname;
	const char *package;	/* Debian's, that has it */
	const char *purpose;	/* what one "cannot" without it */
	const struct vmw_function *functions;
	size_t nr;		/* of functions */
	void *handle;		/* NULL: not open */
};

/*
 * Opens @lib, if it is not open yet, and fills @pointers, a struct of pointers with
 * the types that the library's header gives its functions. Returns 0, or -ENOENT
 * with @err filled if there is no such library, or one that is too old.
 */
int vmw_library_open(struct vmw_library *lib, void *pointers,
		     struct vmw_error *err);

#endif
