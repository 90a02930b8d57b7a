// SPDX-License-Identifier: GPL-2.0
#include "elf_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elfutils.h"

#define SYMBOLS_MAX	(4U << 20)

struct vmw_elf {
	int fd;
	Elf *elf;
	Dwarf *dwarf;		/* NULL: not looked for, or none */
	bool has_dwarf;		/* was it looked for? */
	GElf_Ehdr header;
	bool loaded;		/* the symbols */
	struct vmw_elf_symbol *symbols;	/* by address */
	size_t nr;
};

int vmw_elf_open(struct vmw_elf **elf, int fd)
{
	struct vmw_error err;
	struct vmw_elf *e;

	if (vmw_elfutils_open(&err)) {
		close(fd);
		return -ENOENT;
	}
	e = calloc(1, sizeof(*e));
	if (!e) {
		close(fd);
		return -ENOMEM;
	}
	e->fd = fd;
	vmw_eu.elf_version(EV_CURRENT);
	/* Not mapped: who truncates the file meanwhile would send us SIGBUS. */
	e->elf = vmw_eu.elf_begin(fd, ELF_C_READ, NULL);
	if (!e->elf || vmw_eu.elf_kind(e->elf) != ELF_K_ELF ||
	    !vmw_eu.gelf_getehdr(e->elf, &e->header) ||
	    vmw_eu.gelf_getclass(e->elf) != ELFCLASS64) {
		vmw_elf_close(e);
		return -ENOEXEC;
	}
	*elf = e;
	return 0;
}

void vmw_elf_close(struct vmw_elf *elf)
{
	if (!elf)
		return;
	free(elf->symbols);
	vmw_eu.dwarf_end(elf->dwarf);
	vmw_eu.elf_end(elf->elf);
	close(elf->fd);
	free(elf);
}

struct Dwarf *vmw_elf_dwarf(struct vmw_elf *elf)
{
	if (!elf->has_dwarf)
		elf->dwarf = vmw_eu.dwarf_begin_elf(elf->elf, DWARF_C_READ, NULL);
	elf->has_dwarf = true;
	return elf->dwarf;
}

bool vmw_elf_is_x86_64(const struct vmw_elf *elf)
{
	return elf->header.e_machine == EM_X86_64;
}

bool vmw_elf_address_of(struct vmw_elf *elf, uint64_t offset, uint64_t *addr)
{
	GElf_Phdr p;

	for (int i = 0; vmw_eu.gelf_getphdr(elf->elf, i, &p); i++) {
		/* A segment is mapped by whole pages. */
		uint64_t in_page = p.p_align > 1 ? p.p_offset % p.p_align : 0;
		uint64_t from = p.p_offset - in_page;

		if (p.p_type == PT_LOAD && offset >= from &&
		    offset - from < p.p_filesz + in_page) {
			*addr = p.p_vaddr - in_page + (offset - from);
			return true;
		}
	}
	return false;
}

static bool find_section(struct vmw_elf *elf, const char *name, uint32_t type,
			 Elf_Scn **section, GElf_Shdr *header)
{
	size_t strings;
	const char *own;

	if (vmw_eu.elf_getshdrstrndx(elf->elf, &strings))
		return false;
	*section = NULL;
	while ((*section = vmw_eu.elf_nextscn(elf->elf, *section))) {
		if (!vmw_eu.gelf_getshdr(*section, header))
			continue;
		if (type && header->sh_type == type)
			return true;
		own = vmw_eu.elf_strptr(elf->elf, strings, header->sh_name);
		if (!type && own && !strcmp(own, name))
			return true;
	}
	return false;
}

bool vmw_elf_section(struct vmw_elf *elf, const char *name,
		     struct vmw_elf_section *out)
{
	GElf_Shdr header;
	Elf_Scn *section;
	Elf_Data *data;

	if (!find_section(elf, name, 0, &section, &header))
		return false;
	*out = (struct vmw_elf_section){
		.start = header.sh_addr, .size = header.sh_size,
	};
	data = header.sh_type == SHT_NOBITS ? NULL : vmw_eu.elf_rawdata(section, NULL);
	if (data && data->d_buf) {
		out->data = data->d_buf;
		out->data_size = data->d_size;
	}
	return true;
}

static int compare_symbols(const void *a, const void *b)
{
	const struct vmw_elf_symbol *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->size > y->size) - (x->size < y->size);
}

static bool is_wanted(const GElf_Sym *sym, const char *name)
{
	const unsigned int type = GELF_ST_TYPE(sym->st_info);

	return name && *name && sym->st_shndx != SHN_UNDEF && sym->st_value &&
	       type != STT_SECTION && type != STT_FILE && type != STT_TLS;
}

static void add_symbols(struct vmw_elf *elf, Elf_Data *data, size_t strings,
			size_t nr)
{
	GElf_Sym sym;
	const char *name;

	elf->symbols = calloc(nr, sizeof(*elf->symbols));
	for (size_t i = 0; elf->symbols && i < nr; i++) {
		if (!vmw_eu.gelf_getsym(data, i, &sym))
			break;
		name = vmw_eu.elf_strptr(elf->elf, strings, sym.st_name);
		if (is_wanted(&sym, name))
			elf->symbols[elf->nr++] = (struct vmw_elf_symbol){
				sym.st_value, sym.st_size, name };
	}
	if (elf->symbols)
		qsort(elf->symbols, elf->nr, sizeof(*elf->symbols), compare_symbols);
}

/* Those for the linker, or if it was stripped those for the loader. */
static void load_symbols(struct vmw_elf *elf)
{
	GElf_Shdr header;
	Elf_Scn *section;
	Elf_Data *data;
	size_t nr;

	elf->loaded = true;
	if (!find_section(elf, NULL, SHT_SYMTAB, &section, &header) &&
	    !find_section(elf, NULL, SHT_DYNSYM, &section, &header))
		return;
	data = vmw_eu.elf_getdata(section, NULL);
	if (!data || !data->d_size)
		return;
	nr = data->d_size / sizeof(Elf64_Sym);
	if (nr && nr < SYMBOLS_MAX)
		add_symbols(elf, data, header.sh_link, nr);
}

bool vmw_elf_symbol(struct vmw_elf *elf, const char *name,
		    struct vmw_elf_symbol *symbol)
{
	if (!elf->loaded)
		load_symbols(elf);
	for (size_t i = 0; i < elf->nr; i++) {
		if (!strcmp(elf->symbols[i].name, name)) {
			*symbol = elf->symbols[i];
			return true;
		}
	}
	return false;
}

bool vmw_elf_symbol_at(struct vmw_elf *elf, uint64_t addr,
		       struct vmw_elf_symbol *symbol)
{
	size_t low = 0, high;

	if (!elf->loaded)
		load_symbols(elf);
	high = elf->nr;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (elf->symbols[mid].start <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return false;
	/* Of several at one address the last is the largest. */
	*symbol = elf->symbols[low - 1];
	return !symbol->size || addr - symbol->start < symbol->size;
}
