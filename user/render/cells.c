// SPDX-License-Identifier: GPL-2.0
#include "cells.h"

#include <string.h>

uint64_t vmw_line_offset(const struct vmw_cells *cells, uint64_t line)
{
	return line * cells->nr << cells->shift;
}

uint64_t vmw_piece_offset(const struct vmw_piece *piece, uint64_t addr)
{
	return addr > piece->start ? addr - piece->start : 0;
}

static enum vmw_cell_share share_of(uint32_t state)
{
	if (vmw_state_resident(state))
		return VMW_CELL_RESIDENT;
	switch (vmw_state_kind(state)) {
	case VMWALK_KIND_NONE:
		return VMW_CELL_NOTHING;
	case VMWALK_KIND_SWAP:
		return VMW_CELL_SWAPPED;
	default:
		return VMW_CELL_OTHER;
	}
}

/* A line, in bytes from the start of the piece. */
struct line {
	uint64_t from, last;
};

/* Adds what of [@from, @last] is in @line. */
static void add(struct vmw_cells *cells, const struct line *line, uint64_t from,
		uint64_t last, enum vmw_cell_share share)
{
	const uint64_t in_cell = ((uint64_t)1 << cells->shift) - 1;
	const uint64_t first_cell = line->from >> cells->shift;

	if (from < line->from)
		from = line->from;
	if (last > line->last)
		last = line->last;
	while (from <= last) {
		struct vmw_cell *c =
			&cells->cell[(from >> cells->shift) - first_cell];
		uint64_t end = from | in_cell;

		if (end > last)
			end = last;
		c->bytes[share] += end - from + 1;
		if (end == last)
			break;
		from = end + 1;
	}
}

static struct line find_line(const struct vmw_cells *cells,
			     const struct vmw_piece *piece, uint64_t line)
{
	const uint64_t in_cell = ((uint64_t)1 << cells->shift) - 1;
	const uint64_t end_cell = (piece->last - piece->start) >> cells->shift;
	uint64_t last_cell = line * cells->nr + cells->nr - 1;

	if (last_cell > end_cell)
		last_cell = end_cell;
	return (struct line){
		.from = vmw_line_offset(cells, line),
		.last = last_cell << cells->shift | in_cell,
	};
}

void vmw_cells_fill(struct vmw_cells *cells, const struct vmw_aspace *as,
		    const struct vmw_piece *piece, uint64_t line)
{
	const struct line at = find_line(cells, piece, line);

	memset(cells->cell, 0, cells->nr * sizeof(*cells->cell));
	for (size_t i = piece->vma; i < piece->end_vma; i++) {
		const struct vmwalk_vma *v = &as->vmas[i].info;

		add(cells, &at, vmw_piece_offset(piece, v->start),
		    v->end - 1 - piece->start, VMW_CELL_MAPPED);
	}
	for (size_t i = piece->extent; i < piece->end_extent; i++) {
		const struct vmw_extent *e = &as->extents[i];
		enum vmw_cell_share share = share_of(e->state);

		if (vmw_piece_offset(piece, e->start) > at.last)
			break;
		if (share != VMW_CELL_NOTHING &&
		    vmw_extent_end(as, e) > piece->start)
			add(cells, &at, vmw_piece_offset(piece, e->start),
			    vmw_extent_end(as, e) - 1 - piece->start, share);
	}
}

uint64_t vmw_cells_next_line(const struct vmw_cells *cells,
			     const struct vmw_aspace *as,
			     struct vmw_piece *piece, uint64_t line)
{
	const uint64_t from = vmw_line_offset(cells, line);

	for (; piece->extent < piece->end_extent; piece->extent++) {
		const struct vmw_extent *e = &as->extents[piece->extent];
		uint64_t start = vmw_piece_offset(piece, e->start);
		uint64_t last = vmw_extent_end(as, e) - 1 - piece->start;

		if (vmw_extent_end(as, e) <= piece->start)
			continue;
		if (share_of(e->state) == VMW_CELL_NOTHING || last < from)
			continue;
		return start <= from ? line :
			(start >> cells->shift) / cells->nr;
	}
	return piece->nr_lines;
}

enum vmw_glyph vmw_cell_glyph(const struct vmw_cell *cell)
{
	const uint64_t mapped = cell->bytes[VMW_CELL_MAPPED];
	const uint64_t resident = cell->bytes[VMW_CELL_RESIDENT];

	if (!mapped)
		return VMW_GLYPH_HOLE;
	if (resident == mapped)
		return VMW_GLYPH_FULL;
	if (resident)
		return VMW_GLYPH_PART + 3 * resident / mapped;
	if (cell->bytes[VMW_CELL_SWAPPED])
		return VMW_GLYPH_SWAPPED;
	return cell->bytes[VMW_CELL_OTHER] ? VMW_GLYPH_OTHER : VMW_GLYPH_EMPTY;
}

const char *vmw_glyph(enum vmw_glyph glyph, bool utf8)
{
	static const char *const signs[VMW_GLYPHS][2] = {
		{ " ", " " },
		{ ".", "·" },
		{ ":", "░" },
		{ "-", "▒" },
		{ "=", "▓" },
		{ "#", "█" },
		{ "s", "s" },
		{ "o", "o" },
	};

	return signs[glyph][utf8];
}
