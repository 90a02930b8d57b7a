/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cells of a to-scale picture: each stands for the same number of bytes,
 * and shows what share of them is resident.
 */
#ifndef VMW_CELLS_H
#define VMW_CELLS_H

#include "model/aspace.h"
#include "model/classify.h"

/* What a cell's bytes can be; NOTHING is not summed. */
enum vmw_cell_share {
	VMW_CELL_MAPPED,
	VMW_CELL_RESIDENT,
	VMW_CELL_SWAPPED,
	VMW_CELL_OTHER,		/* zero page, raw frame, hugetlb, migrating, … */
	VMW_CELL_NOTHING
};

struct vmw_cell {
	uint64_t bytes[VMW_CELL_NOTHING];
};

/* A line of cells. */
struct vmw_cells {
	unsigned int shift;	/* log2 of a cell's bytes */
	unsigned int nr;
	struct vmw_cell *cell;
};

/*
 * A piece of an address space: VMAs of a kind, close together. Lines of
 * cells cover it from its start on. "last" is an inclusive end everywhere, so
 * that nothing overflows at the top of the address space.
 */
struct vmw_piece {
	const struct vmw_segment *seg;	/* of the first */
	size_t vma, end_vma;		/* indices */
	size_t extent, end_extent;
	uint64_t start, last;		/* addresses */
	uint64_t nr_lines;
	uint64_t mapped, resident;	/* bytes */
};

/* The shares between none and all are PART, PART + 1 and PART + 2. */
enum vmw_glyph {
	VMW_GLYPH_HOLE,
	VMW_GLYPH_EMPTY,
	VMW_GLYPH_PART,
	VMW_GLYPH_FULL = VMW_GLYPH_PART + 3,
	VMW_GLYPH_SWAPPED,
	VMW_GLYPH_OTHER,
	VMW_GLYPHS
};

/* Bytes from the start of @piece to @addr, which may be below it: 0 then. */
uint64_t vmw_piece_offset(const struct vmw_piece *piece, uint64_t addr);
/* Bytes from the start of a piece to that of a line. */
uint64_t vmw_line_offset(const struct vmw_cells *cells, uint64_t line);
/* Sums up what is in each cell of @line. */
void vmw_cells_fill(struct vmw_cells *cells, const struct vmw_aspace *as,
		    const struct vmw_piece *piece, uint64_t line);
/*
 * The first line from @line on that has a page, or the piece's nr_lines. Moves
 * piece->extent on past what is below @line.
 */
uint64_t vmw_cells_next_line(const struct vmw_cells *cells,
			     const struct vmw_aspace *as,
			     struct vmw_piece *piece, uint64_t line);

enum vmw_glyph vmw_cell_glyph(const struct vmw_cell *cell);
const char *vmw_glyph(enum vmw_glyph glyph, bool utf8);

#endif
