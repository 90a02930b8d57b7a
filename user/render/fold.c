// SPDX-License-Identifier: GPL-2.0
/*
 * Lines for a terminal. The views write lines as long as they get, for whoever reads
 * them from a file; here they are broken.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

struct fold {
	FILE *out;
	unsigned int width;
	bool utf8;
	char *line, *word;	/* what has come of it; room for one of its words */
	size_t len, room;	/* bytes */
};

/* A line's words, and where on the terminal they go. */
struct cursor {
	unsigned int column, hang;
};

/* The word at @s: bytes, with the escape sequences in it, and columns. */
static struct vmw_text_size word_at(const char *s, const char *end)
{
	struct vmw_text_size sum = { 0 }, c;

	while (s + sum.bytes < end && s[sum.bytes] != ' ') {
		c = vmw_sign_size(s + sum.bytes, end);
		sum.bytes += c.bytes;
		sum.width += c.width;
	}
	return sum;
}

static size_t blanks_at(const char *s, const char *end)
{
	size_t n = 0;

	while (s + n < end && s[n] == ' ')
		n++;
	return n;
}

/*
 * Where the line goes on: where the last of its columns begins, which are two blanks
 * apart, if that is in the first half of the terminal.
 */
static unsigned int find_hang(const struct fold *f, const char *s,
			      const char *end)
{
	unsigned int column = blanks_at(s, end), hang = column + 2;
	struct vmw_text_size word;
	size_t blanks;

	for (s += column; s < end; s += word.bytes + blanks) {
		word = word_at(s, end);
		blanks = blanks_at(s + word.bytes, end);
		column += word.width + blanks;
		if (column > f->width / 2)
			break;
		if (blanks > 1)
			hang = column;
	}
	return hang <= f->width / 2 ? hang : 0;
}

static void put_blanks(const struct fold *f, size_t n)
{
	fprintf(f->out, "%*s", (int)n, "");
}

static void put_word(const struct fold *f, struct cursor *c, const char *s,
		     struct vmw_text_size word, size_t blanks)
{
	if (c->column && c->column + blanks + word.width > f->width) {
		fputc('\n', f->out);
		blanks = c->hang;
		c->column = 0;
	}
	put_blanks(f, blanks);
	c->column += blanks;
	word = vmw_text_shorten(f->word, s, word.bytes, f->width - c->column,
				f->utf8);
	fwrite(f->word, 1, word.bytes, f->out);
	c->column += word.width;
}

static void put_line(const struct fold *f)
{
	const char *s = f->line, *const end = s + f->len;
	struct cursor c = { .hang = find_hang(f, s, end) };
	struct vmw_text_size word;
	size_t blanks;

	while (s < end) {
		blanks = blanks_at(s, end);
		word = word_at(s + blanks, end);
		if (word.bytes)
			put_word(f, &c, s + blanks, word,
				 blanks < f->width / 2 ? blanks : 1);
		s += blanks + word.bytes;
	}
	fputc('\n', f->out);
}

/* No line of so few bytes is too wide. */
static bool is_too_wide(const struct fold *f)
{
	const char *s = f->line, *const end = s + f->len;
	struct vmw_text_size word;
	unsigned int width = 0;
	size_t blanks;

	if (f->len <= f->width)
		return false;
	for (; s < end; s += blanks + word.bytes) {
		blanks = blanks_at(s, end);
		word = word_at(s + blanks, end);
		width += blanks + word.width;
	}
	return width > f->width;
}

static void end_line(struct fold *f)
{
	if (is_too_wide(f)) {
		put_line(f);
	} else {
		fwrite(f->line, 1, f->len, f->out);
		fputc('\n', f->out);
	}
	f->len = 0;
}

/* A byte ends the line: measuring characters looks for a string's end. */
static int make_room(struct fold *f, size_t bytes)
{
	const size_t room = 2 * f->room + bytes + 1 + VMW_SIGN_MAX;
	char *line, *word;

	if (f->room - f->len > bytes + VMW_SIGN_MAX)
		return 0;
	line = realloc(f->line, room);
	if (line)
		f->line = line;
	word = realloc(f->word, room);
	if (word)
		f->word = word;
	if (!line || !word)
		return -ENOMEM;
	f->room = room;
	return 0;
}

static int keep(struct fold *f, const char *text, size_t bytes)
{
	if (make_room(f, bytes))
		return -ENOMEM;
	memcpy(f->line + f->len, text, bytes);
	f->len += bytes;
	f->line[f->len] = '\0';
	return 0;
}

/* What has ended goes out at once: who flushes this stream flushes @out. */
static ssize_t write_fold(void *cookie, const char *text, size_t size)
{
	struct fold *f = cookie;
	const char *const end = text + size;
	const char *newline;

	while (text < end) {
		newline = memchr(text, '\n', end - text);
		if (keep(f, text, (newline ? newline : end) - text))
			return 0;
		if (newline)
			end_line(f);
		text = newline ? newline + 1 : end;
	}
	return fflush(f->out) ? 0 : size;
}

static int close_fold(void *cookie)
{
	struct fold *f = cookie;
	int ret;

	if (f->len)
		fwrite(f->line, 1, f->len, f->out);
	ret = fflush(f->out);
	free(f->line);
	free(f->word);
	free(f);
	return ret;
}

FILE *vmw_fold_open(FILE *out, unsigned int width, bool utf8)
{
	static const cookie_io_functions_t functions = {
		.write = write_fold, .close = close_fold,
	};
	struct fold *f = calloc(1, sizeof(*f));
	FILE *folded;

	if (!f)
		return NULL;
	*f = (struct fold){ .out = out, .width = width, .utf8 = utf8 };
	folded = fopencookie(f, "w", functions);
	if (!folded)
		free(f);
	return folded;
}
