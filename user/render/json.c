// SPDX-License-Identifier: GPL-2.0
#include "json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_gen.h>

#include "digits.h"

#define FLUSH	32768	/* bytes that yajl may hold */

struct vmw_json {
	yajl_gen gen;
	FILE *out;
	int error;
};

/*
 * The control characters that yajl lets pass, DEL and U+0080 to U+009F, mean
 * something to terminals. They can stand in strings alone, so escaping them
 * here keeps the meaning.
 */
static void put_text(struct vmw_json *j, const unsigned char *s, size_t len)
{
	for (size_t i = 0, from = 0; from < len; from = i) {
		while (i < len && s[i] != 0x7f && s[i] != 0xc2)
			i++;
		fwrite_unlocked(s + from, 1, i - from, j->out);
		if (i == len)
			break;
		if (s[i] == 0xc2 && i + 1 < len && s[i + 1] < 0xa0)
			fprintf(j->out, "\\u%04x", s[++i]);
		else if (s[i] == 0x7f)
			fputs("\\u007f", j->out);
		else
			putc_unlocked(s[i], j->out);
		i++;
	}
}

struct vmw_json *vmw_json_create(FILE *out)
{
	struct vmw_json *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->out = out;
	j->gen = yajl_gen_alloc(NULL);
	if (!j->gen) {
		free(j);
		return NULL;
	}
	yajl_gen_config(j->gen, yajl_gen_validate_utf8, 1);
	return j;
}

/* What yajl holds: whole characters. */
static void flush(struct vmw_json *j, size_t least)
{
	const unsigned char *text;
	size_t len;

	if (yajl_gen_get_buf(j->gen, &text, &len) != yajl_gen_status_ok ||
	    len < least)
		return;
	put_text(j, text, len);
	yajl_gen_clear(j->gen);
	/* Nobody reads it: what is still to come costs no more than its calls. */
	if (ferror(j->out) && !j->error)
		j->error = -EIO;
}

int vmw_json_destroy(struct vmw_json *j)
{
	int ret;

	flush(j, 0);
	putc('\n', j->out);
	ret = j->error;
	if (!ret && ferror(j->out))
		ret = -EIO;
	yajl_gen_free(j->gen);
	free(j);
	return ret;
}

/* After each thing written. */
static void check(struct vmw_json *j, yajl_gen_status status)
{
	if (status != yajl_gen_status_ok && !j->error)
		j->error = -EINVAL;
	flush(j, FLUSH);
}

/*
 * Bytes of the well-formed UTF-8 character at @s, 0 if there is none: too
 * short, too long a form, a surrogate, beyond U+10FFFF.
 */
static size_t utf8_length(const unsigned char *s)
{
	static const struct {
		unsigned char first, last;	/* of the lead byte */
		unsigned char low, high;	/* of the byte after it */
		size_t length;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	size_t i, n;

	if (*s < 0x80)
		return 1;
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (*s >= forms[i].first && *s <= forms[i].last)
			break;
	if (i == sizeof(forms) / sizeof(forms[0]) ||
	    s[1] < forms[i].low || s[1] > forms[i].high)
		return 0;
	for (n = 2; n < forms[i].length; n++)
		if ((s[n] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Returns @s as UTF-8 in memory to free, NULL for want of it. */
static char *sanitize(const char *s)
{
	static const char replacement[] = "\xef\xbf\xbd";	/* U+FFFD */
	char *clean = malloc(3 * strlen(s) + 1), *to = clean;
	size_t len;

	if (!clean)
		return NULL;
	while (*s) {
		len = utf8_length((const unsigned char *)s);
		if (len) {
			to = mempcpy(to, s, len);
			s += len;
		} else {
			to = stpcpy(to, replacement);
			s++;
		}
	}
	*to = '\0';
	return clean;
}

static void put_string(struct vmw_json *j, const char *s)
{
	check(j, yajl_gen_string(j->gen, (const unsigned char *)s, strlen(s)));
}

static void put_key(struct vmw_json *j, const char *key)
{
	if (key)
		put_string(j, key);
}

void vmw_json_object_begin(struct vmw_json *j, const char *key)
{
	if (j->error)
		return;
	put_key(j, key);
	check(j, yajl_gen_map_open(j->gen));
}

void vmw_json_object_end(struct vmw_json *j)
{
	if (j->error)
		return;
	check(j, yajl_gen_map_close(j->gen));
}

void vmw_json_array_begin(struct vmw_json *j, const char *key)
{
	if (j->error)
		return;
	put_key(j, key);
	check(j, yajl_gen_array_open(j->gen));
}

void vmw_json_array_end(struct vmw_json *j)
{
	if (j->error)
		return;
	check(j, yajl_gen_array_close(j->gen));
}

void vmw_json_string(struct vmw_json *j, const char *key, const char *value)
{
	char *clean;

	if (j->error)
		return;
	put_key(j, key);
	if (!value) {
		check(j, yajl_gen_null(j->gen));
		return;
	}
	clean = sanitize(value);
	if (clean)
		put_string(j, clean);
	else if (!j->error)
		j->error = -ENOMEM;
	free(clean);
}

void vmw_json_uint(struct vmw_json *j, const char *key, uint64_t value)
{
	char text[VMW_DIGITS];
	const char *end = vmw_decimal(text, value);

	if (j->error)
		return;
	put_key(j, key);
	check(j, yajl_gen_number(j->gen, text, end - text));
}

void vmw_json_bool(struct vmw_json *j, const char *key, bool value)
{
	if (j->error)
		return;
	put_key(j, key);
	check(j, yajl_gen_bool(j->gen, value));
}

void vmw_json_address(struct vmw_json *j, const char *key, uint64_t addr)
{
	char text[2 + VMW_DIGITS] = "0x";

	if (j->error)
		return;
	vmw_hex(text + 2, addr, 1);
	put_key(j, key);
	put_string(j, text);
}
