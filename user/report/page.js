// SPDX-License-Identifier: GPL-2.0
// The page as a whole: which snapshot and which address are looked at, and the parts
// that show it. The fragment of the page's address says the same: #addr=0x…&at=2.

function segmentName(segment) {
	return el("span", { class: "segment-name" }, swatch(kindColor(segment.kind)), segment.label);
}

const SEGMENT_COLUMNS = (page) => {
	const sum = (name) => (s) => s.sums[name] || 0;
	const has = (name) => page.snapshot.sums[name];
	const columns = [
		{ title: "segment", value: (s) => s.order ?? Infinity, cell: (s) => s.total ? "total" : segmentName(s) },
		sizeColumn("mapped", "what its VMAs span", sum("mapped")),
		sizeColumn("reserved", "of it, PROT_NONE", sum("reserved")),
		sizeColumn("present", "mapped by a page-table entry now", sum("present")),
		sizeColumn("resident", "present and counted by RSS", sum("resident")),
		sizeColumn("swapped", null, sum("swapped")),
	];

	if (page.snapshot.doc.has_sharing)
		columns.push(sizeColumn("PSS", "each page by the number of its mappings", sum("pss")));
	for (const [title, name] of [["THP", "anon_huge"], ["zero", "zero"], ["PFN", "pfn"],
		["hugetlb", "hugetlb"], ["other", "other"]])
		if (has(name))
			columns.push(sizeColumn(title, null, sum(name)));
	if (page.snapshot.doc.has_tables)
		columns.push(sizeColumn("tables", "page tables of its own", (s) => s.tables || 0));
	columns.push(
		{ title: "res%", number: true, value: (s) => s.sums.resident / s.sums.mapped,
			cell: (s) => percentText(s.sums.resident, s.sums.mapped) },
		{ title: "share", hint: "resident of mapped", value: (s) => s.sums.resident / s.sums.mapped,
			cell: (s) => residencyBar(s.sums, s.kind) },
		{ title: "VMAs", number: true, value: (s) => s.vmas.length },
		{ title: "start", value: (s) => s.total ? -1 : s.start, cell: (s) => s.total ? "" : addressLink(
			page.snapshot.address(s.start), page.at, pageText(s.start, page.snapshot.shift)) },
		{ title: "name", wide: true, value: (s) => nameText(s.name || "") });
	return columns;
};

const VMA_COLUMNS = (page) => [
	{ title: "VMA", value: (v) => v.start, cell: (v) => addressLink(page.snapshot.address(v.start), page.at,
		rangeText(v.start, v.end, page.snapshot.shift)) },
	{ title: "perms", value: (v) => v.perms },
	sizeColumn("mapped", null, (v) => v.sums.mapped),
	sizeColumn("present", null, (v) => v.sums.present),
	sizeColumn("resident", null, (v) => v.sums.resident),
	sizeColumn("swapped", null, (v) => v.sums.swapped),
	{ title: "offset", number: true, value: (v) => v.offset, cell: (v) => v.name ?
		hex(page.snapshot.address(v.offset)) : "" },
	{ title: "dev", value: (v) => v.dev === "00:00" ? "" : v.dev },
	{ title: "inode", number: true, value: (v) => Number(v.ino), cell: (v) => v.ino === "0" ? "" : v.ino },
	{ title: "name", wide: true, value: (v) => nameText(v.name) },
];

const EXTENT_COLUMNS = (page) => [
	{ title: "pages", value: (e) => e.start, cell: (e) => addressLink(page.snapshot.address(e.start), page.at,
		rangeText(e.start, e.end, page.snapshot.shift)) },
	{ title: "count", number: true, value: (e) => e.end - e.start },
	sizeColumn("size", null, (e) => page.snapshot.bytes(e.end - e.start)),
	{ title: "what", wide: true, value: (e) => stateText(e.state), cell: (e) => el("span", null,
		swatch(pageColor(lookOf(e.state).id)), stateText(e.state)) },
];

const THREAD_COLUMNS = (page) => {
	const register = (name) => ({
		title: name, value: (t) => t[name] ? BigInt(t[name].address) : 0n,
		cell: (t) => t[name] ? el("span", null, addressLink(BigInt(t[name].address), page.at), " ",
			el("span", { class: "muted" }, registerText(t[name]))) : "–",
	});

	return [
		{ title: "tid", number: true, value: (t) => t.tid },
		{ title: "name", value: (t) => nameText(t.comm) },
		{ title: "state", value: (t) => t.state + (t.running ? "*" : "") },
		register("sp"), register("pc"), register("fs_base"),
	];
};

