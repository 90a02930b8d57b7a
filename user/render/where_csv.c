// SPDX-License-Identifier: GPL-2.0
/* What lies at each of some addresses, a row for each. */
#include <errno.h>
#include <inttypes.h>

#include "table.h"

static void mapped_cells(struct vmw_table *t, const struct vmw_place *p)
{
	const struct vmwalk_vma *v = &p->vma->info;
	char perms[5];

	vmw_perms(p->vma, perms);
	vmw_table_text(t, vmw_segment_kind_name(p->segment->kind), NULL);
	vmw_table_hex(t, v->start, 1);
	vmw_table_hex(t, v->end, 1);
	vmw_table_text(t, perms, NULL);
	vmw_table_hex(t, p->addr - v->start, 1);
}

static void page_cells(struct vmw_table *t, const struct vmw_aspace *as,
		       const struct vmw_place *p)
{
	const bool present = p->has_state && vmw_state_present(p->state);

	if (!p->has_state) {
		for (int i = 0; i < 3; i++)
			vmw_table_text(t, "", NULL);
		return;
	}
	vmw_table_text(t, vmw_kind_name(vmw_state_kind(p->state)), NULL);
	vmw_table_text(t, present ? vmw_leaf_size_name(as, p->state) : "", NULL);
	vmw_table_text(t, present ? "" :
		       vmw_reason_text(vmw_reason(p->vma, p->state)), NULL);
}

/* How far a VMA is that does not hold the address. */
static void distance_cell(struct vmw_table *t, const struct vmw_vma *vma,
			  uint64_t bytes)
{
	if (vma)
		vmw_table_size(t, bytes);
	else
		vmw_table_text(t, "", NULL);
}

static void place_row(struct vmw_table *t, const struct vmw_aspace *as,
		      const struct vmw_place *p)
{
	const struct vmw_runtime_symbol *s;
	char object[VMW_OBJECT_MAX] = "";

	vmw_table_row(t, NULL);
	vmw_table_hex(t, p->addr, 1);
	vmw_table_name(t, p->symbol ? p->symbol : "");
	vmw_table_print(t, p->sp_of ? "%d" : "", p->sp_of);
	vmw_object_name(as, p->addr, object, sizeof(object));
	vmw_table_text(t, object, NULL);
	s = vmw_runtime_symbol_at(&as->runtime, p->addr);
	vmw_table_name(t, s ? s->name : "");
	if (p->vma)
		mapped_cells(t, p);
	for (int i = 0; !p->vma && i < 5; i++)
		vmw_table_text(t, "", NULL);
	page_cells(t, as, p);
	distance_cell(t, p->below, p->below ? p->addr - p->below->info.end : 0);
	distance_cell(t, p->above,
		      p->above ? p->above->info.start - p->addr : 0);
	vmw_table_name(t, p->vma && p->vma->name ? p->vma->name : "");
}

int vmw_csv_where(FILE *out, const struct vmw_style *style,
		  const struct vmw_aspace *as, const struct vmw_place *places,
		  size_t nr)
{
	static const char *const titles[] = {
		"ADDRESS", "ASKED", "SP_OF", "OBJECT", "SYMBOL", "SEGMENT",
		"START", "END", "PERM", "OFFSET", "KIND", "LEAF", "REASON",
		"BELOW", "ABOVE", "NAME",
	};
	struct vmw_table *t = vmw_table_create(out, style, as->page_shift);

	if (!t)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		vmw_table_column(t, titles[i], VMW_COL_TEXT);
	for (size_t i = 0; i < nr; i++)
		place_row(t, as, &places[i]);
	return vmw_table_destroy(t);
}
