// SPDX-License-Identifier: GPL-2.0
/*
 * The oracle of single pages: every bit that pagemap has of one, and what
 * kpageflags and kpagecount have of its frame. A row of the table below is one
 * thing that both tell; where they do not, it says when.
 */
#include <inttypes.h>
#include <linux/kernel-page-flags.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"
#include "procmem.h"
#include "report.h"
#include "target.h"

/* <linux/kernel-page-flags.h> leaves out what is the kernel's own. */
#define KPF_MLOCKED 33

#define FRAMES 32	/* read at a time: neighbours are seldom asked for */
#define MAPS_MAX 127

/* One page: what vmwalk says, and what /proc does. */
struct look {
	const struct vmwalk_vma *vma;
	bool sd;		/* the VMA has VM_SOFTDIRTY */
	bool has_pkey;		/* smaps tells the next */
	uint64_t pkey;		/* of the VMA: what each of its entries has */
	uint32_t can;		/* VMWALK_CAN_* */
	uint32_t state;
	uint64_t frame;
	uint64_t pagemap;
	bool has_page;		/* the next two are known */
	uint64_t flags, count;
};

static bool has(const struct look *l, uint32_t state)
{
	return l->state & state;
}

static bool is(const struct look *l, enum vmwalk_kind kind)
{
	return vmw_state_kind(l->state) == kind;
}

static bool kpf(const struct look *l, int bit)
{
	return l->flags >> bit & 1;
}

static unsigned int field(const struct look *l, uint32_t mask)
{
	return (l->state & mask) / (mask & -mask);
}

/* When is a row to be looked at? */

static bool if_mapped(const struct look *l)
{
	return vmw_state_present(l->state) &&
	       !(l->vma->flags & VMWALK_VMA_F_PFNMAP);
}

static bool if_swapped(const struct look *l)
{
	return is(l, VMWALK_KIND_SWAP);
}

static bool if_migrating(const struct look *l)
{
	return is(l, VMWALK_KIND_MIGRATION);
}

/* pagemap leaves out VM_PFNMAP, and of hugetlb the bit in the entry. */
static bool if_soft_dirty(const struct look *l)
{
	return l->can & VMWALK_CAN_SOFT_DIRTY &&
	       !(l->vma->flags & (VMWALK_VMA_F_PFNMAP | VMWALK_VMA_F_HUGETLB));
}

static bool if_uffd_wp(const struct look *l)
{
	return l->can & VMWALK_CAN_UFFD_WP && vmw_kernel_is(5, 14) &&
	       !(l->vma->flags & VMWALK_VMA_F_PFNMAP);
}

static bool if_guards(const struct look *l)
{
	return vmw_kernel_is(6, 15) && !(l->vma->flags & VMWALK_VMA_F_PFNMAP);
}

static bool if_pkey(const struct look *l)
{
	return l->has_pkey && vmw_state_present(l->state);
}

static bool if_page(const struct look *l)
{
	return l->has_page;
}

/* Of hugetlb oracle.c knows more. Without counts it is as good as a guess. */
static bool if_counted(const struct look *l)
{
	return l->has_page && l->can & VMWALK_CAN_MAPS &&
	       !has(l, VMWALK_STATE_HUGETLB);
}

/* Older kernels tell the flags of each page, but the folio's are in its head. */
static bool if_head(const struct look *l)
{
	return l->has_page && !kpf(l, KPF_COMPOUND_TAIL);
}

static bool ksm_is_known(void)
{
	static int known = -1;

	if (known < 0)
		known = vmw_kpageflags_knows_ksm();
	return known;
}

static bool if_ksm(const struct look *l)
{
	return l->has_page && ksm_is_known();
}

/* What is told, here and there? */

static uint64_t frame(const struct look *l)
{
	return VMWALK_FRAME_NUMBER(l->frame);
}

static uint64_t pagemap_frame(const struct look *l)
{
	return l->pagemap & VMW_PM_FRAME;
}

static uint64_t pagemap_offset(const struct look *l)
{
	return pagemap_frame(l) >> VMW_PM_SWAP_SHIFT;
}

static uint64_t swap_area(const struct look *l)
{
	return VMWALK_FRAME_NODE(l->frame);
}

static uint64_t pagemap_area(const struct look *l)
{
	return pagemap_frame(l) & ((1U << VMW_PM_SWAP_SHIFT) - 1);
}

