// SPDX-License-Identifier: GPL-2.0
#include "filter.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_kind(const char *name)
{
	for (int kind = 0; kind < VMW_SEG_KINDS; kind++)
		if (!strcasecmp(vmw_segment_kind_name(kind), name))
			return true;
	return false;
}

/* Hexadecimal, with or without 0x; moves *@s past it. */
static bool take_address(const char **s, uint64_t *addr)
{
	char *end;

	if (!isxdigit((unsigned char)**s))
		return false;
	errno = 0;
	*addr = strtoull(*s, &end, 16);
	*s = end;
	return !errno;
}

/* The end is exclusive, as in /proc/PID/maps; an address alone is a byte. */
static bool parse_range(const char *s, struct vmw_filter_term *t)
{
	if (!take_address(&s, &t->start))
		return false;
	t->last = t->start;
	if (*s == '-') {
		s++;
		if (!take_address(&s, &t->last) || t->last-- <= t->start)
			return false;
	}
	return !*s;
}

static bool is_perm(const char *s)
{
	return *s && s[strspn(s, "rwxsp-?")] == '\0' &&
	       (strlen(s) == 4 || !strpbrk(s, "-?"));
}

static int parse_term(struct vmw_filter_term *t, struct vmw_error *err)
{
	static const struct {
		const char *prefix;
		enum vmw_filter_what what;
	} prefixes[] = {
		{ "kind=", VMW_FILTER_KIND }, { "name=", VMW_FILTER_NAME },
		{ "addr=", VMW_FILTER_RANGE }, { "perm=", VMW_FILTER_PERM },
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		const size_t len = strlen(prefixes[i].prefix);

		if (strncmp(t->text, prefixes[i].prefix, len))
			continue;
		t->what = prefixes[i].what;
		memmove(t->text, t->text + len, strlen(t->text + len) + 1);
		break;
	}
	if (t->what == VMW_FILTER_KIND && !is_kind(t->text))
		return vmw_error_set(err, -EINVAL, "no kind of segment is "
				     "called '%s'; such are heap, stack, "
				     "library, anon", t->text);
	if (t->what == VMW_FILTER_RANGE && !parse_range(t->text, t))
		return vmw_error_set(err, -EINVAL, "'%s' is neither an address "
				     "nor a range, START-END, of them", t->text);
	if (t->what == VMW_FILTER_PERM && !is_perm(t->text))
		return vmw_error_set(err, -EINVAL, "'%s' is no permission, "
				     "such as rw-p, r?x? or wx", t->text);
	return 0;
}

int vmw_filter_parse(const char *text, struct vmw_filter *f,
		     struct vmw_error *err)
{
	f->nr = 0;
	while (*text) {
		const size_t len = strcspn(text, ",");
		struct vmw_filter_term *t = &f->term[f->nr];
		int ret;

		if (len >= sizeof(t->text))
			return vmw_error_set(err, -EINVAL, "a part of the filter "
					     "is longer than %zu bytes",
					     sizeof(t->text) - 1);
		if (len && f->nr == VMW_FILTER_TERMS)
			return vmw_error_set(err, -EINVAL, "the filter has more "
					     "than %d parts", VMW_FILTER_TERMS);
		if (len) {
			*t = (struct vmw_filter_term){ 0 };
			memcpy(t->text, text, len);
			ret = parse_term(t, err);
			if (ret)
				return ret;
			f->nr++;
		}
		text += len + (text[len] == ',');
	}
	return 0;
}

static bool fits_name(const char *pattern, const char *name)
{
	const char *slash = strrchr(name, '/');

	return !fnmatch(pattern, name, 0) ||
	       (slash && !fnmatch(pattern, slash + 1, 0));
}

static bool permits(const struct vmwalk_vma *v, char letter)
{
	switch (letter) {
	case 'r':
		return v->flags & VMWALK_VMA_F_READ;
	case 'w':
		return v->flags & VMWALK_VMA_F_WRITE;
	case 'x':
		return v->flags & VMWALK_VMA_F_EXEC;
	case 's':
		return v->flags & VMWALK_VMA_F_SHARED;
	default:
		return !(v->flags & VMWALK_VMA_F_SHARED);
	}
}

/* All four, in their order, where a '-' stands for what must not be. */
static bool fits_whole(const char *perm, const struct vmwalk_vma *v)
{
	static const char letters[] = "rwx";

	for (int i = 0; i < 3; i++) {
		const bool wanted = perm[i] == letters[i];

		if (perm[i] != '?' && wanted != permits(v, letters[i]))
			return false;
	}
	return perm[3] == '?' || permits(v, perm[3]);
}

static bool fits_perm(const char *perm, const struct vmwalk_vma *v)
{
	if (strlen(perm) == 4)
		return fits_whole(perm, v);
	for (; *perm; perm++)
		if (!permits(v, *perm))
			return false;
	return true;
}

static bool meets(const struct vmw_filter_term *t, const struct vmw_vma *vma,
		  const struct vmw_segment *seg)
{
	const char *kind = vmw_segment_kind_name(seg->kind);
	const char *name = vma->name ? vma->name : "";

	switch (t->what) {
	case VMW_FILTER_KIND:
		return !strcasecmp(kind, t->text);
	case VMW_FILTER_NAME:
		return fits_name(t->text, name);
	case VMW_FILTER_RANGE:
		return vma->info.start <= t->last && vma->info.end > t->start;
	case VMW_FILTER_PERM:
		return fits_perm(t->text, &vma->info);
	case VMW_FILTER_WORD:
		break;
	}
	return strcasestr(kind, t->text) || strcasestr(name, t->text);
}

bool vmw_filter_passes(const struct vmw_filter *f, const struct vmw_vma *vma,
		       const struct vmw_segment *seg)
{
	for (size_t i = 0; i < f->nr; i++)
		if (!meets(&f->term[i], vma, seg))
			return false;
	return true;
}
