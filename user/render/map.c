// SPDX-License-Identifier: GPL-2.0
/*
 * The picture of an address space, to scale, lowest address first as in
 * /proc/PID/maps. VMAs of one segment that lie together make a piece, which
 * starts on a line of its own; so do runs of nameless anonymous memory. What
 * would be many empty lines, within a piece or between two, becomes one that
 * says how much it stands for.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "cells.h"
#include "legend.h"
#include "marks.h"

#define MORE_LINES	32	/* than the fewest that the picture can have */
#define MIN_EMPTY	3	/* empty lines that are better told than drawn */
#define MAX_SHIFT	60	/* log2 of the largest cell's bytes: 16 are all */
#define HEADER_LINES	3	/* before the picture */
#define MAX_NAME	128	/* bytes of a name that are looked at */

struct picture {
	FILE *out;		/* NULL: only count the lines */
	const struct vmw_style *style;
	const struct vmw_aspace *as;
	const struct vmw_segments *segs;
	const struct vmw_zoom *zoom;
	uint64_t start, last;	/* what is drawn: addresses */
	size_t vma, end_vma;	/* in it: indices */
	struct vmw_map_lines *wanted;	/* NULL: not now */
	unsigned int margin;	/* columns of an address */
	struct vmw_cells cells;
	uint64_t lines, max_lines;	/* counted, for the sake of the scale */
	struct vmw_marks marks;
};

static void color_begin(const struct picture *p, enum vmw_segment_kind kind)
{
	if (p->style->color)
		fprintf(p->out, "\033[%sm", vmw_segment_color(kind));
}

static void color_end(const struct picture *p)
{
	if (p->style->color)
		fputs("\033[0m", p->out);
}

/* Bytes and columns of the first character of @text. */
static size_t measure(const char *text, unsigned int *columns)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t bytes = mbrtowc(&c, text, strlen(text), &state);

	*columns = 1;
	if (bytes > strlen(text))
		return 1;
	if (wcwidth(c) >= 0)
		*columns = wcwidth(c);
	return bytes;
}

/* Puts @text in at most @room columns; returns how many it took. */
static unsigned int put_cut(const struct picture *p, const char *text,
			    unsigned int room)
{
	size_t fits = 0, fits_cut = 0, bytes;	/* bytes; the latter before "…" */
	unsigned int used = 0, used_cut = 0, columns;

	while (text[fits]) {
		bytes = measure(text + fits, &columns);
		if (used + columns > room) {
			fprintf(p->out, "%.*s%s", (int)fits_cut, text,
				p->style->utf8 ? "…" : "~");
			return used_cut + 1;
		}
		fits += bytes;
		used += columns;
		if (used < room) {
			fits_cut = fits;
			used_cut = used;
		}
	}
	fputs(text, p->out);
	return used;
}

static const char *size(const struct picture *p, uint64_t bytes, char buf[32])
{
	return vmw_size(p->style, p->as->page_shift, bytes, buf, 32);
}

/* Notes what the next line of the picture begins with, if anybody wants to know. */
static void begin_line(struct picture *p, uint64_t addr)
{
	if (p->wanted)
		p->wanted->addr[HEADER_LINES + p->lines] = addr;
	p->lines++;
}

/* One line in place of many, up to address @last. */
static void put_gap(struct picture *p, uint64_t last, uint64_t bytes,
		    const char *what)
{
	char marks[VMW_MARKS_ROOM];
	const char *dots = p->style->utf8 ? "···" : "...";
	char line[128 + VMW_MARKS_ROOM], buf[32];

	begin_line(p, 0);
	if (!p->out)
		return;
	snprintf(line, sizeof(line), "  %s %s%s %s %s%s", dots,
		 size(p, bytes, buf), vmw_size_unit(p->style), what, dots,
		 vmw_marks_name(&p->marks, last, marks));
	put_cut(p, line, p->style->width);
	fputc('\n', p->out);
}

