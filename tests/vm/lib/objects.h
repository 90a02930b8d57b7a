/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What targets/go_addr.go and targets/malloc.c say of addresses of theirs, against
 * what the model has there.
 */
#ifndef VMW_TEST_OBJECTS_H
#define VMW_TEST_OBJECTS_H

#include <stddef.h>
#include <stdint.h>

#include "model/aspace.h"

/*
 * Holds every line of @said that is a claim of that kind against @as. Prints each
 * that is wrong; counts all in @checked. Returns how many are wrong.
 */
size_t vmw_objects_check(const char *said, const struct vmw_aspace *as,
			 size_t *checked);
/* The addresses of symbols and of variables that are claimed; returns how many. */
size_t vmw_objects_addresses(const char *said, uint64_t *addrs, size_t max);
/* Nameless anonymous memory of over @limit bytes that has no label; 0: none. */
uint64_t vmw_objects_unexplained(const struct vmw_aspace *as, uint64_t limit);

#endif
