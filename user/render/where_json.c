// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "views_json.h"

static void put_place_mapped(struct vmw_json *j, const struct vmw_aspace *as,
			     const struct vmw_place *p)
{
	vmw_json_object_begin(j, "segment");
	vmw_json_segment(j, p->segment);
	vmw_json_object_end(j);
	vmw_json_object_begin(j, "vma");
	vmw_json_vma(j, p->vma);
	vmw_json_object_end(j);
	if (!p->has_state) {
		vmw_json_string(j, "page", NULL);
		return;
	}
	vmw_json_object_begin(j, "page");
	vmw_json_state_of(j, as, p->state, false);
	if (vmw_state_kind(p->state) == VMWALK_KIND_SWAP)
		vmw_json_frame(j, as, p->state, p->frame);
	vmw_json_reason(j, p->vma, p->state);
	vmw_json_object_end(j);
}

static void put_place(struct vmw_json *j, const struct vmw_aspace *as,
		      const struct vmw_place *p)
{
	vmw_json_object_begin(j, NULL);
	vmw_json_address(j, "address", p->addr);
	vmw_json_string(j, "asked", p->symbol);
	if (p->sp_of)
		vmw_json_uint(j, "sp_of", p->sp_of);
	else
		vmw_json_string(j, "sp_of", NULL);
	vmw_json_object(j, as, p->addr);
	if (p->vma) {
		put_place_mapped(j, as, p);
	} else {
		vmw_json_string(j, "segment", NULL);
		vmw_json_string(j, "vma", NULL);
		vmw_json_string(j, "page", NULL);
	}
	vmw_json_neighbour(j, "below", p->below,
			   p->below ? p->addr - p->below->info.end : 0);
	vmw_json_neighbour(j, "above", p->above,
			   p->above ? p->above->info.start - p->addr : 0);
	vmw_json_object_end(j);
}

int vmw_json_where(FILE *out, const struct vmw_aspace *as,
		   const struct vmw_place *places, size_t nr)
{
	struct vmw_json *j = vmw_json_document(out, "vmwalk-where-1", as);

	if (!j)
		return -ENOMEM;
	vmw_json_array_begin(j, "places");
	for (size_t i = 0; i < nr; i++)
		put_place(j, as, &places[i]);
	vmw_json_array_end(j);
	vmw_json_string(j, "not_known", as->runtime.note[0] ?
			as->runtime.note : NULL);
	return vmw_json_document_end(j);
}
