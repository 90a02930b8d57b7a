// SPDX-License-Identifier: GPL-2.0
/* Each thread, and what its registers point into. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>

#include "table.h"

const struct vmw_segment *vmw_segment_at(const struct vmw_aspace *as,
					 const struct vmw_segments *segs,
					 uint64_t addr)
{
	const struct vmw_vma *vma = vmw_aspace_find_vma(as, addr);

	return vma ? &segs->seg[segs->of_vma[vma - as->vmas]] : NULL;
}

/* Two cells. @g: the stack of Go's that is pointed into, or NULL. */
static void address_cells(struct vmw_table *t, const struct vmw_aspace *as,
			  const struct vmw_segments *segs, uint64_t addr,
			  const struct vmw_g *g)
{
	const struct vmw_segment *seg = vmw_segment_at(as, segs, addr);
	char name[4 * NAME_MAX + 1];

	vmw_table_hex(t, addr, 1);
	if (seg && g) {
		vmw_go_stack_name(g, name, sizeof(name));
		vmw_table_text(t, name, vmw_segment_color(seg->kind));
		return;
	}
	if (!seg) {
		vmw_table_text(t, "-", NULL);
		return;
	}
	vmw_segment_name(seg, name, sizeof(name));
	vmw_table_text(t, name, vmw_segment_color(seg->kind));
}

static void add_row(struct vmw_table *t, const struct vmw_aspace *as,
		    const struct vmw_segments *segs,
		    const struct vmw_thread *thread)
{
	const struct vmw_runtime *rt = &as->runtime;

	vmw_table_row(t, NULL);
	vmw_table_number(t, thread->tid);
	vmw_table_name(t, thread->comm);
	vmw_table_print(t, "%c%s", thread->state ? thread->state : '?',
			thread->running ? "*" : "");
	if (!thread->has_regs)
		return;
	address_cells(t, as, segs, thread->sp,
		      vmw_runtime_g_of_sp(rt, thread->sp));
	address_cells(t, as, segs, thread->pc, NULL);
	address_cells(t, as, segs, thread->fs_base,
		      vmw_runtime_g_at(rt, thread->fs_base));
}

static void add_columns(struct vmw_table *t)
{
	vmw_table_column(t, "TID", VMW_COL_NUMBER);
	vmw_table_column(t, "NAME", VMW_COL_CUT);
	vmw_table_column(t, "S", VMW_COL_TEXT);
	vmw_table_column(t, "SP", VMW_COL_NUMBER);
	vmw_table_column(t, "IN", VMW_COL_CUT);
	vmw_table_spare(t, "PC", VMW_COL_NUMBER, 2);
	vmw_table_spare(t, "IN", VMW_COL_CUT, 1);
	vmw_table_spare(t, "FS_BASE", VMW_COL_NUMBER, 4);
	vmw_table_spare(t, "IN", VMW_COL_CUT, 3);
}

int vmw_render_threads(FILE *out, const struct vmw_style *style,
		       const struct vmw_aspace *as,
		       const struct vmw_segments *segs)
{
	struct vmw_table *t = vmw_table_create(out, style, as->page_shift);
	bool stale = false;
	int ret;

	if (!t)
		return -ENOMEM;
	add_columns(t);
	for (size_t i = 0; i < as->nr_threads; i++) {
		add_row(t, as, segs, &as->threads[i]);
		stale |= as->threads[i].running;
	}
	ret = vmw_table_destroy(t);
	if (ret)
		return ret;
	if (stale && !style->csv)
		fputs("\n* running: stale, as when it last entered the kernel\n",
		      out);
	return ferror(out) ? -EIO : 0;
}