function registerText(pointer) {
	if (pointer.stack)
		return pointer.stack.id ? `goroutine ${pointer.stack.id}` : pointer.stack.kind;
	if (!pointer.segment)
		return "not mapped";
	return pointer.segment.name && pointer.segment.kind === "library" ?
		nameText(baseName(pointer.segment.name)) : pointer.segment.kind;
}

class Page {
	constructor(snapshots) {
		this.snapshots = snapshots;
		this.at = -1;
		this.address = null;
		this.segment = null;
		this.makeParts();
		this.listen();
	}

	makeParts() {
		const picked = (page) => this.go({ address: this.snapshot.address(page) });

		this.map = new PictureView(byId("picture"), {
			paint: paintShare, keepZoom: true, picked,
			labelOf: (piece) => piece.segment.label,
			sizesOf: (piece) => `${sizeText(piece.mapped)}/${sizeText(piece.resident)}`,
			marks: () => this.marks,
			describe: (page, pages, line) => this.describe(page, pages, line),
			laidOut: (map) => {
				byId("scale").textContent = map.scaleText();
			},
		});
		this.strip = new PictureView(byId("strip"), {
			paint: paintPage, fixedZoom: 0, picked,
			labelOf: (piece) => `${piece.vmas[0].perms} ${nameText(baseName(piece.vmas[0].name))}`,
			sizesOf: (piece) => `${sizeText(piece.mapped)}/${sizeText(piece.resident)}`,
			describe: (page, pages, line) => this.describe(page, pages, line),
		});
		this.goView = new GoView({ picked, describe: (page) => this.describeSpan(page) });
		this.tree = new TableTree(byId("tree"));
		this.diff = new DiffView(this.snapshots);
		this.timeline = new Timeline(this.snapshots, (at) => this.go({ at }));
	}

	listen() {
		byId("search").addEventListener("submit", (e) => {
			e.preventDefault();
			this.search(byId("find").value);
		});
		byId("zoom-in").addEventListener("click", () => this.map.setZoom(this.map.zoom - 1));
		byId("zoom-out").addEventListener("click", () => this.map.setZoom(this.map.zoom + 1));
		byId("zoom-fit").addEventListener("click", () => this.map.setZoom(this.map.fitted));
		byId("walk-down").addEventListener("click", () => this.walkDown());
		addEventListener("hashchange", () => this.followFragment());
		matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
		this.keys = new Keys({
			"/": () => byId("find").focus(),
			"?": () => byId("help").showModal(),
			"[": () => this.go({ at: Math.max(this.at - 1, 0) }),
			"]": () => this.go({ at: Math.min(this.at + 1, this.snapshots.length - 1) }),
			"+": () => this.map.setZoom(this.map.zoom - 1),
			"-": () => this.map.setZoom(this.map.zoom + 1),
			"0": () => this.map.setZoom(this.map.fitted),
			"m": () => byId("picture").focus(),
			"p": () => byId("strip").focus(),
			"w": () => this.walkDown(),
		});
	}

	get snapshot() {
		return this.snapshots[this.at];
	}

	repaint() {
		themeValues.clear();
		this.showSnapshot();
		this.showAddress();
		if (this.snapshots.length > 1)
			this.diff.show();
	}

	// @where: { at, address }; what is not given stays.
	go(where) {
		const at = where.at ?? this.at;

		if (at !== this.at) {
			this.at = at;
			this.showSnapshot();
		}
		if (where.address !== undefined)
			this.address = where.address;
		this.showAddress();
		const fragment = `#${this.address === null ? "" : `addr=0x${hex(this.address)}&`}at=${this.at}`;

		if (location.hash !== fragment)
			history.replaceState(null, "", fragment);
	}

	followFragment() {
		const words = new URLSearchParams(location.hash.slice(1));
		const at = Number(words.get("at") ?? Math.max(this.at, 0));
		const address = words.has("addr") ? parseAddress(words.get("addr")) : undefined;

		if (!words.has("addr") && !words.has("at") && this.at >= 0)
			return;
		this.go({
			at: Number.isInteger(at) && at >= 0 && at < this.snapshots.length ? at : 0,
			address: address ?? this.address,
		});
	}

