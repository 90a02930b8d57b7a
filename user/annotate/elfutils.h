/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libelf and libdw, opened when a program's file is looked into and not at every
 * start. Private to elf_file.c, golayout.c and annotate.c.
 */
#ifndef VMW_ELFUTILS_H
#define VMW_ELFUTILS_H

#include <elfutils/libdw.h>
#include <gelf.h>
#include <libelf.h>

#include "error.h"

/* The functions of both by their own names: libdw comes with libelf. */
struct vmw_elfutils {
	__typeof__(dwarf_aggregate_size) *dwarf_aggregate_size;
	__typeof__(dwarf_attr) *dwarf_attr;
	__typeof__(dwarf_attr_integrate) *dwarf_attr_integrate;
	__typeof__(dwarf_begin_elf) *dwarf_begin_elf;
	__typeof__(dwarf_child) *dwarf_child;
	__typeof__(dwarf_diename) *dwarf_diename;
	__typeof__(dwarf_end) *dwarf_end;
	__typeof__(dwarf_formblock) *dwarf_formblock;
	__typeof__(dwarf_formref_die) *dwarf_formref_die;
	__typeof__(dwarf_formudata) *dwarf_formudata;
	__typeof__(dwarf_getlocation_addr) *dwarf_getlocation_addr;
	__typeof__(dwarf_get_units) *dwarf_get_units;
	__typeof__(dwarf_haspc) *dwarf_haspc;
	__typeof__(dwarf_peel_type) *dwarf_peel_type;
	__typeof__(dwarf_siblingof) *dwarf_siblingof;
	__typeof__(dwarf_tag) *dwarf_tag;
	__typeof__(elf_begin) *elf_begin;
	__typeof__(elf_end) *elf_end;
	__typeof__(elf_getdata) *elf_getdata;
	__typeof__(elf_getshdrstrndx) *elf_getshdrstrndx;
	__typeof__(elf_kind) *elf_kind;
	__typeof__(elf_nextscn) *elf_nextscn;
	__typeof__(elf_rawdata) *elf_rawdata;
	__typeof__(elf_strptr) *elf_strptr;
	__typeof__(elf_version) *elf_version;
	__typeof__(gelf_getclass) *gelf_getclass;
	__typeof__(gelf_getehdr) *gelf_getehdr;
	__typeof__(gelf_getphdr) *gelf_getphdr;
	__typeof__(gelf_getshdr) *gelf_getshdr;
	__typeof__(gelf_getsym) *gelf_getsym;
};

/* Filled by vmw_elfutils_open(), before which there is no struct vmw_elf. */
extern struct vmw_elfutils vmw_eu;

/* Returns 0, or -ENOENT with @err filled: no libdw, or one that is too old. */
int vmw_elfutils_open(struct vmw_error *err);

#endif
