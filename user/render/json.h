/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A streaming JSON writer with typed fields, over yajl. Errors stick: check
 * once, at the end. A NULL key means "within an array".
 */
#ifndef VMW_JSON_H
#define VMW_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct vmw_json;

struct vmw_json *vmw_json_create(FILE *out);	/* NULL: no memory */
/* Ends with a newline and frees; 0 or a negative errno of all that went before. */
int vmw_json_destroy(struct vmw_json *j);

void vmw_json_object_begin(struct vmw_json *j, const char *key);
void vmw_json_object_end(struct vmw_json *j);
void vmw_json_array_begin(struct vmw_json *j, const char *key);
void vmw_json_array_end(struct vmw_json *j);
/* Bytes that are not UTF-8 become U+FFFD; NULL becomes null. */
void vmw_json_string(struct vmw_json *j, const char *key, const char *value);
void vmw_json_uint(struct vmw_json *j, const char *key, uint64_t value);
void vmw_json_bool(struct vmw_json *j, const char *key, bool value);
/* "0x7f…": an address does not fit what JSON readers take for a number. */
void vmw_json_address(struct vmw_json *j, const char *key, uint64_t addr);

#endif
