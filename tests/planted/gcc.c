// SPDX-License-Identifier: GPL-2.0
/* For gcc's analyzer to find: what is freed twice. It is not built. */
#include <stdlib.h>

void vmw_planted(char *p, int twice)
{
	free(p);
	if (twice)
		free(p);
}
