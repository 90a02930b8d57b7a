#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# pictures.sh VMWALK COLLECTION[@WHICH] DIRECTORY: what a terminal shows, as PNG: the
# map and the live view of a snapshot, as tmux has them on its screen.
set -eu
vmwalk=$(realpath "$1") what=$(realpath "${2%@*}") to=$3
which=${2#"${2%@*}"}
dir=$(mktemp -d)
terminal() {
	LC_ALL=C.UTF-8 tmux -S "$dir/socket" -f /dev/null "$@"
}
trap 'terminal kill-server 2>/dev/null; rm -rf "$dir"' EXIT
ln -s "$what" "$dir/quiz.vmwalk"

# waits PATTERN: it comes to the screen before a minute is over.
waits() {
	local until=$((SECONDS + 60))
	until terminal capture-pane -p | grep -q -e "$1"; do
		((SECONDS < until)) || { echo "vmwalk: no '$1' on the screen" >&2; exit 1; }
		sleep 0.2
	done
}

# shoot NAME: the screen, less what is below its last line.
shoot() {
	local lines
	# aha loses itself where a colour ends on a reversed line.
	terminal capture-pane -p -e | sed -e '/\x1b\[7m/s/\x1b\[39m/\x1b[0;7m/g' -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$dir/screen"
	lines=$(wc -l <"$dir/screen")
	{
		echo '<!DOCTYPE html><meta charset="utf-8"><style>body { margin: 0; padding: 8px;' \
			'background: #111; color: #ddd } pre { margin: 0;' \
			'font: 12px/15px "DejaVu Sans Mono", monospace }</style><pre>'
		aha --no-header --black <"$dir/screen"
		echo '</pre>'
	} >"$dir/screen.html"
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars \
		--window-size="$((WIDTH * 723 / 100 + 16)),$((lines * 15 + 16))" \
		--screenshot="$to/$1.png" "file://$dir/screen.html" 2>/dev/null
}

WIDTH=100
terminal new-session -d -x $WIDTH -y 44 "cd $dir && PS1='$ ' bash --norc --noprofile"
waits '^\$'
terminal send-keys "clear; $vmwalk map quiz.vmwalk$which" Enter
waits 'no page'
shoot terminal-map
terminal resize-window -x $WIDTH -y 18
terminal send-keys "clear; $vmwalk watch -H quiz.vmwalk$which" Enter
waits 'RESERVED'
terminal send-keys Down Down Down
waits '^> bss'
shoot terminal-watch
