// SPDX-License-Identifier: GPL-2.0
// The page tables as a tree: which entries of each table are in use, from the top down,
// by what the walk found at their ends. A table without an entry in use does not show.

class TableTree {
	constructor(box) {
		this.box = box;
		this.box.addEventListener("keydown", (e) => this.key(e));
		new IntersectionObserver((seen) => seen[0].isIntersecting && this.make()).observe(box);
		addEventListener("beforeprint", () => this.make());
	}

	// The tree is made when somebody comes to see it: it takes a look at every page.
	show(snapshot) {
		this.snapshot = snapshot;
		this.made = false;
		if (this.box.getBoundingClientRect().top < innerHeight)
			this.make();
	}

	make() {
		const snapshot = this.snapshot;

		if (this.made)
			return;
		this.made = true;
		this.levels = snapshot.doc.geometry;
		if (!this.levels.length || !snapshot.doc.has_extents) {
			replace(this.box, el("p", { class: "note" },
				"This snapshot has no pages: it was imported from maps or smaps."));
			return;
		}
		replace(this.box, ...this.entries(0, 0, Infinity));
		this.box.firstElementChild?.setAttribute("tabindex", "0");
		this.openLonely(this.box.firstElementChild);
	}

	// Tables that lead nowhere but to one other are no choice.
	openLonely(item) {
		while (item && !item.nextElementSibling && item.getAttribute("aria-expanded")) {
			this.toggle(item, true);
			item = item.querySelector("[role=group]").firstElementChild;
		}
	}

	pagesOf(level) {
		return 2 ** (this.levels[level].shift - this.snapshot.shift);
	}

	// The extents of [@start, @end) that have entries, with the segments they are of.
	*used(start, end) {
		const vmas = this.snapshot.vmas;

		for (let i = Math.max(lastAtOrBelow(vmas, start), 0); i < vmas.length && vmas[i].start < end; i++)
			for (let k = Math.max(lastAtOrBelow(vmas[i].extents, start), 0);
			     k < vmas[i].extents.length; k++) {
				const extent = vmas[i].extents[k];

				if (extent.start >= end)
					break;
				if (extent.end > start && extent.state.kind !== "none")
					yield [extent, this.snapshot.segmentOf[i]];
			}
	}

	// What the entries of a table lead to: by index, merged where leaves are alike.
	group(level, start, end) {
		const each = this.pagesOf(level);
		const groups = [];
		const lowest = this.levels.length - 1 - level;

		for (const [extent, segment] of this.used(start, end)) {
			const from = Math.max(extent.start, start), to = Math.min(extent.end, end);
			const leaf = level === this.levels.length - 1 || (extent.state.level || 0) === lowest;

			if (leaf)
				groups.push({ leaf, first: Math.floor(from / each), last: Math.ceil(to / each) - 1,
					extent, kinds: new Set([segment.label]) });
			else
				this.addTables(groups, Math.floor(from / each), Math.ceil(to / each) - 1, segment);
		}
		return groups;
	}

	addTables(groups, first, last, segment) {
		const top = groups[groups.length - 1];

		if (top && !top.leaf && top.last === first) {
			top.kinds.add(segment.label);
			first++;
		}
		for (let index = first; index <= last; index++)
			groups.push({ leaf: false, first: index, last: index, kinds: new Set([segment.label]) });
	}

	entries(level, start, end) {
		const groups = this.group(level, start, end);

		return groups.map((group) => this.item(level, group));
	}

	indexText(level, group) {
		const entries = this.levels[level].entries;
		const digits = (n) => String(n % entries).padStart(3, "0");

		return group.first === group.last ? `[${digits(group.first)}]` :
			`[${digits(group.first)}–${digits(group.last)}]`;
	}

