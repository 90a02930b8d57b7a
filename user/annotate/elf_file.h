/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ELF files: symbols, sections, variables. elf_file.c, elf_variable.c and golayout.c
 * are the only users of libelf and libdw (elfutils.c). The file may be hostile: open
 * it in a process that has little to lose (annotate.c).
 */
#ifndef VMW_ELF_FILE_H
#define VMW_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/runtime.h"

struct Dwarf;
struct Elf;

struct vmw_elf_symbol {
	uint64_t start;		/* as linked */
	uint64_t size;		/* 0: not known */
	const char *name;
};

struct vmw_elf_section {
	uint64_t start;		/* as linked */
	uint64_t size;		/* bytes in memory */
	const void *data;	/* NULL: none in the file */
	size_t data_size;
};

/* Something with a name and a place in a frame. */
struct vmw_elf_variable {
	uint64_t size;		/* bytes */
	uint64_t offset;	/* in it, of the place that was asked for */
	bool parameter;		/* or a result, else a local */
	char name[VMW_NAME_MAX];
	char type[VMW_NAME_MAX];	/* empty if it has no name */
};

struct vmw_elf;

/*
 * Takes @fd, which it closes in the end. Returns 0, -ENOEXEC, -ENOMEM, or -ENOENT if
 * there is no libdw.
 */
int vmw_elf_open(struct vmw_elf **elf, int fd);
void vmw_elf_close(struct vmw_elf *elf);

/* The library's handle of its DWARF, NULL if there is none. */
struct Dwarf *vmw_elf_dwarf(struct vmw_elf *elf);
bool vmw_elf_is_x86_64(const struct vmw_elf *elf);
/* The link-time address of what lies at @offset in the file; false: nowhere. */
bool vmw_elf_address_of(struct vmw_elf *elf, uint64_t offset, uint64_t *addr);
bool vmw_elf_section(struct vmw_elf *elf, const char *name,
		     struct vmw_elf_section *section);
bool vmw_elf_symbol(struct vmw_elf *elf, const char *name,
		    struct vmw_elf_symbol *symbol);
/* The symbol that holds @addr; without sizes, the nearest below. */
bool vmw_elf_symbol_at(struct vmw_elf *elf, uint64_t addr,
		       struct vmw_elf_symbol *symbol);

/*
 * In elf_variable.c: what the function at @pc has @offset bytes from its cfa, when it
 * is there; false if nothing is known of that place.
 */
bool vmw_elf_variable_at(struct vmw_elf *elf, uint64_t pc, int64_t offset,
			 struct vmw_elf_variable *variable);

#endif
