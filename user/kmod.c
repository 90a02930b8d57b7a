// SPDX-License-Identifier: GPL-2.0
#include "kmod.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#define LIBRARY		"libkmod.so.2"

#define ENTRY(name) { "kmod_" #name, offsetof(struct vmw_kmod, name) }

static const struct {
	const char *name;
	size_t offset;		/* into struct vmw_kmod */
} functions[] = {
	ENTRY(new),
	ENTRY(unref),
	ENTRY(set_log_priority),
	ENTRY(list_next),
	ENTRY(module_new_from_path),
	ENTRY(module_new_from_lookup),
	ENTRY(module_new_from_name),
	ENTRY(module_get_module),
	ENTRY(module_get_path),
	ENTRY(module_get_info),
	ENTRY(module_info_get_key),
	ENTRY(module_info_get_value),
	ENTRY(module_info_free_list),
	ENTRY(module_insert_module),
	ENTRY(module_remove_module),
	ENTRY(module_unref),
	ENTRY(module_unref_list),
};

static int find_functions(void *lib, struct vmw_kmod *kmod)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *f = dlsym(lib, functions[i].name);

		if (!f)
			return -ENOENT;
		memcpy((char *)kmod + functions[i].offset, &f, sizeof(f));
	}
	return 0;
}

const struct vmw_kmod *vmw_kmod(struct vmw_error *err)
{
	static struct vmw_kmod kmod;
	static void *lib;

	if (lib)
		return &kmod;
	lib = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
	if (lib && !find_functions(lib, &kmod))
		return &kmod;
	vmw_error_set(err, -ENOENT, "cannot deal with modules: %s", dlerror());
	if (lib)
		dlclose(lib);
	lib = NULL;
	return NULL;
}
