// SPDX-License-Identifier: GPL-2.0
// A picture on a canvas: drawn as far as it is in sight, with a cursor that mouse and
// keys move. What a cell looks like, the palette says.

const LINE_HEIGHT = 16;
const PRINTED_LINES = 50;	// a sheet has them, and something else
const PRINTED_WIDTH = 720;	// as many CSS pixels as a sheet is wide, or nearly so
const PRINTED_RATIO = 3;	// its pixels are finer than a screen's
const CELL_GAP = 1;
const MIN_CELL = 5;		// pixels wide
const MAX_CELL = 12;

class PictureView {
	// @options: paint(context, cell, piece, x, y, width, height), labelOf(piece),
	// sizesOf(piece), marks(), describe(page, pages, line), picked(page); fixedZoom: log2 of
	// a cell's pages to begin with
	constructor(box, options) {
		this.box = box;
		this.options = options;
		this.canvas = el("canvas", { "aria-hidden": "true" });
		this.spacer = el("div", { class: "spacer" });
		this.tip = el("div", { class: "tip", role: "tooltip", hidden: true });
		replace(box, this.canvas, this.spacer, this.tip);
		this.cursor = null;
		this.zoom = null;
		this.listen();
	}

	listen() {
		this.box.addEventListener("scroll", () => this.draw());
		this.box.addEventListener("keydown", (e) => this.key(e));
		this.box.addEventListener("mousemove", (e) => this.hover(e));
		this.box.addEventListener("mouseleave", () => this.leave());
		this.box.addEventListener("click", (e) => this.click(e));
		this.box.addEventListener("dblclick", () => this.setZoom(this.zoom - 2));
		this.box.addEventListener("wheel", (e) => this.wheel(e), { passive: false });
		new ResizeObserver(() => this.resize()).observe(this.box);
		addEventListener("beforeprint", () => this.print(true));
		addEventListener("afterprint", () => this.print(false));
	}

	show(source) {
		this.source = source;
		this.shift = source.snapshot.shift;
		this.measure();
		this.fitted = chooseZoom(source, this.nr);
		if (this.zoom === null || !this.options.keepZoom)
			this.zoom = this.options.fixedZoom ?? this.fitted;
		this.layOut();
	}

	measure() {
		const width = this.printing ? PRINTED_WIDTH : this.box.clientWidth;
		const context = this.canvas.getContext("2d");

		context.font = this.font();
		this.width = width;
		this.margin = Math.ceil(context.measureText("0".repeat(13)).width);
		this.labels = width < 600 ? 84 : Math.min(width / 3.4, 260);
		this.chooseCells(width - this.margin - this.labels - 14);
	}

	// As many as there is room for, of a power of two: lines begin at round addresses.
	chooseCells(room) {
		this.nr = 8;
		while (this.nr < 256 && room / (2 * this.nr) >= MIN_CELL)
			this.nr *= 2;
		this.cellWidth = Math.min(Math.max(Math.floor(room / this.nr), MIN_CELL), MAX_CELL);
	}

	font() {
		return `11px ${themed("--mono")}`;
	}

	layOut() {
		this.lines = layOut(this.source, 2 ** this.zoom, this.nr, MAX_LINES);
		while (!this.lines)
			this.lines = layOut(this.source, 2 ** ++this.zoom, this.nr, MAX_LINES);
		this.spacer.style.height = `${this.lines.length * LINE_HEIGHT}px`;
		this.options.laidOut?.(this);
		this.draw();
	}

	resize() {
		if (!this.source || this.box.clientWidth === this.width)
			return this.draw();
		this.measure();
		this.layOut();
	}

	setZoom(zoom) {
		const keep = this.cursor ?? this.lines[this.firstInSight()]?.start;

		this.zoom = Math.min(Math.max(zoom, 0), Math.max(this.fitted, 0) + 12);
		this.layOut();
		this.reveal(keep);
		announce(this.scaleText());
	}

	scaleText() {
		return `one cell: ${sizeText(2 ** (this.zoom + this.shift))}`;
	}

