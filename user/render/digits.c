// SPDX-License-Identifier: GPL-2.0
#include "digits.h"

#include <string.h>

/* Digits are found from the last on. */
static char *copy_out(char *buf, const char *digits, const char *end)
{
	const size_t len = end - digits;

	memcpy(buf, digits, len);
	buf[len] = '\0';
	return buf + len;
}

char *vmw_decimal(char *buf, uint64_t n)
{
	char digits[VMW_DIGITS], *end = digits + sizeof(digits), *p = end;

	do {
		*--p = '0' + n % 10;
		n /= 10;
	} while (n);
	return copy_out(buf, p, end);
}

char *vmw_hex(char *buf, uint64_t n, unsigned int least)
{
	char digits[VMW_DIGITS], *end = digits + sizeof(digits), *p = end;

	do {
		*--p = "0123456789abcdef"[n & 15];
		n >>= 4;
	} while (n || end - p < (int)least);
	return copy_out(buf, p, end);
}
