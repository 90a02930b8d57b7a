/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libkmod, opened when a module is dealt with and not at every start: with it come
 * libcrypto and two decompressors, whose relocations take ten times the
 * instructions of all else that happens before main(). Private to module.c.
 */
#ifndef VMW_KMOD_H
#define VMW_KMOD_H

#include <libkmod.h>

#include "error.h"

/* The functions of libkmod, by their names without "kmod_". */
struct vmw_kmod {
	__typeof__(kmod_new) *new;
	__typeof__(kmod_unref) *unref;
	__typeof__(kmod_set_log_priority) *set_log_priority;
	__typeof__(kmod_list_next) *list_next;
	__typeof__(kmod_module_new_from_path) *module_new_from_path;
	__typeof__(kmod_module_new_from_lookup) *module_new_from_lookup;
	__typeof__(kmod_module_new_from_name) *module_new_from_name;
	__typeof__(kmod_module_get_module) *module_get_module;
	__typeof__(kmod_module_get_path) *module_get_path;
	__typeof__(kmod_module_get_info) *module_get_info;
	__typeof__(kmod_module_info_get_key) *module_info_get_key;
	__typeof__(kmod_module_info_get_value) *module_info_get_value;
	__typeof__(kmod_module_info_free_list) *module_info_free_list;
	__typeof__(kmod_module_insert_module) *module_insert_module;
	__typeof__(kmod_module_remove_module) *module_remove_module;
	__typeof__(kmod_module_unref) *module_unref;
	__typeof__(kmod_module_unref_list) *module_unref_list;
};

/* Returns NULL with @err filled if there is no libkmod, or one that is too old. */
const struct vmw_kmod *vmw_kmod(struct vmw_error *err);

#endif
