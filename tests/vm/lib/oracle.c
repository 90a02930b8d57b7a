// SPDX-License-Identifier: GPL-2.0
/*
 * The oracle. Where /proc deliberately tells less than the page tables hold,
 * the rule is at expected_pagemap().
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "oracle.h"
#include "procmem.h"
#include "report.h"
#include "target.h"

#define WALK (VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_TABLES)
#define TRIES 5			/* for a process that does not keep still */

static void same_text(struct vmw_report *r, uint64_t at, const char *what,
		      const char *ours, const char *theirs)
{
	if (strcmp(ours, theirs))
		vmw_differ(r, "%" PRIx64 ": %s is \"%s\", /proc says \"%s\"", at,
			   what, ours, theirs);
}

int vmw_read_range(pid_t pid, uint32_t flags, uint64_t start, uint64_t end,
		   struct vmw_aspace *as)
{
	struct vmw_capture_request req = {
		.flags = flags, .start = start, .end = end,
	};
	struct vmw_error err = { 0 };
	struct vmw_info info;
	char target[16];

	snprintf(target, sizeof(target), "%d", pid);
	req.target = target;
	if (!vmw_capture(&req, &info, as, &err))
		return 0;
	vmw_diag("pid %d: %s", pid, err.text);
	return -1;
}

int vmw_read(pid_t pid, uint32_t flags, struct vmw_aspace *as)
{
	return vmw_read_range(pid, flags, 0, 0, as);
}

/* maps */

/* As maps prints it: a newline as an octal escape, all else as it is. */
static char *escape_name(const char *name)
{
	char *buf = malloc(4 * (name ? strlen(name) : 0) + 1), *p = buf;

	if (!buf)
		abort();
	for (; name && *name; name++)
		p += *name == '\n' ? sprintf(p, "\\012") :
				     sprintf(p, "%c", *name);
	*p = '\0';
	return buf;
}

static void perms_of(uint32_t flags, char perms[5])
{
	snprintf(perms, 5, "%c%c%c%c", flags & VMWALK_VMA_F_READ ? 'r' : '-',
		 flags & VMWALK_VMA_F_WRITE ? 'w' : '-',
		 flags & VMWALK_VMA_F_EXEC ? 'x' : '-',
		 flags & VMWALK_VMA_F_SHARED ? 's' : 'p');
}

static void compare_maps(struct vmw_report *r, const struct vmw_vma *vma,
			 const struct vmw_proc_vma *proc)
{
	const struct vmwalk_vma *i = &vma->info;
	char perms[5], *name = escape_name(vma->name);

	perms_of(i->flags, perms);
	vmw_same_number(r, i->start, "start", i->start, proc->start);
	vmw_same_number(r, i->start, "end", i->end, proc->end);
	same_text(r, i->start, "permissions", perms, proc->perms);
	vmw_same_number(r, i->start, "offset", i->offset, proc->offset);
	vmw_same_number(r, i->start, "device's major", i->dev_major,
			proc->major);
	vmw_same_number(r, i->start, "device's minor", i->dev_minor,
			proc->minor);
	vmw_same_number(r, i->start, "inode", i->ino, proc->ino);
	same_text(r, i->start, "name", name, proc->name);
	free(name);
}

/* smaps */

static const struct {
	const char *smaps;
	uint32_t flag;
} flag_names[] = {
	{ " rd", VMWALK_VMA_F_READ },
	{ " wr", VMWALK_VMA_F_WRITE },
	{ " ex", VMWALK_VMA_F_EXEC },
	{ " ms", VMWALK_VMA_F_SHARED },
	{ " gd", VMWALK_VMA_F_GROWSDOWN },
	{ " pf", VMWALK_VMA_F_PFNMAP },
	{ " mm", VMWALK_VMA_F_MIXEDMAP },
	{ " io", VMWALK_VMA_F_IO },
	{ " ht", VMWALK_VMA_F_HUGETLB },
	{ " lo", VMWALK_VMA_F_LOCKED },
	{ " dc", VMWALK_VMA_F_DONTCOPY },
	{ " dd", VMWALK_VMA_F_DONTDUMP },
	{ " nr", VMWALK_VMA_F_NORESERVE },
	{ " hg", VMWALK_VMA_F_HUGEPAGE },
	{ " nh", VMWALK_VMA_F_NOHUGEPAGE },
};

