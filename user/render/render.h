/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Views: pure functions of the model. They write to a stream and know neither
 * where the model came from nor who reads what they write, but for the style.
 * All return 0 or a negative errno.
 */
#ifndef VMW_RENDER_H
#define VMW_RENDER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "model/aspace.h"
#include "model/classify.h"
#include "genl/info.h"
#include "model/filter.h"
#include "model/pte.h"
#include "model/shared.h"
#include "model/tasks.h"

enum vmw_units {
	VMW_UNITS_KIB,		/* 1,024 bytes, rounded up; the default */
	VMW_UNITS_HUMAN,	/* 1.5M */
	VMW_UNITS_BYTES,
	VMW_UNITS_PAGES,	/* base pages */
};

struct vmw_style {
	enum vmw_units units;
	bool color;		/* ANSI colours */
	bool utf8;		/* else plain ASCII */
	unsigned int width;	/* columns, at least 40 */
	bool whole;		/* names are not shortened, however wide it gets */
	bool csv;		/* of tables alone: nothing else is printed */
};

/* What `show` has in its table. */
struct vmw_show {
	const char *columns;	/* titles with commas between; NULL: what fits */
	const char *sort;	/* the title of a column; NULL: by kind and address */
	const struct vmw_filter *filter;	/* of VMAs; NULL: all */
	bool all;		/* each library and nameless mapping a row */
};

/* What `map` draws. */
struct vmw_zoom {
	uint64_t start, last;	/* addresses, inclusive; both 0: all there is */
	bool by_page;		/* a cell is a page, however long that gets */
	/*
	 * What each line of the text begins with, 0 for those that are no part of the
	 * picture; for free(). NULL: nobody wants to know.
	 */
	struct vmw_map_lines *lines;
};

struct vmw_map_lines {
	uint64_t *addr;
	size_t nr;
};

/* Why a page is not present, as a walk with VMWALK_WALK_F_ABSENCE tells. */
enum vmw_reason {
	VMW_REASON_NONE,	/* it is present */
	VMW_REASON_UNTOUCHED,
	VMW_REASON_RESERVED,
	VMW_REASON_EMULATED,
	VMW_REASON_BEYOND_EOF,
	VMW_REASON_CACHED,
	VMW_REASON_UNCACHED,
	VMW_REASON_NO_CONTENT,	/* a shmem object's hole */
	VMW_REASON_UNMAPPED,	/* a device's, hugetlb's: nothing more is known */
	VMW_REASON_OBJECT_SWAPPED,
	VMW_REASON_SWAPPED,
	VMW_REASON_MIGRATING,
	VMW_REASON_POISONED,
	VMW_REASON_DEVICE,
	VMW_REASON_MARKER,
	VMW_REASON_GUARD,
	VMW_REASON_BAD,
	VMW_REASONS
};

/* One address in one model: what `where` tells. */
struct vmw_place {
	uint64_t addr;
	const char *symbol;	/* that it was asked for by, NULL: none */
	pid_t sp_of;		/* the thread whose stack pointer it is, 0: none */
	const struct vmw_vma *vma;		/* NULL: in none */
	const struct vmw_segment *segment;	/* of the VMA */
	const struct vmw_vma *below, *above;	/* neighbours, NULL if none */
	bool has_state;				/* the page's extent is known */
	bool not_kept;		/* the snapshot holds nothing of its pages */
	uint32_t state;				/* VMWALK_STATE_* of the page */
	uint64_t frame;		/* of a page in swap: VMWALK_FRAME_*; 0: not known */
};

/* Two models and what they share: what `shared` tells. */
struct vmw_pair {
	const struct vmw_aspace *first, *second;
	const struct vmw_segments *segs;	/* of the first */
	const struct vmw_shared *shared;
};

/* The tables of one level, and how full they are. */
struct vmw_level_sum {
	uint64_t tables;
	uint64_t bytes;
	uint64_t entries, room;	/* in use, and how many there could be */
	bool counted;		/* by the kernel, in VmPTE */
};

/* Text: for people. */
int vmw_render_show(FILE *out, const struct vmw_style *style,
		    const struct vmw_aspace *as, const struct vmw_segments *segs);
/* -EINVAL if there is no such column. The other shows everything. */
int vmw_render_show_of(FILE *out, const struct vmw_style *style,
		       const struct vmw_aspace *as,
		       const struct vmw_segments *segs,
		       const struct vmw_show *show);