/* The VMA's bit stands for all of its pages in pagemap, for none here. */
static uint64_t soft_dirty(const struct look *l)
{
	return l->sd || (!is(l, VMWALK_KIND_NONE) &&
			 has(l, VMWALK_STATE_SOFT_DIRTY));
}

static uint64_t pagemap_soft_dirty(const struct look *l)
{
	return !!(l->pagemap & VMW_PM_SOFT_DIRTY);
}

static uint64_t uffd_wp(const struct look *l)
{
	return !is(l, VMWALK_KIND_NONE) && has(l, VMWALK_STATE_UFFD_WP);
}

static uint64_t pagemap_uffd_wp(const struct look *l)
{
	return !!(l->pagemap & VMW_PM_UFFD_WP);
}

static uint64_t guard(const struct look *l)
{
	return is(l, VMWALK_KIND_GUARD);
}

static uint64_t pagemap_guard(const struct look *l)
{
	return !!(l->pagemap & VMW_PM_GUARD);
}

static uint64_t pkey(const struct look *l)
{
	return vmw_state_pkey(l->state);
}

static uint64_t smaps_pkey(const struct look *l)
{
	return l->pkey;
}

static uint64_t shared(const struct look *l)
{
	return has(l, VMWALK_STATE_SHARED);
}

static uint64_t pagemap_shared(const struct look *l)
{
	return !(l->pagemap & VMW_PM_EXCLUSIVE);
}

static uint64_t anon(const struct look *l)
{
	return is(l, VMWALK_KIND_ANON);
}

static uint64_t kpf_anon(const struct look *l)
{
	return kpf(l, KPF_ANON);
}

static uint64_t ksm(const struct look *l)
{
	return has(l, VMWALK_STATE_KSM);
}

static uint64_t kpf_ksm(const struct look *l)
{
	return kpf(l, KPF_KSM);
}

static uint64_t mlocked(const struct look *l)
{
	return has(l, VMWALK_STATE_MLOCKED);
}

static uint64_t kpf_mlocked(const struct look *l)
{
	return kpf(l, KPF_MLOCKED);
}

static uint64_t hugetlb(const struct look *l)
{
	return has(l, VMWALK_STATE_HUGETLB);
}

static uint64_t kpf_huge(const struct look *l)
{
	return kpf(l, KPF_HUGE);
}

static uint64_t large(const struct look *l)
{
	return field(l, VMWALK_STATE_ORDER) > 0;
}

static uint64_t kpf_compound(const struct look *l)
{
	return kpf(l, KPF_COMPOUND_HEAD) || kpf(l, KPF_COMPOUND_TAIL);
}

static uint64_t maps(const struct look *l)
{
	return field(l, VMWALK_STATE_MAPS);
}

static uint64_t count(const struct look *l)
{
	return l->count < MAPS_MAX ? l->count : MAPS_MAX;
}

static const struct row {
	const char *what;
	bool (*when)(const struct look *l);
	uint64_t (*ours)(const struct look *l);
	uint64_t (*theirs)(const struct look *l);
	bool seldom;		/* it may well not come */
} rows[] = {
	{ "frame", if_mapped, frame, pagemap_frame, false },
	{ "offset in swap", if_swapped, frame, pagemap_offset, false },
	{ "swap area", if_swapped, swap_area, pagemap_area, true },
	{ "frame it moves from", if_migrating, frame, pagemap_offset, true },
	{ "soft-dirty", if_soft_dirty, soft_dirty, pagemap_soft_dirty, true },
	{ "uffd-wp", if_uffd_wp, uffd_wp, pagemap_uffd_wp, true },
	{ "guard", if_guards, guard, pagemap_guard, true },
	{ "protection key", if_pkey, pkey, smaps_pkey, true },
	{ "shared", if_counted, shared, pagemap_shared, false },
	{ "anonymous", if_page, anon, kpf_anon, false },
	{ "KSM", if_ksm, ksm, kpf_ksm, false },
	{ "mlocked", if_head, mlocked, kpf_mlocked, false },
	{ "hugetlb", if_page, hugetlb, kpf_huge, false },
	{ "part of a larger folio", if_page, large, kpf_compound, false },
	{ "number of mappings", if_counted, maps, count, false },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* How often a row was compared, and found both set. */
static size_t looks[ROWS], found[ROWS];

struct oracle {
	struct vmw_report report;
	const struct vmw_aspace *as;
	struct vmw_window *pagemap, *flags, *counts;
};

static void compare_page(struct oracle *o, uint64_t addr,
			 const struct look *l)
{
	const struct row *row;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		row = &rows[i];
		if (!row->when(l))
			continue;
		looks[i]++;
		found[i] += row->ours(l) && row->theirs(l);
		if (row->ours(l) != row->theirs(l))
			vmw_differ(&o->report, "%" PRIx64 ": %s: %" PRIx64
				   ", /proc says %" PRIx64 " (state %x, "
				   "pagemap %" PRIx64 ", flags %" PRIx64 ")",
				   addr, row->what, row->ours(l),
				   row->theirs(l), l->state, l->pagemap,
				   l->flags);
	}
}

