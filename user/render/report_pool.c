// SPDX-License-Identifier: GPL-2.0
#include "report_data.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	const struct vmw_pooled *x = a, *y = b;

	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return memcmp(x->data, y->data, x->len);
}

static int make_room(struct vmw_pool *pool)
{
	const size_t room = pool->room_fresh ? 2 * pool->room_fresh : 64;
	struct vmw_pooled **fresh;

	if (pool->nr_fresh < pool->room_fresh)
		return 0;
	fresh = reallocarray(pool->fresh, room, sizeof(*fresh));
	if (!fresh)
		return -ENOMEM;
	pool->fresh = fresh;
	pool->room_fresh = room;
	return 0;
}

int64_t vmw_pool_add(struct vmw_pool *pool, const void *data, size_t len)
{
	struct vmw_pooled *p = malloc(sizeof(*p) + len), **found;

	if (!p || make_room(pool)) {
		free(p);
		return -ENOMEM;
	}
	p->len = len;
	p->nr = pool->nr;
	memcpy(p->data, data, len);
	found = tsearch(p, &pool->root, compare);
	if (!found || *found != p)
		free(p);
	if (!found)
		return -ENOMEM;
	if (*found == p) {
		pool->fresh[pool->nr_fresh++] = p;
		pool->nr++;
	}
	return (*found)->nr;
}

void vmw_pool_told(struct vmw_pool *pool)
{
	pool->nr_fresh = 0;
}

void vmw_pool_deinit(struct vmw_pool *pool)
{
	tdestroy(pool->root, free);
	free(pool->fresh);
	*pool = (struct vmw_pool){ 0 };
}