	firstInSight() {
		return Math.floor(this.box.scrollTop / LINE_HEIGHT);
	}

	lineOf(page) {
		const i = lastAtOrBelow(this.lines, page);

		return i >= 0 && page < this.lines[i].end ? i : -1;
	}

	// Scrolls to @page, in the middle, unless it is in sight.
	reveal(page) {
		const i = page === null || page === undefined ? -1 : this.lineOf(page);
		const first = this.firstInSight();
		const fit = Math.floor(this.box.clientHeight / LINE_HEIGHT);

		if (i >= 0 && (i < first || i >= first + fit))
			this.box.scrollTop = (i - Math.floor(fit / 2)) * LINE_HEIGHT;
		this.draw();
	}

	setCursor(page) {
		this.cursor = page;
		if (this.lines)
			this.reveal(page);
	}

	// Paper does not scroll, and has a width of its own: all lines, or as many as fit.
	print(printing) {
		if (!this.source)
			return;
		if (printing)
			this.scrolled = this.box.scrollTop;
		document.documentElement.classList.toggle("printing", printing);
		themeValues.clear();
		this.printing = printing;
		this.measure();
		this.layOut();
		this.box.scrollTop = printing ? 0 : this.scrolled;
	}

	height() {
		return this.printing ? Math.min(this.lines.length, PRINTED_LINES) * LINE_HEIGHT :
			this.box.clientHeight;
	}

	draw() {
		const ratio = this.printing ? PRINTED_RATIO : devicePixelRatio || 1;
		const width = this.printing ? this.width : this.box.clientWidth;
		const height = this.lines ? this.height() : 0;
		const context = this.canvas.getContext("2d");

		if (!this.lines || !width)
			return;
		this.canvas.width = width * ratio;
		this.canvas.height = height * ratio;
		this.canvas.style.width = `${width}px`;
		this.canvas.style.height = `${height}px`;
		context.scale(ratio, ratio);
		context.font = this.font();
		context.textBaseline = "middle";
		this.colors = { text: themed("--text"), muted: themed("--muted"), accent: themed("--accent") };
		const first = this.printing ? 0 : this.firstInSight();
		const offset = this.printing ? 0 : this.box.scrollTop % LINE_HEIGHT;
		const last = Math.min(first + Math.ceil(height / LINE_HEIGHT) + 1, this.lines.length);

		for (let i = first; i < last; i++)
			this.drawLine(context, this.lines[i], (i - first) * LINE_HEIGHT - offset);
	}

	drawLine(context, line, y) {
		const middle = y + LINE_HEIGHT / 2;

		if (line.gap) {
			context.fillStyle = this.colors.muted;
			this.text(context, `··· ${sizeText(this.source.snapshot.bytes(line.pages))} ${line.what} ···` +
				this.marksText(line), this.margin + 8, middle, this.width - this.margin - 8);
			this.drawCursor(context, line, y);
			return;
		}
		context.fillStyle = this.colors.muted;
		context.textAlign = "right";
		context.fillText(pageText(line.start, this.shift), this.margin, middle);
		context.textAlign = "left";
		this.cellsOf(line).forEach((cell, i) => {
			if (cell.mapped)
				this.options.paint(context, cell, line.piece, this.cellX(i), y + 1,
					this.cellWidth - CELL_GAP, LINE_HEIGHT - 2);
		});
		this.drawLabel(context, line, middle);
		this.drawCursor(context, line, y);
	}

	drawLabel(context, line, middle) {
		const x = this.cellX(this.nr) + 6, room = this.width - x - 4;
		const sizes = line.first ? this.options.sizesOf(line.piece, this.source.snapshot) : "";
		const taken = sizes ? context.measureText(sizes).width + 8 : 0;
		const fits = room - taken > 40;

		const label = line.first ? this.options.labelOf(line.piece) : "";
		const marks = this.width < 600 ? "" : this.marksText(line);

		context.fillStyle = this.colors.text;
		this.text(context, label + marks, x, middle, fits ? room - taken : room);
		if (!sizes || !fits)
			return;
		context.fillStyle = this.colors.muted;
		context.textAlign = "right";
		context.fillText(sizes, x + room, middle);
		context.textAlign = "left";
	}

