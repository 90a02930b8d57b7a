// SPDX-License-Identifier: GPL-2.0
// The data of the page as objects: snapshots with their VMAs, segments and pages. A
// page's number, not its address, is what is counted with.

const ROW = { START: 0, PAGES: 1, NAME: 2, PERMS: 3, OFFSET: 4, DEV: 5, INO: 6, SHIFT: 7, SUMS: 8 };

// A VMA of one or more snapshots that it is the same in.
class Vma {
	constructor(row, names, states, sumNames, shift) {
		this.start = row[ROW.START];
		this.pages = row[ROW.PAGES];
		this.end = this.start + this.pages;
		this.name = names[row[ROW.NAME]];
		this.perms = names[row[ROW.PERMS]];
		this.offset = row[ROW.OFFSET];
		this.dev = names[row[ROW.DEV]];
		this.ino = names[row[ROW.INO]];
		this.pageShift = row[ROW.SHIFT];
		this.sums = { mapped: this.pages * 2 ** shift };
		sumNames.forEach((name, i) => {
			this.sums[name] = i < row[ROW.SUMS] ? row[ROW.SUMS + 1 + i] : 0;
		});
		this.setExtents(row.slice(ROW.SUMS + 1 + row[ROW.SUMS]), states);
	}

	setExtents(words, states) {
		const nr = words.length / 2;
		let start = this.start;

		this.extents = new Array(nr);
		for (let i = 0; i < nr; i++) {
			const end = start + words[2 * i];

			this.extents[i] = { start, end, state: states[words[2 * i + 1]] };
			start = end;
		}
	}

	extentAt(page) {
		const i = lastAtOrBelow(this.extents, page);

		return i >= 0 && page < this.extents[i].end ? this.extents[i] : null;
	}
}

// The index of the last of @list, by ascending .start, that starts at @page or below.
function lastAtOrBelow(list, page) {
	let low = 0, high = list.length;

	while (low < high) {
		const mid = (low + high) >> 1;

		if (list[mid].start <= page)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1;
}

const NAMED_BY_FILE = ["library", "file", "shm", "anon"];

class Segment {
	constructor(row, names, kinds) {
		this.kind = kinds[row[0]];
		this.order = row[0];
		this.name = names[row[1]];
		this.tid = row[2];
		this.tables = row[3];
		this.vmas = [];
		this.sums = {};
	}

	add(vma) {
		this.vmas.push(vma);
		addSums(this.sums, vma.sums);
	}

	get start() {
		return this.vmas[0].start;
	}

	get end() {
		return this.vmas[this.vmas.length - 1].end;
	}

	// As the tables of the command line call it.
	get label() {
		if (NAMED_BY_FILE.includes(this.kind) && this.name)
			return nameText(baseName(this.name));
		if (this.tid)
			return `stack:${this.tid}`;
		return this.kind;
	}

	// Which of another snapshot is the same.
	get key() {
		return `${this.kind}\0${this.name}\0${this.tid}`;
	}
}

function addSums(to, sums) {
	for (const name of Object.keys(sums))
		to[name] = (to[name] || 0) + sums[name];
}

class Snapshot {
	constructor(doc, index, pools) {
		this.doc = doc;
		this.index = index;
		this.shift = Math.log2(doc.page_size);
		this.vmas = doc.vmas.map((row) => pools.vmas[row]);
		this.segments = doc.segments.map((row) => new Segment(row, pools.names, doc.kinds));
		this.segmentOf = doc.segment_of.map((i) => this.segments[i]);
		this.vmas.forEach((vma, i) => this.segmentOf[i].add(vma));
		this.sums = {};
		for (const segment of this.segments)
			addSums(this.sums, segment.sums);
		this.threads = [];
		this.go = null;
	}

	get title() {
		const { number, label } = this.doc;

		if (!number)
			return "now";
		return label ? `@${number} ${nameText(label)}` : `@${number}`;
	}

	vmaIndexAt(page) {
		const i = lastAtOrBelow(this.vmas, page);

		return i >= 0 && page < this.vmas[i].end ? i : -1;
	}

	pageOf(address) {
		return Number(address >> BigInt(this.shift));
	}

	address(page) {
		return addressOf(page, this.shift);
	}

	bytes(pages) {
		return pages * this.doc.page_size;
	}

	spanAt(page) {
		const spans = this.spans;
		const i = lastAtOrBelow(spans, page);

		return i >= 0 && page < spans[i].end ? spans[i] : null;
	}

	get spans() {
		this.madeSpans ||= this.doc.spans.map((s) => ({
			start: s[0], end: s[0] + s[1], use: this.doc.span_states[s[2]], state: s[2],
			elem: s[3], noscan: s[4] === 1, spans: s[5], used: s[6], room: s[7],
		}));
		return this.madeSpans;
	}

	// A stack of Go's that holds the address.
	stackAt(address) {
		return this.go?.stacks.find((g) => BigInt(g.start) <= address && address < BigInt(g.end));
	}

	// Where the kernel's landmarks and the threads' stack pointers are.
	get marks() {
		const mm = this.doc.mm;
		const all = [["code", mm.start_code], ["data", mm.start_data], ["start_brk", mm.start_brk],
			["brk", mm.brk], ["stack", mm.start_stack], ["args", mm.arg_start],
			["env", mm.env_start], ["mmap_base", mm.mmap_base]];

		for (const t of this.threads)
			if (t.sp)
				all.push([`sp ${t.tid}${t.running ? "*" : ""}`, t.sp.address]);
		return all.map(([name, text]) => ({ name, address: BigInt(text) }))
			.filter((mark) => mark.address)
			.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
	}
}

// Takes in what a document tells first; its numbers go on from those before.
function fillPools(pools, doc) {
	const shift = Math.log2(doc.page_size);

	for (const name of doc.names)
		pools.names.push(name);
	for (const state of doc.states)
		pools.states.push(state);
	for (const row of doc.rows)
		pools.vmas.push(new Vma(row, pools.names, pools.states, doc.usage, shift));
}

// "memory" begins a snapshot, what follows is of the same.
function loadSnapshots() {
	const pools = { names: [], states: [], vmas: [] };
	const snapshots = [];

	for (const script of document.querySelectorAll("script[data-view]")) {
		const doc = JSON.parse(script.textContent);

		if (script.dataset.view === "memory") {
			fillPools(pools, doc);
			snapshots.push(new Snapshot(doc, snapshots.length, pools));
		} else if (script.dataset.view === "threads") {
			snapshots[snapshots.length - 1].threads = doc.threads;
		} else {
			snapshots[snapshots.length - 1].go = doc;
		}
	}
	return snapshots;
}