/*
 * Is @name, of @len bytes, the title of a column of that table? *@sharing is set if
 * it takes VMWALK_WALK_F_PAGES.
 */
bool vmw_is_column(const char *name, size_t len, bool *sharing);
/* What the colours stand for; nothing without colours. */
void vmw_render_legend(FILE *out, const struct vmw_style *style,
		       const struct vmw_segments *segs);
int vmw_render_maps(FILE *out, const struct vmw_style *style,
		    const struct vmw_aspace *as);
int vmw_render_map(FILE *out, const struct vmw_style *style,
		   const struct vmw_aspace *as, const struct vmw_segments *segs);
int vmw_render_map_of(FILE *out, const struct vmw_style *style,
		      const struct vmw_aspace *as,
		      const struct vmw_segments *segs,
		      const struct vmw_zoom *zoom);
/* @why: the reason for each absent extent, too. */
int vmw_render_extents(FILE *out, const struct vmw_style *style,
		       const struct vmw_aspace *as, bool why);
int vmw_render_threads(FILE *out, const struct vmw_style *style,
		       const struct vmw_aspace *as,
		       const struct vmw_segments *segs);
int vmw_render_tables(FILE *out, const struct vmw_style *style,
		      const struct vmw_aspace *as,
		      const struct vmw_segments *segs);
/* As comma-separated values, that has the segments; this the levels. */
int vmw_csv_levels(FILE *out, const struct vmw_style *style,
		   const struct vmw_aspace *as,
		   const struct vmw_segments *segs);
int vmw_render_where(FILE *out, const struct vmw_style *style,
		     const struct vmw_aspace *as, const struct vmw_place *places,
		     size_t nr);
/* A row for each place; @style must be of CSV. */
int vmw_csv_where(FILE *out, const struct vmw_style *style,
		  const struct vmw_aspace *as, const struct vmw_place *places,
		  size_t nr);
/* Goroutines, spans by class, arenas, what the runtime keeps of itself. */
int vmw_render_go(FILE *out, const struct vmw_style *style,
		  const struct vmw_aspace *as);
/* One of its tables, as comma-separated values: "stacks", "spans", …; -EINVAL. */
int vmw_csv_go(FILE *out, const struct vmw_style *style,
	       const struct vmw_aspace *as, const char *table);
bool vmw_is_go_table(const char *name);
/*
 * The address in the walk of the VMAs, which came before; where it is in one,
 * that is as it was when the entries were read. vsyscall=none leaves the page
 * out of the first, though its tables are there.
 */
struct vmw_place vmw_place_of_pte(const struct vmw_aspace *as,
				  const struct vmw_pte *pte);
/*
 * @place: the same address in @as, the VMAs around it; where it is in one, as
 * @pte has it.
 */
int vmw_render_pte(FILE *out, const struct vmw_style *style,
		   const struct vmw_info *info, const struct vmw_aspace *as,
		   const struct vmw_place *place, const struct vmw_pte *pte);

/* With @extents, run by run rather than by segment. Tells both stamps. */
int vmw_render_shared(FILE *out, const struct vmw_style *style,
		      const struct vmw_pair *pair, bool extents);
int vmw_render_ps(FILE *out, const struct vmw_style *style,
		  const struct vmw_tasks *tasks);
/*
 * The last line of each: consistent, changed (retried n times) or best effort,
 * and by what means.
 */
int vmw_render_stamp(FILE *out, const struct vmw_aspace *as);

/* JSON: docs/json-schema says what is in it. */
int vmw_json_show(FILE *out, const struct vmw_aspace *as, const struct vmw_segments *segs);
int vmw_json_maps(FILE *out, const struct vmw_aspace *as, const struct vmw_segments *segs);
int vmw_json_extents(FILE *out, const struct vmw_aspace *as, bool why);
int vmw_json_threads(FILE *out, const struct vmw_aspace *as, const struct vmw_segments *segs);
int vmw_json_tables(FILE *out, const struct vmw_aspace *as, const struct vmw_segments *segs);
int vmw_json_go(FILE *out, const struct vmw_aspace *as);
int vmw_json_where(FILE *out, const struct vmw_aspace *as,
		   const struct vmw_place *places, size_t nr);
