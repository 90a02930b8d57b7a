/* SPDX-License-Identifier: GPL-2.0 */
/* What the JSON documents of several files have in common. Private to the views. */
#ifndef VMW_VIEWS_JSON_H
#define VMW_VIEWS_JSON_H

#include "json.h"
#include "render.h"

/* Begins a document with what every one tells. NULL: no memory. */
struct vmw_json *vmw_json_document(FILE *out, const char *schema,
				   const struct vmw_aspace *as);
int vmw_json_document_end(struct vmw_json *j);

/* The members of a page in @state, as much as the walk was asked for. */
void vmw_json_state(struct vmw_json *j, const struct vmw_aspace *as,
		    uint32_t state);
/* Likewise; @pages: what takes VMWALK_WALK_F_PAGES is known of this one. */
void vmw_json_state_of(struct vmw_json *j, const struct vmw_aspace *as,
		       uint32_t state, bool pages);
/* Its frame, or place in swap; nothing if the walk was not asked for it. */
void vmw_json_frame(struct vmw_json *j, const struct vmw_aspace *as,
		    uint32_t state, uint64_t frame);
/* Why it is not present; nothing if it is. */
void vmw_json_reason(struct vmw_json *j, const struct vmw_vma *vma,
		     uint32_t state);
/* What a VMA is, without its sums. */
void vmw_json_vma(struct vmw_json *j, const struct vmw_vma *vma);
/* As @key: that VMA, @distance bytes away; null if there is none. */
void vmw_json_neighbour(struct vmw_json *j, const char *key,
			const struct vmw_vma *vma, uint64_t distance);
/* What a segment is; its sums are for the caller. */
void vmw_json_segment(struct vmw_json *j, const struct vmw_segment *seg);
/* "walk": how, how long, and whether of one moment. */
void vmw_json_walk(struct vmw_json *j, const struct vmw_aspace *as);
/* "untouched", "swapped", …; NULL: it is present. */
const char *vmw_reason_id(enum vmw_reason reason);
/* "levels": of @t, the tables of each, and how full they are. */
void vmw_json_levels(struct vmw_json *j, const struct vmw_aspace *as,
		     const struct vmwalk_tables *t);

/* As @key: the levels of page tables, top first, and what one of each spans. */
void vmw_json_geometry(struct vmw_json *j, const char *key,
		       const struct vmwalk_level *levels, unsigned int nr);

/* go_json.c */
/* The members of a stack of Go's. */
void vmw_json_g(struct vmw_json *j, const struct vmw_aspace *as,
		const struct vmw_g *g);
/* "stack", "frame", "span", "label", "symbol": what is known of @addr, or null. */
void vmw_json_object(struct vmw_json *j, const struct vmw_aspace *as,
		     uint64_t addr);
/* "dwarf", "symtab", …; NULL: nothing is known. */
const char *vmw_evidence_id(enum vmw_evidence source);

#endif
