# SPDX-License-Identifier: GPL-2.0
# The README's pictures of a terminal.

pictures: $(BUILD)/vmwalk ## of a terminal, for the README: COLLECTION=quiz.vmwalk@1
	@$(LAB)/deps.sh tmux aha chromium
	@$(LAB)/pictures.sh $(BUILD)/vmwalk $(COLLECTION) docs

.PHONY: pictures
