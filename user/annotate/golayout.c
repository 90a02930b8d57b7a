// SPDX-License-Identifier: GPL-2.0
#include "golayout.h"

#include <dwarf.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "elf_file.h"
#include "elfutils.h"

#define MAX_NAME	48	/* bytes of a member's name */
#define MAX_WRAPS	8	/* types around a number, arrays around a type */
#define MAX_DIES	1000000	/* of the runtime, and far more */
#define REASON_SIZE	16	/* bytes of a string's header */
#define WAIT_REASONS_MAX	256

static const struct field {
	const char *type, *path;
} fields[] = {
#define FIELD_ROW(name, type, path)	{ type, path },
	VMW_GO_FIELDS_LIST(FIELD_ROW)
};

static const char *const types[] = {
#define TYPE_ROW(name, type)	type,
	VMW_GO_TYPES_LIST(TYPE_ROW)
};

static const char *const vars[] = {
#define VAR_ROW(name, symbol)	symbol,
	VMW_GO_VARS_LIST(VAR_ROW)
};

/* Without these nothing can be told; the others add to it. */
static const enum vmw_go_field required[] = {
	VMW_GO_G_LO, VMW_GO_G_HI, VMW_GO_G_STATUS, VMW_GO_G_ID,
	VMW_GO_SPAN_START, VMW_GO_SPAN_PAGES, VMW_GO_SPAN_ELEM_SIZE,
	VMW_GO_SPAN_STATE, VMW_GO_HEAP_SPANS, VMW_GO_HEAP_ARENAS,
	VMW_GO_HEAP_ALL_ARENAS,
};

/* The type of @die, typedefs looked through. */
static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return vmw_eu.dwarf_attr_integrate(die, DW_AT_type, &attr) &&
	       vmw_eu.dwarf_formref_die(&attr, type) &&
	       !vmw_eu.dwarf_peel_type(type, type);
}

static uint32_t size_of(Dwarf_Die *type)
{
	Dwarf_Word size;

	if (vmw_eu.dwarf_aggregate_size(type, &size) || size > INT32_MAX)
		return 0;
	return size;
}

static bool offset_of(Dwarf_Die *member, uint32_t *offset)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if (!vmw_eu.dwarf_attr(member, DW_AT_data_member_location, &attr) ||
	    vmw_eu.dwarf_formudata(&attr, &value) || value > INT32_MAX)
		return false;
	*offset = value;
	return true;
}

/* The member of @type that is called @name; NULL: the first that has a size. */
static bool find_member(Dwarf_Die *type, const char *name, Dwarf_Die *member)
{
	Dwarf_Die of_member;
	const char *own;

	if (vmw_eu.dwarf_tag(type) != DW_TAG_structure_type ||
	    vmw_eu.dwarf_child(type, member))
		return false;
	do {
		if (vmw_eu.dwarf_tag(member) != DW_TAG_member)
			continue;
		own = vmw_eu.dwarf_diename(member);
		if (name ? own && !strcmp(own, name) :
			   type_of(member, &of_member) && size_of(&of_member))
			return true;
	} while (!vmw_eu.dwarf_siblingof(member, member));
	return false;
}

/* Into the number of atomic.Uint32{noCopy, value}, of mSpanStateBox{s}. */
static void unwrap(Dwarf_Die *type, struct vmw_go_member *m)
{
	Dwarf_Die member, inner;
	uint32_t offset;

	for (int i = 0; i < MAX_WRAPS; i++) {
		if (!find_member(type, NULL, &member) ||
		    !type_of(&member, &inner) || size_of(&inner) != m->size ||
		    !offset_of(&member, &offset))
			return;
		m->offset += offset;
		*type = inner;
	}
}

/* One way through @type, "a.b.c", of @len bytes. */
static bool follow(Dwarf_Die type, const char *path, size_t len,
		   struct vmw_go_member *m)
{
	const char *end = path + len;
	char name[MAX_NAME];
	Dwarf_Die member;
	uint32_t offset;

	*m = (struct vmw_go_member){ 0 };
	while (path < end) {
		size_t n = strcspn(path, ".|*");

		n = path + n > end ? (size_t)(end - path) : n;
		if (n >= sizeof(name))
			return false;
		memcpy(name, path, n);
		name[n] = '\0';
		if (!find_member(&type, name, &member) ||
		    !offset_of(&member, &offset) || !type_of(&member, &type))
			return false;
		m->offset += offset;
		m->size = size_of(&type);
		path += n + 1;
	}
	if (path[-1] == '*')
		m->size = type_of(&type, &type) ? size_of(&type) : 0;
	else
		unwrap(&type, m);
	return true;
}

static void find_field(Dwarf_Die *type, const struct field *f,
		       struct vmw_go_member *m)
{
	const char *path = f->path;

