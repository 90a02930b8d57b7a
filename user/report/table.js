// SPDX-License-Identifier: GPL-2.0
// Tables that can be sorted by a column, of as many rows as there are: those out of
// sight are not in the page, but are counted for who cannot see.

const ROW_HEIGHT = 22;
const ALL_ROWS = 200;		// so many are all put into the page
const PRINTED_ROWS = 1000;
const SPARE_ROWS = 20;		// above and below those in sight

class Table {
	static stops = new WeakMap();	// by the box that a table is in

	// @columns: { title, hint, number, value(row): what is sorted by, cell(row): text or
	// element; by default the value }. @options: caption, sort (index), picked(row), isPicked
	constructor(box, columns, options) {
		this.box = box;
		this.columns = columns;
		this.options = options || {};
		this.sorted = { column: this.options.sort ?? -1, down: this.options.down ?? false };
		this.body = el("tbody");
		this.foot = el("tfoot");
		this.head = columns.map((column, i) => this.headCell(column, i));
		this.table = el("table", null,
			el("caption", { class: "unseen" }, this.options.caption || ""),
			el("thead", null, el("tr", null, ...this.head)), this.body, this.foot);
		replace(box, this.table);
		this.listen();
	}

	// The table that was in the box before hears nothing any more.
	listen() {
		const stop = new AbortController();
		const until = { signal: stop.signal };

		Table.stops.get(this.box)?.abort();
		Table.stops.set(this.box, stop);
		this.box.addEventListener("scroll", () => this.scrolled(), until);
		addEventListener("beforeprint", () => this.print(true), until);
		addEventListener("afterprint", () => this.print(false), until);
	}

	headCell(column, i) {
		const button = el("button", { type: "button", title: column.hint, click: () => this.sortBy(i) },
			column.title);

		return el("th", { scope: "col", class: column.number ? "number" : null }, button);
	}

	sortBy(column) {
		const again = this.sorted.column === column;

		this.sorted = { column, down: again ? !this.sorted.down : !!this.columns[column].number };
		this.order();
		this.box.scrollTop = 0;
		this.fill();
		announce(`sorted by ${this.columns[column].title}, ${this.sorted.down ? "descending" : "ascending"}`);
	}

	show(rows, total) {
		this.rows = rows;
		this.order();
		this.table.setAttribute("aria-rowcount", rows.length + 1 + (total ? 1 : 0));
		replace(this.foot, total ? this.row(total, rows.length) : null);
		this.fill();
	}

	order() {
		const { column, down } = this.sorted;

		this.ordered = [...this.rows];
		if (column >= 0) {
			const value = this.columns[column].value;
			const sign = down ? -1 : 1;

			this.ordered.sort((a, b) => sign * compareValues(value(a), value(b)));
		}
		this.head.forEach((th, i) => {
			th.setAttribute("aria-sort", i !== column ? "none" : down ? "descending" : "ascending");
		});
	}

	// Puts those rows into the page that should be there.
	fill() {
		if (!this.ordered)
			return;
		const [first, last] = this.inSight();
		const rows = this.ordered.slice(first, last).map((row, i) => this.row(row, first + i));

		replace(this.body, this.gap(first), ...rows, this.printing ? null : this.gap(this.ordered.length - last));
	}

	// From the first to before the last: rows in sight; on paper, as many as anybody wants.
	inSight() {
		const top = Math.floor(this.box.scrollTop / ROW_HEIGHT);
		const fit = Math.ceil(this.box.clientHeight / ROW_HEIGHT);
		const nr = this.ordered.length;

		if (this.printing)
			return [0, Math.min(nr, PRINTED_ROWS)];
		if (nr <= ALL_ROWS)
			return [0, nr];
		return [Math.max(top - SPARE_ROWS, 0), Math.min(top + fit + SPARE_ROWS, nr)];
	}

	print(printing) {
		this.printing = printing;
		this.fill();
	}

	// Who uses a row should not lose it to a scroll that needs no other rows.
	scrolled() {
		if (this.ordered?.length > ALL_ROWS)
			this.fill();
	}

	gap(rows) {
		if (rows <= 0)
			return null;
		const cell = el("td", { colspan: this.columns.length });

		cell.style.height = `${rows * ROW_HEIGHT}px`;
		return el("tr", { class: "gap", "aria-hidden": "true" }, cell);
	}

	row(row, i) {
		const cells = this.columns.map((column) => {
			const content = column.cell ? column.cell(row) : column.value(row);

			return el("td", { class: column.number ? "number" : column.wide ? "wide" : null },
				content === null || content === undefined ? "" : content);
		});
		const picked = this.options.isPicked?.(row);

		return el("tr", {
			"aria-rowindex": i + 2, class: picked ? "picked" : null,
			"aria-current": picked ? "true" : null,
			click: this.options.picked ? (e) => this.click(e, row) : null,
		}, ...cells);
	}

	click(event, row) {
		if (!event.target.closest("a"))
			this.options.picked(row);
	}
}

function compareValues(a, b) {
	if (typeof a === "string" || typeof b === "string")
		return String(a ?? "") < String(b ?? "") ? -1 : String(a ?? "") > String(b ?? "") ? 1 : 0;
	return (a ?? -1) < (b ?? -1) ? -1 : (a ?? -1) > (b ?? -1) ? 1 : 0;
}

// A bar of what is resident of what is mapped.
function residencyBar(sums, kind) {
	const share = sums.mapped ? sums.resident / sums.mapped : 0;
	const inside = el("span", { class: "bar-inside" });

	inside.style.width = `${share ? Math.max(100 * share, 2) : 0}%`;
	inside.style.background = kind ? kindColor(kind) : "var(--text)";
	return el("span", { class: "bar", role: "img", "aria-label": `${percentText(sums.resident, sums.mapped)} %` },
		inside);
}

function sizeColumn(title, hint, get) {
	return { title, hint, number: true, value: get, cell: (row) => sizeOrNone(get(row)) };
}
