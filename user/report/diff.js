// SPDX-License-Identifier: GPL-2.0
// What became of the pages between two snapshots: by address. `vmwalk diff` also knows
// what was moved.

const PAGE_CHANGES = ["faulted in", "dropped", "swapped out", "swapped in", "copied on write",
	"collapsed to huge", "split", "became dirty", "cleaned", "permission changed"];

// What there is to say of a page whose state was @a and is @b; null: there is no VMA.
function pageChanges(a, b) {
	const was = a?.present, is = b?.present;
	const swappedA = a?.kind === "swap", swappedB = b?.kind === "swap";

	if (was && is)
		return presentChanges(a, b);
	if (is)
		return [swappedA ? "swapped in" : "faulted in"];
	if (swappedB)
		return swappedA ? [] : ["swapped out"];
	return was || swappedA ? ["dropped"] : [];
}

function presentChanges(a, b) {
	const changes = [];

	if (a.kind !== b.kind)
		return b.kind === "anon" ? ["copied on write"] : ["dropped", "faulted in"];
	if (b.kind === "anon" && a.ksm && !b.ksm)
		changes.push("copied on write");
	if (a.level < b.level)
		changes.push("collapsed to huge");
	if (a.level > b.level)
		changes.push("split");
	if (!a.dirty && b.dirty)
		changes.push("became dirty");
	if (a.dirty && !b.dirty)
		changes.push("cleaned");
	if (a.write !== b.write || a.exec !== b.exec || a.protnone !== b.protnone)
		changes.push("permission changed");
	return changes;
}

// All extents of a snapshot with their segments, by ascending address.
function* extentsOf(snapshot) {
	for (let i = 0; i < snapshot.vmas.length; i++)
		for (const extent of snapshot.vmas[i].extents)
			yield { start: extent.start, end: extent.end, state: extent.state,
				vma: snapshot.vmas[i], segment: snapshot.segmentOf[i] };
}

// Stretches in which neither of the two changes: [start, end, a, b], either may be null.
function* sideBySide(a, b) {
	const left = extentsOf(a), right = extentsOf(b);
	let x = left.next().value, y = right.next().value, at = 0;

	while (x || y) {
		at = Math.max(at, Math.min(x?.start ?? Infinity, y?.start ?? Infinity));
		const inX = x && x.start <= at, inY = y && y.start <= at;
		const end = Math.min(inX ? x.end : x?.start ?? Infinity, inY ? y.end : y?.start ?? Infinity);

		yield [at, end, inX ? x : null, inY ? y : null];
		at = end;
		if (x && x.end <= at)
			x = left.next().value;
		if (y && y.end <= at)
			y = right.next().value;
	}
}

// { runs, sums: bytes by change, bySegment: the same by the segment's key }
function diffPages(a, b) {
	const runs = [], sums = {}, bySegment = new Map();

	for (const [start, end, x, y] of sideBySide(a, b)) {
		const changes = x?.vma === y?.vma ? [] : pageChanges(x?.state, y?.state);
		const segment = (y || x)?.segment;

		if (!changes.length)
			continue;
		addRun(runs, { start, end, changes, segment, before: x?.state, after: y?.state });
		if (!bySegment.has(segment.key))
			bySegment.set(segment.key, {});
		for (const change of changes)
			for (const to of [sums, bySegment.get(segment.key)])
				to[change] = (to[change] || 0) + b.bytes(end - start);
	}
	return { runs, sums, bySegment };
}

function addRun(runs, run) {
	const last = runs[runs.length - 1];

	if (last && last.end === run.start && last.segment === run.segment &&
	    last.changes.join() === run.changes.join())
		last.end = run.end;
	else
		runs.push(run);
}

// Segments by what they are called: several of one name count as one.
function sumSegments(snapshot) {
	const sums = new Map();

	for (const segment of snapshot.segments) {
		if (!sums.has(segment.key))
			sums.set(segment.key, { segment, sums: {} });
		addSums(sums.get(segment.key).sums, segment.sums);
	}
	return sums;
}

// The words of `vmwalk diff`, as far as sums and addresses tell.
function segmentChanges(x, y) {
	if (!x || !y)
		return x ? "gone" : "new";
	const more = y.sums.mapped - x.sums.mapped;
	const moved = x.segment.start !== y.segment.start && x.segment.end !== y.segment.end;

	return [moved && "moved", more > 0 && "grew", more < 0 && "shrank"]
		.filter(Boolean).join(", ");
}

function diffSegments(a, b, pages) {
	const before = sumSegments(a), after = sumSegments(b);
	const none = { mapped: 0, resident: 0 };

	return [...new Set([...after.keys(), ...before.keys()])].map((key) => ({
		segment: (after.get(key) || before.get(key)).segment,
		change: segmentChanges(before.get(key), after.get(key)),
		before: before.get(key)?.sums || none, after: after.get(key)?.sums || none,
		pages: pages.bySegment.get(key) || {},
	})).filter((row) => row.change || row.before.mapped !== row.after.mapped ||
		row.before.resident !== row.after.resident || Object.keys(row.pages).length);
}

