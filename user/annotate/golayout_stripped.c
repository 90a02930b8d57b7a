// SPDX-License-Identifier: GPL-2.0
/* Go programs without symbols: what their own table of functions leads to. */
#include <string.h>

#include "elf_file.h"
#include "golayout.h"
#include "gopclntab.h"

#define TABLE_ALIGNMENT	32	/* bytes */
#define TEXT_START	24	/* offset in the table of where the code begins */
#define BUILDINFO	32	/* bytes of its header */
#define VERSION_POINTER	16	/* offset in it, before Go 1.18 */
#define INLINE		2	/* flag in its byte 15: from 1.18 on */

/* Where the code begins, as the loader has put it into the table. */
static uint64_t text_of(struct vmw_elf *elf, struct vmw_mem *mem, uint64_t bias,
			uint64_t table)
{
	struct vmw_elf_section text;
	uint64_t start;

	if (mem && !vmw_mem_uint(mem, table + bias + TEXT_START, 8, &start) && start)
		return start - bias;
	return vmw_elf_section(elf, ".text", &text) ? text.start : 0;
}

static bool open_table(struct vmw_elf *elf, struct vmw_mem *mem, uint64_t bias,
		       const struct vmw_elf_section *s, size_t offset,
		       struct vmw_gopclntab *table)
{
	struct vmw_go_function f;

	return vmw_gopclntab_open(table, (const char *)s->data + offset,
				  s->data_size - offset,
				  text_of(elf, mem, bias, s->start + offset)) &&
	       vmw_gopclntab_find(table, "runtime.mallocinit", &f);
}

/* In a section of its own, or, linked by a C linker, within another. */
bool vmw_golayout_functions(struct vmw_elf *elf, struct vmw_mem *mem,
			    uint64_t bias, struct vmw_gopclntab *table)
{
	static const unsigned char magic[] = { 0xff, 0xff, 0xff, 0, 0 };
	struct vmw_elf_section s;

	if ((vmw_elf_section(elf, ".gopclntab", &s) ||
	     vmw_elf_section(elf, ".data.rel.ro.gopclntab", &s)) && s.data)
		return open_table(elf, mem, bias, &s, 0, table);
	if (!vmw_elf_section(elf, ".data.rel.ro", &s) || !s.data)
		return false;
	for (size_t i = 0; i + 64 < s.data_size; i += TABLE_ALIGNMENT)
		if (!memcmp((const char *)s.data + i + 1, magic, sizeof(magic)) &&
		    open_table(elf, mem, bias, &s, i, table))
			return true;
	return false;
}

/* The bytes of @f's code, or NULL. */
static const void *code_of(struct vmw_elf *elf, const struct vmw_go_function *f)
{
	struct vmw_elf_section text;

	if (!vmw_elf_section(elf, ".text", &text) || !text.data ||
	    f->start < text.start || f->end - text.start > text.data_size)
		return NULL;
	return (const char *)text.data + (f->start - text.start);
}

static bool find_vars(struct vmw_elf *elf, const struct vmw_gopclntab *table,
		      struct vmw_golayout *layout)
{
	struct vmw_go_function caller, callee, adder;
	const void *calls, *adds;

	if (!vmw_gopclntab_find(table, "runtime.mallocinit", &caller) ||
	    !vmw_gopclntab_find(table, "runtime.(*mheap).init", &callee) ||
	    !vmw_gopclntab_find(table, "runtime.allgadd", &adder))
		return false;
	calls = code_of(elf, &caller);
	adds = code_of(elf, &adder);
	return calls && adds &&
	       vmw_go_receiver_of_call(&caller, calls, callee.start,
				       &layout->var[VMW_GO_VAR_HEAP]) &&
	       vmw_go_slice_used(&adder, adds, &layout->var[VMW_GO_VAR_ALLGS]);
}

/* Before 1.18 .go.buildinfo leads to the variable. */
static void find_version(struct vmw_elf *elf, struct vmw_mem *mem, uint64_t bias,
			 struct vmw_golayout *layout)
{
	struct vmw_elf_section s;
	uint64_t addr;

	if (!vmw_elf_section(elf, ".go.buildinfo", &s) || !s.data ||
	    s.data_size < BUILDINFO || ((const char *)s.data)[15] & INLINE)
		return;
	if (!vmw_mem_uint(mem, s.start + bias + VERSION_POINTER, 8, &addr))
		layout->var[VMW_GO_VAR_VERSION] = addr - bias;
}

bool vmw_golayout_find_vars(struct vmw_elf *elf, struct vmw_mem *mem,
			    uint64_t bias, struct vmw_golayout *layout)
{
	struct vmw_gopclntab table;

	if (!layout->var[VMW_GO_VAR_VERSION])
		find_version(elf, mem, bias, layout);
	return vmw_elf_is_x86_64(elf) &&
	       vmw_golayout_functions(elf, mem, bias, &table) &&
	       find_vars(elf, &table, layout);
}