static void compare_flags(struct vmw_report *r, const struct vmw_vma *vma,
			  const struct vmw_proc_vma *proc)
{
	size_t i;

	for (i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++)
		vmw_same_number(r, vma->info.start, flag_names[i].smaps,
				!!(vma->info.flags & flag_names[i].flag),
				!!strstr(proc->flags, flag_names[i].smaps));
	vmw_same_number(r, vma->info.start, "backed by a file",
			!!(vma->info.flags & VMWALK_VMA_F_FILE),
			proc->major || proc->minor || proc->ino);
}

/* Mapped by PMD leaves, of those of @kind. */
static uint64_t huge(const struct vmw_aspace *as, const struct vmw_vma *vma,
		     enum vmwalk_kind kind)
{
	const struct vmw_extent *e = &as->extents[vma->first_extent];
	uint64_t pages = 0;
	size_t i;

	for (i = 0; i < vma->nr_extents; i++, e++)
		if (vmw_state_kind(e->state) == kind &&
		    e->state & VMWALK_STATE_LEVEL &&
		    !(e->state & VMWALK_STATE_HUGETLB))
			pages += e->pages;
	return pages << as->page_shift;
}

/*
 * A poisoned page is in no RSS, but newer smaps add up what the entry still
 * points to. Which it was, vmwalk does not tell from what userfaultfd can make,
 * a marker without a page: either number will do here.
 */
static uint64_t poisoned(const struct vmw_aspace *as,
			 const struct vmw_vma *vma)
{
	const struct vmw_extent *e = &as->extents[vma->first_extent];
	uint64_t pages = 0;
	size_t i;

	for (i = 0; i < vma->nr_extents; i++, e++)
		if (vmw_state_kind(e->state) == VMWALK_KIND_HWPOISON)
			pages += e->pages;
	return pages << as->page_shift;
}

/*
 * Whether a hugetlb page is shared, smaps and newer pagemaps ask the table that
 * its leaf is in: how many share that? Only tables of PMDs count it. For a leaf
 * of 1 GiB the kernel reads what the table's struct page held before, and any
 * answer may come: neither is an oracle then. vmwalk does not ask.
 */
static bool sharing_is_known(uint32_t state)
{
	return (state & VMWALK_STATE_LEVEL) >> VMWALK_STATE_LEVEL_SHIFT < 2;
}

static void compare_hugetlb(struct vmw_report *r, const struct vmw_aspace *as,
			    const struct vmw_vma *vma,
			    const struct vmw_proc_vma *proc)
{
	const struct vmw_usage *u = &vma->usage;
	uint64_t shared = proc->field[VMW_SMAPS_HUGETLB_SHARED];
	uint64_t private = proc->field[VMW_SMAPS_HUGETLB_PRIVATE];
	uint64_t at = vma->info.start;

	vmw_same_number(r, at, "hugetlb", u->hugetlb, shared + private);
	if (vma->nr_extents &&
	    sharing_is_known(as->extents[vma->first_extent].state))
		vmw_same_number(r, at, "Shared_Hugetlb", u->hugetlb_shared,
				shared);
}

