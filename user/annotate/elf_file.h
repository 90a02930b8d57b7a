/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ELF files: symbols and sections. elf_file.c and golayout.c are the only users of
 * libelf and libdw (elfutils.c). The file may be hostile: open it in a process that has little
 * to lose (annotate.c).
 */
#ifndef VMW_ELF_FILE_H
#define VMW_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

struct vmw_elf;

/*
 * Takes @fd, which it closes in the end. Returns 0, -ENOEXEC, -ENOMEM, or -ENOENT if
 * there is no libdw.
 */
int vmw_elf_open(struct vmw_elf **elf, int fd);
void vmw_elf_close(struct vmw_elf *elf);

/* The library's handle, for golayout.c. */
struct Elf *vmw_elf_handle(struct vmw_elf *elf);
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

#endif