	while (*path) {
		size_t len = strcspn(path, "|");

		if (follow(*type, path, len, m))
			return;
		path += len + (path[len] == '|');
	}
	*m = (struct vmw_go_member){ .offset = -1 };
}

static void note_type(Dwarf_Die *die, const char *name,
		      struct vmw_golayout *layout)
{
	for (size_t i = 0; i < VMW_GO_TYPES; i++)
		if (!strcmp(types[i], name))
			layout->size[i] = size_of(die);
	for (size_t i = 0; i < VMW_GO_FIELDS; i++)
		if (!strcmp(fields[i].type, name))
			find_field(die, &fields[i], &layout->field[i]);
}

/* The runtime's types, all of which are in units of that name. */
static void read_unit(Dwarf_Die *unit, struct vmw_golayout *layout)
{
	const char *name = vmw_eu.dwarf_diename(unit);
	Dwarf_Die die;

	if (!name || strcmp(name, "runtime") || vmw_eu.dwarf_child(unit, &die))
		return;
	for (unsigned int i = 0; i < MAX_DIES; i++) {
		name = vmw_eu.dwarf_diename(&die);
		if (name && vmw_eu.dwarf_tag(&die) == DW_TAG_structure_type)
			note_type(&die, name, layout);
		if (vmw_eu.dwarf_siblingof(&die, &die))
			break;
	}
}

bool vmw_golayout_is_complete(const struct vmw_golayout *layout)
{
	for (size_t i = 0; i < sizeof(required) / sizeof(*required); i++)
		if (layout->field[required[i]].offset < 0)
			return false;
	return layout->size[VMW_GO_TYPE_G] && layout->size[VMW_GO_TYPE_SPAN] &&
	       layout->var[VMW_GO_VAR_HEAP] && layout->var[VMW_GO_VAR_ALLGS];
}

static void clear_fields(struct vmw_golayout *layout)
{
	for (size_t i = 0; i < VMW_GO_FIELDS; i++)
		layout->field[i] = (struct vmw_go_member){ .offset = -1 };
}

static void read_dwarf(struct vmw_elf *elf, struct vmw_golayout *layout)
{
	Dwarf *dw = vmw_elf_dwarf(elf);
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;

	while (dw && !vmw_eu.dwarf_get_units(dw, cu, &cu, NULL, NULL, &unit, NULL))
		read_unit(&unit, layout);
}

static void read_vars(struct vmw_elf *elf, struct vmw_golayout *layout)
{
	struct vmw_elf_symbol symbol;

	for (size_t i = 0; i < VMW_GO_VARS; i++)
		if (vmw_elf_symbol(elf, vars[i], &symbol))
			layout->var[i] = symbol.start;
	if (vmw_elf_symbol(elf, vars[VMW_GO_VAR_WAIT_REASONS], &symbol) &&
	    symbol.size / REASON_SIZE < WAIT_REASONS_MAX)
		layout->nr_wait_reasons = symbol.size / REASON_SIZE;
}

/* An arena's number counts from the lowest canonical address on amd64. */
static uint64_t arena_base(const struct vmw_elf *elf)
{
	return vmw_elf_is_x86_64(elf) ? 0xffff800000000000 : 0;
}

/*
 * From 1.18 on the version stands in .go.buildinfo itself, behind 32 bytes of
 * header: a varint of its length, and the text.
 */
static void read_version(struct vmw_elf *elf, char version[VMW_NAME_MAX])
{
	struct vmw_elf_section s;
	const unsigned char *info;

	version[0] = '\0';
	if (!vmw_elf_section(elf, ".go.buildinfo", &s) || !s.data ||
	    s.data_size < 34)
		return;
	info = s.data;
	if (!(info[15] & 2) || info[32] >= VMW_NAME_MAX ||
	    info[32] > s.data_size - 33)
		return;
	memcpy(version, info + 33, info[32]);
	version[info[32]] = '\0';
}

static bool is_go(struct vmw_elf *elf)
{
	struct vmw_elf_section s;
	struct vmw_elf_symbol symbol;

	return vmw_elf_section(elf, ".go.buildinfo", &s) ||
	       vmw_elf_section(elf, ".gopclntab", &s) ||
	       vmw_elf_symbol(elf, vars[VMW_GO_VAR_HEAP], &symbol);
}

int vmw_golayout_read(struct vmw_elf *elf, struct vmw_golayout *layout,
		      char version[VMW_NAME_MAX])
{
	*layout = (struct vmw_golayout){ .arena_base = arena_base(elf) };
	version[0] = '\0';
	if (!is_go(elf))
		return -ENOENT;
	read_version(elf, version);
	clear_fields(layout);
	read_vars(elf, layout);
	read_dwarf(elf, layout);
	layout->source = VMW_EVIDENCE_DWARF;
	return vmw_golayout_is_complete(layout) ? 0 : -ENODATA;
}
