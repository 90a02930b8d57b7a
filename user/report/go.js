// SPDX-License-Identifier: GPL-2.0
// What the Go runtime keeps: its arenas drawn by what the spans are for, goroutines and
// other stacks, spans by class, and the runtime's own memory.

// Spans in the place of VMAs, arenas in that of segments.
class SpanSource {
	constructor(snapshot) {
		this.snapshot = snapshot;
	}

	pieces() {
		const go = this.snapshot.go;

		return go.arenas.map((arena) => ({
			arena, start: this.snapshot.pageOf(BigInt(arena.start)),
			end: this.snapshot.pageOf(BigInt(arena.end)),
		})).sort((a, b) => a.start - b.start);
	}

	nextUsed(piece, page) {
		const spans = this.snapshot.spans;

		for (let i = Math.max(lastAtOrBelow(spans, page), 0); i < spans.length; i++) {
			if (spans[i].start >= piece.end)
				break;
			if (spans[i].end > page && spans[i].use !== "reserved")
				return Math.max(page, spans[i].start);
		}
		return piece.end;
	}

	emptiness(piece, from, to) {
		return { pages: to - from, what: "reserved" };
	}

	fill(piece, from, cellPages, nr) {
		const cells = Array.from({ length: nr }, () => ({ mapped: 0, span: null, most: 0 }));
		const spans = this.snapshot.spans;
		const to = Math.min(from + cellPages * nr, piece.end);

		for (let i = Math.max(lastAtOrBelow(spans, from), 0); i < spans.length; i++) {
			if (spans[i].start >= to)
				break;
			spread(cells, from, cellPages, spans[i], (cell, pages) => {
				cell.mapped += pages;
				if (pages > cell.most) {
					cell.most = pages;
					cell.span = spans[i];
				}
			});
		}
		return cells;
	}
}

function paintSpan(context, cell, piece, x, y, width, height) {
	context.fillStyle = spanColor(cell.span);
	context.fillRect(x, y, width, height);
}

const SPAN_LOOKS = ["objects", "stacks", "manual", "free", "scavenged", "reserved", "unknown"];

// By the number of its state, as enum vmw_span_state has them; pointer-free ones lighter.
function spanColor(span) {
	const id = span.state === 0 && span.noscan ? "noscan" : SPAN_LOOKS[span.state];

	return themed("--span-" + id);
}

function spanText(span) {
	const what = span.elem ? `${span.use} of ${span.elem} bytes` : span.use;
	const nr = span.spans > 1 ? `, ${span.spans} spans` : "";
	const used = span.state === 0 ? `, ${span.used} of ${span.room} allocated` : "";

	return `${what}${span.noscan ? ", no pointers" : ""}${nr}${used}`;
}

function spanLegend(snapshot) {
	const seen = new Map();

	for (const span of snapshot.spans)
		seen.set(span.use + (span.state === 0 && span.noscan ? ", no pointers" : ""), spanColor(span));
	return [...seen].map(([text, color]) => el("span", { class: "key" }, swatch(color), text));
}

const G_COLUMNS = (at) => [
	{ title: "goid", number: true, value: (g) => g.id, cell: (g) => g.id ?? "–" },
	{ title: "status", value: (g) => gStatus(g) },
	{ title: "tid", number: true, value: (g) => g.tid, cell: (g) => g.tid ?? "–" },
	{ title: "stack", value: (g) => BigInt(g.start), cell: (g) => g.start === "0x0" ? "–" :
		addressLink(BigInt(g.start), at, `${g.start.slice(2)}-${g.end.slice(2)}`) },
	sizeColumn("size", "of its stack", (g) => Number(BigInt(g.end) - BigInt(g.start))),
	sizeColumn("used", "above its stack pointer", (g) => g.sp ? Number(BigInt(g.end) - BigInt(g.sp)) : 0),
	sizeColumn("resident", null, (g) => g.resident),
	{ title: "function", wide: true, value: (g) => nameText(g.function || "") },
];

// Goroutines by their number, then the threads' own stacks.
function sortedStacks(stacks) {
	const own = (g) => g.kind === "goroutine" ? 0 : 1;

	return [...stacks].sort((a, b) => own(a) - own(b) || (a.id ?? 0) - (b.id ?? 0));
}

function gStatus(g) {
	if (g.kind !== "goroutine")
		return g.kind;
	return g.waits_for ? `${g.status}: ${nameText(g.waits_for)}` : g.status;
}

const SPAN_COLUMNS = [
	{ title: "spans", value: (c) => c.use + (c.noscan ? ", no pointers" : "") },
	{ title: "element", number: true, value: (c) => c.elem_size, cell: (c) => c.elem_size ?? "–" },
	{ title: "count", number: true, value: (c) => c.nr },
	{ title: "allocated", number: true, value: (c) => c.allocated },
	{ title: "room", number: true, value: (c) => c.room },
	sizeColumn("mapped", null, (c) => c.mapped),
	sizeColumn("resident", null, (c) => c.resident),
];

const OWN_COLUMNS = (at) => [
	{ title: "range", value: (l) => BigInt(l.start), cell: (l) =>
		addressLink(BigInt(l.start), at, `${l.start.slice(2)}-${l.end.slice(2)}`) },
	sizeColumn("mapped", null, (l) => l.mapped),
	sizeColumn("resident", null, (l) => l.resident),
	{ title: "what", wide: true, value: (l) => nameText(l.name) },
];

class GoView {
	constructor(options) {
		this.picture = new PictureView(byId("arenas"), {
			paint: paintSpan, keepZoom: false,
			labelOf: () => "arena",
			sizesOf: (piece) => `${sizeText(piece.arena.mapped)}/${sizeText(piece.arena.resident)}`,
			describe: (page, pages) => options.describe(page, pages),
			picked: options.picked,
		});
	}

	show(snapshot) {
		const go = snapshot.go;

		byId("go").hidden = !go;
		byId("to-go").hidden = !go;
		if (!go)
			return;
		replace(byId("go-facts"), facts([
			["version", nameText(go.version || "not a Go program")], ["known by", go.source],
			["goroutines", String(go.goroutines)],
			["spans", String(go.spans.reduce((n, c) => n + c.nr, 0))],
			["arenas", String(go.arenas.length)],
			["not known", go.not_known && nameText(go.not_known)],
		]));
		byId("arenas").hidden = !go.arenas.length || !snapshot.spans.length;
		if (!byId("arenas").hidden)
			this.picture.show(new SpanSource(snapshot));
		replace(byId("arena-legend"), ...spanLegend(snapshot));
		new Table(byId("goroutines"), G_COLUMNS(snapshot.index), { caption: "goroutines and other stacks" })
			.show(sortedStacks(go.stacks));
		new Table(byId("spans"), SPAN_COLUMNS, { caption: "spans by class" }).show(go.spans);
		new Table(byId("own"), OWN_COLUMNS(snapshot.index), { caption: "what the runtime keeps of itself" })
			.show(go.runtime);
	}
}
