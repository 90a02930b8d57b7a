/* SPDX-License-Identifier: GPL-2.0 */
/* Runs a part of a test in a process of its own, with other credentials. */
#ifndef VMW_TEST_CHILD_H
#define VMW_TEST_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

/* A user without any privilege. */
#define VMW_NOBODY 1000

/* Forks; true if @part was, in the child. It must not use cmocka's asserts. */
bool vmw_in_child(bool (*part)(void *arg), void *arg);

/* Gives up root for good. */
bool vmw_become_nobody(void);

/* Forks a child that waits to be killed; its pid. */
pid_t vmw_fork_idle(void);
/* Kills and reaps it. */
void vmw_end_idle(pid_t pid);

/* True as soon as /sys/module/vmwalk/refcnt is 0, false after many seconds. */
bool vmw_module_idle(void);

#endif
