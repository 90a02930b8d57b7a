// SPDX-License-Identifier: GPL-2.0
/* What changed, a row for each VMA that did, and for each run of pages. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "diff.h"
#include "table.h"

static void add_name(char *text, size_t size, const char *name)
{
	const size_t len = strlen(text);

	snprintf(text + len, size - len, "%s%s", len ? ", " : "", name);
}

static void vma_cells(struct vmw_table *t, const struct vmw_vma *vma)
{
	char perms[5];

	if (!vma) {
		vmw_table_text(t, "", NULL);
		vmw_table_text(t, "", NULL);
		return;
	}
	vmw_perms(vma, perms);
	vmw_table_range(t, vma->info.start, vma->info.end);
	vmw_table_text(t, perms, NULL);
}

static void row_of(struct vmw_table *t, const struct vmw_diff *d,
		   const struct vmw_diff_vma *r)
{
	vmw_table_row(t, NULL);
	vma_cells(t, r->a != VMW_NO_VMA ? &d->a->vmas[r->a] : NULL);
	vma_cells(t, r->b != VMW_NO_VMA ? &d->b->vmas[r->b] : NULL);
}

static void name_cell(struct vmw_table *t, const struct vmw_diff *d,
		      const struct vmw_diff_vma *r)
{
	const struct vmw_vma *vma = r->b != VMW_NO_VMA ? &d->b->vmas[r->b] :
							 &d->a->vmas[r->a];

	vmw_table_name(t, vma->name ? vma->name : "");
}

static void vma_row(struct vmw_table *t, const struct vmw_diff *d,
		    const struct vmw_diff_vma *r)
{
	char changes[VMW_VMA_CHANGES_TEXT];

	row_of(t, d, r);
	vmw_table_text(t, vmw_vma_changes(r->changes, changes), NULL);
	for (int i = 0; i < 5; i++)
		vmw_table_text(t, "", NULL);
	name_cell(t, d, r);
}

static void run_row(struct vmw_table *t, const struct vmw_diff *d,
		    const struct vmw_diff_run *run)
{
	char changes[256] = "";

	for (unsigned int i = 0; i < VMW_PAGE_CHANGES; i++)
		if (run->changes >> i & 1)
			add_name(changes, sizeof(changes),
				 vmw_page_change_name(i));
	row_of(t, d, &d->vmas[run->vma]);
	vmw_table_text(t, changes, NULL);
	vmw_table_hex(t, run->start, 1);
	vmw_table_hex(t, run->start + (run->pages << d->b->page_shift), 1);
	vmw_table_number(t, run->pages);
	vmw_table_text(t, vmw_kind_name(vmw_state_kind(run->before)), NULL);
	vmw_table_text(t, vmw_kind_name(vmw_state_kind(run->after)), NULL);
	name_cell(t, d, &d->vmas[run->vma]);
}

int vmw_csv_diff_extents(FILE *out, const struct vmw_style *style,
			 const struct vmw_diff_view *v)
{
	static const char *const titles[] = {
		"FIRST", "FIRST_PERM", "SECOND", "SECOND_PERM", "CHANGE",
		"START", "END", "PAGES", "BEFORE", "AFTER", "NAME",
	};
	const struct vmw_diff *d = v->diff;
	const struct vmw_diff_run *run = d->runs, *end = run + d->nr_runs;
	struct vmw_table *t = vmw_table_create(out, style, d->b->page_shift);

	if (!t)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		vmw_table_column(t, titles[i], VMW_COL_TEXT);
	for (size_t i = 0; i < d->nr_vmas; i++) {
		if (d->vmas[i].changes)
			vma_row(t, d, &d->vmas[i]);
		for (; run < end && run->vma == i; run++)
			run_row(t, d, run);
	}
	return vmw_table_destroy(t);
}
