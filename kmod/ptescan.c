// SPDX-License-Identifier: GPL-2.0
/*
 * The scan of a PTE table: from entries to runs of pages.
 *
 * The fast path compares: with nothing, or with an entry that has been looked at.
 * Only where that fails is an entry taken apart, by leaf.c. Most of what is read
 * here is empty, or like what was read before.
 *
 * All of it under the table's lock: nothing but the CPU changes an entry then, and
 * that only sets bits by which no entry comes or goes.
 */
#include <linux/compiler.h>
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/rcupdate.h>

#include "pginfo.h"
#include "pgscan.h"
#include "pgwalk.h"

/* Entries of a cache line. */
#define LINE	8

/*
 * 0 if the @LINE entries from @pte on are all empty. Plain loads, so that the
 * compiler has them or'ed from memory: one instruction an entry. Should one change
 * meanwhile, it is as if the line had been read a moment earlier or later.
 */
static __always_inline u64 line_used(const pte_t *pte)
{
	const u64 *e = (const u64 *)pte;

	BUILD_BUG_ON(sizeof(*pte) != sizeof(*e));
	/* Not torn: aligned words. */
	return data_race(e[0] | e[1] | e[2] | e[3] | e[4] | e[5] | e[6] | e[7]);
}

/* The same of four lines. */
static __always_inline u64 lines_used(const pte_t *pte)
{
	return line_used(pte) | line_used(pte + LINE) |
	       line_used(pte + 2 * LINE) | line_used(pte + 3 * LINE);
}

/* Bits by which one of the @LINE entries from @pte on differs from @raw; likewise. */
static __always_inline u64 line_differs(const pte_t *pte, u64 raw)
{
	const u64 *e = (const u64 *)pte;

	/* As above. */
	return data_race((e[0] ^ raw) | (e[1] ^ raw) | (e[2] ^ raw) | (e[3] ^ raw) |
			 (e[4] ^ raw) | (e[5] ^ raw) | (e[6] ^ raw) | (e[7] ^ raw));
}

/* The same of so many that most of a large hole takes few branches. */
#define BLOCK	(8 * LINE)

static __always_inline u64 block_used(const pte_t *pte)
{
	return lines_used(pte) | lines_used(pte + BLOCK / 2);
}

/* Likewise by the line, and then one by one. */
static __always_inline const pte_t *find_used(const pte_t *pte, const pte_t *end)
{
	const pte_t *last = end - LINE;

	while (pte <= last && !line_used(pte))
		pte += LINE;
	while (pte < end && !vmw_pte_raw(pte))
		pte++;
	return pte;
}

/* The first entry from @pte on that is not empty, or @end. */
static __always_inline const pte_t *skip_empty(const pte_t *pte, const pte_t *end)
{
	const pte_t *last = end - BLOCK;

	if (pte == end || vmw_pte_raw(pte))
		return pte;
	for (pte++; pte <= last; pte += BLOCK)
		if (block_used(pte))
			break;
	return find_used(pte, end);
}

static __always_inline bool alike(const pte_t *pte, const struct vmw_key *key)
{
	return !((vmw_pte_raw(pte) ^ key->raw) & key->care);
}

/* The first entry from @pte on that is in another state than @key's, or @end. */
static __always_inline const pte_t *skip_alike(const pte_t *pte, const pte_t *end,
					       const struct vmw_key *key)
{
	if (pte == end || !alike(pte, key))
		return pte;
	for (pte++; end - pte >= LINE; pte += LINE)
		if (line_differs(pte, key->raw) & key->care)
			break;
	for (; pte < end; pte++)
		if (!alike(pte, key))
			break;
	return pte;
}

/*
 * The run of empty entries that is @pte's, up to @end at most, as far as they are
 * absent for the same reason.
 */
static const pte_t *absent_run(const struct vmw_pgwalk *pw, unsigned long addr,
			       const pte_t *pte, const pte_t *end, u32 *state)
{
	unsigned long pages = end - pte;

	*state = vmw_none_state(pw, addr, &pages);
	return pte + pages;
}

/* By entries alone. Returns the first that is not told of, or @end. */
static const pte_t *scan_entries(struct vmw_pgwalk *pw, const pte_t *pte, const pte_t *end)
{
	const pte_t *first = pte, *next;
	u32 state;
	u64 raw;

	for (; pte < end; pte = next) {
		raw = vmw_pte_raw(pte);
		if (!raw) {
			next = skip_empty(pte + 1, end);
			state = VMWALK_KIND_NONE;
			if (unlikely(pw->absence))
				next = absent_run(pw, pw->walk->cursor +
						  ((pte - first) << PAGE_SHIFT), pte, next,
						  &state);
		} else {
			if (unlikely((raw ^ pw->key.raw) & pw->key.care))
				vmw_key_of(pw, raw, &pw->key);
			next = skip_alike(pte + 1, end, &pw->key);
			state = pw->key.state;
		}
		if (!vmw_extents_put(pw->ext, next - pte, state))
			break;
	}
	return pte;
}

