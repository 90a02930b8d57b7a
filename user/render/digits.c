// SPDX-License-Identifier: GPL-2.0
#include "digits.h"

/* Digits are found from the last on: first, how many there are. */

char *vmw_decimal(char *buf, uint64_t n)
{
	unsigned int digits = 1;
	char *p;

	for (uint64_t power = 10; n >= power; power *= 10) {
		digits++;
		if (digits == 20)	/* the next power has no room */
			break;
	}
	p = buf + digits;
	*p = '\0';
	do {
		*--p = '0' + n % 10;
		n /= 10;
	} while (n);
	return buf + digits;
}

char *vmw_hex(char *buf, uint64_t n, unsigned int least)
{
	unsigned int digits = n ? (67 - __builtin_clzll(n)) / 4 : 1;
	char *p;

	if (digits < least)
		digits = least;
	p = buf + digits;
	*p = '\0';
	while (p > buf) {
		*--p = "0123456789abcdef"[n & 15];
		n >>= 4;
	}
	return buf + digits;
}
