/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The report: one HTML page that needs nothing but a browser. What is known comes
 * as JSON in script elements that are data, not code; user/report/ has what shows
 * it. No word of a target gets into the page but as JSON.
 */
#ifndef VMW_RENDER_REPORT_H
#define VMW_RENDER_REPORT_H

#include <stdio.h>

#include "model/snapshot.h"

struct vmw_report;

/* Begins the page. NULL: no memory. */
struct vmw_report *vmw_report_create(FILE *out);
/*
 * The next snapshot, or the one reading of a process: .number is 0 then. Of a
 * VMA that is as it was in one before, a number is written. Returns 0 or a
 * negative errno, as does the one below.
 */
int vmw_report_add(struct vmw_report *r, const struct vmw_snapshot *s);
/* Ends the page and frees. */
int vmw_report_destroy(struct vmw_report *r);

#endif
