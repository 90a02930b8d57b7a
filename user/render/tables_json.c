// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "views_json.h"

void vmw_json_geometry(struct vmw_json *j, const char *key,
		       const struct vmwalk_level *levels, unsigned int nr)
{
	char name[sizeof(levels->name) + 1] = "";

	vmw_json_array_begin(j, key);
	for (unsigned int i = 0; i < nr; i++) {
		memcpy(name, levels[i].name, sizeof(name) - 1);
		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "name", name);
		vmw_json_uint(j, "shift", levels[i].shift);
		vmw_json_uint(j, "entries", levels[i].entries);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

void vmw_json_levels(struct vmw_json *j, const struct vmw_aspace *as,
		     const struct vmwalk_tables *t)
{
	char name[sizeof(as->levels[0].name) + 1] = "";
	struct vmw_level_sum sum;

	vmw_json_array_begin(j, "levels");
	for (unsigned int i = 0; i < as->nr_levels; i++) {
		if (!vmw_level_sum(as, t, &as->levels[i], &sum))
			continue;
		memcpy(name, as->levels[i].name, sizeof(name) - 1);
		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "name", name);
		vmw_json_uint(j, "tables", sum.tables);
		vmw_json_uint(j, "bytes", sum.bytes);
		vmw_json_uint(j, "entries", sum.entries);
		vmw_json_uint(j, "entries_max", sum.room);
		vmw_json_bool(j, "counted", sum.counted);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

static void put_segment_tables(struct vmw_json *j, const struct vmw_aspace *as,
			       const struct vmw_segment *seg,
			       const struct vmwalk_tables *t)
{
	vmw_json_object_begin(j, NULL);
	vmw_json_segment(j, seg);
	vmw_json_uint(j, "mapped", seg->usage.mapped);
	vmw_json_uint(j, "present", seg->usage.present);
	vmw_json_uint(j, "tables_bytes", vmw_tables_bytes(as, t));
	vmw_json_uint(j, "pte", t->pte);
	vmw_json_uint(j, "pmd", t->pmd);
	vmw_json_uint(j, "pud", t->pud);
	vmw_json_uint(j, "p4d", t->p4d);
	vmw_json_uint(j, "deposited", t->deposited);
	vmw_json_uint(j, "pte_entries", t->pte_entries);
	vmw_json_object_end(j);
}

int vmw_json_tables(FILE *out, const struct vmw_aspace *as,
		    const struct vmw_segments *segs)
{
	struct vmw_json *j = vmw_json_document(out, "vmwalk-tables-1", as);

	if (!j)
		return -ENOMEM;
	vmw_json_object_begin(j, "tables");
	vmw_json_levels(j, as, &segs->tables);
	vmw_json_uint(j, "deposited", segs->tables.deposited);
	vmw_json_uint(j, "counted", vmw_tables_bytes(as, &segs->tables));
	vmw_json_object_end(j);
	vmw_json_array_begin(j, "segments");
	for (size_t i = 0; i < segs->nr; i++)
		put_segment_tables(j, as, &segs->seg[i],
				   vmw_segment_tables(segs, &segs->seg[i]));
	vmw_json_array_end(j);
	return vmw_json_document_end(j);
}
