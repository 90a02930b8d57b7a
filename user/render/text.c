// SPDX-License-Identifier: GPL-2.0
#include "text.h"

#include <limits.h>
#include <string.h>
#include <wchar.h>

#define ESC	'\033'

struct vmw_text_size vmw_char_size(const char *s)
{
	mbstate_t state = { 0 };
	size_t bytes;
	wchar_t c;

	if (*s >= ' ' && *s <= '~')
		return (struct vmw_text_size){ 1, 1 };
	bytes = mbrtowc(&c, s, MB_LEN_MAX, &state);
	if (!bytes || bytes > MB_LEN_MAX)
		return (struct vmw_text_size){ 1, 1 };
	return (struct vmw_text_size){ bytes, wcwidth(c) > 0 ? wcwidth(c) : 0 };
}

struct vmw_text_size vmw_text_within(const char *text, unsigned int width)
{
	struct vmw_text_size sum = { 0 }, c;

	for (; text[sum.bytes]; sum.bytes += c.bytes, sum.width += c.width) {
		c = vmw_char_size(text + sum.bytes);
		if (sum.width + c.width > width)
			break;
	}
	return sum;
}

struct vmw_text_size vmw_text_size(const char *text)
{
	size_t n = 0;

	while ((unsigned char)(text[n] - 1) < 0x7f)
		n++;
	return text[n] ? vmw_text_within(text, UINT_MAX) :
			 (struct vmw_text_size){ n, n };
}

/* "ESC [", parameters, a letter. */
struct vmw_text_size vmw_sign_size(const char *s, const char *end)
{
	const char *p = s + 2;

	if (*s != ESC)
		return vmw_char_size(s);
	while (p < end && *p < '@')
		p++;
	return (struct vmw_text_size){ p < end ? p + 1 - s : end - s, 0 };
}

static unsigned int width_of(const char *s, const char *end)
{
	struct vmw_text_size c;
	unsigned int width = 0;

	for (; s < end; s += c.bytes) {
		c = vmw_sign_size(s, end);
		width += c.width;
	}
	return width;
}

/* What of @width columns is for the beginning: the end of a path tells more. */
static unsigned int head_width(const char *text, size_t len, unsigned int width)
{
	return memchr(text, '/', len) ? (width - 1) / 3 : (width - 1) / 2;
}

struct vmw_text_size vmw_text_shorten(char *buf, const char *text, size_t len,
				      unsigned int width, bool utf8)
{
	const char *const end = text + len;
	const unsigned int all = width_of(text, end);
	const unsigned int head = head_width(text, len, width);
	const unsigned int tail = width - 1 - head;
	struct vmw_text_size c, size = { 0 };
	char *p = buf;
	bool cut = false;

	if (all <= width) {
		memcpy(buf, text, len);
		return (struct vmw_text_size){ len, all };
	}
	for (unsigned int at = 0; text < end; text += c.bytes, at += c.width) {
		c = vmw_sign_size(text, end);
		if (*text == ESC || at + c.width <= head || at >= all - tail) {
			p = mempcpy(p, text, c.bytes);
			size.width += c.width;
		} else if (!cut) {
			p = stpcpy(p, utf8 ? "…" : "~");
			size.width++;
			cut = true;
		}
	}
	size.bytes = p - buf;
	return size;
}
