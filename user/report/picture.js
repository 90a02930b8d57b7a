// SPDX-License-Identifier: GPL-2.0
// The picture of an address space, to scale, as `vmwalk map` lays it out: VMAs of one
// segment that lie together make a piece, which starts on a line of its own. What would
// be many empty lines, within a piece or between two, becomes one that says how much it
// stands for.

const MORE_LINES = 32;		// than the fewest that the picture can have
const MIN_EMPTY = 3;		// empty lines that are better told than drawn
const MAX_LINES = 100000;	// of a picture that is zoomed in on
const MAX_ZOOM = 52;		// log2 of the largest cell's pages

// Pages of VMAs. @byVma: each is a piece of its own, as in the strip of a segment.
class MemorySource {
	constructor(snapshot, indices, byVma) {
		this.snapshot = snapshot;
		this.indices = indices;
		this.byVma = byVma;
	}

	pieces(cellPages, cells) {
		const pieces = [];
		let piece = null;

		for (const i of this.indices) {
			const vma = this.snapshot.vmas[i];
			const segment = this.snapshot.segmentOf[i];

			if (!piece || !this.goesOn(piece, segment, vma, cellPages * cells)) {
				piece = { segment, vmas: [], start: vma.start, mapped: 0, resident: 0 };
				pieces.push(piece);
			}
			piece.vmas.push(vma);
			piece.end = vma.end;
			piece.mapped += vma.sums.mapped;
			piece.resident += vma.sums.resident;
		}
		return pieces;
	}

	goesOn(piece, segment, vma, linePages) {
		const nameless = (s) => s.kind === "anon" && !s.name;

		return !this.byVma && vma.start - piece.end < linePages &&
			(segment === piece.segment || (nameless(segment) && nameless(piece.segment)));
	}

	// The first page from @page on that is not nothing, or the end of the piece.
	nextUsed(piece, page) {
		for (let i = Math.max(lastAtOrBelow(piece.vmas, page), 0); i < piece.vmas.length; i++) {
			const used = this.nextUsedOf(piece.vmas[i], page);

			if (used !== null)
				return used;
		}
		return piece.end;
	}

	nextUsedOf(vma, page) {
		if (!vma.extents.length)
			return vma.sums.resident && page < vma.end ? Math.max(page, vma.start) : null;
		for (let i = Math.max(lastAtOrBelow(vma.extents, page), 0); i < vma.extents.length; i++) {
			const extent = vma.extents[i];

			if (extent.end > page && extent.state.kind !== "none")
				return Math.max(page, extent.start);
		}
		return null;
	}

	// What an empty stretch is, and how much of it is mapped.
	emptiness(piece, from, to) {
		let mapped = 0, reserved = 0;

		for (let i = Math.max(lastAtOrBelow(piece.vmas, from), 0); i < piece.vmas.length; i++) {
			const vma = piece.vmas[i];
			const pages = Math.min(vma.end, to) - Math.max(vma.start, from);

			if (vma.start >= to)
				break;
			if (pages > 0)
				mapped += pages;
			if (pages > 0 && vma.sums.reserved)
				reserved += pages;
		}
		return { pages: mapped, what: mapped === reserved ? "reserved" : "untouched" };
	}

	// What of each of @nr cells from @from on is mapped, resident, …: in pages.
	fill(piece, from, cellPages, nr) {
		const cells = Array.from({ length: nr },
			() => ({ mapped: 0, resident: 0, swapped: 0, other: 0, state: null, vma: null }));
		const to = from + cellPages * nr;

		for (let i = Math.max(lastAtOrBelow(piece.vmas, from), 0); i < piece.vmas.length; i++) {
			const vma = piece.vmas[i];

			if (vma.start >= to)
				break;
			spread(cells, from, cellPages, vma, (cell, pages) => {
				cell.mapped += pages;
				cell.vma = vma;
			});
			this.fillExtents(cells, from, to, cellPages, vma);
		}
		return cells;
	}

	fillExtents(cells, from, to, cellPages, vma) {
		const share = vma.sums.resident / vma.sums.mapped;

		if (!vma.extents.length)
			spread(cells, from, cellPages, vma, (cell, pages) => {
				cell.resident += pages * share;
			});
		for (let i = Math.max(lastAtOrBelow(vma.extents, from), 0); i < vma.extents.length; i++) {
			const extent = vma.extents[i];
			const what = shareOf(extent.state);

			if (extent.start >= to)
				break;
			spread(cells, from, cellPages, extent, (cell, pages) => {
				if (what)
					cell[what] += pages;
				if (what || !cell.state)
					cell.state = extent.state;
			});
		}
	}
}

function shareOf(state) {
	if (state.resident)
		return "resident";
	if (state.kind === "none")
		return null;
	return state.kind === "swap" ? "swapped" : "other";
}

// Calls @add for each cell that @range has pages of.
function spread(cells, from, cellPages, range, add) {
	const end = Math.min(range.end, from + cellPages * cells.length);

	for (let page = Math.max(range.start, from); page < end;) {
		const i = Math.floor((page - from) / cellPages);
		const next = Math.min(from + (i + 1) * cellPages, end);

		add(cells[i], next - page);
		page = next;
	}
}

// Lines, lowest address first; null if they are more than @max.
function layOut(source, cellPages, nr, max) {
	const lines = [];
	let end = null;

	for (const piece of source.pieces(cellPages, nr)) {
		if (end !== null && piece.start !== end)
			lines.push({ gap: true, start: end, end: piece.start, pages: piece.start - end,
				what: "hole" });
		layOutPiece(lines, source, piece, cellPages * nr, max);
		end = piece.end;
		if (lines.length > max)
			return null;
	}
	return lines;
}

function layOutPiece(lines, source, piece, linePages, max) {
	const nrLines = Math.ceil((piece.end - piece.start) / linePages);

	for (let line = 0; line < nrLines && lines.length <= max;) {
		const start = piece.start + line * linePages;
		const used = Math.floor((source.nextUsed(piece, start) - piece.start) / linePages);
		const next = Math.min(source.nextUsed(piece, start) >= piece.end ? nrLines : used, nrLines);

		if (line && next - line >= MIN_EMPTY) {
			const stop = Math.min(piece.start + next * linePages, piece.end);

			lines.push({ gap: true, piece, start, end: stop,
				...source.emptiness(piece, start, stop) });
			line = next;
		} else {
			lines.push({ piece, first: !line, start,
				end: Math.min(start + linePages, piece.end) });
			line++;
		}
	}
}

// The smallest cell with which the picture is little longer than at any scale: log2 of
// its pages.
function chooseZoom(source, nr) {
	const most = layOut(source, 2 ** MAX_ZOOM, nr, Infinity).length + MORE_LINES;
	let zoom = 0;

	while (!layOut(source, 2 ** zoom, nr, most))
		zoom++;
	return zoom;
}
