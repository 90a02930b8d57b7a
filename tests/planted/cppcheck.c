// SPDX-License-Identifier: GPL-2.0
/* For cppcheck to find: one past the end of an array. It is not built. */

int vmw_planted(void)
{
	int of[4] = { 0 };

	return of[4];
}
