// SPDX-License-Identifier: GPL-2.0
/* All processes, a line each. */
#include <errno.h>

#include "table.h"

static void size_cells(struct vmw_table *t, const struct vmwalk_task *info)
{
	const uint64_t sizes[] = {
		info->mapped, vmw_task_resident(info), info->swap,
		info->page_tables, info->hiwater_rss,
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (vmw_task_has_memory(info))
			vmw_table_size(t, sizes[i]);
		else
			vmw_table_text(t, "-", NULL);
}

static void task_row(struct vmw_table *t, const struct vmw_task *task)
{
	const struct vmwalk_task *info = &task->info;
	const char state[] = { info->state, '\0' };

	vmw_table_row(t, NULL);
	vmw_table_number(t, info->pid);
	if (task->user)
		vmw_table_name(t, task->user);
	else
		vmw_table_number(t, info->euid);
	vmw_table_text(t, state, NULL);
	size_cells(t, info);
	vmw_table_text(t, task->go ? "Go" : "", NULL);
	vmw_table_name(t, info->comm);
}

static int print_table(FILE *out, const struct vmw_style *style,
		       const struct vmw_tasks *tasks)
{
	struct vmw_table *t = vmw_table_create(out, style, tasks->page_shift);

	if (!t)
		return -ENOMEM;
	vmw_table_column(t, "PID", VMW_COL_NUMBER);
	vmw_table_column(t, "USER", VMW_COL_CUT);
	vmw_table_spare(t, "S", VMW_COL_TEXT, 2);
	vmw_table_spare(t, "MAPPED", VMW_COL_NUMBER, 1);
	vmw_table_column(t, "RESIDENT", VMW_COL_NUMBER);
	vmw_table_spare(t, "SWAPPED", VMW_COL_NUMBER, 4);
	vmw_table_spare(t, "TABLES", VMW_COL_NUMBER, 5);
	vmw_table_spare(t, "PEAK", VMW_COL_NUMBER, 6);
	vmw_table_spare(t, "GO", VMW_COL_TEXT, 3);
	vmw_table_column(t, "NAME", VMW_COL_CUT);
	for (size_t i = 0; i < tasks->nr; i++)
		task_row(t, &tasks->task[i]);
	return vmw_table_destroy(t);
}

int vmw_render_ps(FILE *out, const struct vmw_style *style,
		  const struct vmw_tasks *tasks)
{
	int ret = print_table(out, style, tasks);

	if (ret || style->csv)
		return ret;
	fprintf(out, "\n%zu process%s, by the kernel's counters", tasks->nr,
		tasks->nr == 1 ? "" : "es");
	if (tasks->left_out)
		fprintf(out, "; with --all, %zu more that have no memory of "
			"their own", tasks->left_out);
	fputc('\n', out);
	return ferror(out) ? -EIO : 0;
}
