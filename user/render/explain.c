// SPDX-License-Identifier: GPL-2.0
/* What words mean, and where in the kernel to look them up. */
#include <errno.h>
#include <string.h>

#include "explain.h"

#define MAX_WIDTH	80	/* longer lines are hard to read */
#define INDENT		2

static void print_wrapped(FILE *out, const char *text, size_t width)
{
	size_t column = 0, len;

	for (; *text; text += len + strspn(text + len, " ")) {
		len = strcspn(text, " ");
		if (column && column + 1 + len > width) {
			fputc('\n', out);
			column = 0;
		}
		column += fprintf(out, "%*s%.*s", column ? 1 : INDENT, "",
				  (int)len, text);
	}
	fputc('\n', out);
}

static void print_symbols(FILE *out, const struct vmw_topic *t,
			  const struct vmw_kernel *kernel)
{
	size_t widest = 0;

	for (size_t i = 0; i < t->nr_symbols; i++)
		if (vmw_symbol_is_of(&t->symbols[i], kernel) &&
		    strlen(t->symbols[i].name) > widest)
			widest = strlen(t->symbols[i].name);
	if (!vmw_topic_has(t, kernel))
		fprintf(out, "%*snot in this kernel\n", 2 * INDENT, "");
	for (size_t i = 0; i < t->nr_symbols; i++)
		if (vmw_symbol_is_of(&t->symbols[i], kernel))
			fprintf(out, "%*s%-*s  %s\n", 2 * INDENT, "",
				(int)widest, t->symbols[i].name,
				t->symbols[i].file);
}

static void print_topic(FILE *out, const struct vmw_style *style,
			const struct vmw_topic *t,
			const struct vmw_kernel *kernel)
{
	const char *bold = style->color ? "\033[1m" : "";

	fprintf(out, "\n%s%s%s\n", bold, t->name, *bold ? "\033[0m" : "");
	print_wrapped(out, t->text,
		      style->width < MAX_WIDTH ? style->width : MAX_WIDTH);
	print_symbols(out, t, kernel);
}

static void print_heading(FILE *out, const struct vmw_kernel *kernel)
{
	fputs("With the kernel's own names, as of Linux ", out);
	if (kernel->series == VMW_SERIES_MAX)
		fputs("of today", out);
	else
		fprintf(out, "%u.%u", kernel->series >> 16,
			kernel->series & 0xffff);
	fprintf(out, " on %s\n(checked: %s).\n", kernel->machine,
		vmw_explain_series);
}

int vmw_render_explain_reader(FILE *out, const struct vmw_style *style,
			      const struct vmw_kernel *kernel,
			      const char *reader)
{
	print_heading(out, kernel);
	for (size_t i = 0; i < vmw_nr_topics; i++)
		if (vmw_topic_is_of(&vmw_topics[i], reader) &&
		    vmw_topic_has(&vmw_topics[i], kernel))
			print_topic(out, style, &vmw_topics[i], kernel);
	return ferror(out) ? -EIO : 0;
}

int vmw_render_explain_word(FILE *out, const struct vmw_style *style,
			    const struct vmw_kernel *kernel, const char *word)
{
	bool found = false;

	for (size_t i = 0; i < vmw_nr_topics; i++) {
		if (!vmw_topic_is_called(&vmw_topics[i], word))
			continue;
		if (!found)
			print_heading(out, kernel);
		found = true;
		print_topic(out, style, &vmw_topics[i], kernel);
	}
	if (!found)
		return -ENOENT;
	return ferror(out) ? -EIO : 0;
}

int vmw_render_explain_list(FILE *out)
{
	for (size_t i = 0; i < vmw_nr_topics; i++) {
		const struct vmw_topic *t = &vmw_topics[i];

		if (t->section)
			fprintf(out, "%s%s:\n", i ? "\n" : "", t->section);
		fprintf(out, "  %s:%.*s\n", t->name,
			(int)strlen(t->readers) - 1, t->readers);
	}
	return ferror(out) ? -EIO : 0;
}
