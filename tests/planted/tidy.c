// SPDX-License-Identifier: GPL-2.0
/*
 * For clang-tidy to find: a division by zero, by clang's analyzer; and memory set to a
 * digit rather than a number, by a check of its own. It is not built.
 */
#include <string.h>

int vmw_planted(int nr, int *p, size_t len)
{
	memset(p, '0', len);
	return nr ? 1 : 1 / nr;
}
