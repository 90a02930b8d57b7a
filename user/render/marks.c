// SPDX-License-Identifier: GPL-2.0
#include "marks.h"

#include <errno.h>
#include <stdlib.h>

static int compare_marks(const void *a, const void *b)
{
	const struct vmw_mark *x = a, *y = b;

	return (x->addr > y->addr) - (x->addr < y->addr);
}

static void add_mark(struct vmw_marks *marks, uint64_t addr, const char *name)
{
	struct vmw_mark *m = &marks->mark[marks->nr];

	if (!addr)
		return;
	m->addr = addr;
	snprintf(m->name, sizeof(m->name), "%s", name);
	marks->nr++;
}

/* The marks that mean something by their place; the sizes are for `show`. */
int vmw_marks_find(struct vmw_marks *marks, const struct vmw_aspace *as,
		   uint64_t start)
{
	const struct vmwalk_mm *mm = &as->mm;
	const struct {
		uint64_t addr;
		const char *name;
	} landmarks[] = {
		{ mm->start_code, "code" }, { mm->start_data, "data" },
		{ mm->start_brk, "start_brk" }, { mm->brk, "brk" },
		{ mm->start_stack, "stack" }, { mm->arg_start, "args" },
		{ mm->env_start, "env" }, { mm->mmap_base, "mmap_base" },
	};
	const size_t nr = sizeof(landmarks) / sizeof(landmarks[0]);
	char name[16];

	*marks = (struct vmw_marks){ 0 };
	marks->mark = calloc(nr + as->nr_threads, sizeof(*marks->mark));
	if (!marks->mark)
		return -ENOMEM;
	for (size_t i = 0; i < nr; i++)
		add_mark(marks, landmarks[i].addr, landmarks[i].name);
	for (size_t i = 0; i < as->nr_threads; i++) {
		const struct vmw_thread *t = &as->threads[i];

		snprintf(name, sizeof(name), "sp %d%s", t->tid,
			 t->running ? "*" : "");
		add_mark(marks, t->has_regs ? t->sp : 0, name);
	}
	qsort(marks->mark, marks->nr, sizeof(*marks->mark), compare_marks);
	while (marks->first < marks->nr &&
	       marks->mark[marks->first].addr < start)
		marks->first++;
	return 0;
}

void vmw_marks_deinit(struct vmw_marks *marks)
{
	free(marks->mark);
}

const char *vmw_marks_name(struct vmw_marks *marks, uint64_t last,
			   char buf[VMW_MARKS_ROOM])
{
	size_t used = 0;

	buf[0] = '\0';
	for (; marks->next < marks->nr; marks->next++) {
		const struct vmw_mark *m = &marks->mark[marks->next];

		if (m->addr > last)
			break;
		if (used + sizeof(m->name) + 4 < VMW_MARKS_ROOM)
			used += sprintf(buf + used, "%s%s",
					used ? ", " : " < ", m->name);
	}
	return buf;
}
