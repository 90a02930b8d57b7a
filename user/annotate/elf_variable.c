// SPDX-License-Identifier: GPL-2.0
/* Whose place in a frame is where, as the DWARF of a program has it. */
#include <dwarf.h>
#include <stdio.h>
#include <string.h>

#include "elf_file.h"
#include "elfutils.h"

#define MAX_DIES	(1U << 20)	/* that are looked at for one answer */
#define MAX_DEPTH	64		/* blocks and inlined calls in one another */

struct search {
	uint64_t pc;
	int64_t offset;		/* from the frame's cfa */
	unsigned int budget;	/* entries that may still be looked at */
	bool has_base;		/* places are told by their distance from cfa */
	struct vmw_elf_variable *found;
};

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return vmw_eu.dwarf_attr_integrate(die, DW_AT_type, &attr) &&
	       vmw_eu.dwarf_formref_die(&attr, type);
}

static bool expression_at(Dwarf_Die *die, unsigned int name, uint64_t pc,
			  Dwarf_Op **ops, size_t *nr)
{
	Dwarf_Attribute attr;

	return vmw_eu.dwarf_attr_integrate(die, name, &attr) &&
	       vmw_eu.dwarf_getlocation_addr(&attr, pc, ops, nr, 1) == 1 && *nr;
}

/* Is "frame base" of the function @die the cfa, as Go and GCC have it? */
static bool is_based_on_cfa(Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Block block;

	return vmw_eu.dwarf_attr_integrate(die, DW_AT_frame_base, &attr) &&
	       !vmw_eu.dwarf_formblock(&attr, &block) && block.length == 1 &&
	       block.data[0] == DW_OP_call_frame_cfa;
}

static bool is_on_stack(const struct search *s, const Dwarf_Op *op, int64_t *at)
{
	if (op->atom == DW_OP_fbreg && s->has_base)
		*at = op->number;
	else if (op->atom == DW_OP_call_frame_cfa)
		*at = 0;
	else
		return false;
	return true;
}

/* Of a variable of @size bytes, or of its pieces: which has @s->offset, if any? */
static bool holds(const struct search *s, Dwarf_Die *die, uint64_t size,
		  uint64_t *offset)
{
	uint64_t before = 0, piece;
	Dwarf_Op *ops;
	int64_t at;
	size_t nr;

	if (!expression_at(die, DW_AT_location, s->pc, &ops, &nr))
		return false;
	for (size_t i = 0; i < nr; i++) {
		const bool in_pieces = i + 1 < nr &&
				       ops[i + 1].atom == DW_OP_piece;

		if (ops[i].atom == DW_OP_piece) {
			before += ops[i].number;
			continue;
		}
		piece = in_pieces ? ops[i + 1].number : size;
		if ((!in_pieces && nr > 1) || !is_on_stack(s, &ops[i], &at) ||
		    s->offset < at || (uint64_t)s->offset - at >= piece)
			continue;
		*offset = before + ((uint64_t)s->offset - at);
		return *offset < size;
	}
	return false;
}

static void copy_name(char name[VMW_NAME_MAX], const char *from)
{
	snprintf(name, VMW_NAME_MAX, "%s", from ? from : "");
}

static void look_at_variable(struct search *s, Dwarf_Die *die)
{
	const char *name = vmw_eu.dwarf_diename(die);
	Dwarf_Word size;
	Dwarf_Die type;
	uint64_t offset;

	if (!name || !*name || !type_of(die, &type) ||
	    vmw_eu.dwarf_aggregate_size(&type, &size) ||
	    !holds(s, die, size, &offset))
		return;
	*s->found = (struct vmw_elf_variable){
		.size = size, .offset = offset,
		.parameter = vmw_eu.dwarf_tag(die) == DW_TAG_formal_parameter,
	};
	copy_name(s->found->name, name);
	copy_name(s->found->type, vmw_eu.dwarf_diename(&type));
}

/* What is declared in @scope, and in what of it holds the pc: the innermost wins. */
static void look_into(struct search *s, Dwarf_Die *scope, unsigned int depth)
{
	Dwarf_Die die;

	if (depth == MAX_DEPTH || vmw_eu.dwarf_child(scope, &die))
		return;
	while (s->budget) {
		s->budget--;
		switch (vmw_eu.dwarf_tag(&die)) {
		case DW_TAG_variable:
		case DW_TAG_formal_parameter:
			look_at_variable(s, &die);
			break;
		case DW_TAG_lexical_block:
		case DW_TAG_inlined_subroutine:
			if (vmw_eu.dwarf_haspc(&die, s->pc) == 1)
				look_into(s, &die, depth + 1);
			break;
		}
		if (vmw_eu.dwarf_siblingof(&die, &die))
			break;
	}
}

/* The function that holds the pc, among what @unit declares. */
static bool find_function(struct search *s, Dwarf_Die *unit, Dwarf_Die *die)
{
	if (vmw_eu.dwarf_haspc(unit, s->pc) != 1 ||
	    vmw_eu.dwarf_child(unit, die))
		return false;
	while (s->budget) {
		s->budget--;
		if (vmw_eu.dwarf_tag(die) == DW_TAG_subprogram &&
		    vmw_eu.dwarf_haspc(die, s->pc) == 1)
			return true;
		if (vmw_eu.dwarf_siblingof(die, die))
			break;
	}
	return false;
}

bool vmw_elf_variable_at(struct vmw_elf *elf, uint64_t pc, int64_t offset,
			 struct vmw_elf_variable *variable)
{
	struct search s = {
		.pc = pc, .offset = offset, .budget = MAX_DIES,
		.found = variable,
	};
	Dwarf *dw = vmw_elf_dwarf(elf);
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit, die;

	*variable = (struct vmw_elf_variable){ 0 };
	while (dw && s.budget &&
	       !vmw_eu.dwarf_get_units(dw, cu, &cu, NULL, NULL, &unit, NULL)) {
		s.budget--;
		if (!find_function(&s, &unit, &die))
			continue;
		s.has_base = is_based_on_cfa(&die);
		look_into(&s, &die, 0);
		break;
	}
	return variable->size;
}