static void compare_smaps(struct vmw_report *r, const struct vmw_aspace *as,
			  const struct vmw_vma *vma,
			  const struct vmw_proc_vma *proc)
{
	const struct vmw_usage *u = &vma->usage;
	const uint64_t ours[VMW_SMAPS_PAGES] = {
		[VMW_SMAPS_SIZE] = u->mapped,
		[VMW_SMAPS_PAGE_SIZE] = 1ULL << vma->info.page_shift,
		[VMW_SMAPS_MMU_PAGE_SIZE] = 1ULL << vma->info.page_shift,
		[VMW_SMAPS_RSS] = u->resident,
		[VMW_SMAPS_ANON] = u->anon,
		[VMW_SMAPS_SWAP] = u->swapped,
		[VMW_SMAPS_ANON_HUGE] = u->anon_huge,
		[VMW_SMAPS_SHMEM_HUGE] = huge(as, vma, VMWALK_KIND_SHMEM),
		[VMW_SMAPS_FILE_HUGE] = huge(as, vma, VMWALK_KIND_FILE),
	};
	const uint64_t extra = poisoned(as, vma);
	int i;

	for (i = 0; i < VMW_SMAPS_PAGES; i++)
		if (proc->has & 1U << i && i != VMW_SMAPS_HUGETLB_SHARED &&
		    i != VMW_SMAPS_HUGETLB_PRIVATE &&
		    (!extra || proc->field[i] != ours[i] + extra))
			vmw_same_number(r, vma->info.start, vmw_smaps_names[i],
					ours[i], proc->field[i]);
	compare_hugetlb(r, as, vma, proc);
	if (!(vma->info.flags & VMWALK_VMA_F_GATE))
		compare_flags(r, vma, proc);
}

/* pagemap */

/* Older pagemaps count the mappings of a page, and not who shares the table. */
static bool can_share_table(const struct vmw_vma *vma)
{
	return vma->info.flags & VMWALK_VMA_F_SHARED &&
	       vma->info.end - vma->info.start >= 1UL << 30;
}

struct pagemap_rule {
	uint64_t bits, mask;	/* what the entry has, of these bits */
};

/*
 * What pagemap shows of a page in @state. It does not look into VM_PFNMAP
 * areas at all. Bit 62 stands for every entry that is neither none nor
 * present, but in hugetlb areas for nothing. Bit 61 goes by the struct page of
 * a present entry, so that for huge zero pages it depends on the kernel.
 */
static struct pagemap_rule expected_pagemap(const struct vmw_vma *vma,
					    uint32_t state)
{
	struct pagemap_rule rule = { 0, VMW_PM_PRESENT | VMW_PM_SWAP };
	enum vmwalk_kind kind = vmw_state_kind(state);

	if (vma->info.flags & VMWALK_VMA_F_PFNMAP || kind == VMWALK_KIND_NONE)
		return rule;
	if (!vmw_state_present(state)) {
		if (!(vma->info.flags & VMWALK_VMA_F_HUGETLB))
			rule.bits = VMW_PM_SWAP;
		return rule;
	}
	rule.bits = VMW_PM_PRESENT;
	if (kind != VMWALK_KIND_ZERO)
		rule.mask |= VMW_PM_FILE;
	if (kind == VMWALK_KIND_FILE || kind == VMWALK_KIND_SHMEM)
		rule.bits |= VMW_PM_FILE;
	if (state & VMWALK_STATE_HUGETLB && sharing_is_known(state)) {
		if (!(state & VMWALK_STATE_SHARED))
			rule.bits |= VMW_PM_EXCLUSIVE;
		if (rule.bits & VMW_PM_EXCLUSIVE || !can_share_table(vma))
			rule.mask |= VMW_PM_EXCLUSIVE;
	}
	return rule;
}

static void compare_extent(struct vmw_report *r, const struct vmw_aspace *as,
			   const struct vmw_vma *vma,
			   const struct vmw_extent *e, struct vmw_window *map)
{
	struct pagemap_rule rule = expected_pagemap(vma, e->state);
	uint64_t page = e->start >> as->page_shift, end = page + e->pages;
	uint64_t i, nr;

	for (; page < end; page += nr) {
		const uint64_t *entry = vmw_window_at(map, page, &nr);

		if (!entry) {
			vmw_differ(r, "%" PRIx64 ": pagemap ends before it",
				   page << as->page_shift);
			return;
		}
		if (nr > end - page)
			nr = end - page;
		for (i = 0; i < nr; i++)
			if ((entry[i] & rule.mask) != rule.bits)
				vmw_differ(r, "%" PRIx64 " in VMA %" PRIx64
					   ": state %x, pagemap %" PRIx64,
					   (page + i) << as->page_shift,
					   (uint64_t)vma->info.start, e->state,
					   entry[i]);
	}
}