int vmw_json_pte(FILE *out, const struct vmw_info *info,
		 const struct vmw_aspace *as, const struct vmw_place *place,
		 const struct vmw_pte *pte);
int vmw_json_ps(FILE *out, const struct vmw_tasks *tasks);

/* The lines of `where` about an address: its VMA and page, or the neighbours. */
void vmw_render_place(FILE *out, const struct vmw_style *style,
		      const struct vmw_aspace *as, const struct vmw_place *place);
/* Those about what the runtime or malloc keeps there; none if that is not known. */
void vmw_render_object(FILE *out, const struct vmw_style *style,
		       const struct vmw_aspace *as, uint64_t addr);
/* "UPTODATE", "LRU": by the number of the bit in /proc/kpageflags; NULL: none. */
const char *vmw_page_flag_name(unsigned int bit);
int vmw_json_shared(FILE *out, const struct vmw_pair *pair, bool extents);

/* An array for free(), one for each segment; NULL for want of memory. */
struct vmw_shared_sums *vmw_shared_of_segments(const struct vmw_pair *pair);
/* "4K", "2M", "1G": the bytes one leaf of that state maps. */
const char *vmw_leaf_size_name(const struct vmw_aspace *as, uint32_t state);
/* "anonymous", "file", "zero page", "in swap", "never touched", … */
const char *vmw_kind_name(enum vmwalk_kind kind);
enum vmw_reason vmw_reason(const struct vmw_vma *vma, uint32_t state);
/* "never touched, or given back", … */
const char *vmw_reason_text(enum vmw_reason reason);
/*
 * What the runtime or malloc keeps at @addr, for a sentence: "goroutine 7's stack";
 * in detail; and what that is known from. False: nothing is known.
 */
#define VMW_OBJECT_MAX	640
bool vmw_object_name(const struct vmw_aspace *as, uint64_t addr, char *buf,
		     size_t size);
bool vmw_object_detail(const struct vmw_aspace *as,
		       const struct vmw_style *style, uint64_t addr, char *buf,
		       size_t size);
bool vmw_object_source(const struct vmw_aspace *as, uint64_t addr, char *buf,
		       size_t size);
/* The frame that holds the address, and what of it: "main.f+0x1f, …". */
bool vmw_object_frame(const struct vmw_aspace *as, uint64_t addr, char *buf,
		      size_t size);
bool vmw_object_slot(const struct vmw_aspace *as, uint64_t addr, char *buf,
		     size_t size);
#define VMW_STATUS_MAX	24
/* "waiting", "running", …; "status 12" for one of the future. */
const char *vmw_g_status_name(uint32_t status, char buf[VMW_STATUS_MAX]);
/* "goroutine 7", "g0", … */
void vmw_go_stack_name(const struct vmw_g *g, char *buf, size_t size);
/* "DWARF", "the symbol table", … */
const char *vmw_evidence_name(enum vmw_evidence source);
/* What a segment is called in a table, escaped. */
void vmw_segment_name(const struct vmw_segment *seg, char *buf, size_t size);
/* The segment that holds @addr, or NULL. */
const struct vmw_segment *vmw_segment_at(const struct vmw_aspace *as,
					 const struct vmw_segments *segs,
					 uint64_t addr);
/* Of @t, all tables, those of @level; false if it is not known. */
bool vmw_level_sum(const struct vmw_aspace *as, const struct vmwalk_tables *t,
		   const struct vmwalk_level *level, struct vmw_level_sum *sum);
/* SGR parameters: one colour for each kind, in every view. */
const char *vmw_segment_color(enum vmw_segment_kind kind);
/* "rw-p", five bytes with the NUL. */
void vmw_perms(const struct vmw_vma *vma, char perms[5]);
/*
 * As /proc/PID/maps escapes a name, \012 for a newline, and more: whatever the
 * locale cannot print, or would not show. Fit for a terminal then. Needs
 * 4 * len + 1, cuts where there is less.
 */
void vmw_escape_name(const char *name, char *buf, size_t size);
/* A size in the style's units; returns @buf, of 32 bytes or more. */
const char *vmw_size(const struct vmw_style *style, uint32_t page_shift,
		     uint64_t bytes, char *buf, size_t room);
/* What follows such a size in a sentence: " KiB", " pages", … */
const char *vmw_size_unit(const struct vmw_style *style);

#endif
