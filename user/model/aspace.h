/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The model: an address space as one walk found it, plain data without a link
 * to where it came from. The netlink client and the snapshot store fill it;
 * classify, diff and every view read it as const.
 */
#ifndef VMW_ASPACE_H
#define VMW_ASPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/vmwalk.h>

#include "genl/info.h"
#include "runtime.h"

/*
 * A maximal run of consecutive pages of one VMA in the same state, and, if they
 * were asked for, on consecutive frames.
 */
struct vmw_extent {
	uint64_t start;		/* address */
	uint64_t pages;		/* base pages, never 0 */
	uint32_t state;		/* VMWALK_STATE_* */
	uint64_t frame;		/* of its first page; 0: none, or not asked for */
};

/* Bytes of a VMA, or of several, by what became of them. */
struct vmw_usage {
	uint64_t mapped;	/* what the VMAs span */
	uint64_t reserved;	/* of it, PROT_NONE */
	uint64_t present;	/* mapped by an entry: resident + zero + pfn + hugetlb */
	uint64_t resident;	/* present and counted by RSS: anon + file + shmem */
	uint64_t anon;
	uint64_t file;
	uint64_t shmem;
	uint64_t zero;		/* zero page and huge zero page */
	uint64_t pfn;		/* raw frames: vvar, vsyscall, device memory */
	uint64_t hugetlb;	/* present hugetlb leaves, not counted by RSS */
	uint64_t hugetlb_shared;/* of them, mapped by others as well */
	uint64_t anon_huge;	/* of anon, mapped by a PMD leaf (AnonHugePages) */
	uint64_t swapped;	/* swap entries, and shmem_swapped of the VMA */
	uint64_t other;		/* migrating, poisoned, device, marker, bad */
	/* Of resident, as smaps has it; all 0 without VMWALK_WALK_F_PAGES. */
	uint64_t pss;		/* each page by the number of its mappings */
	uint64_t shared;
	uint64_t private;
};

struct vmw_vma {
	struct vmwalk_vma info;	/* .from: first address the extents cover */
	/* Raw as the kernel gave it, NULL if none; equal names share it. */
	const char *name;
	size_t first_extent;	/* index into vmw_aspace.extents */
	size_t nr_extents;	/* 0 if no extents were asked for */
	/* Over the extents; .mapped and .reserved hold without them. */
	struct vmw_usage usage;
};

struct vmw_thread {
	pid_t tid;
	char comm[16];
	char state;		/* letter of /proc/PID/stat */
	bool has_regs;		/* the addresses below are known */
	bool running;		/* they are of when it last entered the kernel */
	uint64_t sp, pc, fs_base;
};

/* x86's gate, a page outside of user space. */
#define VMW_GATE_ADDR	0xffffffffff600000ULL

enum vmw_vsyscall {
	VMW_VSYSCALL_UNKNOWN,
	VMW_VSYSCALL_NONE,
	VMW_VSYSCALL_XONLY,
	VMW_VSYSCALL_EMULATE,
};

#define VMW_SWAPS_MAX	32	/* a swap entry has five bits for its area */

struct vmw_aspace {
	struct vmwalk_mm mm;
	struct vmwalk_end end;
	bool complete;		/* the end stamp arrived */
	unsigned int retries;	/* walks thrown away because the VMAs changed */
	bool stopped;		/* the process was held still meanwhile */
	/* There are no extents: smaps told what they would sum up to. */
	bool sums_only;
	uint32_t page_shift;	/* log2 of the base page */
	/* VMWALK_WALK_F_*: what was asked for. Set before the first record. */
	uint32_t flags;
	uint32_t can;		/* VMWALK_CAN_*: what the kernel could tell */
	struct vmwalk_level levels[VMW_MAX_LEVELS];	/* top first */
	unsigned int nr_levels;
	char comm[16];
	char kernel[65], machine[65];	/* its uname -r and -m; may be empty */
	enum vmw_vsyscall vsyscall;

	struct vmw_vma *vmas;	/* by ascending address, not overlapping */
	size_t nr_vmas;
	struct vmw_extent *extents;
	size_t nr_extents;
	struct vmw_thread *threads;
	size_t nr_threads;
	/*
	 * The swap areas that were on all the while, by ascending number, which
	 * itself is not told: see vmw_aspace_swap(). None: not asked for.
	 */
	const char *swaps[VMW_SWAPS_MAX];
	size_t nr_swaps;
	uint32_t swaps_used;	/* 1 << number: there are entries of that area */
	/* Empty, but where vmw_source_annotate() was called, and in snapshots. */
	struct vmw_runtime runtime;

	/* Of the first so many VMAs; the others have none: see vmw_vma_pages(). */
	struct vmwalk_pages *pages;
	size_t nr_pages;
	struct vmwalk_tables *tables;
	size_t nr_tables;

	/* Private to aspace.c: room, interned names. */
	size_t room_vmas, room_extents, room_threads, room_pages, room_tables;
	void *names;		/* tsearch() tree of strings */
};