/* Lines [@line, @end) of @piece have no page. */
static void put_empty_lines(struct picture *p, const struct vmw_piece *piece,
			    uint64_t line, uint64_t end)
{
	const uint64_t from = vmw_line_offset(&p->cells, line);
	const uint64_t last = end == piece->nr_lines ?
		piece->last - piece->start :
		vmw_line_offset(&p->cells, end) - 1;
	uint64_t mapped = 0, reserved = 0;

	for (size_t i = piece->vma; i < piece->end_vma; i++) {
		const struct vmw_vma *vma = &p->as->vmas[i];
		uint64_t a = vmw_piece_offset(piece, vma->info.start);
		uint64_t z = vma->info.end - 1 - piece->start;

		a = a > from ? a : from;
		z = z < last ? z : last;
		if (a > z)
			continue;
		mapped += z - a + 1;
		if (vma->usage.reserved)
			reserved += z - a + 1;
	}
	put_gap(p, piece->start + last, mapped, mapped == reserved ? "reserved" : "untouched");
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* What a piece is called; @buf has room for 4 * MAX_NAME + 1 bytes. */
static void name_piece(const struct vmw_piece *piece, char *buf)
{
	const struct vmw_segment *seg = piece->seg;
	const char *name = vmw_segment_kind_name(seg->kind);
	char raw[MAX_NAME];

	switch (seg->kind) {
	case VMW_SEG_LIBRARY:
	case VMW_SEG_FILE:
	case VMW_SEG_SHM:
	case VMW_SEG_ANON:
		if (seg->name)
			name = base_name(seg->name);
		break;
	default:
		break;
	}
	if (seg->kind == VMW_SEG_THREAD_STACK && seg->tid)
		snprintf(raw, sizeof(raw), "stack %d", seg->tid);
	else
		snprintf(raw, sizeof(raw), "%s", name);
	vmw_escape_name(raw, buf, 4 * MAX_NAME + 1);
}

/*
 * The right margin of a piece's first line: name and marks, mapped/resident. No
 * room for the sizes: no sizes.
 */
static void put_label(const struct picture *p, const struct vmw_piece *piece,
		      const char *marks)
{
	const int room = p->style->width - p->margin - p->cells.nr - 2;
	char name[4 * MAX_NAME + VMW_MARKS_ROOM], sizes[72], mapped[32];
	char resident[32];
	int len, used;

	name_piece(piece, name);
	strcat(name, marks);
	len = snprintf(sizes, sizeof(sizes), " %s/%s",
		       size(p, piece->mapped, mapped),
		       size(p, piece->resident, resident));
	if (len >= room)
		len = 0;
	fputc(' ', p->out);
	used = put_cut(p, name, room - len);
	if (len)
		fprintf(p->out, "%*s", room - used, sizes);
}

/* Most cells of most lines are of one byte: a call for each would be dear. */
static void put_cells(const struct picture *p)
{
	for (unsigned int i = 0; i < p->cells.nr; i++) {
		const char *sign = vmw_glyph(vmw_cell_glyph(&p->cells.cell[i]),
					     p->style->utf8);

		while (*sign)
			putc_unlocked(*sign++, p->out);
	}
}

static void put_line(struct picture *p, const struct vmw_piece *piece,
		     uint64_t line)
{
	const uint64_t next = vmw_line_offset(&p->cells, line + 1);
	char addr[20], marks[VMW_MARKS_ROOM];

	begin_line(p, piece->start + vmw_line_offset(&p->cells, line));
	if (!p->out)
		return;
	vmw_cells_fill(&p->cells, p->as, piece, line);
	snprintf(addr, sizeof(addr), "%08" PRIx64,
		 piece->start + vmw_line_offset(&p->cells, line));
	fprintf(p->out, "%*s ", (int)p->margin, addr);
	color_begin(p, piece->seg->kind);
	put_cells(p);
	color_end(p);
	vmw_marks_name(&p->marks, next <= piece->last - piece->start ?
		       piece->start + next - 1 : piece->last, marks);
	if (!line)
		put_label(p, piece, marks);
	else
		put_cut(p, marks, p->style->width - p->margin - p->cells.nr - 1);
	fputc('\n', p->out);
}

static bool too_long(const struct picture *p)
{
	return !p->out && p->lines > p->max_lines;
}

static void put_piece(struct picture *p, struct vmw_piece *piece)
{
	uint64_t line = 0, next;

	while (line < piece->nr_lines && !too_long(p)) {
		next = vmw_cells_next_line(&p->cells, p->as, piece, line);
		if (line && next - line >= MIN_EMPTY) {
			put_empty_lines(p, piece, line, next);
			line = next;
		} else {
			put_line(p, piece, line++);
		}
	}
}

static bool is_nameless(const struct vmw_segment *seg)
{
	return seg->kind == VMW_SEG_ANON && !seg->name;
}

/* Does VMA @i belong to @piece, whose last VMA is the one before it? */
static bool goes_on(const struct picture *p, const struct vmw_piece *piece,
		    size_t i)
{
	const struct vmw_segment *seg = &p->segs->seg[p->segs->of_vma[i]];
	const uint64_t gap = p->as->vmas[i].info.start - 1 - piece->last;

	return (seg == piece->seg ||
		(is_nameless(seg) && is_nameless(piece->seg))) &&
	       gap >> p->cells.shift < p->cells.nr;
}

/* The piece that starts with VMA @i. */
static void find_piece(const struct picture *p, size_t i,
		       struct vmw_piece *piece)
{
	const struct vmw_vma *vma = &p->as->vmas[i];

	*piece = (struct vmw_piece){
		.seg = &p->segs->seg[p->segs->of_vma[i]],
		.vma = i,
		.extent = vma->first_extent,
		.start = vma->info.start > p->start ? vma->info.start : p->start,
	};
	do {
		piece->last = vma->info.end - 1 < p->last ? vma->info.end - 1 :
							    p->last;
		piece->mapped += vma->usage.mapped;
		piece->resident += vma->usage.resident;
		piece->end_extent = vma->first_extent + vma->nr_extents;
		vma++;
	} while (++i < p->end_vma && goes_on(p, piece, i));
	piece->end_vma = i;
	piece->nr_lines = ((piece->last - piece->start) >> p->cells.shift) /
			  p->cells.nr + 1;
}

static void put_picture(struct picture *p)
{
	struct vmw_piece piece;
	uint64_t end = 0;

	p->lines = 0;
	p->marks.next = p->marks.first;
	for (size_t i = p->vma; i < p->end_vma && !too_long(p); i = piece.end_vma) {
		find_piece(p, i, &piece);
		if (i != p->vma && piece.start != end)
			put_gap(p, piece.start - 1, piece.start - end, "hole");
		put_piece(p, &piece);
		end = piece.last + 1;
	}
}

/* Is the picture too long with cells of 1 << @shift bytes? */
static bool is_too_long(struct picture *p, unsigned int shift)
{
	p->cells.shift = shift;
	put_picture(p);
	return too_long(p);
}

/*
 * The cell of which half would make the picture too long: longer than of two
 * screens, or than by little what it has at any scale. What of 1 << 60 bytes is
 * not too long is looked for by halves: each look goes through all VMAs.
 */
static void choose_scale(struct picture *p)
{
	unsigned int least = p->as->page_shift, most = MAX_SHIFT, middle;
	FILE *out = p->out;

	p->out = NULL;
	p->max_lines = UINT64_MAX;
	p->cells.shift = MAX_SHIFT;
	put_picture(p);
	p->max_lines = p->lines + MORE_LINES;
	while (least < most && !p->zoom->by_page) {
		middle = (least + most) / 2;
		if (is_too_long(p, middle))
			least = middle + 1;
		else
			most = middle;
	}
	p->cells.shift = least;
	p->out = out;
}

/* What is drawn: the VMAs that have a byte of what is zoomed to. */
static void find_range(struct picture *p)
{
	const struct vmw_zoom *zoom = p->zoom;

	p->start = zoom->start;
	p->last = zoom->last || zoom->start ? zoom->last : UINT64_MAX;
	while (p->vma < p->as->nr_vmas &&
	       p->as->vmas[p->vma].info.end - 1 < p->start)
		p->vma++;
	p->end_vma = p->vma;
	while (p->end_vma < p->as->nr_vmas &&
	       p->as->vmas[p->end_vma].info.start <= p->last)
		p->end_vma++;
}

/* The picture; and of each line the address, if that is wanted. */
static int put_picture_and_lines(struct picture *p)
{
	struct vmw_map_lines *lines = p->zoom->lines;
	FILE *out = p->out;

	if (lines) {
		p->out = NULL;
		p->max_lines = UINT64_MAX;
		put_picture(p);
		p->out = out;
		lines->nr = HEADER_LINES + p->lines;
		lines->addr = calloc(lines->nr, sizeof(*lines->addr));
		if (!lines->addr)
			return -ENOMEM;
		p->wanted = lines;
	}
	put_picture(p);
	return 0;
}

/* Shares the width out: addresses, cells, labels. */
static void choose_columns(struct picture *p)
{
	const int width = p->style->width;
	const int labels = width / 3 < 40 ? width / 3 : 40;
	const uint64_t top = p->end_vma ?
		p->as->vmas[p->end_vma - 1].info.end - 1 : 0;
	int cells;

	p->margin = snprintf(NULL, 0, "%08" PRIx64, top);
	cells = (width - (int)p->margin - 2 - labels) / 8 * 8;
	p->cells.nr = cells > 8 ? cells : 8;
}

static void put_header(const struct picture *p)
{
	const struct vmw_usage *sum = &p->segs->total;
	char comm[4 * sizeof(p->as->comm) + 1], line[256], buf[2][32];

	vmw_escape_name(p->as->comm, comm, sizeof(comm));
	snprintf(line, sizeof(line), "%u %s: %s%s mapped, %s%s resident",
		 p->as->mm.pid, comm,
		 size(p, sum->mapped, buf[0]), vmw_size_unit(p->style),
		 size(p, sum->resident, buf[1]), vmw_size_unit(p->style));
	put_cut(p, line, p->style->width);
	fprintf(p->out, "\none cell: %u%c; lowest address first\n\n",
		1U << p->cells.shift % 10, "BKMGTPE"[p->cells.shift / 10]);
}

static void put_signs(const struct picture *p)
{
	static const struct {
		enum vmw_glyph glyph;
		const char *meaning;
	} keys[] = {
		{ VMW_GLYPH_FULL, "resident" },
		{ VMW_GLYPH_PART + 2, "over 2/3" },
		{ VMW_GLYPH_PART + 1, "over 1/3" },
		{ VMW_GLYPH_PART, "less" },
		{ VMW_GLYPH_SWAPPED, "in swap" },
		{ VMW_GLYPH_OTHER, "not in RSS" },
		{ VMW_GLYPH_EMPTY, "no page" },
	};
	struct vmw_legend l = { .out = p->out, .style = p->style };

	fputc('\n', p->out);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		vmw_legend_key(&l, vmw_glyph(keys[i].glyph, p->style->utf8),
			       keys[i].meaning);
	fputc('\n', p->out);
}

int vmw_render_map_of(FILE *out, const struct vmw_style *style,
		      const struct vmw_aspace *as,
		      const struct vmw_segments *segs,
		      const struct vmw_zoom *zoom)
{
	struct picture p = {
		.out = out, .style = style, .as = as, .segs = segs,
		.zoom = zoom,
	};
	int ret = -ENOMEM;

	find_range(&p);
	choose_columns(&p);
	p.cells.cell = calloc(p.cells.nr, sizeof(*p.cells.cell));
	if (p.cells.cell &&
	    !vmw_marks_find(&p.marks, as, zoom->last ? p.start : 0)) {
		choose_scale(&p);
		put_header(&p);
		ret = put_picture_and_lines(&p);
	}
	if (!ret) {
		put_signs(&p);
		vmw_render_legend(out, style, segs);
		ret = ferror(out) ? -EIO : 0;
	}
	vmw_marks_deinit(&p.marks);
	free(p.cells.cell);
	return ret;
}

int vmw_render_map(FILE *out, const struct vmw_style *style,
		   const struct vmw_aspace *as, const struct vmw_segments *segs)
{
	const struct vmw_zoom all = { 0 };

	return vmw_render_map_of(out, style, as, segs, &all);
}