static void compare_pages(struct vmw_report *r, const struct vmw_aspace *as,
			  const struct vmw_vma *vma, struct vmw_window *map)
{
	const struct vmw_extent *e = &as->extents[vma->first_extent];
	uint64_t at = vma->info.start;
	size_t i;

	/* Above the last address that pagemap can be asked for. */
	if (vma->info.flags & VMWALK_VMA_F_GATE)
		return;
	for (i = 0; i < vma->nr_extents; i++, e++) {
		vmw_same_number(r, at, "the next extent's start", e->start, at);
		at = vmw_extent_end(as, e);
		compare_extent(r, as, vma, e, map);
	}
	vmw_same_number(r, vma->info.start, "end of the extents", at,
			vma->info.end);
}

static void compare_hugetlb_sum(struct vmw_report *r, pid_t pid,
				const struct vmw_aspace *as)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < as->nr_vmas; i++)
		bytes += as->vmas[i].usage.hugetlb;
	vmw_same_number(r, pid, "HugetlbPages", bytes >> 10,
			vmw_proc_status(pid, "HugetlbPages"));
}

static void compare_vmas(struct vmw_report *r, pid_t pid,
			 const struct vmw_aspace *as)
{
	struct vmw_window *map = vmw_window_pagemap(pid);
	struct vmw_procmem pm;
	size_t i;

	if (!map || vmw_procmem_read(&pm, pid)) {
		vmw_differ(r, "/proc/%d cannot be read", pid);
		vmw_window_close(map);
		return;
	}
	vmw_same_number(r, 0, "number of VMAs", as->nr_vmas, pm.nr);
	for (i = 0; i < as->nr_vmas && i < pm.nr; i++) {
		compare_maps(r, &as->vmas[i], &pm.vma[i]);
		compare_smaps(r, as, &as->vmas[i], &pm.vma[i]);
		compare_pages(r, as, &as->vmas[i], map);
	}
	vmw_procmem_free(&pm);
	vmw_window_close(map);
}

/* stat and status */

static void compare_mm(struct vmw_report *r, pid_t pid,
		       const struct vmw_aspace *as)
{
	const struct vmwalk_mm *mm = &as->mm;
	uint64_t hz = sysconf(_SC_CLK_TCK);
	const struct {
		int field;
		const char *name;
		uint64_t ours;
	} stat[] = {
		{ 22, "start time", mm->start_time / (1000000000 / hz) },
		{ 26, "start_code", mm->start_code },
		{ 27, "end_code", mm->end_code },
		{ 28, "start_stack", mm->start_stack },
		{ 45, "start_data", mm->start_data },
		{ 46, "end_data", mm->end_data },
		{ 47, "start_brk", mm->start_brk },
		{ 48, "arg_start", mm->arg_start },
		{ 49, "arg_end", mm->arg_end },
		{ 50, "env_start", mm->env_start },
		{ 51, "env_end", mm->env_end },
	};
	const struct {
		const char *key;
		uint64_t ours;
	} status[] = {
		{ "Tgid", (uint64_t)mm->pid << 10 },
		{ "VmSize", mm->mapped },
		{ "VmRSS", mm->rss_anon + mm->rss_file + mm->rss_shmem },
		{ "RssAnon", mm->rss_anon },
		{ "RssFile", mm->rss_file },
		{ "RssShmem", mm->rss_shmem },
		{ "VmSwap", mm->swap },
		{ "VmPTE", mm->page_tables },
		{ "VmHWM", mm->hiwater_rss },
		{ "VmPeak", mm->hiwater_vm },
		{ "VmLck", mm->locked },
		{ "VmPin", mm->pinned },
		{ "VmData", mm->data },
		{ "VmStk", mm->stack },
	};
	size_t i;

	for (i = 0; i < sizeof(stat) / sizeof(stat[0]); i++)
		vmw_same_number(r, pid, stat[i].name, stat[i].ours,
				vmw_proc_stat(pid, stat[i].field));
	for (i = 0; i < sizeof(status) / sizeof(status[0]); i++)
		vmw_same_number(r, pid, status[i].key, status[i].ours >> 10,
				vmw_proc_status(pid, status[i].key));
	vmw_same_number(r, pid, "VmExe + VmLib", mm->exec >> 10,
			vmw_proc_status(pid, "VmExe") +
			vmw_proc_status(pid, "VmLib"));
}

