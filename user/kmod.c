// SPDX-License-Identifier: GPL-2.0
#include "kmod.h"

#include <stddef.h>

#include "library.h"

#define ENTRY(name) { "kmod_" #name, offsetof(struct vmw_kmod, name) }

static const struct vmw_function functions[] = {
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

_Static_assert(sizeof(functions) / sizeof(functions[0]) ==
	       sizeof(struct vmw_kmod) / sizeof(void *), "none is left out");

const struct vmw_kmod *vmw_kmod(struct vmw_error *err)
{
	static struct vmw_kmod kmod;
	static struct vmw_library lib = {
		.soname = "libkmod.so.2",
		.package = "libkmod2",
		.purpose = "deal with modules",
		.functions = functions,
		.nr = sizeof(functions) / sizeof(functions[0]),
	};

	return vmw_library_open(&lib, &kmod, err) ? NULL : &kmod;
}
