/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A streaming JSON writer with typed fields. Members of an object take a key,
 * elements of an array take NULL. Errors stick: the first one is kept and
 * returned by vmw_json_destroy(), so callers need not look at each field.
 */
#ifndef VMW_JSON_H
#define VMW_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct vmw_json;

/* NULL for want of memory. */
struct vmw_json *vmw_json_create(FILE *out);
/* Ends the document. Returns 0 or the first error, a negative errno. */
int vmw_json_destroy(struct vmw_json *j);

void vmw_json_open_object(struct vmw_json *j, const char *key);
void vmw_json_close_object(struct vmw_json *j);
void vmw_json_open_array(struct vmw_json *j, const char *key);
void vmw_json_close_array(struct vmw_json *j);

void vmw_json_bool(struct vmw_json *j, const char *key, bool value);
void vmw_json_uint(struct vmw_json *j, const char *key, uint64_t value);
/* "0x…", for addresses. */
void vmw_json_hex(struct vmw_json *j, const char *key, uint64_t value);
/*
 * @value may be any bytes: what is not UTF-8 becomes U+FFFD, and control
 * characters are escaped, DEL and C1 too, so that a terminal is safe from the
 * output. NULL gives null.
 */
void vmw_json_string(struct vmw_json *j, const char *key, const char *value);

#endif
