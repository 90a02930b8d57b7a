// SPDX-License-Identifier: GPL-2.0
#include "snapshot.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct vmw_snapshot *vmw_snapshot_create(void)
{
	return calloc(1, sizeof(struct vmw_snapshot));
}

void vmw_snapshot_destroy(struct vmw_snapshot *s)
{
	if (!s)
		return;
	vmw_aspace_deinit(&s->as);
	vmw_ways_deinit(&s->ways);
	free(s->images);
	free(s);
}

bool vmw_label_is_valid(const char *label)
{
	const size_t len = strlen(label);

	if (!len || len > VMW_LABEL_MAX || strspn(label, "+-0123456789") == len)
		return false;
	for (; *label; label++)
		if (!isgraph((unsigned char)*label) || strchr("@/", *label))
			return false;
	return true;
}