	// Text that is cut where there is no more room.
	text(context, text, x, y, room) {
		const one = context.measureText("0").width;
		const fits = Math.max(Math.floor(room / one), 1);

		context.fillText(text.length > fits ? text.slice(0, fits - 1) + "…" : text, x, y);
	}

	marksText(line) {
		const from = this.source.snapshot.address(line.start);
		const to = this.source.snapshot.address(line.end);
		const names = (this.options.marks?.() || [])
			.filter((mark) => mark.address >= from && mark.address < to).map((mark) => mark.name);

		return names.length ? ` ◂ ${names.join(", ")}` : "";
	}

	cellX(i) {
		return this.margin + 8 + i * this.cellWidth;
	}

	cellsOf(line) {
		return this.source.fill(line.piece, line.start, 2 ** this.zoom, this.nr);
	}

	drawCursor(context, line, y) {
		if (this.cursor === null || this.cursor < line.start || this.cursor >= line.end)
			return;
		context.strokeStyle = this.colors.accent;
		context.lineWidth = 2;
		if (line.gap) {
			context.strokeRect(this.margin + 4, y + 1, 120, LINE_HEIGHT - 2);
			return;
		}
		const i = Math.floor((this.cursor - line.start) / 2 ** this.zoom);

		context.strokeRect(this.cellX(i) - 1, y, this.cellWidth + 1, LINE_HEIGHT);
	}

	// What is at a place of the canvas: {page, line}, or null.
	at(event) {
		const box = this.box.getBoundingClientRect();
		const line = this.lines?.[Math.floor((event.clientY - box.top - this.box.clientTop +
			this.box.scrollTop) / LINE_HEIGHT)];
		const i = Math.floor((event.clientX - box.left - this.cellX(0)) / this.cellWidth);

		if (!line)
			return null;
		if (line.gap)
			return { page: line.start, line };
		const page = line.start + Math.min(Math.max(i, 0), this.nr - 1) * 2 ** this.zoom;

		return page < line.end ? { page, line } : null;
	}

	hover(event) {
		const at = this.at(event);
		const box = this.box.getBoundingClientRect();

		this.tip.hidden = !at;
		if (!at)
			return;
		this.tip.textContent = this.options.describe(at.page, at.line.gap ?
			at.line.end - at.line.start : 2 ** this.zoom, at.line);
		const x = event.clientX - box.left + 14, y = event.clientY - box.top + 18;

		this.tip.style.left = `${Math.min(x, Math.max(box.width - this.tip.offsetWidth - 8, 0))}px`;
		this.tip.style.top = `${this.box.scrollTop + Math.min(y, box.height - this.tip.offsetHeight - 4)}px`;
	}

	leave() {
		this.tip.hidden = true;
	}

	click(event) {
		const at = this.at(event);

		if (at)
			this.pick(at.page);
	}

	pick(page) {
		this.setCursor(page);
		this.options.picked(page);
	}

	// With Ctrl, as pages are zoomed; the wheel alone scrolls.
	wheel(event) {
		if (!event.ctrlKey)
			return;
		event.preventDefault();
		const at = this.at(event);

		if (at)
			this.cursor = at.page;
		this.setZoom(this.zoom + Math.sign(event.deltaY));
	}

	key(event) {
		const line = 2 ** this.zoom * this.nr;
		const steps = { ArrowLeft: -(2 ** this.zoom), ArrowRight: 2 ** this.zoom };

		if (event.ctrlKey || event.altKey || event.metaKey)
			return;
		if (event.key in steps)
			this.pick(this.near((this.cursor ?? this.lines[0].start) + steps[event.key],
				steps[event.key]));
		else if (["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"].includes(event.key))
			this.moveLine(event.key, line);
		else if (event.key === "+" || event.key === "=")
			this.setZoom(this.zoom - 1);
		else if (event.key === "-")
			this.setZoom(this.zoom + 1);
		else if (event.key === "0")
			this.setZoom(this.options.fixedZoom ?? this.fitted);
		else
			return;
		event.preventDefault();
		event.stopPropagation();
	}

