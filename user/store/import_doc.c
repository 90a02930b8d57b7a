// SPDX-License-Identifier: GPL-2.0
#include "import_doc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 16 /* of what vmwalk writes, twice and more */

/* No document goes deeper; yajl frees one by recursion, and has no limit. */
static bool is_shallow(const char *text)
{
	bool quoted = false;
	size_t depth = 0;

	for (; *text; text++) {
		if (quoted && *text == '\\' && text[1])
			text++;
		else if (*text == '"')
			quoted = !quoted;
		else if (!quoted && (*text == '[' || *text == '{') &&
			 ++depth > DEPTH_MAX)
			return false;
		else if (!quoted && depth && (*text == ']' || *text == '}'))
			depth--;
	}
	return true;
}

yajl_val vmw_doc_parse(const char *text, char *why, size_t size)
{
	yajl_val doc;

	if (!is_shallow(text)) {
		snprintf(why, size, "it is nested too deep");
		return NULL;
	}
	*why = '\0';
	doc = yajl_tree_parse(text, why, size);
	if (!doc)
		why[strcspn(why, "\n")] = '\0';
	return doc;
}

yajl_val vmw_doc_member(yajl_val of, const char *name, yajl_type type)
{
	const char *const path[] = {name, NULL};

	return of ? yajl_tree_get(of, (const char **)path, type) : NULL;
}

void vmw_doc_blame(struct vmw_import *im, const char *what)
{
	if (!im->bad)
		im->bad = what;
}

/* yajl itself would make a double or a signed number of it. */
bool vmw_doc_is_number(yajl_val v, uint64_t *value)
{
	char *end;

	if (!v || !YAJL_IS_NUMBER(v) || *YAJL_GET_NUMBER(v) == '-')
		return false;
	errno = 0;
	*value = strtoull(YAJL_GET_NUMBER(v), &end, 10);
	return !errno && !*end;
}

uint64_t vmw_doc_number(struct vmw_import *im, yajl_val of, const char *name)
{
	uint64_t value = 0;

	if (!vmw_doc_is_number(vmw_doc_member(of, name, yajl_t_any), &value))
		vmw_doc_blame(im, name);
	return value;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef",
		   *d = c ? strchr(digits, c) : NULL;

	return d ? d - digits : -1;
}

/* Pairs of digits, all of them; returns the bytes, or -1. */
int vmw_doc_hex(const char *hex, uint8_t *to, size_t size)
{
	size_t len = 0;

	for (; hex[0]; hex += 2, len++) {
		int high = hex_digit(hex[0]), low = hex_digit(hex[1]);

		if (len == size || high < 0 || low < 0)
			return -1;
		to[len] = high << 4 | low;
	}
	return len;
}

/* A string of @size bytes at most with its NUL; false if it is null or none. */
bool vmw_doc_may_text(struct vmw_import *im, yajl_val of, const char *name,
		      char *to, size_t size)
{
	yajl_val v = vmw_doc_member(of, name, yajl_t_string), bytes;
	const char *text = v ? YAJL_GET_STRING(v) : NULL;
	char key[64];
	int len;

	snprintf(key, sizeof(key), "%s_bytes", name);
	bytes = vmw_doc_member(of, key, yajl_t_string);
	if (bytes) {
		len = vmw_doc_hex(YAJL_GET_STRING(bytes), (uint8_t *)to,
				  size - 1);
		if (len < 0 || memchr(to, 0, len))
			vmw_doc_blame(im, name);
		to[len < 0 ? 0 : len] = '\0';
		return true;
	}
	if (text && strlen(text) >= size)
		vmw_doc_blame(im, name);
	else if (text)
		strcpy(to, text);
	return text;
}

void vmw_doc_text(struct vmw_import *im, yajl_val of, const char *name,
		  char *to, size_t size)
{
	if (!vmw_doc_may_text(im, of, name, to, size))
		vmw_doc_blame(im, name);
}

bool vmw_doc_is_address(yajl_val v, uint64_t *value)
{
	const char *text = v && YAJL_IS_STRING(v) ? YAJL_GET_STRING(v) : "";
	char *end;

	if (strncmp(text, "0x", 2) || hex_digit(text[2]) < 0)
		return false;
	errno = 0;
	*value = strtoull(text, &end, 16);
	return !errno && !*end;
}

static bool get_field(yajl_val v, const struct vmw_field *f, void *to)
{
	uint64_t value;

	switch (f->type) {
	case VMW_FIELD_NUMBER:
		return vmw_doc_is_number(v, &value) &&
		       vmw_field_set(f, to, value);
	case VMW_FIELD_ADDRESS:
		return vmw_doc_is_address(v, &value) &&
		       vmw_field_set(f, to, value);
	case VMW_FIELD_BOOL:
		return v && (YAJL_IS_TRUE(v) || YAJL_IS_FALSE(v)) &&
		       vmw_field_set(f, to, YAJL_IS_TRUE(v));
	default:
		return false;
	}
}

void vmw_doc_fields(struct vmw_import *im, yajl_val of,
		    const struct vmw_fields *fields, void *to)
{
	for (size_t i = 0; i < fields->nr; i++) {
		const struct vmw_field *f = &fields->field[i];

		if (f->type == VMW_FIELD_TEXT)
			vmw_doc_text(im, of, f->name, (char *)to + f->offset,
				     f->size);
		else if (!get_field(vmw_doc_member(of, f->name, yajl_t_any), f,
				    to))
			vmw_doc_blame(im, f->name);
	}
}

yajl_val vmw_doc_array(struct vmw_import *im, yajl_val of, const char *name)
{
	yajl_val v = vmw_doc_member(of, name, yajl_t_array);

	if (!v)
		vmw_doc_blame(im, name);
	return v;
}

size_t vmw_doc_length(yajl_val array)
{
	return array ? YAJL_GET_ARRAY(array)->len : 0;
}

yajl_val vmw_doc_element(yajl_val array, size_t i)
{
	return YAJL_GET_ARRAY(array)->values[i];
}