	// An address, or a piece of a segment's or VMA's name.
	search(text) {
		const address = parseAddress(text);
		const low = text.trim().toLowerCase();

		if (address !== null)
			return this.go({ address });
		const i = this.snapshot.vmas.findIndex((vma, k) => low &&
			(this.snapshot.segmentOf[k].label.toLowerCase().includes(low) ||
			 vma.name.toLowerCase().includes(low)));

		if (i < 0)
			return announce(byId("found").textContent = "no such address or name");
		return this.go({ address: this.snapshot.address(this.snapshot.vmas[i].start) });
	}

	showSnapshot() {
		this.marks = this.snapshot.marks;
		this.showHead();
		this.map.show(new MemorySource(this.snapshot, [...this.snapshot.vmas.keys()]));
		this.showLegend();
		this.showSegments();
		this.showThreads();
		this.showLevels();
		this.tree.show(this.snapshot);
		this.goView.show(this.snapshot);
		this.timeline.show(this.at);
		this.segment = null;
	}

	showHead() {
		const { doc, sums, vmas } = this.snapshot;
		const name = `${nameText(doc.comm)} · pid ${doc.pid}`;

		document.title = `${name} · vmwalk`;
		byId("title").textContent = name;
		replace(byId("figures"), ...[
			["mapped", sizeText(sums.mapped)], ["resident", sizeText(sums.resident)],
			["swapped", sizeText(sums.swapped)], ["page tables", sizeText(doc.mm.page_tables)],
			["VMAs", vmas.length.toLocaleString("en")],
			["threads", String(this.snapshot.threads.length || "–")],
			...(this.snapshot.go ? [["goroutines", String(this.snapshot.go.goroutines)]] : []),
		].map(([what, figure]) => el("div", { class: "figure" }, el("dt", null, what), el("dd", null, figure))));
		replace(byId("facts"), facts([
			["snapshot", doc.number ? this.snapshot.title : null], ["taken", timeText(doc.time_ms)],
			["note", nameText(doc.note)], ["host", nameText(doc.host)],
			["kernel", nameText(`${doc.kernel} ${doc.machine}`.trim())],
			["program", nameText(doc.exe)], ["build-id", nameText(doc.build_id)],
			["walk", this.walkText()], ["vsyscall", doc.vsyscall],
			["at most resident", sizeText(doc.mm.hiwater_rss)],
		]));
	}

	walkText() {
		const { walk } = this.snapshot.doc;
		const words = { consistent: "consistent: no VMA changed meanwhile",
			changed: "CHANGED: VMAs changed meanwhile", incomplete: "INCOMPLETE: the walk broke off",
			"best-effort": "best effort: no change seen; this kernel cannot promise more" };

		return words[walk.consistency] + (walk.atomic ? ", all under one lock" : "") +
			(walk.stopped ? ", the process was stopped" : "") +
			(walk.walk_ns ? ` (${(walk.walk_ns / 1e6).toFixed(2)} ms)` : "");
	}

	showLegend() {
		const kinds = [...new Set(this.snapshot.segments.map((s) => s.kind))];
		const shades = [["1", "resident"], ["0.8", "over 2/3"], ["0.58", "over 1/3"], ["0.38", "less"],
			["0.13", "no page"]];

		replace(byId("legend"), ...kinds.map((kind) => el("span", { class: "key" },
			swatch(kindColor(kind)), kind)),
		...shades.map(([alpha, text]) => {
			const box = swatch("var(--text)");

			box.style.opacity = alpha;
			return el("span", { class: "key" }, box, text);
		}),
		el("span", { class: "key" }, swatch("var(--text)", "half"), "in swap"),
		el("span", { class: "key" }, swatch("var(--text)", "dot"), "not in RSS"));
		replace(byId("page-legend"), ...PAGE_LOOKS.map((look) => el("span", { class: "key" },
			swatch(pageColor(look.id)), look.text)));
	}

	showSegments() {
		this.segments = new Table(byId("segment-table"), SEGMENT_COLUMNS(this), {
			caption: "segments", sort: 0,
			isPicked: (s) => s === this.segment,
			picked: (s) => s.total || this.go({ address: this.snapshot.address(s.start) }),
		});
		this.segments.show(this.snapshot.segments,
			{ total: true, sums: this.snapshot.sums, vmas: this.snapshot.vmas });
	}

