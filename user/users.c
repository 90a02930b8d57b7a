// SPDX-License-Identifier: GPL-2.0
#include "users.h"

#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

/* Few processes are of many users: a list, the one met last first. */
struct vmw_users {
	struct vmw_users *next;
	uint32_t uid;
	char *name;		/* NULL: it has none */
};

static struct vmw_users *look_up(struct vmw_users *head, uint32_t uid)
{
	struct vmw_users *u = calloc(1, sizeof(*u));
	struct passwd *pw;

	if (!u)
		return NULL;
	pw = getpwuid(uid);
	u->uid = uid;
	u->name = pw ? strdup(pw->pw_name) : NULL;
	u->next = head->next;
	head->next = u;
	return u;
}

static struct vmw_users *find(struct vmw_users *head, uint32_t uid)
{
	for (struct vmw_users *u = head->next; u; u = u->next)
		if (u->uid == uid)
			return u;
	return look_up(head, uid);
}

struct vmw_users *vmw_users_of(struct vmw_tasks *tasks)
{
	struct vmw_users *head = calloc(1, sizeof(*head)), *u = NULL;

	for (size_t i = 0; head && i < tasks->nr; i++) {
		struct vmw_task *task = &tasks->task[i];

		if (!u || u->uid != task->info.euid)
			u = find(head, task->info.euid);
		if (!u) {
			vmw_users_free(head);
			return NULL;
		}
		task->user = u->name;
	}
	return head;
}

void vmw_users_free(struct vmw_users *users)
{
	struct vmw_users *next;

	for (; users; users = next) {
		next = users->next;
		free(users->name);
		free(users);
	}
}

int vmw_user_id(const char *user, uint32_t *uid, struct vmw_error *err)
{
	struct passwd *pw = getpwnam(user);
	unsigned long number;
	char *end;

	if (pw) {
		*uid = pw->pw_uid;
		return 0;
	}
	errno = 0;
	number = strtoul(user, &end, 10);
	if (!isdigit((unsigned char)*user) || *end || errno ||
	    number > UINT32_MAX)
		return vmw_error_set(err, -ENOENT, "no user is called '%s'",
				     user);
	*uid = number;
	return 0;
}