/*
 * How many of @max entries from @pte on map frame after frame, and are alike else?
 * Where the CPU is not to have an entry, its frame may be inverted, and count down.
 */
static unsigned long frames_follow(const pte_t *pte, unsigned long max)
{
	u64 raw = vmw_pte_raw(pte);
	unsigned long n = 1;

	if (vmw_pte_hidden(vmw_raw_pte(raw)))
		return 1;
	while (n < max && vmw_pte_raw(pte + n) == raw + n * PAGE_SIZE)
		n++;
	return n;
}

/* Context: as for vmw_pages_add(); the table's lock is not let go before. */
static void sum_up(struct vmw_pgwalk *pw, struct vmw_facts *facts)
{
	if (facts->nr)
		vmw_add_to_sums(pw, &facts->leaf, facts->page, facts->nr);
	facts->nr = 0;
}

/* The leaf that the entry @raw of a PTE table is. */
static void leaf_of(const struct vmw_pgwalk *pw, u64 raw, struct vmw_leaf *leaf)
{
	struct vmw_key key;

	vmw_key_of(pw, raw, &key);
	leaf->pte = vmw_raw_pte(raw);
	leaf->pfn = pte_present(leaf->pte) ? pte_pfn(leaf->pte) : vmw_absent_pfn(leaf->pte);
	leaf->state = key.state;
}

/*
 * Looks closer at what @raw maps. Where an entry is not to be had from the CPU, its
 * frame may be disguised: no other is compared with it.
 */
static void learn(struct vmw_pgwalk *pw, u64 raw, struct vmw_facts *facts)
{
	sum_up(pw, facts);
	facts->raw = raw;
	leaf_of(pw, raw, &facts->leaf);
	facts->page = vmw_leaf_page(&facts->leaf);
	facts->keyed = facts->page && pte_present(facts->leaf.pte) &&
		       !vmw_pte_hidden(facts->leaf.pte) &&
		       vmw_page_key(facts->page, &facts->key);
	if (facts->keyed)
		facts->state = facts->leaf.state | vmw_page_state(facts->page);
}

/* Is what @raw maps like that of the facts? */
static __always_inline bool known(const struct vmw_facts *facts, u64 raw)
{
	return !((raw ^ facts->raw) & ~VMW_PTE_FRAME_BITS) &&
	       vmw_page_alike(pfn_to_page(vmw_raw_frame(raw)), &facts->key);
}

static __always_inline bool four_known(const struct vmw_facts *facts, const pte_t *pte)
{
	return known(facts, vmw_pte_raw(pte)) && known(facts, vmw_pte_raw(pte + 1)) &&
	       known(facts, vmw_pte_raw(pte + 2)) && known(facts, vmw_pte_raw(pte + 3));
}

static const pte_t *skip_known(const pte_t *pte, const pte_t *end, const struct vmw_facts *facts)
{
	for (; end - pte >= LINE; pte += LINE)
		if (!four_known(facts, pte) || !four_known(facts, pte + LINE / 2))
			break;
	while (pte < end && known(facts, vmw_pte_raw(pte)))
		pte++;
	return pte;
}

/*
 * The run from @pte on of what has no key: a folio's pages, if they follow each
 * other; no page at all, the zero page among them; and what is not there by itself.
 */
static const pte_t *skip_keyless(const pte_t *pte, const pte_t *end, const struct vmw_facts *facts)
{
	const struct vmw_key same = { .raw = facts->raw, .care = ~0ULL };

	if (!facts->page)
		return skip_alike(pte + 1, end, &same);
	if (!pte_present(facts->leaf.pte))
		return pte + 1;
	return pte + vmw_folio_alike(facts->page, frames_follow(pte, end - pte));
}

/* What was learnt holds beyond the table, the page that stands for it does not. */
static void count(struct vmw_facts *facts, u64 raw, unsigned long nr)
{
	if (!facts->nr)
		facts->page = pfn_to_page(vmw_raw_frame(raw));
	facts->nr += nr;
}

/*
 * By entries and pages: what one page has been found to be holds for those like it.
 * Returns the first entry that is not told of, or @end.
 */
