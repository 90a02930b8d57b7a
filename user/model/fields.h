/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The members of the model's structures by name, where something is done with
 * each of them alike: the columns of a collection, the members of an export.
 */
#ifndef VMW_FIELDS_H
#define VMW_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum vmw_field_type {
	VMW_FIELD_NUMBER,	/* an unsigned integer */
	VMW_FIELD_ADDRESS,	/* likewise, told in hexadecimal */
	VMW_FIELD_BOOL,
	VMW_FIELD_TEXT,		/* char[size], NUL-terminated */
};

struct vmw_field {
	const char *name;
	uint16_t offset, size;	/* bytes, in the structure */
	enum vmw_field_type type;
};

struct vmw_fields {
	const struct vmw_field *field;
	size_t nr;
};

extern const struct vmw_fields vmw_fields_of_mm;	/* struct vmwalk_mm */
extern const struct vmw_fields vmw_fields_of_end;	/* struct vmwalk_end */
/* Without the steps, which collections before version 3 do not have. */
extern const struct vmw_fields vmw_fields_of_old_end;
extern const struct vmw_fields vmw_fields_of_aspace;	/* what is in no other */
extern const struct vmw_fields vmw_fields_of_vma;	/* struct vmwalk_vma */
extern const struct vmw_fields vmw_fields_of_usage;	/* what extents sum up to */
extern const struct vmw_fields vmw_fields_of_pages;	/* struct vmwalk_pages */
extern const struct vmw_fields vmw_fields_of_tables;	/* struct vmwalk_tables */
extern const struct vmw_fields vmw_fields_of_thread;	/* struct vmw_thread */
extern const struct vmw_fields vmw_fields_of_runtime;	/* struct vmw_runtime */
extern const struct vmw_fields vmw_fields_of_g;		/* struct vmw_g */
extern const struct vmw_fields vmw_fields_of_label;	/* struct vmw_label */
extern const struct vmw_fields vmw_fields_of_image;	/* struct vmw_image */
extern const struct vmw_fields vmw_fields_of_info;	/* struct vmw_info */

/* Of any type but text. */
uint64_t vmw_field_get(const struct vmw_field *f, const void *of);
/* False: the value is none that the member can have. */
bool vmw_field_set(const struct vmw_field *f, void *of, uint64_t value);
/* Of text; what is longer than the member is no value either. */
const char *vmw_field_text(const struct vmw_field *f, const void *of);
bool vmw_field_set_text(const struct vmw_field *f, void *of, const char *value);

#endif
