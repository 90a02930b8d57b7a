// SPDX-License-Identifier: GPL-2.0
// Elements and their texts. Whatever is put into the page goes through here, and
// text never becomes markup: there is no innerHTML in these files.

function byId(id) {
	return document.getElementById(id);
}

// el("td", { class: "number", title: "…" }, "text", element, …)
function el(tag, attributes, ...children) {
	const e = document.createElement(tag);

	for (const [name, value] of Object.entries(attributes || {})) {
		if (typeof value === "function")
			e.addEventListener(name, value);
		else if (value !== null && value !== undefined && value !== false)
			e.setAttribute(name, value === true ? "" : value);
	}
	e.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
	return e;
}

function replace(parent, ...children) {
	parent.replaceChildren(...children.filter((c) => c));
}

// A box of the colour that a legend or a row tells about.
function swatch(color, extra) {
	const box = el("span", { class: "swatch" + (extra ? " " + extra : ""), "aria-hidden": "true" });

	box.style.setProperty("--swatch", color);
	return box;
}

function facts(pairs) {
	return el("dl", { class: "facts" }, ...pairs.filter(([, value]) => value)
		.map(([name, value]) => el("div", null, el("dt", null, name), el("dd", null, value))));
}

// The value of a custom property of the style sheet, in the theme that is on. It is
// asked for once a theme: for each cell of a picture would be slow.
const themeValues = new Map();

function themed(name) {
	if (!themeValues.has(name))
		themeValues.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
	return themeValues.get(name);
}

function kindColor(kind) {
	return themed("--kind-" + kind.replaceAll(" ", "-"));
}

function addressLink(address, at, text) {
	return el("a", { href: `#addr=0x${hex(address)}&at=${at}`, class: "address" },
		text || hex(address).padStart(8, "0"));
}

// What a screen reader is told, without the focus moving.
function announce(text) {
	byId("spoken").textContent = text;
}
