/* SPDX-License-Identifier: GPL-2.0 */
/* What glibc's own names for these are: dlsym() would allocate. */
#ifndef VMW_FAIL_H
#define VMW_FAIL_H

#include <stddef.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t nr, size_t size);
void *__libc_realloc(void *p, size_t size);

#endif
