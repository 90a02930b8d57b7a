// SPDX-License-Identifier: GPL-2.0
#include "go_tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "build_id.h"

/* A program that has been looked into. */
struct program {
	dev_t dev;
	ino_t ino;
	bool go;
};

struct programs {
	struct program *program;	/* NULL: there is no memory to keep any */
	size_t nr;
};

/* The last first: who starts many of one does so in a row. */
static const struct program *find(const struct programs *known, const struct stat *st)
{
	for (size_t i = known->nr; i--;) {
		const struct program *p = &known->program[i];

		if (p->ino == st->st_ino && p->dev == st->st_dev)
			return p;
	}
	return NULL;
}

/*
 * Many processes run the same few programs, and to know a file by its inode costs a
 * quarter of looking into it.
 */
static bool runs_go(struct programs *known, uint32_t pid)
{
	const struct program *p;
	struct stat st;
	char path[32];
	bool go;

	snprintf(path, sizeof(path), "/proc/%u/exe", pid);
	if (stat(path, &st))
		return false;
	p = find(known, &st);
	if (p)
		return p->go;
	go = vmw_build_id_is_go(path);
	if (known->program)
		known->program[known->nr++] = (struct program){
			.dev = st.st_dev, .ino = st.st_ino, .go = go,
		};
	return go;
}

void vmw_go_tasks(struct vmw_tasks *tasks)
{
	struct programs known = {
		.program = calloc(tasks->nr + 1, sizeof(*known.program)),
	};

	for (size_t i = 0; i < tasks->nr; i++) {
		struct vmw_task *task = &tasks->task[i];

		task->go = vmw_task_has_memory(&task->info) &&
			   runs_go(&known, task->info.pid);
	}
	free(known.program);
}