	showThreads() {
		byId("threads").hidden = byId("to-threads").hidden = !this.snapshot.threads.length;
		if (this.snapshot.threads.length)
			new Table(byId("thread-table"), THREAD_COLUMNS(this), { caption: "threads" })
				.show(this.snapshot.threads);
	}

	showLevels() {
		const { levels, has_tables } = this.snapshot.doc;

		byId("levels").hidden = !has_tables;
		new Table(byId("levels"), [
			{ title: "level", value: (l) => l.name.toUpperCase() },
			{ title: "tables", number: true, value: (l) => l.tables },
			sizeColumn("size", null, (l) => l.bytes),
			{ title: "entries", number: true, value: (l) => l.entries },
			{ title: "of", number: true, value: (l) => l.entries_max },
			{ title: "full%", number: true, value: (l) => l.entries / l.entries_max,
				cell: (l) => percentText(l.entries, l.entries_max) },
			{ title: "note", wide: true, value: (l) => l.counted ? "" : "not counted in VmPTE" },
		], { caption: "page tables by level" }).show(levels);
	}

	// Everything that shows one address.
	showAddress() {
		if (this.address === null)
			this.address = this.snapshot.address(this.snapshot.vmas[0]?.start ?? 0);
		const page = this.snapshot.pageOf(this.address);
		const i = this.snapshot.vmaIndexAt(page);
		const segment = i < 0 ? null : this.snapshot.segmentOf[i];

		byId("found").textContent = "";
		this.map.setCursor(page);
		this.showHere(page, i);
		if (segment && segment !== this.segment)
			this.showSegment(segment);
		if (segment)
			this.strip.setCursor(page);
		if (!byId("arenas").hidden && this.goView.picture.source)
			this.goView.picture.setCursor(page);
	}

	showSegment(segment) {
		const indices = [];

		this.segment = segment;
		this.snapshot.segmentOf.forEach((s, i) => {
			if (s === segment)
				indices.push(i);
		});
		this.segments.fill();
		replace(byId("pages-of"), segmentName(segment));
		this.strip.show(new MemorySource(this.snapshot, indices, true));
		new Table(byId("vma-table"), VMA_COLUMNS(this), { caption: "VMAs of the segment" }).show(segment.vmas);
		new Table(byId("extent-table"), EXTENT_COLUMNS(this), { caption: "runs of pages in the same state" })
			.show(segment.vmas.flatMap((vma) => vma.extents));
	}

	// The box that says what is at the address, as `vmwalk where` does.
	showHere(page, i) {
		const rows = [["address", `0x${hex(this.address)}`]];

		if (i < 0)
			rows.push(["", this.holeText(page)]);
		else
			rows.push(...this.hereRows(page, i));
		replace(byId("here-facts"), facts(rows));
		announce(rows.map(([name, text]) => `${name} ${text}`).join(", "));
	}

	hereRows(page, i) {
		const vma = this.snapshot.vmas[i], segment = this.snapshot.segmentOf[i];
		const extent = vma.extentAt(page), span = this.snapshot.spanAt(page);
		const stack = this.snapshot.stackAt(this.address);
		const shift = this.snapshot.shift;

		return [
			["goroutine", stack && `${stack.id ?? stack.kind} · ${gStatus(stack)} · ${nameText(stack.function || "")}`],
			["Go span", span && `${rangeText(span.start, span.end, shift)} ${spanText(span)}`],
			["segment", `${segment.label} · ${sizeText(segment.sums.mapped)} mapped, ` +
				`${sizeText(segment.sums.resident)} resident, ${countText(segment.vmas.length, "VMA")}`],
			["VMA", `${rangeText(vma.start, vma.end, shift)} ${vma.perms}, ${sizeText(vma.sums.mapped)}, ` +
				`+0x${hex(this.address - this.snapshot.address(vma.start))}`],
			["file", nameText(vma.name)],
			["page", extent && stateText(extent.state)],
			["run", extent && `${rangeText(extent.start, extent.end, shift)} ` +
				countText(extent.end - extent.start, "page")],
			["indices", this.indicesText(page)],
		];
	}

