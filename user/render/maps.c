// SPDX-License-Identifier: GPL-2.0
/* The columns of /proc/PID/maps, with what is behind each VMA. */
#include <errno.h>

#include "digits.h"
#include "table.h"

static void add_device(struct vmw_table *t, const struct vmwalk_vma *v)
{
	char buf[2 * VMW_DIGITS], *p = vmw_hex(buf, v->dev_major, 2);

	*p++ = ':';
	vmw_hex(p, v->dev_minor, 2);
	vmw_table_text(t, buf, NULL);
}

static void add_row(struct vmw_table *t, const struct vmw_vma *vma)
{
	const struct vmwalk_vma *v = &vma->info;
	char perms[5];

	vmw_perms(vma, perms);
	vmw_table_row(t, NULL);
	vmw_table_range(t, v->start, v->end);
	vmw_table_text(t, perms, NULL);
	vmw_table_hex(t, v->offset, 8);
	add_device(t, v);
	vmw_table_number(t, v->ino);
	vmw_table_size(t, vma->usage.mapped);
	vmw_table_size(t, vma->usage.present);
	vmw_table_size(t, vma->usage.resident);
	vmw_table_size(t, vma->usage.swapped);
	if (vma->info.flags & VMWALK_VMA_F_NAME_LOST)
		vmw_table_text(t, "(name too long)", NULL);
	else
		vmw_table_name(t, vma->name ? vma->name : "");
}

int vmw_render_maps(FILE *out, const struct vmw_style *style,
		    const struct vmw_aspace *as)
{
	struct vmw_table *t = vmw_table_create(out, style, as->page_shift);

	if (!t)
		return -ENOMEM;
	vmw_table_column(t, "RANGE", VMW_COL_TEXT);
	vmw_table_spare(t, "PERM", VMW_COL_TEXT, 2);
	vmw_table_spare(t, "OFFSET", VMW_COL_NUMBER, 6);
	vmw_table_spare(t, "DEV", VMW_COL_TEXT, 8);
	vmw_table_spare(t, "INODE", VMW_COL_NUMBER, 7);
	vmw_table_spare(t, "MAPPED", VMW_COL_NUMBER, 3);
	vmw_table_spare(t, "PRESENT", VMW_COL_NUMBER, 5);
	vmw_table_spare(t, "RESIDENT", VMW_COL_NUMBER, 1);
	vmw_table_spare(t, "SWAPPED", VMW_COL_NUMBER, 4);
	vmw_table_column(t, "NAME", VMW_COL_CUT);
	for (size_t i = 0; i < as->nr_vmas; i++)
		add_row(t, &as->vmas[i]);
	return vmw_table_destroy(t);
}
