// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "report.h"
#include "target.h"

#define SHOW 5	/* differences printed */

void vmw_differ(struct vmw_report *r, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (r->wrong++ >= SHOW || r->quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	vmw_diag("%s", text);
}

void vmw_same_number(struct vmw_report *r, uint64_t at, const char *what,
		     uint64_t ours, uint64_t theirs)
{
	if (ours != theirs)
		vmw_differ(r, "%" PRIx64 ": %s is %" PRIx64 ", /proc says %"
			   PRIx64, at, what, ours, theirs);
}