	// Where a walk would go, level by level.
	indicesText(page) {
		return this.snapshot.doc.geometry.map(({ name, shift, entries }) =>
			`${name.toUpperCase()} ${Math.floor(page / 2 ** (shift - this.snapshot.shift)) % entries}`).join(" → ");
	}

	holeText(page) {
		const below = this.snapshot.vmas[lastAtOrBelow(this.snapshot.vmas, page)];
		const above = this.snapshot.vmas[lastAtOrBelow(this.snapshot.vmas, page) + 1];
		const distance = (pages) => sizeText(this.snapshot.bytes(pages));

		return ["in no VMA", below && `${distance(page - below.end)} above ${pageText(below.end, this.snapshot.shift)}`,
			above && `${distance(above.start - page)} below ${pageText(above.start, this.snapshot.shift)}`]
			.filter((text) => text).join(", ");
	}

	describe(page, pages, line) {
		const i = this.snapshot.vmaIndexAt(page);
		const range = rangeText(page, page + pages, this.snapshot.shift);

		if (line.gap)
			return `${range}\n${sizeText(this.snapshot.bytes(line.pages))} ${line.what}`;
		if (i < 0)
			return `${range}\nin no VMA`;
		const vma = this.snapshot.vmas[i], extent = vma.extentAt(page);

		return `${range}\n${this.snapshot.segmentOf[i].label} ${vma.perms}` +
			(extent ? `\n${stateText(extent.state)}` : "");
	}

	describeSpan(page) {
		const span = this.snapshot.spanAt(page);

		return span ? `${rangeText(span.start, span.end, this.snapshot.shift)}\n${spanText(span)}` :
			pageText(page, this.snapshot.shift);
	}

	walkDown() {
		const item = this.tree.openTo(this.snapshot.pageOf(this.address));

		byId("tables").scrollIntoView();
		item?.scrollIntoView({ block: "center" });
		item?.focus();
	}
}

// What was resident in each snapshot, by kind, and the slider that goes through them.
class Timeline {
	constructor(snapshots, chosen) {
		this.snapshots = snapshots;
		if (snapshots.length < 2)
			return;
		byId("timeline").hidden = false;
		byId("slider").max = snapshots.length - 1;
		byId("slider").addEventListener("input", () => chosen(Number(byId("slider").value)));
		byId("chart").addEventListener("click", (e) => {
			const box = byId("chart").getBoundingClientRect();
			const i = Math.floor((e.clientX - box.left) / box.width * snapshots.length);

			chosen(Math.min(Math.max(i, 0), snapshots.length - 1));
		});
		new ResizeObserver(() => this.draw()).observe(byId("chart"));
	}

	show(at) {
		if (this.snapshots.length < 2)
			return;
		this.at = at;
		const s = this.snapshots[at];

		byId("slider").value = at;
		byId("slider").setAttribute("aria-valuetext", `${s.title}, ${timeText(s.doc.time_ms)}`);
		byId("when").textContent = `${s.title} · ${at + 1} of ${this.snapshots.length} · ` +
			`${timeText(s.doc.time_ms)} · resident ${sizeText(s.sums.resident)}`;
		this.draw();
	}

	draw() {
		const canvas = byId("chart"), ratio = devicePixelRatio || 1;
		const width = canvas.clientWidth, height = canvas.clientHeight;
		const context = canvas.getContext("2d");
		const most = Math.max(...this.snapshots.map((s) => s.sums.resident), 1);

		canvas.width = width * ratio;
		canvas.height = height * ratio;
		context.scale(ratio, ratio);
		this.snapshots.forEach((s, i) => this.drawColumn(context, s, i, width / this.snapshots.length,
			height, most));
	}

	drawColumn(context, snapshot, i, width, height, most) {
		let y = height;

		for (const segment of snapshot.segments) {
			const part = segment.sums.resident / most * (height - 3);

			context.fillStyle = kindColor(segment.kind);
			context.fillRect(i * width + (width > 4 ? 1 : 0), y - part, width - (width > 4 ? 2 : 0), part);
			y -= part;
		}
		if (i !== this.at)
			return;
		context.fillStyle = themed("--accent");
		context.fillRect(i * width, 0, width, 3);
	}
}

const page = new Page(loadSnapshots());

page.followFragment();
document.documentElement.dataset.ready = "true";
