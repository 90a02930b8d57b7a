// SPDX-License-Identifier: GPL-2.0
/* What an address is in the frame of the call that has it, in words. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "render.h"

#define NAME	(4 * VMW_NAME_MAX)

/* "#2 of 5, main.f+0x1f, c00008ee30-c00008eea8; by Go's table of functions, …" */
bool vmw_object_frame(const struct vmw_aspace *as, uint64_t addr, char *buf,
		      size_t size)
{
	const struct vmw_slot *s = vmw_runtime_slot_at(&as->runtime, addr);
	char in[NAME], offset[32] = "";

	if (!s)
		return false;
	vmw_escape_name(s->in, in, sizeof(in));
	if (*in)
		snprintf(offset, sizeof(offset), "+0x%" PRIx64,
			 s->pc - s->function);
	else
		snprintf(in, sizeof(in), "0x%" PRIx64, s->pc);
	snprintf(buf, size, "#%u of %u, %s%s, %" PRIx64 "-%" PRIx64 "; by Go's "
		 "table of functions, %s", s->number, s->nr, in, offset,
		 s->start, s->cfa, s->linked ? "and saved rbp agrees" :
					       "alone");
	return true;
}

static void name_variable(const struct vmw_slot *s, char *buf, size_t size)
{
	char name[NAME], type[NAME], offset[32] = "";

	vmw_escape_name(s->name, name, sizeof(name));
	vmw_escape_name(s->type, type, sizeof(type));
	if (s->offset)
		snprintf(offset, sizeof(offset), "+0x%" PRIx64, s->offset);
	snprintf(buf, size, "%s %s%s%s%s, %" PRIu64 " bytes; by DWARF",
		 s->kind == VMW_SLOT_LOCAL ? "local" : "parameter or result",
		 name, offset, *type ? " " : "", type, s->size);
}

bool vmw_object_slot(const struct vmw_aspace *as, uint64_t addr, char *buf,
		     size_t size)
{
	const struct vmw_slot *s = vmw_runtime_slot_at(&as->runtime, addr);
	char name[NAME];

	if (!s)
		return false;
	switch (s->kind) {
	case VMW_SLOT_RETURN:
		vmw_escape_name(s->name, name, sizeof(name));
		snprintf(buf, size, "the return address%s%s",
			 *name ? ", into " : "", name);
		break;
	case VMW_SLOT_LINK:
		snprintf(buf, size, "the caller's frame pointer (rbp), saved");
		break;
	case VMW_SLOT_LOCAL:
	case VMW_SLOT_PARAMETER:
		name_variable(s, buf, size);
		break;
	default:
		snprintf(buf, size, "no variable's by now: what calls pass on, "
			 "registers kept, or one that is not in use");
	}
	return true;
}
