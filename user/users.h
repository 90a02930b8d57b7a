/* SPDX-License-Identifier: GPL-2.0 */
/* Users, by name and by number. */
#ifndef VMW_USERS_H
#define VMW_USERS_H

#include <stdint.h>

#include "error.h"
#include "model/tasks.h"

struct vmw_users;

/*
 * Names the users of @tasks, each looked up once. The names are the result's,
 * which vmw_users_free() ends; NULL: no memory.
 */
struct vmw_users *vmw_users_of(struct vmw_tasks *tasks);
void vmw_users_free(struct vmw_users *users);
/* A name or a number. Returns 0, or a negative errno with @err filled. */
int vmw_user_id(const char *user, uint32_t *uid, struct vmw_error *err);

#endif
