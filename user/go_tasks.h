/* SPDX-License-Identifier: GPL-2.0 */
/* Which processes run what Go's linker made. */
#ifndef VMW_GO_TASKS_H
#define VMW_GO_TASKS_H

#include "model/tasks.h"

/* Sets .go of each, as far as its program is there and may be read. */
void vmw_go_tasks(struct vmw_tasks *tasks);

#endif