// VMAs that the other has not, or has with other permissions or another name.
function diffVmas(a, b) {
	const key = (vma) => `${vma.start}-${vma.end}`;
	const before = new Map(a.vmas.map((vma) => [key(vma), vma]));
	const after = new Map(b.vmas.map((vma) => [key(vma), vma]));
	const rows = [];

	for (const vma of a.vmas)
		if (!after.has(key(vma)))
			rows.push({ vma, change: "gone" });
	for (const vma of b.vmas) {
		const old = before.get(key(vma));

		if (!old)
			rows.push({ vma, change: "new" });
		else if (old.perms !== vma.perms)
			rows.push({ vma, change: `permission, was ${old.perms}` });
		else if (old.name !== vma.name)
			rows.push({ vma, change: "renamed" });
	}
	return rows.sort((x, y) => x.vma.start - y.vma.start);
}

function changeColumn(title, get) {
	return { title, number: true, value: get, cell: (row) =>
		el("span", { class: get(row) > 0 ? "gain" : "loss" }, changeText(get(row))) };
}

class DiffView {
	constructor(snapshots) {
		this.snapshots = snapshots;
		if (snapshots.length < 2)
			return;
		byId("diff").hidden = byId("to-diff").hidden = false;
		for (const id of ["diff-a", "diff-b"]) {
			replace(byId(id), ...snapshots.map((s, i) => el("option", { value: i }, s.title)));
			byId(id).addEventListener("change", () => this.show());
		}
		this.choose(0, snapshots.length - 1);
	}

	choose(a, b) {
		byId("diff-a").value = a;
		byId("diff-b").value = b;
		this.show();
	}

	show() {
		const a = this.snapshots[byId("diff-a").value], b = this.snapshots[byId("diff-b").value];
		const pages = diffPages(a, b);
		const changes = PAGE_CHANGES.filter((change) => pages.sums[change]);

		replace(byId("diff-sums"), facts([
			["mapped", changeText(b.sums.mapped - a.sums.mapped) || "the same"],
			["resident", changeText(b.sums.resident - a.sums.resident) || "the same"],
			...changes.map((change) => [change, sizeText(pages.sums[change])]),
		]));
		this.showSegments(diffSegments(a, b, pages), changes);
		this.showVmas(diffVmas(a, b), b);
		this.showRuns(pages.runs, b);
	}

	showSegments(rows, changes) {
		new Table(byId("diff-segments"), [
			{ title: "segment", value: (row) => row.segment.label, cell: (row) => segmentName(row.segment) },
			{ title: "change", value: (row) => row.change },
			sizeColumn("mapped", null, (row) => row.after.mapped),
			changeColumn("±", (row) => row.after.mapped - row.before.mapped),
			sizeColumn("resident", null, (row) => row.after.resident),
			changeColumn("±", (row) => row.after.resident - row.before.resident),
			...changes.map((change) => sizeColumn(change, null, (row) => row.pages[change] || 0)),
		], { caption: "segments that changed" }).show(rows);
	}

	showVmas(rows, b) {
		byId("diff-vmas-box").hidden = !rows.length;
		new Table(byId("diff-vmas"), [
			{ title: "VMA", value: (row) => row.vma.start, cell: (row) => addressLink(
				b.address(row.vma.start), b.index, rangeText(row.vma.start, row.vma.end, b.shift)) },
			{ title: "perms", value: (row) => row.vma.perms },
			{ title: "change", value: (row) => row.change },
			sizeColumn("mapped", null, (row) => row.vma.sums.mapped),
			{ title: "name", wide: true, value: (row) => nameText(row.vma.name) },
		], { caption: "VMAs that changed" }).show(rows);
	}

	showRuns(runs, b) {
		byId("diff-runs-box").hidden = !runs.length;
		new Table(byId("diff-runs"), [
			{ title: "pages", value: (run) => run.start, cell: (run) => addressLink(
				b.address(run.start), b.index, rangeText(run.start, run.end, b.shift)) },
			{ title: "count", number: true, value: (run) => run.end - run.start },
			{ title: "change", value: (run) => run.changes.join(", ") },
			{ title: "segment", value: (run) => run.segment.label, cell: (run) => segmentName(run.segment) },
			{ title: "before", value: (run) => run.before ? stateText(run.before) : "not mapped" },
			{ title: "after", wide: true, value: (run) => run.after ? stateText(run.after) : "not mapped" },
		], { caption: "runs of pages that changed" }).show(runs);
	}
}