static uint64_t number_at(struct vmw_window *w, uint64_t i, bool *ok)
{
	uint64_t nr;
	const uint64_t *entry = vmw_window_at(w, i, &nr);

	*ok &= !!entry;
	return entry ? *entry : 0;
}

/* By the frame that pagemap knows: ours is compared with it. */
static void look_at_frame(struct oracle *o, struct look *l)
{
	const enum vmwalk_kind kind = vmw_state_kind(l->state);

	if (l->vma->flags & (VMWALK_VMA_F_PFNMAP | VMWALK_VMA_F_MIXEDMAP) ||
	    (kind != VMWALK_KIND_ANON && kind != VMWALK_KIND_FILE &&
	     kind != VMWALK_KIND_SHMEM))
		return;
	l->has_page = true;
	l->flags = number_at(o->flags, pagemap_frame(l), &l->has_page);
	l->count = number_at(o->counts, pagemap_frame(l), &l->has_page);
}

static void compare_vma(struct oracle *o, const struct vmw_vma *vma,
			struct look *l)
{
	const struct vmw_extent *e = &o->as->extents[vma->first_extent];
	const uint32_t shift = o->as->page_shift;
	uint64_t addr, nr;
	bool ok = true;
	size_t i;

	for (i = 0; i < vma->nr_extents; i++, e++) {
		for (nr = 0; nr < e->pages; nr++) {
			addr = e->start + (nr << shift);
			l->state = e->state;
			l->frame = vmw_extent_frame(e, nr);
			l->has_page = false;
			l->flags = 0;
			l->pagemap = number_at(o->pagemap, addr >> shift, &ok);
			look_at_frame(o, l);
			compare_page(o, addr, l);
		}
	}
	if (!ok)
		vmw_differ(&o->report, "pagemap ends before %llx",
			   vma->info.end);
}

static void compare_vmas(struct oracle *o, const struct vmw_procmem *pm,
			 uint32_t can)
{
	size_t i;

	for (i = 0; i < o->as->nr_vmas && i < pm->nr; i++) {
		const struct vmw_vma *vma = &o->as->vmas[i];
		struct look l = {
			.vma = &vma->info, .can = can,
			.sd = strstr(pm->vma[i].flags, " sd"),
			.has_pkey = pm->vma[i].has & 1U << VMW_SMAPS_PKEY,
			.pkey = pm->vma[i].field[VMW_SMAPS_PKEY],
		};

		if (!(vma->info.flags & VMWALK_VMA_F_GATE))
			compare_vma(o, vma, &l);
	}
}

size_t vmw_pages_compare(pid_t pid, const struct vmw_aspace *as, uint32_t can,
			 bool quiet)
{
	struct oracle o = { .report = { .quiet = quiet }, .as = as };
	struct vmw_procmem pm = { 0 };

	o.pagemap = vmw_window_pagemap(pid);
	o.flags = vmw_window_open("/proc/kpageflags", FRAMES);
	o.counts = vmw_window_open("/proc/kpagecount", FRAMES);
	if (!o.pagemap || !o.flags || !o.counts || vmw_procmem_read(&pm, pid))
		vmw_differ(&o.report, "/proc has not what it takes");
	else
		compare_vmas(&o, &pm, can);
	vmw_procmem_free(&pm);
	vmw_window_close(o.pagemap);
	vmw_window_close(o.flags);
	vmw_window_close(o.counts);
	return o.report.wrong;
}

size_t vmw_pages_left_out(void)
{
	size_t i, left_out = 0;
	bool may_lack;

	for (i = 0; i < ROWS; i++) {
		vmw_diag("%s: compared %zu times, %zu not 0", rows[i].what,
			 looks[i], found[i]);
		may_lack = rows[i].seldom ||
			   (rows[i].when == if_ksm && !ksm_is_known());
		left_out += !found[i] && !may_lack;
	}
	return left_out;
}