	// The place on a line that @page is on, or is nearest to in the direction of @step.
	near(page, step) {
		if (this.lineOf(page) >= 0)
			return page;
		const below = lastAtOrBelow(this.lines, page);
		const line = this.lines[Math.min(Math.max(below + (step > 0 ? 1 : 0), 0), this.lines.length - 1)];

		return step > 0 ? line.start : line.end - 1;
	}

	moveLine(key, linePages) {
		const fit = Math.floor(this.box.clientHeight / LINE_HEIGHT);
		const now = this.cursor === null ? -1 : this.lineOf(this.cursor);
		const to = { ArrowUp: now - 1, ArrowDown: now + 1, PageUp: now - fit, PageDown: now + fit,
			Home: 0, End: this.lines.length - 1 }[key];
		const line = this.lines[Math.min(Math.max(to, 0), this.lines.length - 1)];
		const column = now < 0 || this.lines[now].gap || key === "Home" || key === "End" ? 0 : (this.cursor - this.lines[now].start) % linePages;

		this.pick(line.gap ? line.start : Math.min(line.start + column, line.end - 1));
	}
}

// Cells of the map: the segment's colour, in five shades of how much is resident.
function paintShare(context, cell, piece, x, y, width, height) {
	const share = cell.resident / cell.mapped;

	context.fillStyle = kindColor(piece.segment.kind);
	context.globalAlpha = share === 0 ? 0.13 : share < 1 / 3 ? 0.38 : share < 2 / 3 ? 0.58 :
		share < 1 ? 0.8 : 1;
	context.fillRect(x, y, width, height);
	context.globalAlpha = 1;
	if (cell.resident)
		return;
	if (cell.swapped)
		context.fillRect(x, y + height - 4, width, 4);
	else if (cell.other)
		context.fillRect(x + width / 2 - 1.5, y + height / 2 - 1.5, 3, 3);
}

// Cells of the strip: one page each, by what it is.
const PAGE_LOOKS = [
	{ id: "anon-dirty", text: "anonymous, dirty", is: (s) => s.kind === "anon" && s.dirty !== false },
	{ id: "anon", text: "anonymous, clean", is: (s) => s.kind === "anon" },
	{ id: "file-dirty", text: "file, dirty", is: (s) => s.kind === "file" && s.dirty === true },
	{ id: "file", text: "file", is: (s) => s.kind === "file" },
	{ id: "shmem", text: "shmem", is: (s) => s.kind === "shmem" },
	{ id: "zero", text: "zero page", is: (s) => s.kind === "zero" },
	{ id: "pfn", text: "raw page frame", is: (s) => s.kind === "pfn" },
	{ id: "swap", text: "in swap", is: (s) => s.kind === "swap" || s.reason === "object-swapped" },
	{ id: "cached", text: "in the page cache only", is: (s) => s.reason === "cached" },
	{ id: "reserved", text: "reserved", is: (s) => s.reason === "reserved" },
	{ id: "none", text: "no page", is: (s) => s.kind === "none" },
	{ id: "other", text: "other", is: () => true },
];

function lookOf(state) {
	return PAGE_LOOKS.find((look) => look.is(state));
}

function pageColor(id) {
	return themed("--page-" + id);
}

function paintPage(context, cell, piece, x, y, width, height) {
	const id = cell.state ? lookOf(cell.state).id : "none";

	context.fillStyle = pageColor(id);
	context.fillRect(x, y, width, height);
	// A leaf of more than one page.
	if (cell.state?.level > 0) {
		context.fillStyle = themed("--text");
		context.fillRect(x, y + height - 2, width + CELL_GAP, 2);
	}
}