static noinline const pte_t *scan_pages(struct vmw_pgwalk *pw, const pte_t *pte,
					const pte_t *end)
{
	unsigned long *cursor = &pw->walk->cursor;
	struct vmw_facts *facts = pw->facts;
	const pte_t *next;
	u32 state;
	u64 raw;

	for (; pte < end; pte = next) {
		raw = vmw_pte_raw(pte);
		if (raw && !(facts->keyed && known(facts, raw)))
			learn(pw, raw, facts);
		if (raw && !facts->keyed) {
			next = skip_keyless(pte, end, facts);
			if (vmw_emit_leaf(pw, &facts->leaf, next - pte))
				break;
			continue;
		}
		if (raw) {
			next = skip_known(pte + 1, end, facts);
			state = facts->state;
		} else {
			next = absent_run(pw, *cursor, pte, skip_empty(pte + 1, end), &state);
		}
		if (!vmw_extents_put(pw->ext, next - pte, state))
			break;
		*cursor += (next - pte) << PAGE_SHIFT;
		if (raw)
			count(facts, raw, next - pte);
	}
	sum_up(pw, facts);
	return pte;
}

/* How many of @max entries from @pte on, which is @leaf, are alike but for their frames? */
static unsigned long frames_alike(const struct vmw_pgwalk *pw, const pte_t *pte,
				  unsigned long max, const struct vmw_leaf *leaf)
{
	struct page *page = vmw_leaf_page(leaf);
	unsigned long n;

	if (!page || !pte_present(leaf->pte) || pw->flags & VMWALK_WALK_F_PAGES ||
	    vmw_kind_needs_page(pw) || pw->hugetlb)
		return 1;
	n = frames_follow(pte, max);
	/* Of another node, it is another frame altogether. */
	return page_to_nid(page) == page_to_nid(page + n - 1) ? n : 1;
}

/* With frames, and what is rare: each by itself unless its frame follows. */
static noinline const pte_t *scan_frames(struct vmw_pgwalk *pw, const pte_t *pte,
					 const pte_t *end)
{
	struct vmw_leaf leaf;
	unsigned long run;
	u64 raw;

	for (; pte < end; pte += run) {
		raw = vmw_pte_raw(pte);
		leaf_of(pw, raw, &leaf);
		if (!raw) {
			run = skip_empty(pte + 1, end) - pte;
			leaf.state = vmw_none_state(pw, pw->walk->cursor, &run);
		} else {
			run = frames_alike(pw, pte, end - pte, &leaf);
		}
		vmw_trace(pw, 0, pte, raw);
		if (vmw_emit_leaf(pw, &leaf, run))
			break;
	}
	return pte;
}

/* No VMWALK_KIND_*. */
#define FROM_PAGES	U32_MAX

/*
 * What tells an entry's state besides the entry: the VMA's kind, or the pages
 * themselves. An anon_vma may come while we walk, but not under the table's lock.
 */
static __always_inline u32 key_source(const struct vmw_pgwalk *pw)
{
	return unlikely(vmw_kind_needs_page(pw) || pw->hugetlb) ? FROM_PAGES : pw->object_kind;
}

/* What another VMA's entry was, one of this is, too; but no page outlasts its lock. */
static __always_inline void check_key(struct vmw_pgwalk *pw)
{
	const u32 source = key_source(pw);

	if (unlikely(source != pw->key.source || source == FROM_PAGES))
		pw->key = (struct vmw_key){ .care = ~0ULL, .source = source };
}

/**
 * vmw_scan_ptes() - the extents of a PTE table, or of a part of it
 * @pw: from where: the walk's cursor, which goes with what has been told
 * @pte: the entry there
 * @next: up to where, within the table
 *
 * Context: RCU, and the table's lock is held.
 * Return: 0, or VMW_FULL.
 */
int vmw_scan_ptes(struct vmw_pgwalk *pw, const pte_t *pte, unsigned long next)
{
	const pte_t *end = pte + ((next - pw->walk->cursor) >> PAGE_SHIFT);

	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "a PTE table can go without RCU");
	check_key(pw);
	if (!(pw->flags & (VMWALK_WALK_F_PAGES | VMWALK_WALK_F_PHYS)))
		pte = scan_entries(pw, pte, end);
	else if (pw->flags & VMWALK_WALK_F_PHYS || pw->hugetlb)
		pte = scan_frames(pw, pte, end);
	else
		pte = scan_pages(pw, pte, end);
	pw->walk->cursor = next - ((end - pte) << PAGE_SHIFT);
	return pte < end ? VMW_FULL : 0;
}
