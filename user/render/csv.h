/* SPDX-License-Identifier: GPL-2.0 */
/* Comma-separated values, as RFC 4180 has them. Private to the views. */
#ifndef VMW_CSV_H
#define VMW_CSV_H

#include <stdio.h>

/* A field, in quotes if it has to be. NULL: an empty one. */
void vmw_csv_field(FILE *out, const char *text);

#endif
