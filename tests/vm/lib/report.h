/* SPDX-License-Identifier: GPL-2.0 */
/* Differences between vmwalk and /proc: counted, and the first few printed. */
#ifndef VMW_TEST_REPORT_H
#define VMW_TEST_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vmw_report {
	size_t wrong;
	bool quiet;
};

void vmw_differ(struct vmw_report *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* What is at @at is @ours here and @theirs there: are they the same? */
void vmw_same_number(struct vmw_report *r, uint64_t at, const char *what,
		     uint64_t ours, uint64_t theirs);

#endif
