// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "views_json.h"

static void put_names(struct vmw_json *j, const struct vmw_info *info,
		      const struct vmw_pte *pte, unsigned int entry)
{
	const struct vmwalk_entry_bit *bit;
	unsigned int i = 0;
	uint64_t value;

	vmw_json_array_begin(j, "bits");
	while ((bit = vmw_pte_next_bit(pte, info, entry, &i, &value))) {
		char name[sizeof(bit->name) + 1];

		snprintf(name, sizeof(name), "%.*s", (int)sizeof(bit->name),
			 bit->name);
		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "name", name);
		vmw_json_uint(j, "value", value);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

static void put_permission(struct vmw_json *j, struct vmw_permission p)
{
	vmw_json_object_begin(j, "permits");
	vmw_json_bool(j, "user", p.user);
	vmw_json_bool(j, "write", p.write);
	vmw_json_bool(j, "exec", p.exec);
	vmw_json_object_end(j);
}

static void put_entry(struct vmw_json *j, const struct vmw_info *info,
		      const struct vmw_pte *pte, unsigned int entry)
{
	static const char *const agreements[] = {
		[VMW_SAME] = "same",
		[VMW_SAME_BUT_USED] = "same-but-used",
		[VMW_DIFFERENT] = "different",
		[VMW_READ_ONCE] = "read-once",
	};
	const struct vmwalk_entry *e = &pte->entries[entry];
	const struct vmwalk_level *level = vmw_pte_level(info, e);
	const struct vmw_permission p = vmw_pte_permission(pte, entry);

	vmw_json_object_begin(j, NULL);
	vmw_json_uint(j, "level", e->level);
	vmw_json_string(j, "name", level->name);
	vmw_json_uint(j, "shift", level->shift);
	vmw_json_uint(j, "index", e->index);
	vmw_json_address(j, "phys", e->phys);
	vmw_json_address(j, "value", e->value);
	if (e->flags & VMWALK_ENTRY_F_AGAIN)
		vmw_json_address(j, "again", e->again);
	else
		vmw_json_string(j, "again", NULL);
	vmw_json_string(j, "agreement", agreements[vmw_pte_agreement(info, e)]);
	vmw_json_bool(j, "present", e->flags & VMWALK_ENTRY_F_PRESENT);
	vmw_json_bool(j, "leaf", e->flags & VMWALK_ENTRY_F_LEAF);
	vmw_json_bool(j, "bad", e->flags & VMWALK_ENTRY_F_BAD);
	put_names(j, info, pte, entry);
	put_permission(j, p);
	vmw_json_bool(j, "isolated", p.isolated);
	vmw_json_object_end(j);
}

static void put_page_flags(struct vmw_json *j, const struct vmwalk_page *page)
{
	vmw_json_array_begin(j, "flags");
	for (unsigned int bit = 0; bit < 64; bit++)
		if (page->flags >> bit & 1 && vmw_page_flag_name(bit))
			vmw_json_string(j, NULL, vmw_page_flag_name(bit));
	vmw_json_array_end(j);
	vmw_json_address(j, "kpageflags", page->flags);
	vmw_json_address(j, "known", page->known);
}

static void put_struct_page(struct vmw_json *j, const struct vmwalk_page *page)
{
	char dev[24];

	if (!page) {
		vmw_json_string(j, "struct_page", NULL);
		return;
	}
	snprintf(dev, sizeof(dev), "%02x:%02x", page->dev_major,
		 page->dev_minor);
	vmw_json_object_begin(j, "struct_page");
	vmw_json_address(j, "pfn", page->pfn);
	put_page_flags(j, page);
	vmw_json_uint(j, "node", page->node);
	vmw_json_uint(j, "order", page->order);
	vmw_json_uint(j, "refcount", page->refcount < 0 ? 0 : page->refcount);
	vmw_json_uint(j, "mapcount", page->mapcount < 0 ? 0 : page->mapcount);
	vmw_json_string(j, "dev", dev);
	vmw_json_uint(j, "inode", page->ino);
	vmw_json_address(j, "index", page->index);
	vmw_json_object_end(j);
}

static void put_way(struct vmw_json *j, const struct vmw_info *info,
		    const struct vmw_pte *pte)
{
	vmw_json_array_begin(j, "levels");
	for (unsigned int i = 0; i < pte->nr_entries; i++)
		put_entry(j, info, pte, i);
	vmw_json_array_end(j);
	put_struct_page(j, pte->has_page ? &pte->page : NULL);
	vmw_json_bool(j, "consistent", vmw_pte_consistent(pte, info));
	if (pte->has_vma)
		vmw_json_address(j, "top", pte->top);
	else
		vmw_json_string(j, "top", NULL);
}

int vmw_json_pte(FILE *out, const struct vmw_info *info,
		 const struct vmw_aspace *as, const struct vmw_place *place,
		 const struct vmw_pte *pte)
{
	struct vmw_json *j = vmw_json_document(out, "vmwalk-pte-1", as);

	if (!j)
		return -ENOMEM;
	vmw_json_address(j, "address", pte->addr);
	if (place->vma) {
		vmw_json_object_begin(j, "vma");
		vmw_json_vma(j, place->vma);
		vmw_json_object_end(j);
	} else {
		vmw_json_string(j, "vma", NULL);
	}
	if (pte->has_vma) {
		vmw_json_object_begin(j, "page");
		vmw_json_state_of(j, as, pte->state, true);
		vmw_json_frame(j, as, pte->state, pte->frame);
		vmw_json_object_end(j);
	} else {
		vmw_json_string(j, "page", NULL);
	}
	put_way(j, info, pte);
	vmw_json_neighbour(j, "below", place->below, place->below ?
			   place->addr - place->below->info.end : 0);
	vmw_json_neighbour(j, "above", place->above, place->above ?
			   place->above->info.start - place->addr : 0);
	return vmw_json_document_end(j);
}
