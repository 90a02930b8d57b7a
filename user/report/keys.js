// SPDX-License-Identifier: GPL-2.0
// Keys that work wherever the focus is, but in a field that takes text.

class Keys {
	// @actions: { key: function }
	constructor(actions) {
		this.actions = actions;
		addEventListener("keydown", (e) => this.key(e));
		byId("help-close").addEventListener("click", () => byId("help").close());
		byId("help-open").addEventListener("click", () => byId("help").showModal());
	}

	key(event) {
		const typing = event.target.closest("input[type=search], select, dialog");

		if (typing || event.ctrlKey || event.altKey || event.metaKey)
			return;
		if (!(event.key in this.actions))
			return;
		event.preventDefault();
		this.actions[event.key]();
	}
}