	item(level, group) {
		const each = this.pagesOf(level);
		const start = group.first * each;
		const name = this.levels[level].name.toUpperCase();
		const line = el("span", { class: "entry" },
			el("span", { class: "entry-name" }, `${name}${this.indexText(level, group)}`), " ",
			addressLink(this.snapshot.address(start), this.snapshot.index,
				pageText(start, this.snapshot.shift)), " ",
			el("span", { class: "entry-what" }, this.what(level, group)));
		const item = el("div", { role: "treeitem", tabindex: "-1", "aria-level": level + 1,
			"aria-expanded": group.leaf ? null : "false", class: group.leaf ? "leaf" : "table" }, line);

		if (!group.leaf)
			line.addEventListener("click", (e) => {
				if (!e.target.closest("a"))
					this.toggle(item);
			});
		item.openUp = () => this.entries(level + 1, start, start + each);
		return item;
	}

	what(level, group) {
		const segments = [...group.kinds].slice(0, 6).join(", ") + (group.kinds.size > 6 ? ", …" : "");

		if (!group.leaf)
			return this.fullness(level, group) + segments;
		const nr = group.last - group.first + 1;

		return `${nr} × ${sizeText(this.snapshot.bytes(this.pagesOf(level)))} ` +
			`${stateText(group.extent.state)} · ${segments}`;
	}

	// How much of the table that an entry leads to is in use.
	fullness(level, group) {
		const each = this.pagesOf(level);
		const next = this.levels[level + 1];
		const start = group.first * each;
		let used = 0;

		for (const g of this.group(level + 1, start, start + each))
			used += g.last - g.first + 1;
		return `→ ${next.name.toUpperCase()} table, ${used} of ${next.entries} in use · `;
	}

	toggle(item, open) {
		const now = item.getAttribute("aria-expanded") === "true";

		if (item.getAttribute("aria-expanded") === null || now === open)
			return;
		item.setAttribute("aria-expanded", String(!now));
		if (now)
			item.querySelector("[role=group]").remove();
		else
			item.append(el("div", { role: "group" }, ...item.openUp()));
	}

	// All tables on the way to @page are opened, and the entry at the end is shown.
	openTo(page) {
		this.make();
		let items = [...this.box.children];
		let found = null;

		for (let level = 0; level < this.levels.length; level++) {
			const each = this.pagesOf(level);
			const name = pageText(Math.floor(page / each) * each, this.snapshot.shift);
			const item = items.find((i) => i.querySelector("a")?.textContent === name);

			if (!item)
				break;
			found = item;
			this.toggle(item, true);
			items = [...(item.querySelector("[role=group]")?.children || [])];
		}
		return found;
	}

	key(event) {
		const item = event.target.closest("[role=treeitem]");
		const all = [...this.box.querySelectorAll("[role=treeitem]")];
		const at = all.indexOf(item);
		let to = null;

		if (!item || event.ctrlKey || event.altKey || event.metaKey || event.target !== item)
			return;
		switch (event.key) {
		case "ArrowDown": to = all[at + 1]; break;
		case "ArrowUp": to = all[at - 1]; break;
		case "Home": to = all[0]; break;
		case "End": to = all[all.length - 1]; break;
		case "ArrowRight": this.toggle(item, true); break;
		case "ArrowLeft":
			if (item.getAttribute("aria-expanded") === "true")
				this.toggle(item, false);
			else
				to = item.parentElement.closest("[role=treeitem]");
			break;
		case "Enter": this.toggle(item); break;
		default: return;
		}
		event.preventDefault();
		if (to) {
			item.setAttribute("tabindex", "-1");
			to.setAttribute("tabindex", "0");
			to.focus();
		}
	}
}

// "anonymous, writable, dirty, accessed": as `vmwalk where` says it.
function stateText(state) {
	const words = [state.text];

	if (!state.present)
		return state.why && state.kind === "none" ? state.why : words[0];
	if (state.leaf !== "4K")
		words.push(`${state.leaf} leaf`);
	for (const [flag, word] of [["write", "writable"], ["exec", "executable"], ["dirty", "dirty"],
		["accessed", "accessed"], ["protnone", "hidden from the CPU"], ["soft_dirty", "soft-dirty"],
		["uffd_wp", "write-protected by userfaultfd"], ["hugetlb", "hugetlb"], ["ksm", "KSM"],
		["shared", "mapped by others too"], ["locked", "locked"]])
		if (state[flag])
			words.push(word);
	return words.join(", ");
}
