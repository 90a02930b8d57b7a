/* SPDX-License-Identifier: GPL-2.0 */
/* The data of a report. Private to report*.c. */
#ifndef VMW_RENDER_REPORT_DATA_H
#define VMW_RENDER_REPORT_DATA_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "model/classify.h"
#include "model/snapshot.h"

/* Things that are told once and numbered from 0: by what they are made of. */
struct vmw_pool {
	void *root;			/* tsearch() tree of struct vmw_pooled */
	uint32_t nr;
	struct vmw_pooled **fresh;	/* not told yet, by number */
	size_t nr_fresh, room_fresh;
};

struct vmw_pooled {
	size_t len;		/* bytes */
	uint32_t nr;
	uint64_t data[];	/* words; of a text, bytes with the NUL */
};

/* The number of @data, which is copied if it is new. -ENOMEM. */
int64_t vmw_pool_add(struct vmw_pool *pool, const void *data, size_t len);
/* All fresh ones have been told. */
void vmw_pool_told(struct vmw_pool *pool);
void vmw_pool_deinit(struct vmw_pool *pool);

/* What the snapshots of a report have in common. */
struct vmw_report_pools {
	struct vmw_pool names, states, vmas;
};

/* One JSON document: @s, and what of it is not in the pools yet. */
int vmw_report_json(FILE *out, struct vmw_report_pools *pools,
		    const struct vmw_snapshot *s, const struct vmw_segments *segs);

#endif
