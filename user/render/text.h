/* SPDX-License-Identifier: GPL-2.0 */
/* How wide a text is on a terminal, and what becomes of it where it is too wide. */
#ifndef VMW_TEXT_H
#define VMW_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A text's bytes, and the columns that it takes on a terminal. */
struct vmw_text_size {
	size_t bytes;
	unsigned int width;
};

/* Of the character at @s. What is none takes a byte, and a column. */
struct vmw_text_size vmw_char_size(const char *s);
/* Of the character or escape sequence at @s, in a text that ends at @end. */
struct vmw_text_size vmw_sign_size(const char *s, const char *end);
/* Of as much of @text as fits @width columns. */
struct vmw_text_size vmw_text_within(const char *text, unsigned int width);
struct vmw_text_size vmw_text_size(const char *text);
/*
 * Copies @text, of @len bytes, in at most @width columns, which are above 0: what is
 * wider has a sign in place of its middle, of a path nearer to its beginning. Escape
 * sequences take no column, and none is lost. @buf has room for @len + VMW_SIGN_MAX
 * bytes and becomes no string. Returns what there is in it.
 */
#define VMW_SIGN_MAX	3
struct vmw_text_size vmw_text_shorten(char *buf, const char *text, size_t len,
				      unsigned int width, bool utf8);

/*
 * A stream that breaks lines wider than @width columns at blanks and writes them to
 * @out; what follows is indented as far as the last column that begins in the first
 * half of the line. A word that does not fit a line is shortened. A line is written
 * when it has ended. To be closed; @out stays open. NULL: no memory.
 */
FILE *vmw_fold_open(FILE *out, unsigned int width, bool utf8);

#endif
