// SPDX-License-Identifier: GPL-2.0
#include "diff_match.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ALONE	(1U << 31)	/* group of a segment that the other has not */

static bool same_name(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Of what both are views. Another run may have it under another inode. */
static bool same_object(const struct vmw_vma *a, const struct vmw_vma *b,
			bool normalize)
{
	const uint32_t kind = VMWALK_VMA_F_FILE | VMWALK_VMA_F_SPECIAL |
			      VMWALK_VMA_F_GATE | VMWALK_VMA_F_HUGETLB;

	if ((a->info.flags ^ b->info.flags) & kind)
		return false;
	if (!(a->info.flags & VMWALK_VMA_F_FILE))
		return !(a->info.flags & (VMWALK_VMA_F_SPECIAL |
					  VMWALK_VMA_F_GATE)) ||
		       same_name(a->name, b->name);
	if (normalize)
		return same_name(a->name, b->name);
	return a->info.ino == b->info.ino &&
	       a->info.dev_major == b->info.dev_major &&
	       a->info.dev_minor == b->info.dev_minor;
}

static bool same_segment(const struct vmw_segment *a,
			 const struct vmw_segment *b)
{
	return a->kind == b->kind && same_name(a->name, b->name);
}

/* How many like it come before it. */
static size_t ordinal(const struct vmw_segments *s, size_t i)
{
	size_t nr = 0;

	for (size_t k = i; k-- > 0 && s->seg[k].kind == s->seg[i].kind;)
		nr += same_segment(&s->seg[k], &s->seg[i]);
	return nr;
}

/* The group of segment @i of @s: the number of its like in @other. */
static uint32_t find_group(const struct vmw_segments *s, size_t i,
			   const struct vmw_segments *other)
{
	size_t nr = ordinal(s, i);

	for (size_t k = 0; k < other->nr; k++)
		if (same_segment(&other->seg[k], &s->seg[i]) && !nr--)
			return k;
	return ALONE | i;
}

/* Stacks are held by their upper end, whatever they have grown to. */
static uint64_t base_of(const struct vmw_segment *seg)
{
	if (seg->kind == VMW_SEG_STACK || seg->kind == VMW_SEG_THREAD_STACK)
		return seg->end - ((uint64_t)1 << 63);
	return seg->start;
}

static int compare_spans(const void *a, const void *b)
{
	const struct vmw_span *s = a, *t = b;

	if (s->group != t->group)
		return s->group < t->group ? -1 : 1;
	return s->start < t->start ? -1 : s->start > t->start;
}

/* @names: those of whose segments the groups are called; NULL: by address. */
static struct vmw_span *make_spans(const struct vmw_aspace *as,
				   const struct vmw_segments *segs,
				   const struct vmw_segments *names)
{
	struct vmw_span *spans = calloc(as->nr_vmas + 1, sizeof(*spans));
	uint32_t *groups = calloc(segs->nr + 1, sizeof(*groups));

	if (!spans || !groups) {
		free(spans);
		free(groups);
		return NULL;
	}
	for (size_t i = 0; names && i < segs->nr; i++)
		groups[i] = names == segs ? i : find_group(segs, i, names);
	for (size_t i = 0; i < as->nr_vmas; i++) {
		const struct vmwalk_vma *v = &as->vmas[i].info;
		const uint32_t seg = segs->of_vma[i];
		const uint64_t base = names ? base_of(&segs->seg[seg]) : 0;

		spans[i] = (struct vmw_span){
			.group = groups[seg], .start = v->start - base,
			.end = v->end - base, .vma = i,
		};
	}
	free(groups);
	qsort(spans, as->nr_vmas, sizeof(*spans), compare_spans);
	return spans;
}

static bool is_before(const struct vmw_span *s, const struct vmw_span *t)
{
	return s->group < t->group ||
	       (s->group == t->group && s->end <= t->start);
}

static int add_pair(struct vmw_match *m, size_t a, size_t b)
{
	struct vmw_span_pair *pairs;

	if (m->nr_pairs == m->room_pairs) {
		m->room_pairs = m->room_pairs ? 2 * m->room_pairs : 64;
		pairs = reallocarray(m->pairs, m->room_pairs, sizeof(*pairs));
		if (!pairs)
			return -ENOMEM;
		m->pairs = pairs;
	}
	m->pairs[m->nr_pairs++] = (struct vmw_span_pair){ a, b };
	m->partners_a[a]++;
	m->partners_b[b]++;
	return 0;
}

/* Both ascend: of what ends first, nothing later overlaps. */
static int find_pairs(const struct vmw_aspace *a, const struct vmw_aspace *b,
		      bool normalize, struct vmw_match *m)
{
	size_t i = 0, k = 0;
	int ret = 0;

	while (!ret && i < m->nr_a && k < m->nr_b) {
		const struct vmw_span *s = &m->a[i], *t = &m->b[k];

		if (is_before(s, t)) {
			i++;
			continue;
		}
		if (is_before(t, s)) {
			k++;
			continue;
		}
		if (same_object(&a->vmas[s->vma], &b->vmas[t->vma], normalize))
			ret = add_pair(m, i, k);
		if (s->end <= t->end)
			i++;
		else
			k++;
	}
	return ret;
}

int vmw_match_make(const struct vmw_aspace *a, const struct vmw_segments *sa,
		   const struct vmw_aspace *b, const struct vmw_segments *sb,
		   bool normalize, struct vmw_match *m)
{
	int ret = -ENOMEM;

	*m = (struct vmw_match){ .nr_a = a->nr_vmas, .nr_b = b->nr_vmas };
	m->a = make_spans(a, sa, normalize ? sb : NULL);
	m->b = make_spans(b, sb, normalize ? sb : NULL);
	m->partners_a = calloc(m->nr_a + 1, sizeof(*m->partners_a));
	m->partners_b = calloc(m->nr_b + 1, sizeof(*m->partners_b));
	if (m->a && m->b && m->partners_a && m->partners_b)
		ret = find_pairs(a, b, normalize, m);
	if (ret)
		vmw_match_deinit(m);
	return ret;
}

void vmw_match_deinit(struct vmw_match *m)
{
	free(m->a);
	free(m->b);
	free(m->pairs);
	free(m->partners_a);
	free(m->partners_b);
	*m = (struct vmw_match){ 0 };
}
