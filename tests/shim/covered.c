// SPDX-License-Identifier: GPL-2.0
/*
 * Linked into what counts the lines it reaches (make coverage-client), in the place of
 * two functions: who ends without exit() tells its counts all the same, and who may write
 * no file may write those.
 */
#include <gcov.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));
int __real_setrlimit(int resource, const struct rlimit *l);
int __wrap_setrlimit(int resource, const struct rlimit *l);

/* Before the counts are told: that is not what is to fail (fail.c). */
static void __attribute__((destructor)) forget_failures(void)
{
	unsetenv("FAIL_CALL");
}

void __wrap__exit(int status)
{
	forget_failures();
	__gcov_dump();
	__real__exit(status);
}

int __wrap_setrlimit(int resource, const struct rlimit *l)
{
	return resource == RLIMIT_FSIZE && !l->rlim_max ? 0 :
	       __real_setrlimit(resource, l);
}
