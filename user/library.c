// SPDX-License-Identifier: GPL-2.0
#include "library.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

static bool find_functions(const struct vmw_library *lib, void *pointers)
{
	for (size_t i = 0; i < lib->nr; i++) {
		void *f = dlsym(lib->handle, lib->functions[i].name);

		if (!f)
			return false;
		memcpy((char *)pointers + lib->functions[i].offset, &f,
		       sizeof(f));
	}
	return true;
}

int vmw_library_open(struct vmw_library *lib, void *pointers,
		     struct vmw_error *err)
{
	if (lib->handle)
		return 0;
	lib->handle = dlopen(lib->soname, RTLD_LAZY | RTLD_LOCAL);
	if (lib->handle && find_functions(lib, pointers))
		return 0;
	vmw_error_set(err, -ENOENT, "cannot %s: %s; Debian has that in the "
		      "package %s", lib->purpose, dlerror(), lib->package);
	if (lib->handle)
		dlclose(lib->handle);
	lib->handle = NULL;
	return -ENOENT;
}