void vmw_aspace_init(struct vmw_aspace *as, uint32_t page_shift);
void vmw_aspace_deinit(struct vmw_aspace *as);

/*
 * Fill, in stream order. Return 0, -ENOMEM, or -EPROTO for a record that no
 * honest sender makes (unaligned, empty or overlapping ranges, extents that
 * pass the end of their VMA); the aspace stays valid and can be deinited.
 *
 * vmw_aspace_add_vma() takes continuations too: they extend the last VMA.
 * A VMA that overlaps the last one, as happens when the target changed its
 * map between two records, cuts the last one at its .from.
 */
int vmw_aspace_add_vma(struct vmw_aspace *as, const struct vmwalk_vma *info,
		       const char *name);
/*
 * @packed: VMWALK_EXTENT()s of the VMA added last, going on where it ended, each
 * followed by its frame if .flags have F_PHYS; need not be aligned.
 */
int vmw_aspace_add_extents(struct vmw_aspace *as, const void *packed,
			   size_t bytes);
/* Of the VMA added last; adds up. */
int vmw_aspace_add_pages(struct vmw_aspace *as, const struct vmwalk_pages *p);
/* Of the VMA added last, or of its continuation. */
int vmw_aspace_add_tables(struct vmw_aspace *as, const struct vmwalk_tables *t);
int vmw_aspace_add_thread(struct vmw_aspace *as, const struct vmw_thread *t);
/* The next swap area that is on, by its device or file. */
int vmw_aspace_add_swap(struct vmw_aspace *as, const char *name);
/*
 * Sums up the usage of every VMA. Call once, after the last record. With
 * .sums_only the sums that extents make are there already, and stay.
 */
void vmw_aspace_finish(struct vmw_aspace *as);

/*
 * Into .runtime, when all VMAs are there, what lies in them: as vmw_runtime_add_…(),
 * and -EPROTO for what no runtime has.
 */
int vmw_aspace_add_g(struct vmw_aspace *as, const struct vmw_g *g);
int vmw_aspace_add_span(struct vmw_aspace *as, const struct vmw_go_span *span);
int vmw_aspace_add_label(struct vmw_aspace *as, const struct vmw_label *l);

/* Of @vma, one of @as; all 0 if they were not asked for. */
const struct vmwalk_pages *vmw_vma_pages(const struct vmw_aspace *as,
					 const struct vmw_vma *vma);
const struct vmwalk_tables *vmw_vma_tables(const struct vmw_aspace *as,
					   const struct vmw_vma *vma);

/* The VMA that holds @addr, or NULL. */
const struct vmw_vma *vmw_aspace_find_vma(const struct vmw_aspace *as,
					  uint64_t addr);
/* Is it the gate's, which is in no VMA where vsyscall=none? */
bool vmw_aspace_hides_gate(const struct vmw_aspace *as, uint64_t addr);
/* The VMAs next to @addr, without the one that holds it; NULL if none. */
void vmw_aspace_neighbours(const struct vmw_aspace *as, uint64_t addr,
			   const struct vmw_vma **below,
			   const struct vmw_vma **above);
/* The extent of @vma that holds @addr, or NULL. */
const struct vmw_extent *vmw_aspace_find_extent(const struct vmw_aspace *as,
						const struct vmw_vma *vma,
						uint64_t addr);
/* First address past @e. */
uint64_t vmw_extent_end(const struct vmw_aspace *as, const struct vmw_extent *e);
/*
 * The device or file of swap area number @area, of which there is an entry; NULL
 * if that is not sure.
 */
const char *vmw_aspace_swap(const struct vmw_aspace *as, uint32_t area);
/* Sums up what is of [@start, @end), by the byte. */
void vmw_aspace_usage(const struct vmw_aspace *as, uint64_t start, uint64_t end,
		      struct vmw_usage *usage);
/* The frame of @e's page number @nr; 0 if there is none. */
uint64_t vmw_extent_frame(const struct vmw_extent *e, uint64_t nr);

enum vmwalk_kind vmw_state_kind(uint32_t state);
/* A leaf maps the page now. */
bool vmw_state_present(uint32_t state);
/* Present and counted in RSS: hugetlb, zero page and raw frames are not. */
bool vmw_state_resident(uint32_t state);
/* Numbers in a state. */
uint32_t vmw_state_pkey(uint32_t state);
uint32_t vmw_state_order(uint32_t state);
#define VMW_MAPS_MAX	127	/* this many mappings, or more */
uint32_t vmw_state_maps(uint32_t state);
void vmw_usage_add(struct vmw_usage *sum, const struct vmw_usage *u);
void vmw_pages_add(struct vmwalk_pages *sum, const struct vmwalk_pages *p);
void vmw_tables_add(struct vmwalk_tables *sum, const struct vmwalk_tables *t);
/* Bytes of @t, as the kernel sums them up: but for P4D tables. */
uint64_t vmw_tables_bytes(const struct vmw_aspace *as,
			  const struct vmwalk_tables *t);

#endif
