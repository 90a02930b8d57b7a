/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the words mean that the readers print, and what in the kernel makes
 * them. The table is explain.tbl, of which explain.awk makes C, and the manual.
 */
#ifndef VMW_EXPLAIN_H
#define VMW_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

/* A series of kernels, 6.12 or so; they compare as numbers. */
#define VMW_SERIES(major, minor)	((major) << 16 | (minor))
#define VMW_SERIES_MAX	(~0U)

/*
 * Something to look up in the kernel's sources: "mm_struct.rss_stat" a member,
 * "do_swap_page()" a function, any other name a macro or an enumerator.
 */
struct vmw_symbol {
	const char *name;
	const char *file;	/* in the kernel's tree */
	unsigned int first;	/* series that have it, from first to last */
	unsigned int last;
	const char *machine;	/* as of uname -m; NULL: on all */
};

struct vmw_topic {
	const char *section;	/* what it is about, or NULL: as the one before */
	const char *name;	/* "RANGE, START": words as they are printed */
	const char *readers;	/* commands that print it, each between blanks */
	const char *text;
	const struct vmw_symbol *symbols;
	size_t nr_symbols;
};

extern const struct vmw_topic vmw_topics[];
extern const size_t vmw_nr_topics;
/* "5.10, 6.1 and 7.3": the series whose symbols the tests look up. */
extern const char vmw_explain_series[];

/* A kernel, as far as the symbols depend on it. */
struct vmw_kernel {
	unsigned int series;
	const char *machine;
};

/* Of a release as of uname -r; without numbers, it counts as the newest. */
unsigned int vmw_series_of(const char *release);
bool vmw_symbol_is_of(const struct vmw_symbol *s, const struct vmw_kernel *k);
/* Has it to do with kernel @k? A bit may be of another machine. */
bool vmw_topic_has(const struct vmw_topic *t, const struct vmw_kernel *k);
/* Does the command @reader print it? */
bool vmw_topic_is_of(const struct vmw_topic *t, const char *reader);
/* Is @name one of its words, in any case? */
bool vmw_topic_is_called(const struct vmw_topic *t, const char *name);

#endif
