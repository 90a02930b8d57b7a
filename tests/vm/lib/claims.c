// SPDX-License-Identifier: GPL-2.0
/* What a target says of itself (targets/target.h), against what was read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target.h"

static const char *const kind_names[] = {
	[VMWALK_KIND_NONE] = "none",
	[VMWALK_KIND_ANON] = "anon",
	[VMWALK_KIND_FILE] = "file",
	[VMWALK_KIND_SHMEM] = "shmem",
	[VMWALK_KIND_ZERO] = "zero",
	[VMWALK_KIND_PFN] = "pfn",
	[VMWALK_KIND_SWAP] = "swap",
	[VMWALK_KIND_HWPOISON] = "hwpoison",
	[VMWALK_KIND_MARKER] = "marker",
	[VMWALK_KIND_GUARD] = "guard",
};

static const struct {
	const char *name;
	size_t offset;
} usage_fields[] = {
#define FIELD(f) { #f, offsetof(struct vmw_usage, f) }
	FIELD(reserved), FIELD(anon),	 FIELD(file),
	FIELD(shmem),	 FIELD(zero),	 FIELD(pfn),
	FIELD(hugetlb),	 FIELD(swapped), FIELD(hugetlb_shared),
	FIELD(anon_huge),
#undef FIELD
};

static int parse_kind(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kind_names) / sizeof(kind_names[0]); i++)
		if (kind_names[i] && !strcmp(name, kind_names[i]))
			return i;
	return -1;
}

/* "pmd-hugetlb-shared" */
static uint32_t parse_level(const char *text)
{
	uint32_t state = 0;

	if (!strncmp(text, "pmd", 3))
		state = 1 << VMWALK_STATE_LEVEL_SHIFT;
	if (!strncmp(text, "pud", 3))
		state = 2 << VMWALK_STATE_LEVEL_SHIFT;
	if (strstr(text, "-hugetlb"))
		state |= VMWALK_STATE_HUGETLB;
	if (strstr(text, "-shared"))
		state |= VMWALK_STATE_SHARED;
	return state;
}

/* "w-da" */
static uint32_t parse_bits(const char *text)
{
	static const struct {
		char letter;
		uint32_t bit;
	} bits[] = {
		{ 'w', VMWALK_STATE_WRITE },
		{ 'x', VMWALK_STATE_EXEC },
		{ 'd', VMWALK_STATE_DIRTY },
		{ 'a', VMWALK_STATE_ACCESSED },
	};
	uint32_t state = 0;
	size_t i;

	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (strchr(text, bits[i].letter))
			state |= bits[i].bit;
	return state;
}

/* All pages of [@addr, @end) are in the state @want, of the bits @mask. */
static bool all_pages(const struct vmw_aspace *as, uint64_t addr, uint64_t end,
		      uint32_t mask, uint32_t want)
{
	while (addr < end) {
		const struct vmw_vma *vma = vmw_aspace_find_vma(as, addr);
		const struct vmw_extent *e =
			vma ? vmw_aspace_find_extent(as, vma, addr) : NULL;

		if (!e || (e->state & mask) != want) {
			vmw_diag("at %llx: %s%x, wanted %x",
				 (unsigned long long)addr,
				 e ? "state " : vma ? "no extent " : "no VMA ",
				 e ? e->state & mask : 0, want);
			return false;
		}
		addr = vmw_extent_end(as, e);
	}
	return true;
}

static bool page_holds(const struct vmw_aspace *as, const char *line)
{
	uint32_t mask = VMWALK_STATE_KIND | VMWALK_STATE_LEVEL |
			VMWALK_STATE_HUGETLB;
	unsigned long long addr, pages;
	char kind[16], level[32];

	if (sscanf(line, "page %llx %llu %15s %31s", &addr, &pages, kind,
		   level) != 4 || parse_kind(kind) < 0)
		return false;
	/* Of other pages "state" tells it. */
	if (strstr(level, "-hugetlb"))
		mask |= VMWALK_STATE_SHARED;
	return all_pages(as, addr, addr + (pages << as->page_shift), mask,
			 parse_kind(kind) | parse_level(level));
}

static bool entry_holds(const struct vmw_aspace *as, const char *line)
{
	const uint32_t mask = VMWALK_STATE_WRITE | VMWALK_STATE_EXEC |
			      VMWALK_STATE_DIRTY | VMWALK_STATE_ACCESSED;
	unsigned long long addr, pages;
	char bits[8];

	if (sscanf(line, "entry %llx %llu %7s", &addr, &pages, bits) != 3)
		return false;
	return all_pages(as, addr, addr + (pages << as->page_shift), mask,
			 parse_bits(bits));
}

/* "soft-dirty", "!ksm", "maps=4": adds to what is looked at, and wanted. */
static bool parse_word(const char *word, uint32_t *mask, uint32_t *want)
{
	static const struct {
		const char *name;
		uint32_t mask;
	} words[] = {
		{ "soft-dirty", VMWALK_STATE_SOFT_DIRTY },
		{ "uffd-wp", VMWALK_STATE_UFFD_WP },
		{ "protnone", VMWALK_STATE_PROTNONE },
		{ "ksm", VMWALK_STATE_KSM },
		{ "mlocked", VMWALK_STATE_MLOCKED },
		{ "shared", VMWALK_STATE_SHARED },
		{ "pkey", VMWALK_STATE_PKEY },
		{ "order", VMWALK_STATE_ORDER },
		{ "maps", VMWALK_STATE_MAPS },
	};
	const bool not = *word == '!';
	const size_t len = strcspn(word + not, "=");
	const char *value = word[not + len] ? word + not + len + 1 : "1";
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].name) != len ||
		    strncmp(word + not, words[i].name, len))
			continue;
		*mask |= words[i].mask;
		if (!not)
			*want |= strtoul(value, NULL, 10) *
				 (words[i].mask & -words[i].mask);
		return true;
	}
	return false;
}

