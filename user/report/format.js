// SPDX-License-Identifier: GPL-2.0
// How sizes, addresses and names are put in writing: as the other views do.
"use strict";

// As `vmwalk -H`: two digits where there is a unit; something never shows as 0.
function sizeText(bytes) {
	let shift = 10, unit = 0;

	if (bytes < 1024)
		return String(bytes);
	while (bytes / 2 ** shift >= 1024) {
		shift += 10;
		unit++;
	}
	const tenths = Math.ceil(Math.floor(bytes / 2 ** (shift - 10)) * 10 / 1024);
	const text = tenths < 100 ? (tenths / 10).toFixed(1) : Math.ceil(tenths / 10);
	return text + "KMGTPE"[unit];
}

// "" for nothing, so that a column of zeros is quiet.
function sizeOrNone(bytes) {
	return bytes ? sizeText(bytes) : "";
}

function changeText(bytes) {
	if (!bytes)
		return "";
	return (bytes > 0 ? "+" : "−") + sizeText(Math.abs(bytes));
}

// Never "0.0" for something, nor "100.0" for less than all.
function percentText(part, whole) {
	const percent = whole ? 100 * part / whole : 0;

	if (part && percent < 0.1)
		return "<0.1";
	if (part < whole && percent > 99.9)
		return "99.9";
	return percent.toFixed(1);
}

function hex(address) {
	return address.toString(16);
}

// What does not fit a number of JavaScript's is a BigInt: an address is, a page is not.
function addressOf(page, shift) {
	return BigInt(page) << BigInt(shift);
}

function pageText(page, shift) {
	return hex(addressOf(page, shift)).padStart(8, "0");
}

function rangeText(start, end, shift) {
	return `${pageText(start, shift)}-${pageText(end, shift)}`;
}

// "0xc000014270", "c000014270"; null: no address.
function parseAddress(text) {
	const digits = text.trim().replace(/^0x/i, "");

	if (!/^[0-9a-f]{1,16}$/i.test(digits))
		return null;
	return BigInt("0x" + digits);
}

// Characters that are not seen themselves, but change how others are, are told instead.
function nameText(name) {
	return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu,
		(c) => `\\u{${c.codePointAt(0).toString(16)}}`);
}

function baseName(path) {
	const slash = path.startsWith("/") ? path.lastIndexOf("/") : -1;

	return slash >= 0 && slash + 1 < path.length ? path.slice(slash + 1) : path;
}

function timeText(ms) {
	if (!ms)
		return "";
	return new Date(ms).toISOString().replace("T", " ").replace("Z", " UTC");
}

function countText(n, one) {
	return `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;
}
