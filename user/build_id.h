/* SPDX-License-Identifier: GPL-2.0 */
/* What the linker called a program, in its notes. */
#ifndef VMW_BUILD_ID_H
#define VMW_BUILD_ID_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Of the ELF file @path, to @buf: GNU's in hexadecimal, else Go's, "go:" before it;
 * "" if it has none, or is not to be read. Cut to what fits.
 */
void vmw_build_id(const char *path, char *buf, size_t size);
/* Has Go's linker left its note in there? */
bool vmw_build_id_is_go(const char *path);
/* Of an open file, which stays open. */
void vmw_build_id_of(int fd, char *buf, size_t size);

#endif