/* Pages that entries of each level map, or say something else of. */
static void count_used(const struct vmw_aspace *as, const struct vmw_vma *vma,
		       uint64_t used[4])
{
	const struct vmw_extent *e = &as->extents[vma->first_extent];
	size_t i;

	for (i = 0; i < vma->nr_extents; i++, e++)
		if (vmw_state_kind(e->state) != VMWALK_KIND_NONE)
			used[(e->state & VMWALK_STATE_LEVEL) >>
			     VMWALK_STATE_LEVEL_SHIFT] += e->pages;
}

/*
 * The tables counted are all that the kernel counts; the entries in use, those
 * that the extents tell of, and one for each table below.
 */
static void compare_tables(struct vmw_report *r, pid_t pid,
			   const struct vmw_aspace *as)
{
	const unsigned int bits = as->page_shift - 3;
	struct vmwalk_tables sum = { 0 };
	uint64_t used[4] = { 0 };
	size_t i;

	for (i = 0; i < as->nr_vmas; i++) {
		vmw_tables_add(&sum, vmw_vma_tables(as, &as->vmas[i]));
		if (!(as->vmas[i].info.flags & VMWALK_VMA_F_GATE))
			count_used(as, &as->vmas[i], used);
	}
	vmw_same_number(r, pid, "bytes of page tables",
			vmw_tables_bytes(as, &sum),
			vmw_proc_status(pid, "VmPTE") << 10);
	vmw_same_number(r, pid, "PTEs in use", sum.pte_entries, used[0]);
	vmw_same_number(r, pid, "PMDs in use", sum.pmd_entries,
			sum.pte + (used[1] >> bits));
	vmw_same_number(r, pid, "PUDs in use", sum.pud_entries,
			sum.pmd + (used[2] >> 2 * bits));
	vmw_same_number(r, pid, "P4Ds and PGDs in use",
			sum.p4d_entries + sum.pgd_entries, sum.pud + sum.p4d);
}

size_t vmw_oracle_compare(pid_t pid, const struct vmw_aspace *as, bool quiet)
{
	struct vmw_report r = { .quiet = quiet };

	if (!as->complete || as->end.consistency == VMWALK_CHANGED)
		vmw_differ(&r, "the reading is incomplete or crossed by a change");
	compare_mm(&r, pid, as);
	if (as->flags & VMWALK_WALK_F_TABLES)
		compare_tables(&r, pid, as);
	compare_vmas(&r, pid, as);
	compare_hugetlb_sum(&r, pid, as);
	return r.wrong;
}

size_t vmw_oracle_check(pid_t pid, struct vmw_aspace *as)
{
	struct vmw_aspace again;
	bool same;
	int i;

	for (i = 0; i < TRIES; i++) {
		if (vmw_read(pid, WALK, as))
			return 1;
		if (!vmw_oracle_compare(pid, as, true))
			return 0;
		if (vmw_read(pid, WALK, &again))
			return 1;
		same = !vmw_aspace_differences(as, &again, 0, UINT64_MAX);
		vmw_aspace_deinit(&again);
		if (same)
			break;
		vmw_aspace_deinit(as);
	}
	if (i < TRIES)
		return vmw_oracle_compare(pid, as, false);
	vmw_diag("pid %d does not keep still", pid);
	vmw_aspace_init(as, 12);
	return 1;
}
