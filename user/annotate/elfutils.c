// SPDX-License-Identifier: GPL-2.0
#include "elfutils.h"

#include <stddef.h>

#include "library.h"

#define ENTRY(name) { #name, offsetof(struct vmw_elfutils, name) }

static const struct vmw_function functions[] = {
	ENTRY(dwarf_aggregate_size),
	ENTRY(dwarf_attr),
	ENTRY(dwarf_attr_integrate),
	ENTRY(dwarf_begin_elf),
	ENTRY(dwarf_child),
	ENTRY(dwarf_diename),
	ENTRY(dwarf_end),
	ENTRY(dwarf_formblock),
	ENTRY(dwarf_formref_die),
	ENTRY(dwarf_formudata),
	ENTRY(dwarf_getlocation_addr),
	ENTRY(dwarf_get_units),
	ENTRY(dwarf_haspc),
	ENTRY(dwarf_peel_type),
	ENTRY(dwarf_siblingof),
	ENTRY(dwarf_tag),
	ENTRY(elf_begin),
	ENTRY(elf_end),
	ENTRY(elf_getdata),
	ENTRY(elf_getshdrstrndx),
	ENTRY(elf_kind),
	ENTRY(elf_nextscn),
	ENTRY(elf_rawdata),
	ENTRY(elf_strptr),
	ENTRY(elf_version),
	ENTRY(gelf_getclass),
	ENTRY(gelf_getehdr),
	ENTRY(gelf_getphdr),
	ENTRY(gelf_getshdr),
	ENTRY(gelf_getsym),
};

_Static_assert(sizeof(functions) / sizeof(functions[0]) ==
	       sizeof(struct vmw_elfutils) / sizeof(void *), "none is left out");

struct vmw_elfutils vmw_eu;

int vmw_elfutils_open(struct vmw_error *err)
{
	static struct vmw_library lib = {
		.soname = "libdw.so.1",
		.package = "libdw1",
		.purpose = "look into programs",
		.functions = functions,
		.nr = sizeof(functions) / sizeof(functions[0]),
	};

	return vmw_library_open(&lib, &vmw_eu, err);
}