/* The pages of [@addr, @end) are on @node. */
static bool all_on(const struct vmw_aspace *as, uint64_t addr, uint64_t end,
		   uint32_t node)
{
	while (addr < end) {
		const struct vmw_vma *vma = vmw_aspace_find_vma(as, addr);
		const struct vmw_extent *e =
			vma ? vmw_aspace_find_extent(as, vma, addr) : NULL;

		if (!e || VMWALK_FRAME_NODE(e->frame) != node)
			return false;
		addr = vmw_extent_end(as, e);
	}
	return true;
}

static bool state_holds(const struct vmw_aspace *as, const char *line)
{
	unsigned long long addr, end, pages;
	char words[128], *word, *rest = words;
	uint32_t mask = 0, want = 0;
	unsigned int node;

	if (sscanf(line, "state %llx %llu %127s", &addr, &pages, words) != 3)
		return false;
	end = addr + (pages << as->page_shift);
	while ((word = strsep(&rest, ","))) {
		if (sscanf(word, "node=%u", &node) == 1) {
			if (!all_on(as, addr, end, node))
				return false;
		} else if (!parse_word(word, &mask, &want)) {
			return false;
		}
	}
	return all_pages(as, addr, end, mask, want);
}

static bool absent_holds(const struct vmw_aspace *as, const char *line)
{
	static const struct {
		const char *why;
		uint32_t bits;
		uint32_t mask;
	} whys[] = {
		{ "none", 0, 0 },
		{ "cached", VMWALK_STATE_CACHED, 0 },
		{ "swapped", VMWALK_STATE_SWAPPED, 0 },
		{ "beyond-eof", VMWALK_STATE_BEYOND_EOF, VMWALK_STATE_CACHED },
	};
	unsigned long long addr, pages;
	char why[16];
	size_t i;

	if (sscanf(line, "absent %llx %llu %15s", &addr, &pages, why) != 3)
		return false;
	for (i = 0; i < sizeof(whys) / sizeof(whys[0]); i++)
		if (!strcmp(why, whys[i].why))
			return all_pages(as, addr,
					 addr + (pages << as->page_shift),
					 ~whys[i].mask,
					 VMWALK_KIND_NONE | whys[i].bits);
	return false;
}

static bool usage_holds(const struct vmw_aspace *as, const char *line)
{
	unsigned long long addr, want, got;
	const struct vmw_vma *vma;
	char field[32];
	size_t i;

	if (sscanf(line, "usage %llx %31s %llu", &addr, field, &want) != 3)
		return false;
	vma = vmw_aspace_find_vma(as, addr);
	for (i = 0; i < sizeof(usage_fields) / sizeof(usage_fields[0]); i++) {
		if (!vma || strcmp(field, usage_fields[i].name))
			continue;
		got = *(const uint64_t *)((const char *)&vma->usage +
					  usage_fields[i].offset);
		if (got != want)
			vmw_diag("%s is %llu, wanted %llu", field, got, want);
		return got == want;
	}
	return false;
}

static bool thread_holds(const struct vmw_aspace *as, const char *line)
{
	unsigned long long fs_base;
	size_t i;
	int tid;

	if (sscanf(line, "thread %d %llx", &tid, &fs_base) != 2)
		return false;
	/* A reading without threads says nothing of them. */
	if (!as->nr_threads)
		return true;
	for (i = 0; i < as->nr_threads; i++)
		if (as->threads[i].tid == tid)
			return as->threads[i].has_regs &&
			       as->threads[i].fs_base == fs_base;
	return false;
}

static bool vmas_hold(const struct vmw_aspace *as, const char *line)
{
	size_t min, max, i, nr = 0;

	if (sscanf(line, "vmas %zu %zu", &min, &max) != 2)
		return false;
	for (i = 0; i < as->nr_vmas; i++)
		nr += !(as->vmas[i].info.flags & VMWALK_VMA_F_GATE);
	if (nr >= min && nr <= max && nr == as->mm.vmas)
		return true;
	vmw_diag("%zu VMAs read, %u told", nr, as->mm.vmas);
	return false;
}

size_t vmw_target_check(const struct vmw_target *t, const struct vmw_aspace *as)
{
	const char *line = t->said, *next;
	size_t wrong = 0;
	bool ok;

	for (; (next = strchr(line, '\n')); line = next + 1) {
		if (!strncmp(line, "page ", 5))
			ok = page_holds(as, line);
		else if (!strncmp(line, "entry ", 6))
			ok = entry_holds(as, line);
		else if (!strncmp(line, "state ", 6))
			ok = state_holds(as, line);
		else if (!strncmp(line, "absent ", 7))
			ok = absent_holds(as, line);
		else if (!strncmp(line, "usage ", 6))
			ok = usage_holds(as, line);
		else if (!strncmp(line, "thread ", 7))
			ok = thread_holds(as, line);
		else if (!strncmp(line, "vmas ", 5))
			ok = vmas_hold(as, line);
		else
			ok = !strncmp(line, "ready\n", 6);
		if (ok)
			continue;
		vmw_diag("does not hold: %.*s", (int)(next - line), line);
		wrong++;
	}
	return wrong;
}
