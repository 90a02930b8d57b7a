/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Members of a JSON document, taken out of it with the checks that they need.
 * Private to import_*.c.
 */
#ifndef VMW_IMPORT_DOC_H
#define VMW_IMPORT_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <yajl/yajl_tree.h>

#include "model/fields.h"
#include "model/snapshot.h"

/* A document on its way into a snapshot. */
struct vmw_import {
	struct vmw_snapshot *s;
	const char *bad; /* what is missing or wrong first; NULL: nothing yet */
};

/* @what is wrong; it stays the first that was. */
void vmw_doc_blame(struct vmw_import *im, const char *what);

/*
 * The document of @text, to be freed with yajl_tree_free(); NULL with @why, of
 * @size bytes, filled: no JSON, or nested deeper than any that vmwalk writes.
 */
yajl_val vmw_doc_parse(const char *text, char *why, size_t size);

/* NULL if there is none of that type, or @of is NULL. */
yajl_val vmw_doc_member(yajl_val of, const char *name, yajl_type type);
/* 0 for NULL. */
size_t vmw_doc_length(yajl_val array);
yajl_val vmw_doc_element(yajl_val array, size_t i);

/* False: it is none, or does not fit. */
bool vmw_doc_is_number(yajl_val v, uint64_t *value);
bool vmw_doc_is_address(yajl_val v, uint64_t *value);
/* Pairs of hexadecimal digits, all of them; returns the bytes, or -1. */
int vmw_doc_hex(const char *hex, uint8_t *to, size_t size);

/* These blame what is missing, or cannot be. */
uint64_t vmw_doc_number(struct vmw_import *im, yajl_val of, const char *name);
yajl_val vmw_doc_array(struct vmw_import *im, yajl_val of, const char *name);
/* A string of @size bytes at most with its NUL. */
void vmw_doc_text(struct vmw_import *im, yajl_val of, const char *name,
		  char *to, size_t size);
/* The same; false if it is null or not there, which is fine. */
bool vmw_doc_may_text(struct vmw_import *im, yajl_val of, const char *name,
		      char *to, size_t size);
void vmw_doc_fields(struct vmw_import *im, yajl_val of,
		    const struct vmw_fields *fields, void *to);

/* import_runtime.c: what the process's runtime said, and its files. After the VMAs. */
void vmw_import_runtime(struct vmw_import *im, yajl_val doc);

#endif
