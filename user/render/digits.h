/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers as text. printf() takes a thousand instructions for one, and a table of
 * all VMAs has a hundred thousand.
 */
#ifndef VMW_DIGITS_H
#define VMW_DIGITS_H

#include <stdint.h>

#define VMW_DIGITS	21	/* bytes that any number needs, with the NUL */

/* Each writes @n and a NUL to @buf, and returns where the NUL is. */
char *vmw_decimal(char *buf, uint64_t n);
/* Lower case, of @least digits or more, which are 16 at most. */
char *vmw_hex(char *buf, uint64_t n, unsigned int least);

#endif
