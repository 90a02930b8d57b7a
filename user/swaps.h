/* SPDX-License-Identifier: GPL-2.0 */
/* The swap areas that are on, as /proc/swaps tells them. */
#ifndef VMW_SWAPS_H
#define VMW_SWAPS_H

#include "model/aspace.h"
#include "error.h"

struct vmw_swaps {
	char *name[VMW_SWAPS_MAX];	/* devices and files, by ascending number */
	size_t nr;			/* 0: none, or not to be known */
};

/* Needs no init; to be deinited. */
void vmw_swaps_read(struct vmw_swaps *swaps);
void vmw_swaps_deinit(struct vmw_swaps *swaps);
/*
 * Into @as, which was walked since, if they are on still. -ENOMEM with @err filled;
 * @as needs no deinit then.
 */
int vmw_swaps_settle(const struct vmw_swaps *swaps, struct vmw_aspace *as,
		     struct vmw_error *err);
/* Something more was read: what @as has of them is forgotten, unless they are on. */
void vmw_swaps_confirm(struct vmw_aspace *as);

#endif
